/**
 * Plans of whole lots: 100 000 random parents each, against slow twins in integers without a bound. The sum is exact,
 * no child is below the venue's minimum, times rise strictly inside the window, and equal inputs give equal plans.
 */
import { describe, expect, test } from "vitest";
import { exec, type Plan } from "../wasm/exec/index.js";
import { kernels } from "../wasm/exec/kernels.js";
import { apportioned, drawn, merged, splitMix, wholeWeights } from "./exec/apportionment.js";
import { areSame, Cases, demand } from "./exec/random.js";

const CASES = 100_000;

const sumOf = (lots: Float64Array): bigint => lots.reduce<bigint>((sum, each) => sum + BigInt(each), 0n);

/** Why a plan breaks its promises; undefined when it keeps them. */
function faultOf(plan: Plan, lots: number, lotsMin: number, startUs: number, endUs: number): string | undefined {
  if (plan.lots.length !== plan.timesUs.length) return "lengths differ";
  if (sumOf(plan.lots) !== BigInt(lots)) return `the sum is ${sumOf(plan.lots)}`;
  if (plan.lots.some((each) => !(Number.isSafeInteger(each) && each >= lotsMin))) return "a child is below the minimum";
  const isOutside = (time: number): boolean => !(Number.isSafeInteger(time) && time >= startUs && time < endUs);
  if (plan.timesUs.some(isOutside)) return "a time is outside the window";
  if (plan.timesUs.some((time, child) => child > 0 && time <= plan.timesUs[child - 1]!)) return "times do not rise";
  return undefined;
}

describe("largest remainder", () => {
  /** Apportions in the kernels' memory. */
  function ours(lots: number, weights: readonly number[]): number[] {
    const { run, weights: target, lots: result } = kernels();
    target.set(weights);
    run.apportion(lots, weights.length);
    return [...result.subarray(0, weights.length)];
  }

  test("integer weights are divided exactly, however large the products", () => {
    const cases = new Cases(1);
    for (let index = 0; index < CASES; index += 1) {
      const lots = cases.chance(9) ? 0 : cases.lots();
      const bits = cases.integer(1, 47);
      const weights = cases.array(cases.integer(1, 12), () => cases.integer(0, 2 ** bits));
      weights[0] = weights[0]! + 1;
      const twin = apportioned(BigInt(lots), weights.map(BigInt));
      demand(areSame(ours(lots, weights), twin.map(Number)), () => [lots, weights]);
    }
  });

  test("other weights are taken to 52 binary digits of their sum", () => {
    const cases = new Cases(2);
    for (let index = 0; index < 30_000; index += 1) {
      const lots = cases.lots();
      const scale = 10 ** cases.integer(-140, 140);
      const weights = cases.array(cases.integer(1, 12), () => cases.fraction() * scale * 2 ** -cases.integer(0, 60));
      weights.push(scale);
      const twin = apportioned(BigInt(lots), wholeWeights(weights));
      demand(areSame(ours(lots, weights), twin.map(Number)), () => [lots, weights]);
    }
  });

  test("equal remainders share what is left evenly, so a straight line is tracked within half a lot", () => {
    const cases = new Cases(3);
    for (let index = 0; index < 20_000; index += 1) {
      const count = cases.integer(1, 40);
      const lots = cases.integer(1, 200);
      let sum = 0;
      ours(
        lots,
        cases.array(count, () => 1),
      ).forEach((each, slice) => {
        sum += each;
        demand(Math.abs(sum * count - lots * (slice + 1)) * 2 <= count, () => [lots, count]);
      });
    }
  });

  test("a slice without weight never has lots", () => {
    expect(ours(2 ** 53 - 1, [0, 1e-9, 0, 3, 0])).toMatchObject({ 0: 0, 2: 0, 4: 0 });
  });

  test("ten thousand slices, the most there may be", () => {
    const weights = Array.from({ length: 10_000 }, (_, slice) => (slice * 7919) % 101);
    expect(ours(123_456_789, weights)).toEqual(apportioned(123_456_789n, weights.map(BigInt)).map(Number));
  });
});

describe("lots below the minimum", () => {
  test("go to later slices, as the twin says, and never earlier", () => {
    const cases = new Cases(4);
    const { run, lots } = kernels();
    for (let index = 0; index < CASES; index += 1) {
      const lotsMin = cases.integer(1, 20);
      const given = cases.array(cases.integer(1, 12), () => (cases.chance(3) ? 0 : cases.integer(0, 2 * lotsMin)));
      given[cases.integer(0, given.length - 1)] = lotsMin + cases.integer(0, 3);
      lots.set(given);
      run.mergeSmall(given.length, lotsMin);
      const made = [...lots.subarray(0, given.length)];
      demand(areSame(made, merged(given, lotsMin)), () => [given, lotsMin, made]);
      let ahead = 0;
      made.forEach((each, slice) => {
        ahead += each - given[slice]!;
        demand(ahead <= 0 && (each === 0 || each >= lotsMin), () => [given, lotsMin, made]);
      });
      demand(ahead === 0, () => [given, lotsMin, made]);
    }
  });
});

describe("random integers", () => {
  test("are the published sequence of SplitMix64", () => {
    const published = [6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n];
    expect(published.map((_, k) => splitMix(1234567n, BigInt(k)))).toEqual(published);
    const bound = Number.MAX_SAFE_INTEGER;
    expect(published.map((_, k) => kernels().draw(1234567, k, bound))).toEqual(
      published.map((word) => Number(((word >> 11n) * BigInt(bound)) >> 53n)),
    );
  });

  test("never reach their bound", () => {
    const cases = new Cases(5);
    for (let index = 0; index < CASES; index += 1) {
      const [seed, k, bound] = [cases.lots(), cases.integer(0, 1e6), cases.lots()];
      const made = kernels().draw(seed, k, bound);
      demand(made === drawn(seed, k, bound) && made < bound, () => [seed, k, bound]);
    }
  });
});

describe("TWAP", () => {
  test("keeps the sum, the minimum, the order of times and the window, with any jitter", () => {
    const cases = new Cases(6);
    for (let index = 0; index < CASES; index += 1) {
      const lots = cases.lots();
      const lotsMin = Math.min(lots, cases.pick([1, 1, cases.integer(1, 50), cases.lots()]));
      const slices = cases.integer(1, 40);
      const startUs = cases.integer(0, 2 ** 52);
      const endUs = startUs + slices + cases.pick([0, cases.integer(0, 100), cases.integer(0, 9e13)]);
      const drawnJitter = { time: cases.fraction(), size: cases.fraction(), seed: cases.lots() };
      const jitter = cases.chance(4) ? undefined : drawnJitter;
      const options = { lots, lotsMin, slices, startUs, endUs, ...(jitter && { jitter }) };
      const plan = exec.twap(options);
      const fault = faultOf(plan, lots, lotsMin, startUs, endUs);
      demand(fault === undefined, () => [fault, options]);
      demand(plan.lots.length === Math.min(slices, Math.floor(lots / lotsMin)), () => options);
    }
  });

  test("without jitter sizes differ by one at most, and slice i begins at ⌊i × width / n⌋", () => {
    const cases = new Cases(7);
    for (let index = 0; index < 20_000; index += 1) {
      const [lots, slices, startUs] = [cases.lots(), cases.integer(1, 40), cases.integer(0, 2 ** 50)];
      const endUs = startUs + cases.integer(slices, 9e13);
      const plan = exec.twap({ lots, slices, startUs, endUs });
      demand(Math.max(...plan.lots) - Math.min(...plan.lots) <= 1, () => [lots, slices]);
      plan.timesUs.forEach((time, slice) => {
        const offset = (BigInt(slice) * BigInt(endUs - startUs)) / BigInt(plan.lots.length);
        demand(time === startUs + Number(offset), () => [startUs, endUs, slices]);
      });
    }
  });

  test("jitter keeps each child in its slice and within its part of what it has above the minimum", () => {
    const cases = new Cases(8);
    for (let index = 0; index < 20_000; index += 1) {
      const slices = cases.integer(1, 20);
      const lotsMin = cases.integer(1, 10);
      const options = { lots: slices * lotsMin + cases.integer(0, 1000), slices, lotsMin, startUs: 0, endUs: 1e9 };
      const jitter = { time: cases.fraction(), size: cases.fraction(), seed: cases.lots() };
      const even = exec.twap(options);
      const moved = exec.twap({ ...options, jitter });
      moved.timesUs.forEach((time, child) => {
        const begin = even.timesUs[child]!;
        const end = even.timesUs[child + 1] ?? options.endUs;
        demand(time < end && time - begin <= (end - begin) * jitter.time, () => [options, jitter]);
        const most = (Math.max(...even.lots) - lotsMin) * jitter.size;
        demand(Math.abs(moved.lots[child]! - even.lots[child]!) <= most, () => [options, jitter]);
      });
    }
  });

  test("a seed gives one plan, another seed another, and jitter does move things", () => {
    const options = { lots: 1000, slices: 10, startUs: 0, endUs: 1e9 };
    const plan = (seed: number): Plan => exec.twap({ ...options, jitter: { time: 0.5, size: 0.5, seed } });
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
    expect(new Set(plan(7).lots).size).toBeGreaterThan(3);
  });

  test("jitter favours no side: the mean size and delay are what they should be", () => {
    const plans = Array.from({ length: 4000 }, (_, seed) =>
      exec.twap({ lots: 400, slices: 4, startUs: 0, endUs: 4000, jitter: { time: 1, size: 1, seed } }),
    );
    const mean = (value: (plan: Plan) => number): number =>
      plans.reduce((sum, plan) => sum + value(plan), 0) / plans.length;
    // The standard errors are near 0.6 lots and 4.6 microseconds.
    for (const child of [0, 1, 2, 3]) {
      expect(Math.abs(mean((plan) => plan.lots[child]!) - 100)).toBeLessThan(4);
      expect(Math.abs(mean((plan) => plan.timesUs[child]! - 1000 * child) - 499.5)).toBeLessThan(25);
    }
  });
});
