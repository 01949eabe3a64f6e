/**
 * Value at risk and expected shortfall against numpy, scipy and mpmath (tests/fixtures/risk says how), against closed
 * forms, and against sorted samples.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cornishFisher } from "../wasm/risk/cornish-fisher.js";
import { ewma } from "../wasm/risk/ewma.js";
import type { RiskFigures } from "../wasm/risk/figures.js";
import { historical } from "../wasm/risk/historical.js";
import { parametric } from "../wasm/risk/parametric.js";
import { covarianceOf, drawReturns, drawWeights, relative, sum } from "./risk/samples.js";
import { agedTwin, historicalTwin, profitsOf } from "./risk/twins.js";

interface Case {
  readonly function: keyof typeof methods;
  readonly source: "returns" | { readonly covariance: number[]; readonly mean: number[] };
  readonly options: Readonly<Record<string, number | string>>;
  readonly limit: number;
  readonly expected: Readonly<Record<keyof RiskFigures, number | number[]>>;
}

const methods = { parametric, historical, ewma, cornishFisher };
const fixture: { returns: number[]; weights: number[]; cases: Case[] } = JSON.parse(
  readFileSync(new URL("fixtures/risk/reference.json", import.meta.url), "utf8"),
);

describe("the figures of numpy, scipy and mpmath", () => {
  const weights = Float64Array.from(fixture.weights);
  const returns = Float64Array.from(fixture.returns);

  test.each(fixture.cases.map((each) => [each.function, JSON.stringify(each.options), each] as const))(
    "are those of %s %s",
    (name, _, { source, options, limit, expected }) => {
      const figures =
        source === "returns"
          ? methods[name](returns, { weights, ...options } as never)
          : parametric(
              { covariance: Float64Array.from(source.covariance), mean: Float64Array.from(source.mean) },
              { weights, ...options },
            );
      expect(Object.keys(figures).sort()).toEqual(Object.keys(expected).sort());
      for (const [key, value] of Object.entries(expected)) expectNear(figures[key as keyof RiskFigures], value, limit);
    },
  );
});

test("a hundred thousand returns have numpy's quantile and tail mean, over its 5000 days", () => {
  const draws = [777, 778, 779, 780].map((seed) => lehmer(100_000, seed));
  const returns = draws[0]!.map((each, day) => (each + draws[1]![day]! + draws[2]![day]! + draws[3]![day]! - 2) * 0.01);
  const { valueAtRisk, expectedShortfall } = historical(returns, { weights: Float64Array.of(1) });
  expectNear(valueAtRisk, 0.009251268315013158, 1e-15);
  expectNear(expectedShortfall, 0.01265810758528398, 1e-15);
  expect(returns.filter((each) => -each >= valueAtRisk)).toHaveLength(5000);
});

test("two assets have the variance of the school formula", () => {
  const [a, b, correlation] = [0.01, 0.03, -0.4];
  const covariance = Float64Array.of(a * a, correlation * a * b, correlation * a * b, b * b);
  const figures = parametric({ covariance }, { weights: Float64Array.of(60, 40), confidence: 0.99, horizon: 4 });
  const deviation = Math.sqrt((60 * a) ** 2 + (40 * b) ** 2 + 2 * correlation * 60 * a * 40 * b);
  expectNear(figures.valueAtRisk, 2 * 2.3263478740408408 * deviation, 1e-14);
});

test("over h days a normal portfolio has h means and √h deviations", () => {
  const source = { covariance: Float64Array.of(0.0004), mean: Float64Array.of(0.001) };
  const { valueAtRisk } = parametric(source, { weights: Float64Array.of(1e6), horizon: 25 });
  expectNear(valueAtRisk, 1e6 * (5 * 1.6448536269514722 * 0.02 - 25 * 0.001), 1e-14);
});

test("a historical quantile that falls on a day is that day's, where the share is not exact in binary", () => {
  // Ten gaps and 1 − 0.9, which is a little less than 0.1, so that the place would be 0.9999999999999998.
  const returns = Float64Array.from([3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 8, 9.7, 9.3].map((each) => each / 100));
  const { valueAtRisk, expectedShortfall } = historical(returns, { weights: Float64Array.of(1), confidence: 0.9 });
  expect(valueAtRisk).toBe(-0.015);
  expectNear(expectedShortfall, -0.0125, 1e-15);
});

describe.each([
  [2, 1],
  [3, 2],
  [61, 3],
  [750, 5],
  [4001, 2],
])("%i days of %i assets", (days, assets) => {
  const returns = drawReturns(days, assets, 17 + days);
  const weights = drawWeights(assets, 5);
  const profits = profitsOf(returns, weights);

  test.each([0.51, 0.75, 0.9, 0.95, 0.99, 0.9999])("are sorted as the slow way does, at %f", (confidence) => {
    expectLoss(historical(returns, { weights, confidence }), historicalTwin(profits, confidence));
    for (const decay of [0.5, 0.98, 0.9999]) {
      expectLoss(historical(returns, { weights, confidence, decay }), agedTwin(profits, decay, confidence));
    }
  });

  test("give one figure through their profits and through their covariance", () => {
    const covariance = covarianceOf(returns, assets);
    const through = parametric({ covariance }, { weights });
    const direct = parametric(returns, { weights, mean: "zero" });
    expectNear(direct.valueAtRisk, through.valueAtRisk, 1e-12);
    expectNear([...direct.component], [...through.component], 1e-12);
  });
});

test("a fixed exchange rate adds nothing, and no risk at all is no risk", () => {
  const returns = drawReturns(300, 2, 8).map((each, at) => (at % 2 === 1 ? 0 : each));
  const both = parametric(returns, { weights: Float64Array.of(1, 50) });
  expect(both.component[1]).toBe(0);
  const still = Float64Array.of(0, 50);
  for (const method of Object.values(methods)) {
    const { valueAtRisk, expectedShortfall, component } = method(returns, { weights: still });
    expect([valueAtRisk, expectedShortfall, sum(component)]).toEqual([0, 0, 0]);
  }
});

function expectLoss(figures: RiskFigures, twin: { valueAtRisk: number; expectedShortfall: number }): void {
  expectNear(figures.valueAtRisk, twin.valueAtRisk, 1e-12);
  expectNear(figures.expectedShortfall, twin.expectedShortfall, 1e-12);
}

/** Every number, relative to the largest of its array. */
function expectNear(actual: number | Iterable<number>, expected: number | readonly number[], limit: number): void {
  const found = typeof actual === "number" ? [actual] : [...actual];
  const wanted = typeof expected === "number" ? [expected] : expected;
  const scale = Math.max(...wanted.map(Math.abs));
  expect(found).toHaveLength(wanted.length);
  found.forEach((each, at) => {
    expect(relative(each, wanted[at]!, scale), `[${at}] was ${each}, not ${wanted[at]}`).toBeLessThanOrEqual(limit);
  });
}

/** The minimal standard generator with multiplier 48271, between 0 and 1. */
function lehmer(count: number, seed: number): Float64Array {
  let state = seed;
  return new Float64Array(count).map(() => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  });
}
