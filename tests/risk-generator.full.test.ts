/**
 * Ten million normal numbers: their moments, their distribution by equally likely bins, their tails beyond the
 * ziggurat's layers, and that neither neighbours, nor lanes, nor seeds know of each other. Bounds are of five standard
 * deviations, for one seed, so nothing here is left to chance.
 */
import { describe, expect, test } from "vitest";
import { createMathCore } from "../wasm/index.js";
import { standardNormals } from "../wasm/risk/normals.js";
import { sum } from "./risk/samples.js";

const COUNT = 10_000_000;
const numbers = standardNormals(COUNT, { seed: 20_261_121 });
const { special } = createMathCore();

/** That a mean of `COUNT` numbers of that deviation is what is expected. */
function expectMean(mean: number, expected: number, deviation: number): void {
  expect(Math.abs(mean - expected)).toBeLessThan((5 * deviation) / Math.sqrt(COUNT));
}

describe("ten million normal numbers", () => {
  // Of the powers of a normal number: the mean, and the standard deviation about it.
  test.each([
    [1, 0, 1],
    [2, 1, Math.sqrt(2)],
    [3, 0, Math.sqrt(15)],
    [4, 3, Math.sqrt(96)],
    [6, 15, Math.sqrt(10170)],
  ])("have moment %i", (power, mean, deviation) => {
    let total = 0;
    for (const each of numbers) total += each ** power;
    expectMean(total / COUNT, mean, deviation);
  });

  test("fill a thousand equally likely bins alike", () => {
    const bins = new Float64Array(1000);
    for (const each of numbers) bins[Math.min(999, Math.floor(1000 * special.normalCdf(each)))]! += 1;
    const expected = COUNT / 1000;
    const chiSquare = sum(bins.map((each) => (each - expected) ** 2 / expected));
    expect(Math.abs(chiSquare - 999)).toBeLessThan(5 * Math.sqrt(2 * 999));
  });

  test.each([2, 3, 4, 4.038849846109504, 4.5, 5])("are beyond ±%f as often as they should be", (limit) => {
    let found = 0;
    for (const each of numbers) if (Math.abs(each) > limit) found++;
    const expected = 2 * special.normalCdf(-limit) * COUNT;
    expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
  });

  test.each([1, 2, 3, 4, 32, 160])("do not go with the number %i before, nor do their squares", (lag) => {
    let product = 0;
    let squares = 0;
    for (let at = lag; at < COUNT; at++) {
      const [a, b] = [numbers[at]!, numbers[at - lag]!];
      product += a * b;
      squares += (a * a - 1) * (b * b - 1);
    }
    expectMean(product / COUNT, 0, 1);
    expectMean(squares / COUNT, 0, 2);
  });

  test.each([20_261_120, 20_261_122, 0, 2 ** 53 - 1])("do not go with those of seed %i", (seed) => {
    const others = standardNormals(COUNT, { seed });
    let product = 0;
    for (let at = 0; at < COUNT; at++) product += numbers[at]! * others[at]!;
    expectMean(product / COUNT, 0, 1);
  });
});
