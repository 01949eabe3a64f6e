/**
 * What the risk functions refuse: always with an error that names the argument, what it was and what would do, never
 * with a NaN. Nothing that is refused leaves a trace in the next call.
 */
import { describe, expect, test } from "vitest";
import { MathArgumentError, MathTypeError } from "../wasm/errors.js";
import { cornishFisher } from "../wasm/risk/cornish-fisher.js";
import { ewma } from "../wasm/risk/ewma.js";
import { historical } from "../wasm/risk/historical.js";
import { monteCarlo } from "../wasm/risk/monte-carlo.js";
import { standardNormals } from "../wasm/risk/normals.js";
import { parametric } from "../wasm/risk/parametric.js";
import { PreTradeRisk } from "../wasm/risk/pre-trade.js";
import { drawReturns } from "./risk/samples.js";

const returns = drawReturns(50, 2, 1);
const weights = Float64Array.of(1, 2);
const covariance = Float64Array.of(4, 1, 1, 2);
const methods = { parametric, cornishFisher, historical, ewma, monteCarlo };

/** The call with a seed where it needs one; whatever types it is given. */
function call(name: string, source: unknown, options: object = {}): unknown {
  const method = methods[name as keyof typeof methods] as (source: unknown, options: object) => unknown;
  return method(source, { weights, ...(name === "monteCarlo" ? { seed: 1 } : {}), ...options });
}

function refusal(attempt: () => unknown): Error {
  try {
    attempt();
  } catch (error) {
    expect(error instanceof MathArgumentError || error instanceof MathTypeError, String(error)).toBe(true);
    return error as Error;
  }
  throw new Error("nothing was refused");
}

describe.each(Object.keys(methods))("%s refuses", (name) => {
  test.each([
    [undefined, /^returns was undefined; use a Float64Array/],
    [null, /^returns was null/],
    [[0.1, 0.2], /^returns was of type Array/],
    [new Float32Array(4), /^returns was of type Float32Array/],
    [new Float64Array(0), /^returns\.length was 0; use 2 to 1000000 rows of 2/],
    [returns.subarray(0, 2), /^returns\.length was 2;/],
    [returns.subarray(0, 7), /^returns\.length was 7;/],
    [returns.with(5, Number.NaN), /^returns\[5\] was NaN; use a number of magnitude up to 1e15/],
    [returns.with(0, Number.POSITIVE_INFINITY), /^returns\[0\] was Infinity/],
    [returns.with(99, -1e16), /^returns\[99\] was -10000000000000000/],
  ])("returns %#", (source, message) => {
    expect(refusal(() => call(name, source)).message).toMatch(message);
  });

  test.each([
    [{ weights: undefined }, /^weights was undefined; use a Float64Array/],
    [{ weights: [1, 2] }, /^weights was of type Array/],
    [{ weights: new Float64Array(0) }, /^weights\.length was 0; use an integer from 1 to 1000/],
    [{ weights: new Float64Array(1001) }, /^weights\.length was 1001/],
    [{ weights: Float64Array.of(1, Number.NaN) }, /^weights\[1\] was NaN/],
    [{ weights: Float64Array.of(1, 2, 3) }, /^returns\.length was 100; use 2 to 1000000 rows of 3/],
    [{ confidence: 0.5 }, /^confidence was 0\.5; use a number above 0\.5 and below 1/],
    [{ confidence: 1 }, /^confidence was 1;/],
    [{ confidence: 95 }, /^confidence was 95;/],
    [{ confidence: Number.NaN }, /^confidence was NaN/],
    [{ confidence: "0.95" }, /^confidence was "0\.95"/],
    [{ horizon: 0 }, /^horizon was 0; use a number from 1 to 1000/],
    [{ horizon: 1001 }, /^horizon was 1001/],
    [{ horizon: Number.POSITIVE_INFINITY }, /^horizon was Infinity/],
    [{ wieghts: weights }, /^an option was "wieghts"; use any of weights, confidence, horizon/],
  ])("options %#", (options, message) => {
    expect(refusal(() => call(name, returns, options)).message).toMatch(message);
  });

  test("what is not an object of options", () => {
    const method = methods[name as keyof typeof methods] as (source: unknown, options: unknown) => unknown;
    for (const options of [undefined, null, 0.95, weights]) {
      expect(refusal(() => method(returns, options)).message).toMatch(/^options was/);
    }
  });
});

describe.each(["parametric", "ewma", "monteCarlo"])("%s refuses as a distribution", (name) => {
  test.each([
    [{ distribution: "cauchy" }, /^distribution was "cauchy"; use "normal" or "student"/],
    [{ distribution: "student" }, /^freedom was undefined; use a number above 2 up to 1e6/],
    [{ distribution: "student", freedom: 2 }, /^freedom was 2;/],
    [{ distribution: "student", freedom: Number.NaN }, /^freedom was NaN/],
    [{ distribution: "student", freedom: 1e7 }, /^freedom was 10000000/],
    [{ freedom: 5 }, /^freedom was 5; use it with distribution "student" alone/],
  ])("%o", (options, message) => {
    expect(refusal(() => call(name, returns, options)).message).toMatch(message);
  });
});

test.each([0, 1, -0.5, 1.5, Number.NaN, "0.9"])("a decay of %s is refused", (decay) => {
  for (const name of ["ewma", "historical"]) {
    expect(refusal(() => call(name, returns, { decay })).message).toMatch(/^decay was .*above 0 and below 1/);
  }
});

test.each([
  [{ seed: undefined }, /^seed was undefined; use an integer from 0 to/],
  [{ seed: -1 }, /^seed was -1/],
  [{ seed: 0.5 }, /^seed was 0\.5/],
  [{ seed: 2 ** 53 }, /^seed was 9007199254740992/],
  [{ paths: 99 }, /^paths was 99; use an integer from 100 to 10000000/],
  [{ paths: 10_000_001 }, /^paths was 10000001/],
  [{ paths: 1000.5 }, /^paths was 1000\.5/],
  [{ mean: "median" }, /^mean was "median"; use "sample" or "zero"/],
])("a simulation with %o is refused", (options, message) => {
  expect(refusal(() => call("monteCarlo", returns, options)).message).toMatch(message);
});

describe.each(["parametric", "monteCarlo", "pre-trade"])("%s refuses moments", (name) => {
  test.each([
    [{ covariance: covariance.subarray(0, 3) }, /^covariance\.length was 3; use 4/],
    [{ covariance: [4, 1, 1, 2] }, /^covariance was of type Array/],
    [{ covariance: covariance.with(0, Number.NaN) }, /^covariance\[0\] was NaN/],
    [{ covariance, mean: Float64Array.of(1) }, /^mean\.length was 1; use 2/],
    [{ covariance: Float64Array.of(4, 1, 1.001, 2) }, /^covariance\[1, 0\] was 1\.001; use covariance\[0, 1\], 1$/],
    [{ covariance: Float64Array.of(-1, 0, 0, 2) }, /^the pivot of row 0 of covariance was -1; use a positive semi-/],
    [{ covariance: Float64Array.of(1, 2, 2, 1) }, /^the pivot of row 1 of covariance was -3;/],
    [{ covariance: Float64Array.of(0, 1, 1, 4) }, /^the pivot of row 0 of covariance was -0\.25;/],
    [{ covariance: Float64Array.of(0, 1, 1, 0) }, /^the pivot of row 1 of covariance was -1;/],
    [{ covariance: Float64Array.of(1, 1 + 1e-9, 1 + 1e-9, 1) }, /^the pivot of row 1 of covariance was -2/],
  ])("%#", (source, message) => {
    const attempt = (): unknown =>
      name === "pre-trade" ? new PreTradeRisk({ weights, ...source } as never) : call(name, source);
    expect(refusal(attempt).message).toMatch(message);
  });

  test("and takes those that are singular, or wrong by no more than rounding", () => {
    for (const [a, b, c, d] of [
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 3],
      [1, 1, 1, 1 - 1e-16],
      [4, 1, 1 + 1e-13, 2],
    ]) {
      const source = { covariance: Float64Array.of(a!, b!, c!, d!) };
      const figures =
        name === "pre-trade" ? new PreTradeRisk({ weights, ...source }).valueAtRisk() : call(name, source);
      expect(JSON.stringify(figures)).not.toContain("null");
    }
  });
});

test("returns and moments together, or neither, are refused", () => {
  expect(refusal(() => new PreTradeRisk({ weights } as never)).message).toMatch(/^covariance was undefined/);
  const both = { weights, returns, covariance } as never;
  expect(refusal(() => new PreTradeRisk(both)).message).toMatch(/^covariance was of type .*either it or returns/);
  expect(refusal(() => new PreTradeRisk({ weights, returns, freedom: 4 } as never)).message).toMatch(/^freedom was 4/);
});

test("an expansion that falls where it is needed is refused, with the moments that did it", () => {
  // One day in ten loses, and all alike: skewness −2.7 without the tails to go with it.
  const jumps = new Float64Array(100).map((_, day) => (day % 10 === 0 ? -0.03 : 0.001 * (day % 3)));
  const error = refusal(() => cornishFisher(jumps, { weights: Float64Array.of(1), confidence: 0.99 }));
  expect(error.message).toMatch(/^the skewness of the profits was -2\.6.*excess kurtosis was 5\.\d/);
});

test.each([
  [0, 1],
  [1.5, 1],
  [2 ** 28, 1],
  [10, undefined],
])("%s normal numbers of seed %s are refused", (count, seed) => {
  expect(refusal(() => standardNormals(count, { seed: seed as number })).message).toMatch(/^(count|seed) was/);
});

test("a call that is refused leaves nothing behind for the next", () => {
  const before = historical(returns, { weights });
  refusal(() => historical(returns.with(3, Number.NaN), { weights }));
  refusal(() => parametric({ covariance: Float64Array.of(1, 2, 2, 1) }, { weights }));
  expect(historical(returns, { weights })).toEqual(before);
});
