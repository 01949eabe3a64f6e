/**
 * The risk of a portfolio with one more order: always what the methods say of the changed weights from scratch, however
 * many orders have gone in before.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RiskFigures } from "../wasm/risk/figures.js";
import { historical } from "../wasm/risk/historical.js";
import { parametric } from "../wasm/risk/parametric.js";
import { PreTradeRisk } from "../wasm/risk/pre-trade.js";
import { covarianceOf, drawReturns, drawWeights, relative } from "./risk/samples.js";
import { wordsFrom } from "./support/numbers.js";

const student = { distribution: "student", freedom: 6 } as const;

interface Setting {
  readonly confidence: number;
  readonly horizon: number;
}

interface Kind {
  readonly gate: (returns: Float64Array, weights: Float64Array, setting: Setting) => PreTradeRisk;
  readonly scratch: (returns: Float64Array, weights: Float64Array, setting: Setting) => RiskFigures;
}

const kinds: Readonly<Record<string, Kind>> = {
  historical: {
    gate: (returns, weights, setting) => new PreTradeRisk({ returns, weights, ...setting }),
    scratch: (returns, weights, setting) => historical(returns, { weights, ...setting }),
  },
  normal: {
    gate: (returns, weights, setting) => new PreTradeRisk({ ...momentsOf(returns, weights), weights, ...setting }),
    scratch: (returns, weights, setting) => parametric(momentsOf(returns, weights), { weights, ...setting }),
  },
  student: {
    gate: (returns, weights, setting) =>
      new PreTradeRisk({ ...momentsOf(returns, weights), weights, ...setting, ...student }),
    scratch: (returns, weights, setting) =>
      parametric(momentsOf(returns, weights), { weights, ...setting, ...student }),
  },
};

describe.each(Object.entries(kinds))("%s", (_, { gate, scratch }) => {
  test("a candidate in any asset is the changed portfolio", () => {
    const shape = fc.record({
      days: fc.integer({ min: 2, max: 900 }),
      assets: fc.integer({ min: 1, max: 6 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 }),
      confidence: fc.constantFrom(0.9, 0.95, 0.99),
      horizon: fc.constantFrom(1, 10),
    });
    const property = fc.property(shape, ({ days, assets, seed, ...setting }) => {
      const returns = drawReturns(days, assets, seed);
      const weights = drawWeights(assets, seed ^ 3);
      const risk = gate(returns, weights, setting);
      const changes = drawWeights(assets, seed ^ 7);
      changes.forEach((change, asset) => {
        const changed = weights.with(asset, weights[asset]! + change);
        const expected = scratch(returns, changed, setting);
        expectNear(risk.valueAtRisk(asset, change), expected.valueAtRisk, expected.component);
        expectNear(risk.expectedShortfall(asset, change), expected.expectedShortfall, expected.shortfallComponent);
      });
      expectNear(risk.valueAtRisk(), scratch(returns, weights, setting).valueAtRisk, weights);
    });
    fc.assert(property, { numRuns: 40 });
  });

  test("ten thousand orders later it is still the portfolio from scratch", () => {
    const [days, assets] = [300, 7];
    const setting = { confidence: 0.95, horizon: 1 };
    const returns = drawReturns(days, assets, 4);
    const risk = gate(returns, drawWeights(assets, 4), setting);
    const word = wordsFrom(99);
    // Large positions come and go: what rounding they left would be seen in the small ones at the end.
    for (let order = 0; order < 10_000; order++) {
      risk.commit(word() % assets, (word() / 2 ** 31 - 1) * (order % 100 === 0 ? 1e6 : 1));
    }
    for (const [asset, weight] of risk.weights.entries()) {
      risk.commit(asset, -weight);
      risk.commit(asset, 0.1);
    }
    for (let turn = 0; turn < assets; turn++) risk.commit(turn, 0);
    expect(risk.weights).toEqual(new Float64Array(assets).fill(0.1));
    const expected = scratch(returns, risk.weights, setting);
    expectNear(risk.valueAtRisk(), expected.valueAtRisk, expected.component);
    expectNear(risk.expectedShortfall(), expected.expectedShortfall, expected.shortfallComponent);
  });

  test("an order that closes almost everything leaves no more than the rounding of what there was", () => {
    const setting = { confidence: 0.95, horizon: 1 };
    const returns = drawReturns(300, 2, 6);
    const weights = Float64Array.of(1, 1e-7);
    const risk = gate(returns, weights, setting);
    const { component } = scratch(returns, weights, setting);
    const expected = scratch(returns, Float64Array.of(0, 1e-7), setting);
    expectNear(risk.valueAtRisk(0, -1), expected.valueAtRisk, component, 1e-15);
    expectNear(risk.expectedShortfall(0, -1), expected.expectedShortfall, component, 1e-15);
  });

  test("a question changes nothing, nor does another gate or a call of the methods", () => {
    const setting = { confidence: 0.95, horizon: 1 };
    const returns = drawReturns(300, 3, 6);
    const weights = Float64Array.of(1, 0.5, 0.2);
    const [risk, other] = [gate(returns, weights, setting), gate(returns, weights, setting)];
    const before = [risk.valueAtRisk(), risk.expectedShortfall()];
    risk.valueAtRisk(1, 100);
    other.commit(1, 50);
    historical(drawReturns(1000, 9, 1), { weights: drawWeights(9, 1) });
    weights[0] = 7;
    returns.fill(0);
    expect([risk.valueAtRisk(), risk.expectedShortfall()]).toEqual(before);
    expect(risk.weights).toEqual(Float64Array.of(1, 0.5, 0.2));
  });

  test.each([
    [-1, 0],
    [3, 0],
    [0.5, 0],
    [Number.NaN, 0],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
    [0, 1e16],
    ["0", 1],
    [0, "1"],
  ])("refuses asset %s with change %s, and stays as it was", (asset, change) => {
    const risk = gate(drawReturns(50, 3, 6), Float64Array.of(1, 1, 1), { confidence: 0.95, horizon: 1 });
    const before = risk.valueAtRisk();
    for (const question of [risk.valueAtRisk, risk.expectedShortfall, risk.commit]) {
      expect(() => question.call(risk, asset as number, change as number)).toThrow(/asset was|change was/);
    }
    expect(risk.valueAtRisk()).toBe(before);
  });
});

function momentsOf(returns: Float64Array, weights: Float64Array) {
  const covariance = covarianceOf(returns, weights.length);
  return { covariance, mean: returns.slice(0, weights.length) };
}

/** Within 1e-12 of the parts that the figure is the sum of. */
function expectNear(actual: number, expected: number, parts: Float64Array, limit = 1e-12): void {
  const scale = parts.reduce((sum, each) => sum + Math.abs(each), 0);
  expect(relative(actual, expected, scale), `${actual}, not ${expected}`).toBeLessThanOrEqual(limit);
}
