/**
 * What holds for the risk of any portfolio whatever its returns: how it scales and moves, that its parts make the
 * whole, that the order of assets says nothing; and that the limits are broken as often as they should be.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MathArgumentError } from "../wasm/errors.js";
import { cornishFisher } from "../wasm/risk/cornish-fisher.js";
import { ewma } from "../wasm/risk/ewma.js";
import type { RiskFigures } from "../wasm/risk/figures.js";
import { historical } from "../wasm/risk/historical.js";
import { incremental } from "../wasm/risk/incremental.js";
import { monteCarlo } from "../wasm/risk/monte-carlo.js";
import { standardNormals } from "../wasm/risk/normals.js";
import { parametric } from "../wasm/risk/parametric.js";
import { covarianceOf, drawReturns, drawWeights, relative, sum } from "./risk/samples.js";

interface Options {
  readonly weights: Float64Array;
  readonly confidence?: number;
  readonly horizon?: number;
}

type Method = (returns: Float64Array, options: Options) => RiskFigures;

const student = { distribution: "student", freedom: 4.5 } as const;
const methods: Readonly<Record<string, Method>> = {
  normal: parametric,
  student: (returns, options) => parametric(returns, { ...options, ...student }),
  "Cornish-Fisher": cornishFisher,
  historical,
  "age-weighted": (returns, options) => historical(returns, { ...options, decay: 0.98 }),
  ewma,
  "Monte Carlo": (returns, options) => monteCarlo(returns, { ...options, paths: 1000, seed: 1 }),
  "Monte Carlo, student": (returns, options) => monteCarlo(returns, { ...options, ...student, paths: 1000, seed: 1 }),
};

const portfolios = fc.record({
  days: fc.integer({ min: 40, max: 200 }),
  assets: fc.integer({ min: 1, max: 7 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  confidence: fc.constantFrom(0.9, 0.95, 0.975, 0.99),
  horizon: fc.constantFrom(1, 3, 10),
});

/** Forty portfolios; the counterexample is printed with its seed. */
function forPortfolios(check: (returns: Float64Array, options: Required<Options>) => void): void {
  const property = fc.property(portfolios, ({ days, assets, seed, confidence, horizon }) => {
    const weights = drawWeights(assets, seed ^ 0x55);
    try {
      check(drawReturns(days, assets, seed), { weights, confidence, horizon });
    } catch (error) {
      // Profits too far from normal for an expansion are refused, which is not what is asked here.
      fc.pre(!(error instanceof MathArgumentError && error.argument === "the skewness of the profits"));
      throw error;
    }
  });
  fc.assert(property, { numRuns: 40 });
}

describe.each(Object.entries(methods))("%s", (name, method) => {
  test("the shares of the assets sum to the whole", () => {
    forPortfolios((returns, options) => {
      const figures = method(returns, options);
      const parts = [figures.component, figures.shortfallComponent].map((each) => sum(each.map(Math.abs)));
      expectSame(sum(figures.component), figures.valueAtRisk, parts[0]!);
      expectSame(sum(figures.shortfallComponent), figures.expectedShortfall, parts[1]!);
    });
  });

  test("the mean beyond the limit is not nearer than the limit", () => {
    forPortfolios((returns, options) => {
      const { valueAtRisk, expectedShortfall } = method(returns, options);
      expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk);
    });
  });

  test("twice the positions are twice the risk, to the bit, and thrice within rounding", () => {
    forPortfolios((returns, options) => {
      const figures = method(returns, options);
      const twice = method(returns, { ...options, weights: options.weights.map((each) => 2 * each) });
      expect(twice.valueAtRisk).toBe(2 * figures.valueAtRisk);
      expect(twice.expectedShortfall).toBe(2 * figures.expectedShortfall);
      expect(twice.marginal).toEqual(figures.marginal);
      const thrice = method(returns, { ...options, weights: options.weights.map((each) => 3 * each) });
      expectSame(thrice.valueAtRisk, 3 * figures.valueAtRisk, sizeOf(figures));
    });
  });

  test("a certain gain on every asset, every day, is taken off the loss", () => {
    // Except where the mean is taken to be zero.
    if (name === "ewma") return;
    forPortfolios((returns, options) => {
      const before = method(returns, options);
      const after = method(
        returns.map((each) => each + 0.01),
        options,
      );
      const gain = 0.01 * options.horizon * sum(options.weights);
      expectSame(after.valueAtRisk, before.valueAtRisk - gain, sizeOf(before) + Math.abs(gain), 1e-11);
      expectSame(after.expectedShortfall, before.expectedShortfall - gain, sizeOf(before) + Math.abs(gain), 1e-11);
    });
  });

  test("the order of the assets says nothing", () => {
    // Other paths are drawn for assets in another order.
    if (name.startsWith("Monte Carlo")) return;
    forPortfolios((returns, options) => {
      const { length } = options.weights;
      const forwards = method(returns, options);
      const backwards = method(mirrored(returns, length), { ...options, weights: options.weights.slice().reverse() });
      expectSame(backwards.valueAtRisk, forwards.valueAtRisk, sizeOf(forwards));
      backwards.component.reverse().forEach((each, asset) => {
        expectSame(each, forwards.component[asset]!, sizeOf(forwards));
      });
    });
  });

  test("more confidence is a higher limit", () => {
    forPortfolios((returns, { weights }) => {
      const levels = [0.6, 0.8, 0.9, 0.95, 0.99].map((confidence) => method(returns, { weights, confidence }));
      levels.slice(1).forEach((each, at) => {
        expect(each.valueAtRisk).toBeGreaterThanOrEqual(levels[at]!.valueAtRisk);
        expect(each.expectedShortfall).toBeGreaterThanOrEqual(levels[at]!.expectedShortfall);
      });
    });
  });

  test("the marginal risk is the change for a little more of an asset", () => {
    // Simulated, it is what is expected given the loss, and not what this sample happens to show.
    if (name.startsWith("Monte Carlo")) return;
    forPortfolios((returns, options) => {
      // So little that the quantile stays on its day.
      const little = 1e-9;
      const figures = method(returns, options);
      const asset = options.weights.length - 1;
      const moved = options.weights.slice();
      moved[asset]! += little;
      const after = method(returns, { ...options, weights: moved });
      const changes = [after.valueAtRisk - figures.valueAtRisk, after.expectedShortfall - figures.expectedShortfall];
      expect(Math.abs(changes[0]! / little - figures.marginal[asset]!)).toBeLessThan(1e-5);
      expect(Math.abs(changes[1]! / little - figures.shortfallMarginal[asset]!)).toBeLessThan(1e-5);
    });
  });
});

test("the covariance of any returns is taken, of fewer days than assets, near copies and whatever scales", () => {
  const shape = fc.record({
    days: fc.integer({ min: 2, max: 9 }),
    assets: fc.integer({ min: 1, max: 12 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    nearness: fc.constantFrom(0, 1e-12, 1e-8, 1e-4, 1),
  });
  const property = fc.property(shape, ({ days, assets, seed, nearness }) => {
    const own = drawReturns(days, assets, seed);
    const returns = own.map((each, at) => {
      const asset = at % assets;
      return 10 ** ((asset % 5) - 2) * (own[at - asset]! + nearness * each);
    });
    const weights = drawWeights(assets, seed);
    const [direct, through] = [
      parametric(returns, { weights, mean: "zero" }),
      parametric({ covariance: covarianceOf(returns, assets) }, { weights }),
    ];
    expectSame(direct.valueAtRisk, through.valueAtRisk, 1e-6 * sizeOf(direct), 1e-5);
  });
  fc.assert(property, { numRuns: 200 });
});

test("the order of the days says nothing where all count alike", () => {
  forPortfolios((returns, options) => {
    const { length } = options.weights;
    const backwards = mirrored(returns.slice().reverse(), length);
    for (const method of [parametric, historical]) {
      const [one, other] = [method(returns, options), method(backwards, options)];
      expectSame(one.valueAtRisk, other.valueAtRisk, sizeOf(one));
    }
  });
});

test("days of one profit share their weight, whichever asset made it", () => {
  // The worst day of each asset is as bad; ten other days are quiet.
  const returns = new Float64Array(24);
  returns[0] = -0.05;
  returns[23] = -0.05;
  const { component } = historical(returns, { weights: Float64Array.of(1, 1), confidence: 0.999 });
  expect(component[0]).toBe(component[1]);
});

test("what a position adds is what goes when it goes", () => {
  const returns = drawReturns(120, 3, 77);
  const weights = Float64Array.of(1, -0.4, 0.7);
  const added = incremental((held) => historical(returns, { weights: held }), weights);
  const without = historical(returns, { weights: Float64Array.of(1, 0, 0.7) }).valueAtRisk;
  expect(added[1]).toBe(historical(returns, { weights }).valueAtRisk - without);
});

test.each(Object.entries({ normal: parametric, historical } as Record<string, Method>))(
  "%s limits found on 500 normal days are broken on the next one as often as they say",
  (_, method) => {
    const days = 2500;
    const window = 500;
    const returns = standardNormals(days, { seed: 11 }).map((each) => 0.01 * each);
    let breaks = 0;
    for (let day = window; day < days; day++) {
      const { valueAtRisk } = method(returns.subarray(day - window, day), { weights: Float64Array.of(1) });
      if (-returns[day]! > valueAtRisk) breaks++;
    }
    const expected = 0.05 * (days - window);
    expect(Math.abs(breaks - expected)).toBeLessThan(3 * Math.sqrt(expected * 0.95) + 3);
  },
);

/** Every row of `values` backwards. */
function mirrored(values: Float64Array, length: number): Float64Array {
  return values.map((_, at) => values[at - (at % length) + (length - 1 - (at % length))]!);
}

function sizeOf({ component, valueAtRisk }: RiskFigures): number {
  return sum(component.map(Math.abs)) + Math.abs(valueAtRisk);
}

function expectSame(actual: number, expected: number, scale: number, limit = 1e-12): void {
  expect(relative(actual, expected, scale), `${actual}, not ${expected}`).toBeLessThanOrEqual(limit);
}
