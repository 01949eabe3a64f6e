/**
 * Simulated risk: against the closed forms, within three standard errors; against the same scenarios computed one by
 * one; and the same bits everywhere.
 */
import { describe, expect, test } from "vitest";
import { monteCarlo } from "../wasm/risk/monte-carlo.js";
import { standardNormals } from "../wasm/risk/normals.js";
import { parametric } from "../wasm/risk/parametric.js";
import { covarianceOf, drawReturns, drawWeights, relative, sum } from "./risk/samples.js";
import { choleskyTwin, historicalTwin } from "./risk/twins.js";

const returns = drawReturns(400, 5, 3);
const covariance = covarianceOf(returns, 5);
const weights = Float64Array.of(0.3, 0.2, -0.1, 0.4, 0.2);

/** Of the two distributions at 95 %, for a variance of 1: the density at the quantile, the deviation of the tail. */
const distributions = [
  { name: "normal", options: {}, density: 0.10313564, tailDeviation: 0.3739 },
  { name: "student", options: { distribution: "student", freedom: 5 } as const, density: 0.0812, tailDeviation: 0.7 },
];

describe.each(distributions)("$name", ({ options, density, tailDeviation }) => {
  test.each([1, 2, 3, 4, 5, 6])("is within three standard errors of the closed form, seed %i", (seed) => {
    const paths = 200_000;
    const exact = parametric({ covariance }, { weights, ...options });
    const simulated = monteCarlo({ covariance }, { weights, paths, seed, ...options });
    const deviation = parametric({ covariance }, { weights }).valueAtRisk / 1.6448536269514722;
    const error = Math.sqrt((0.05 * 0.95) / paths) / density;
    expect(Math.abs(simulated.valueAtRisk - exact.valueAtRisk)).toBeLessThan(3 * error * deviation);
    // The mean of a sample's tail errs by its own spread and by that of the quantile.
    const gap = (exact.expectedShortfall - exact.valueAtRisk) / deviation;
    const tailError = Math.sqrt((tailDeviation ** 2 + 0.95 * gap ** 2) / (0.05 * paths));
    expect(Math.abs(simulated.expectedShortfall - exact.expectedShortfall)).toBeLessThan(3 * tailError * deviation);
  });

  test("shares the loss out as the closed form does", () => {
    const exact = parametric({ covariance }, { weights, ...options });
    const simulated = monteCarlo({ covariance }, { weights, seed: 9, ...options });
    const ratio = simulated.valueAtRisk / exact.valueAtRisk;
    simulated.component.forEach((each, asset) => {
      expect(relative(each, ratio * exact.component[asset]!)).toBeLessThan(1e-12);
    });
  });
});

test.each([
  [1, 100],
  [3, 1000],
  [5, 4097],
  [16, 500],
  [17, 500],
  [40, 331],
])("%i assets on %i paths are the scenarios that the same normal numbers make one by one", (assets, paths) => {
  const sample = drawReturns(3 * assets + 5, assets, assets);
  const held = drawWeights(assets, 7);
  const matrix = covarianceOf(sample, assets);
  const figures = monteCarlo({ covariance: matrix }, { weights: held, paths, seed: 21 });
  const twin = historicalTwin(profitsOneByOne(matrix, held, paths, 21), 0.95);
  expect(relative(figures.valueAtRisk, twin.valueAtRisk)).toBeLessThan(1e-11);
  expect(relative(figures.expectedShortfall, twin.expectedShortfall)).toBeLessThan(1e-11);
});

test("a matrix of rank one, or of zeros, has its scenarios too", () => {
  const loadings = [1, 2, -0.5];
  const matrix = Float64Array.from(loadings.flatMap((a) => loadings.map((b) => a * b * 1e-4)));
  const one = monteCarlo({ covariance: matrix }, { weights: Float64Array.of(1, 1, 1), seed: 1 });
  const alone = monteCarlo({ covariance: Float64Array.of(1e-4) }, { weights: Float64Array.of(2.5), seed: 1 });
  expect(relative(one.valueAtRisk, alone.valueAtRisk)).toBeLessThan(0.02);
  const hedged = monteCarlo({ covariance: matrix }, { weights: Float64Array.of(1, 0, 2), seed: 1 });
  expect(Math.abs(hedged.valueAtRisk)).toBeLessThan(1e-16);
  const still = monteCarlo({ covariance: new Float64Array(9) }, { weights: Float64Array.of(1, 1, 1), seed: 1 });
  expect([still.valueAtRisk, still.expectedShortfall, sum(still.component)]).toEqual([0, 0, 0]);
});

test("more assets than days have their sample's covariance", () => {
  const few = drawReturns(10, 30, 12);
  const held = drawWeights(30, 2);
  const exact = parametric(few, { weights: held });
  const simulated = monteCarlo(few, { weights: held, seed: 4 });
  expect(relative(simulated.valueAtRisk, exact.valueAtRisk)).toBeLessThan(0.03);
});

test("a seed is one result; another is another", () => {
  const once = monteCarlo(returns, { weights, seed: 5 });
  expect(monteCarlo(returns, { weights, seed: 5 })).toEqual(once);
  expect(monteCarlo(returns, { weights, seed: 6 }).valueAtRisk).not.toBe(once.valueAtRisk);
  expect(monteCarlo(returns, { weights, seed: 2 ** 53 - 1 }).valueAtRisk).not.toBe(once.valueAtRisk);
});

test("a mean of zero leaves the drift of the sample out", () => {
  const options = { weights, seed: 5, horizon: 4 };
  const [drifting, still] = [monteCarlo(returns, options), monteCarlo(returns, { ...options, mean: "zero" })];
  const drift = sum(weights.map((each, asset) => each * meanOf(asset)));
  expect(relative(still.valueAtRisk - drifting.valueAtRisk, 4 * drift)).toBeLessThan(1e-12);
});

/**
 * Eight scenarios at a time, the shocks of each asset in turn, the asset of which most is left first. Type 7 and the
 * tail are left to the twin.
 */
function profitsOneByOne(matrix: Float64Array, held: Float64Array, paths: number, seed: number): Float64Array {
  const { length } = held;
  const { factor, order } = choleskyTwin(matrix, length);
  const normals = standardNormals(32 * length * Math.ceil(paths / 32), { seed });
  return new Float64Array(paths).map((_, path) => {
    const start = Math.floor(path / 8) * 8 * length + (path % 8);
    let profit = 0;
    for (let i = 0; i < length; i++) {
      for (let j = 0; j <= i; j++) profit += held[order[i]!]! * factor[i]![j]! * normals[start + 8 * j]!;
    }
    return profit;
  });
}

function meanOf(asset: number): number {
  return sum(returns.filter((_, at) => at % 5 === asset)) / 400;
}
