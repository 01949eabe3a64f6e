/**
 * Covariance estimators, GARCH and backtests of a value at risk, against what numpy, scikit-learn, arch and scipy gave
 * for the same series (research/reference/estimators.py), and against what must hold of any series.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bells, uniforms } from "../bench/math/series.js";
import { MathArgumentError, MathInputError, MathTypeError } from "../wasm/errors.js";
import { christoffersen, conditionalCoverage, exceptionsOf, kupiec, trafficLight } from "../wasm/risk/backtests.js";
import { ewmaCovariance, ledoitWolf, nearestCovariance, sampleCovariance } from "../wasm/risk/covariance.js";
import { garchFit, garchForecast } from "../wasm/risk/garch.js";

const reference = JSON.parse(readFileSync(new URL("fixtures/risk/estimators.json", import.meta.url), "utf8"));
const ROWS = 60;
const ASSETS = 4;
const DAYS = 2000;

/** Four assets with a common part, row after row. */
const panel = (() => {
  const common = bells(ROWS, 11);
  const own = [0, 1, 2, 3].map((asset) => bells(ROWS, 21 + 10 * asset));
  return Float64Array.from({ length: ROWS * ASSETS }, (_, at) => {
    const [row, asset] = [Math.floor(at / ASSETS), at % ASSETS];
    return 0.01 * (common[row]! + (1 + asset) * own[asset]![row]!);
  });
})();

/** Returns whose variance follows GARCH(1,1) with ω 0.05, α 0.08 and β 0.9. */
const clustered = (() => {
  let variance = 2.5;
  return bells(DAYS, 71).map((noise) => {
    const shock = Math.sqrt(variance) * (noise * Math.sqrt(3));
    variance = 0.05 + 0.08 * shock ** 2 + 0.9 * variance;
    return shock + 0.03;
  });
})();
const days = Uint8Array.from(uniforms(500, 91), (u) => (u > 0.93 ? 1 : 0));

function expectNear(found: ArrayLike<number>, name: string, within: number): void {
  const values: number[] = reference[name];
  expect(found).toHaveLength(values.length);
  values.forEach((value, at) => {
    expect(Math.abs(found[at]! - value), `${name}[${at}]`).toBeLessThanOrEqual(within * Math.abs(value));
  });
}

describe("covariance", () => {
  test("the estimators agree with numpy and scikit-learn", () => {
    expectNear(sampleCovariance(panel, { assets: ASSETS }), "sample", 1e-13);
    expectNear(ewmaCovariance(panel, { assets: ASSETS }), "decayed", 1e-13);
    const { matrix, intensity } = ledoitWolf(panel, { assets: ASSETS });
    expectNear(matrix, "shrunk", 1e-13);
    expectNear([intensity], "intensity", 1e-13);
  });

  const anyPanel = fc.record({
    assets: fc.integer({ min: 1, max: 7 }),
    rows: fc.integer({ min: 2, max: 12 }),
    seed: fc.integer({ min: 1, max: 1e9 }),
  });

  test("a matrix is what its definition says, entry by entry, for any number of rows and assets", () => {
    fc.assert(
      fc.property(anyPanel, ({ assets, rows, seed }) => {
        const returns = bells(assets * rows, seed);
        const matrix = sampleCovariance(returns, { assets, lost: 0 });
        const mean = (asset: number) => sum(rows, (row) => returns[row * assets + asset]!) / rows;
        for (let i = 0; i < assets; i++) {
          for (let j = 0; j < assets; j++) {
            const product = (row: number) =>
              (returns[row * assets + i]! - mean(i)) * (returns[row * assets + j]! - mean(j));
            expect(matrix[i * assets + j]).toBeCloseTo(sum(rows, product) / rows, 14);
          }
        }
      }),
    );
  });

  test("a shrunk matrix has no eigenvalue of 0, though there are more assets than rows", () => {
    const returns = bells(3 * 7, 5);
    const singular = nearestCovariance(sampleCovariance(returns, { assets: 7 })).eigenvalues;
    const shrunk = nearestCovariance(ledoitWolf(returns, { assets: 7 }).matrix).eigenvalues;
    expect(singular[0]).toBeCloseTo(0, 15);
    expect(shrunk[0]).toBeGreaterThan(1e-3);
  });

  test("a repaired matrix has no eigenvalue below the least, and one that needs no repair stays as it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 1e9 }), (size, seed) => {
        const entries = bells(size * size, seed);
        const matrix = entries.map((_, at) => {
          const [row, column] = [Math.floor(at / size), at % size];
          return entries[row * size + column]! + entries[column * size + row]!;
        });
        const repaired = nearestCovariance(matrix, { least: 0.25 });
        const [least] = nearestCovariance(repaired.matrix).eigenvalues;
        expect(least).toBeGreaterThan(0.25 - 1e-13);
        const again = nearestCovariance(repaired.matrix, { least: 0.2 });
        again.matrix.forEach((value, at) => void expect(value).toBeCloseTo(repaired.matrix[at]!, 12));
        const trace = sum(size, (index) => matrix[index * (size + 1)]!);
        expect(sum(size, (index) => repaired.eigenvalues[index]!)).toBeCloseTo(trace, 12);
      }),
    );
  });

  test("of correlations that contradict each other, the nearest possible ones are found", () => {
    const matrix = Float64Array.of(1, 0.9, 0.7, 0.9, 1, -0.9, 0.7, -0.9, 1);
    const { eigenvalues, matrix: nearest } = nearestCovariance(matrix);
    expect([...eigenvalues]).toEqual([
      expect.closeTo(-0.6700378782444087, 14),
      expect.closeTo(1.7, 14),
      expect.closeTo(1.9700378782444086, 14),
    ]);
    const distance = Math.sqrt(sum(9, (at) => (nearest[at]! - matrix[at]!) ** 2));
    expect(distance).toBeCloseTo(0.6700378782444087, 14);
  });
});

describe("GARCH(1,1)", () => {
  const fit = garchFit(clustered);
  const parametersOf = ({ model }: typeof fit) => [model.mean, model.omega, model.alpha, model.beta];

  test("the fit agrees with arch, and is no less likely", () => {
    expectNear(parametersOf(fit), "fit", 1e-5);
    expectNear(parametersOf(garchFit(clustered, { mean: "zero" })).slice(1), "zero", 1e-5);
    expect(fit.logLikelihood).toBeGreaterThan(reference.logLikelihood[0] - 1e-8);
    expect(fit.converged).toBe(true);
    expectNear(
      fit.variances.filter((_, day) => day % (DAYS / 20) === 0),
      "variances",
      1e-5,
    );
    expectNear(garchForecast(fit, 10), "forecast", 1e-5);
  });

  test("the fit is at the top: no step aside is more likely", () => {
    const likelihood = ([mean, omega, alpha, beta]: number[]) =>
      twinLikelihood(clustered, mean!, omega!, alpha!, beta!);
    const found = parametersOf(fit);
    expect(likelihood(found)).toBeCloseTo(fit.logLikelihood, 8);
    found.forEach((value, at) => {
      for (const factor of [0.99, 1.01]) {
        expect(likelihood(found.with(at, value * factor))).toBeLessThan(fit.logLikelihood);
      }
    });
  });

  test("the unit of the returns changes the unit of the result and nothing else", () => {
    const small = garchFit(clustered.map((value) => value / 1024));
    expect(small.model.alpha).toBe(fit.model.alpha);
    expect(small.model.beta).toBe(fit.model.beta);
    expect(small.model.omega).toBeCloseTo(fit.model.omega / 1024 ** 2, 18);
    expect(small.logLikelihood).toBeCloseTo(fit.logLikelihood + DAYS * Math.log(1024), 7);
  });

  test("forecasts go from the next variance towards the long run's", () => {
    const { omega, alpha, beta } = fit.model;
    const forecast = garchForecast(fit, 5000);
    expect(forecast[0]).toBe(fit.next);
    expect(forecast.at(-1)).toBeCloseTo(omega / (1 - alpha - beta), 10);
  });

  test("returns without any memory are fitted too", () => {
    const { model, logLikelihood } = garchFit(bells(500, 3));
    expect(model.alpha + model.beta).toBeLessThan(1);
    expect(model.alpha).toBeGreaterThanOrEqual(0);
    expect(logLikelihood).toBeGreaterThan(twinLikelihood(bells(500, 3), model.mean, 1 / 3, 0, 0) - 1e-9);
  });
});

describe("backtests", () => {
  test("the tests agree with scipy", () => {
    expectNear(Object.values(kupiec(days, 0.95)), "kupiec", 1e-12);
    expectNear(Object.values(christoffersen(days)), "independence", 1e-12);
    expectNear(Object.values(conditionalCoverage(days, 0.95)), "coverage", 1e-12);
    expectNear([trafficLight(days, 0.95).probability], "binomial", 1e-12);
  });

  test("the committee's zones: of 250 days at 99 %, four exceptions are green, five yellow, ten red", () => {
    const zone = (count: number) =>
      trafficLight(Uint8Array.from({ length: 250 }, (_, day) => (day < count ? 1 : 0))).zone;
    expect([0, 4, 5, 9, 10, 250].map(zone)).toEqual(["green", "green", "yellow", "yellow", "red", "red"]);
  });

  test("as many exceptions as were said give a statistic of 0, none and all a finite one", () => {
    const of = (count: number) => Uint8Array.from({ length: 100 }, (_, day) => (day < count ? 1 : 0));
    expect(kupiec(of(5), 0.95).statistic).toBeCloseTo(0, 13);
    expect(kupiec(of(0), 0.95).statistic).toBeCloseTo(-200 * Math.log(0.95), 12);
    expect(kupiec(of(100), 0.95).statistic).toBeCloseTo(-200 * Math.log(0.05), 10);
    expect(christoffersen(of(0))).toEqual({ statistic: 0, pValue: 1 });
  });

  test("an exception is a loss above the value at risk, not one that equals it", () => {
    expect([...exceptionsOf(Float64Array.of(1, 2, 3), Float64Array.of(2, 2, 2))]).toEqual([0, 0, 1]);
  });
});

describe("what cannot be computed is refused by name", () => {
  const nan = Float64Array.of(0.1, Number.NaN);
  const asymmetric = Float64Array.of(1, 0.5, 0.4, 1);
  const wild: [string, () => unknown, new (...given: never[]) => Error, string][] = [
    ["a list", () => sampleCovariance([1, 2] as never), MathTypeError, "returns"],
    ["NaN", () => sampleCovariance(nan), MathInputError, "input 1 was NaN"],
    ["a cut row", () => sampleCovariance(panel.subarray(1), { assets: 4 }), MathArgumentError, "multiple of assets, 4"],
    [
      "one row",
      () => sampleCovariance(panel.subarray(4, 8), { assets: 4 }),
      MathArgumentError,
      "rows of returns was 1",
    ],
    ["no assets", () => ledoitWolf(panel, { assets: 0 }), MathArgumentError, "assets was 0"],
    ["a decay of 1", () => ewmaCovariance(panel, { decay: 1 }), MathArgumentError, "decay was 1"],
    ["a matrix in halves", () => nearestCovariance(asymmetric), MathArgumentError, "matrix[0][1] was 0.5; use 0.4"],
    ["no square", () => nearestCovariance(Float64Array.of(1, 2)), MathArgumentError, "matrix.length was 2"],
    ["too few", () => garchFit(panel.subarray(0, 19)), MathArgumentError, "rows of returns was 19; use 20"],
    ["equal returns", () => garchFit(new Float64Array(50).fill(0.25)), MathArgumentError, "returns was"],
    ["a strange mean", () => garchFit(clustered, { mean: "none" as never }), MathArgumentError, "mean was"],
    ["no days", () => kupiec(new Uint8Array(0)), MathArgumentError, "exceptions.length was 0"],
    ["a count", () => kupiec(Uint8Array.of(0, 3)), MathArgumentError, "exceptions[1] was 3"],
    ["certainty", () => trafficLight(days, 1), MathArgumentError, "confidence was 1"],
    ["no horizon", () => garchForecast(garchFit(clustered), 0), MathArgumentError, "horizon was 0"],
    ["lengths", () => exceptionsOf(Float64Array.of(1), nan.subarray(0, 0)), MathArgumentError, "valuesAtRisk.length"],
  ];
  test.each(wild)("%s", (_, call, kind, words) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(words);
  });
});

function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += term(index);
  return total;
}

/** The definition, step by step; the terms before the first are the mean of the first 75 squares, by 0.94 falling. */
function twinLikelihood(returns: Float64Array, mean: number, omega: number, alpha: number, beta: number): number {
  const average = returns.reduce((total, value) => total + value, 0) / returns.length;
  const weights = Array.from({ length: Math.min(75, returns.length) }, (_, index) => 0.94 ** index);
  const whole = sum(weights.length, (index) => weights[index]!);
  const backcast = sum(weights.length, (index) => (weights[index]! / whole) * (returns[index]! - average) ** 2);
  let [square, variance, total] = [backcast, backcast, 0];
  for (const value of returns) {
    variance = omega + alpha * square + beta * variance;
    square = (value - mean) ** 2;
    total -= 0.5 * (Math.log(2 * Math.PI) + Math.log(variance) + square / variance);
  }
  return total;
}
