/**
 * The special functions and distributions: the same bits as when their hashes were committed, close to the true values,
 * and true to their identities. With SLUICE_WRITE_HASHES=1 the table is written anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMathCore, type SpecialFunctions } from "../wasm/index.js";
import { doubleOf, drawPairs, hashBits } from "./support/numbers.js";

const table = new URL("fixtures/special-hashes.json", import.meta.url);
const { special } = createMathCore();
const names = Object.keys(special).sort() as (keyof SpecialFunctions)[];
const NORMAL_MIN = 2.2250738585072014e-308;

/** Worst relative error of each, as its file states it; for results that are normal numbers. */
const RELATIVE: Readonly<Record<keyof SpecialFunctions, number>> = {
  erf: 3.2e-16,
  erfc: 8.7e-16,
  lgamma: 8.9e-16,
  normalDensity: 4.5e-16,
  normalCdf: 1e-15,
  normalQuantile: 6e-16,
  studentCdf: 4e-14,
  studentQuantile: 4e-14,
};

describe("over a million inputs of every kind", () => {
  const [first, second] = drawPairs(1_000_000, 20_261_121);
  const inputs = `${hashBits(first)} ${hashBits(second)}`;
  const hashes = Object.fromEntries(names.map((name) => [name, hashBits(resultsOf(name, first, second))]));
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

/** `name` of every pair: probabilities most of them inside 0 … 1, degrees of freedom from 0.01 to a million. */
function resultsOf(name: keyof SpecialFunctions, first: Float64Array, second: Float64Array): Float64Array {
  const f = special[name] as (x: number, y: number) => number;
  const asProbability = name.endsWith("Quantile");
  const results = new Float64Array(first.length);
  for (let index = 0; index < first.length; index += 1) {
    const x = first[index]!;
    const freedom = 0.01 + (Math.abs(second[index]!) % 1e6);
    results[index] = f(asProbability && Math.abs(x) > 1 ? Math.abs(1 / x) : x, freedom);
  }
  return results;
}

describe("within its stated error of the true value", () => {
  const reference: Record<string, string[][]> = JSON.parse(
    readFileSync(new URL("fixtures/special-reference.json", import.meta.url), "utf8"),
  );

  test.each(names)("%s, where it errs most and elsewhere", (name) => {
    expect(reference[name]!.length).toBeGreaterThanOrEqual(50);
    const f = special[name] as (x: number, y: number) => number;
    for (const row of reference[name]!) {
      const doubles = row.map(doubleOf);
      const expected = doubles.pop()!;
      const was = f(doubles[0]!, doubles[1]!);
      const allowed = Math.max(Math.abs(expected) * RELATIVE[name], NORMAL_MIN * 2 ** -52);
      if (Math.abs(expected) < NORMAL_MIN) expect(Math.abs(was - expected)).toBeLessThan(NORMAL_MIN * 2 ** -50);
      else expect(Math.abs(was - expected), `${name}(${doubles})`).toBeLessThanOrEqual(allowed);
    }
  });
});

describe("at the ends", () => {
  test.each([
    ["erf", [Infinity], 1],
    ["erf", [-Infinity], -1],
    ["erf", [-0], -0],
    ["erfc", [Infinity], 0],
    ["erfc", [-Infinity], 2],
    ["lgamma", [1], 0],
    ["lgamma", [2], 0],
    ["lgamma", [0], Infinity],
    ["lgamma", [-3], Infinity],
    ["lgamma", [-Infinity], Infinity],
    ["lgamma", [1e306], Infinity],
    ["normalDensity", [-Infinity], 0],
    ["normalCdf", [-Infinity], 0],
    ["normalCdf", [0], 0.5],
    ["normalCdf", [Infinity], 1],
    ["normalQuantile", [0], -Infinity],
    ["normalQuantile", [0.5], 0],
    ["normalQuantile", [1], Infinity],
    ["normalQuantile", [1.5], NaN],
    ["studentCdf", [-Infinity, 3], 0],
    ["studentCdf", [0, 3], 0.5],
    ["studentCdf", [Infinity, 3], 1],
    ["studentCdf", [1, 0.009], NaN],
    ["studentCdf", [1, -1], NaN],
    ["studentQuantile", [0, 3], -Infinity],
    ["studentQuantile", [0.5, 3], 0],
    ["studentQuantile", [1, 3], Infinity],
    ["studentQuantile", [-0.1, 3], NaN],
  ] as const)("%s of %j is %d", (name, [x, y], expected) => {
    expect((special[name] as (x: number, y?: number) => number)(x, y)).toBe(expected);
  });

  test.each(names)("%s of NaN is the one NaN of every machine", (name) => {
    const bits = new BigUint64Array(
      Float64Array.of((special[name] as (x: number, y: number) => number)(NaN, 2)).buffer,
    );
    expect(bits[0]).toBe(0x7ff8_0000_0000_0000n);
  });
});

describe("identities", () => {
  const x = fc.double({ min: -37, max: 37, noNaN: true });
  const probability = fc.double({ min: 1e-290, max: 0.5, noNaN: true });
  const freedom = fc.double({ min: 0.2, max: 1e6, noNaN: true });
  const close = (was: number, expected: number, relative: number): void =>
    expect(Math.abs(was - expected)).toBeLessThanOrEqual(Math.abs(expected) * relative + 1e-300);

  test("erf is odd, and erf and erfc make one", () => {
    fc.assert(
      fc.property(x, (at) => {
        expect(special.erf(-at)).toBe(-special.erf(at));
        close(special.erf(at) + special.erfc(at), 1, 6e-16);
      }),
    );
  });

  test("x Γ(x) = Γ(x + 1)", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 150, noNaN: true }), (at) => {
        const difference = special.lgamma(at + 1) - special.lgamma(at) - Math.log(at);
        expect(Math.abs(difference)).toBeLessThan(1e-15 * (20 + Math.abs(special.lgamma(at))));
      }),
    );
  });

  test("the normal distribution is symmetric, and its quantile undoes it", () => {
    fc.assert(
      fc.property(probability, (p) => {
        const at = special.normalQuantile(p);
        close(special.normalCdf(at), p, 2e-15 * (1 + at * at));
        expect(special.normalCdf(-at)).toBeCloseTo(1 - p, 14);
      }),
    );
  });

  test("Student's quantile undoes its distribution", () => {
    fc.assert(
      fc.property(probability, freedom, (p, degrees) => {
        const at = special.studentQuantile(p, degrees);
        if (at > -1e150) close(special.studentCdf(at, degrees), p, 1e-12 * (1 + Math.min(degrees, at * at)));
      }),
    );
  });

  test("one degree of freedom is Cauchy's distribution, two have a closed form", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: -1e-6, noNaN: true }), (t) => {
        close(special.studentCdf(t, 1), Math.atan2(1, -t) / Math.PI, 1e-14);
        const root = Math.sqrt(2 + t * t);
        close(special.studentCdf(t, 2), 1 / (root * (root - t)), 1e-14);
      }),
    );
  });

  test("many degrees of freedom approach the normal distribution", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: -0.01, noNaN: true }), (t) => {
        close(special.studentCdf(t, 1e9), special.normalCdf(t), 1e-5);
      }),
    );
  });
});
