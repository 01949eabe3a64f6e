/**
 * The elementary functions: the same bits as when their hashes were committed, close to the true values, and complete
 * as a `Math`. With SLUICE_WRITE_HASHES=1 the table is written anew, which only a deliberate change of the functions
 * justifies.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createDeterministicMath, createMathCore, type Libm } from "../wasm/index.js";
import { doubleOf, drawPairs, hashBits, ulpsBetween } from "./support/numbers.js";

const table = new URL("fixtures/libm-hashes.json", import.meta.url);
const { libm } = createMathCore();
const names = Object.keys(libm).sort() as (keyof Libm)[];
const [first, second] = drawPairs(1_000_000, 20_260_101);

/** `f` of every pair; a function of one argument ignores the second. */
function resultsOf(f: (x: number, y: number) => number): Float64Array {
  const results = new Float64Array(first.length);
  for (let index = 0; index < first.length; index++) results[index] = f(first[index]!, second[index]!);
  return results;
}

describe("over a million inputs of every kind", () => {
  const inputs = `${hashBits(first)} ${hashBits(second)}`;
  const hashes = Object.fromEntries(names.map((name) => [name, hashBits(resultsOf(libm[name]))]));
  if (process.env.SLUICE_WRITE_HASHES === "1") {
    writeFileSync(table, `${JSON.stringify({ inputs, ...hashes }, null, 2)}\n`);
  }
  const committed: Record<string, string> = JSON.parse(readFileSync(table, "utf8"));

  test("the inputs are those the table was made from", () => {
    expect(inputs).toBe(committed.inputs);
    expect(Object.keys(committed).sort()).toEqual(["inputs", ...names].sort());
  });

  test.each(names)("%s gives the committed bits", (name) => {
    expect(hashes[name]).toBe(committed[name]);
  });
});

describe("within two units in the last place of the true value", () => {
  const reference: Record<string, string[][]> = JSON.parse(
    readFileSync(new URL("fixtures/libm-reference.json", import.meta.url), "utf8"),
  );

  test.each(names)("%s, where it errs most and elsewhere", (name) => {
    expect(reference[name]!.length).toBeGreaterThanOrEqual(40);
    for (const row of reference[name]!) {
      const doubles = row.map(doubleOf);
      const expected = doubles.pop()!;
      expect(ulpsBetween(libm[name](doubles[0]!, doubles[1]!), expected)).toBeLessThanOrEqual(2);
    }
  });
});

describe("close to the host's", () => {
  // Both tanh err by up to 1.89 ulp, on different arguments, so they may stand further apart than either is from the
  // truth.
  const limits: Partial<Record<keyof Libm, number>> = { tanh: 3 };

  test.each(names)("%s", (name) => {
    let worst = 0;
    for (let index = 0; index < 40_000; index++) {
      const [x, y] = [first[index]!, second[index]!];
      worst = Math.max(worst, ulpsBetween(libm[name](x, y), Math[name](x, y)));
    }
    expect(worst).toBeLessThanOrEqual(limits[name] ?? 2);
  });
});

describe("the deterministic Math", () => {
  const math = createDeterministicMath({ libm });

  test("has every member that Node 20's Math has, and no other", () => {
    const members = (
      "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh " +
      "exp expm1 floor fround hypot imul log log10 log1p log2 max min pow random round " +
      "sign sin sinh sqrt tan tanh trunc"
    ).split(" ");
    expect(Object.keys(math).sort()).toEqual(members.sort());
    expect(String(math)).toBe("[object Math]");
  });

  test("cannot be changed", () => {
    expect(Object.isFrozen(math)).toBe(true);
    expect(Object.isFrozen(libm)).toBe(true);
  });

  test("refuses random and names the seeded generator", () => {
    expect(() => math.random()).toThrow("ctx.random()");
  });

  test("takes the hypot of any number of sides, infinite ones before NaN", () => {
    expect(math.hypot()).toBe(0);
    expect(math.hypot(-3)).toBe(3);
    expect(math.hypot(2, 3, 6)).toBe(7);
    expect(math.hypot(Number.NaN, 1, Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(math.hypot(Number.NaN, 1)).toBeNaN();
  });

  test("treats the special cases as ECMAScript does", () => {
    expect(math.pow(1, Number.POSITIVE_INFINITY)).toBeNaN();
    expect(math.pow(Number.NaN, 0)).toBe(1);
    expect(math.pow(-8, 1 / 3)).toBeNaN();
    expect(math.pow(Number.NEGATIVE_INFINITY, 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(math.atan2(-0, -0)).toBe(-Math.PI);
    expect(math.log(-1)).toBeNaN();
    expect(math.sin(-0)).toBe(-0);
    expect(math.cbrt(-27)).toBe(-3);
  });
});
