/**
 * The generator behind the simulations: its published algorithms' first outputs, and its normal numbers one by one from
 * an implementation in whole numbers. What it looks like over ten million draws is in the full test.
 */
import { expect, test } from "vitest";
import { standardNormals } from "../wasm/risk/normals.js";
import { normalsTwin, splitMix, Xoshiro } from "./risk/generator-twin.js";
import { hashBits } from "./support/numbers.js";

test("the twin's xoshiro256++ and SplitMix64 give their published outputs", () => {
  const generator = new Xoshiro([1n, 2n, 3n, 4n]);
  expect(Array.from({ length: 6 }, () => generator.next())).toEqual([
    41943041n,
    58720359n,
    3588806011781223n,
    3591011842654386n,
    9228616714210784205n,
    9973669472204895162n,
  ]);
  expect(splitMix(1234567n, 3)).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
});

test.each([
  [0, 60_000],
  [1, 5000],
  [20_261_121, 5000],
  [2 ** 53 - 1, 5000],
])("seed %i gives the twin's %i normal numbers", (seed, count) => {
  const expected = normalsTwin(count, seed);
  standardNormals(count, { seed }).forEach((each, at) => {
    expect(Math.abs(each - expected[at]!), `number ${at}`).toBeLessThan(1e-12);
  });
});

test("among the numbers that were compared are some from the tail", () => {
  const beyond = standardNormals(60_000, { seed: 0 }).filter((each) => Math.abs(each) > 4.038849846109504);
  expect(beyond.length).toBeGreaterThan(0);
});

test("a million numbers have the committed bits", () => {
  expect(hashBits(standardNormals(1_000_001, { seed: 1 }))).toBe("e274bc2b15ed0d00");
});

test("fewer numbers of a seed are the first of more", () => {
  const many = standardNormals(1000, { seed: 3 });
  expect(standardNormals(7, { seed: 3 })).toEqual(many.slice(0, 7));
});
