/**
 * The sums that slide by blocks – of distances for the simple average, of pairs for covariance, correlation and beta,
 * of places for the regression line – against the same sums taken afresh for every window, on series made to cost them
 * their digits.
 */
import { expect, test } from "vitest";
import { createIndicators, createMathCore } from "../wasm/index.js";
import { wordsFrom } from "./support/numbers.js";

const ta = createIndicators(createMathCore());
const LENGTH = 3000;
const PERIODS = [2, 3, 14, 250] as const;

type Shape = (index: number, noise: number) => number;
const SHAPES: Readonly<Record<string, Shape>> = {
  "far above their spread": (_, noise) => 1e8 + noise,
  "after a spike": (index, noise) => (index % 700 === 300 ? 1e7 : 100 + noise),
  "on a steep slope": (index, noise) => 1000 * index + noise,
  "from level to level": (index, noise) => 10 ** (2 * ((index >> 8) % 4)) * (1 + 0.01 * noise),
};

function seriesOf(shape: Shape, seed: number): Float64Array {
  const words = wordsFrom(seed);
  return Float64Array.from({ length: LENGTH }, (_, index) => shape(index, words() / 2 ** 32));
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

/** Distances from the mean, which is taken from the first value on. */
function centred(window: readonly number[]): number[] {
  const origin = window[0]!;
  const mean = sum(window.map((x) => x - origin)) / window.length;
  return window.map((x) => x - origin - mean);
}

const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, index) => x * b[index]!));

/** Calls back with the index of each full window and the distances in it, of both series. */
function eachWindow(
  period: number,
  [x, y]: readonly [Float64Array, Float64Array],
  check: (index: number, a: number[], b: number[]) => void,
): void {
  for (let index = period - 1; index < LENGTH; index += 7) {
    const from = index - period + 1;
    check(index, centred([...x.subarray(from, index + 1)]), centred([...y.subarray(from, index + 1)]));
  }
}

test.each(Object.entries(SHAPES))("sliding sums keep their digits %s", (_, shape) => {
  const [x, y] = [seriesOf(shape, 1), seriesOf(shape, 2)];
  for (const period of PERIODS) {
    const covariance = ta.covariance(x, y, { period });
    const correlation = ta.correlation(x, y, { period });
    const line = ta.linearRegression(x, { period });
    eachWindow(period, [x, y], (index, a, b) => {
      const spread = Math.sqrt(dot(a, a) * dot(b, b));
      expect(Math.abs(covariance[index]! * period - dot(a, b)) / spread).toBeLessThan(1e-8);
      expect(Math.abs(correlation[index]! - dot(a, b) / spread)).toBeLessThan(1e-8);
      const places = centred(a.map((_, place) => place));
      const slope = dot(places, a) / dot(places, places);
      const steepest = Math.sqrt(dot(a, a) / dot(places, places));
      expect(Math.abs(line.slope[index]! - slope) / steepest).toBeLessThan(1e-8);
    });
  }
});

test.each(Object.entries(SHAPES))("a simple average errs within its bound %s", (_, shape) => {
  const x = seriesOf(shape, 4);
  for (const period of [1, ...PERIODS, 999]) {
    const average = ta.sma(x, { period });
    for (let index = period - 1; index < LENGTH; index++) {
      const window = [...x.subarray(index - period + 1, index + 1)];
      const bound = period * 2 ** -52 * Math.max(...window.map(Math.abs));
      // The sum taken afresh rounds as well, up to half as much.
      expect(Math.abs(average[index]! - sum(window) / period)).toBeLessThanOrEqual(1.5 * bound);
    }
  }
});

test("a simple average of equal inputs is exactly each of them, from the first window of them on", () => {
  for (const level of [0.1, 1 / 3, -7e-9, 1e150, 5e-324]) {
    const x = Float64Array.from({ length: 400 }, (_, index) => (index < 151 ? (-1) ** index * 1e150 : level));
    for (const period of [1, 2, 3, 7, 14, 49, 100]) {
      const average = ta.sma(x, { period });
      expect(average.subarray(period - 1).every(Number.isFinite)).toBe(true);
      expect(average.subarray(151 + period - 1).every((each) => each === level)).toBe(true);
    }
  }
});

test("a series that stands still has no spread to divide by, however it came there", () => {
  const still = Float64Array.from({ length: 600 }, (_, index) => (index < 300 ? 0.1 * ((index * index) % 17) : 0.1));
  const moving = seriesOf((_, noise) => noise, 3).subarray(0, 600);
  for (const period of [2, 14, 50]) {
    const from = 300 + period - 1;
    const beta = ta.beta(moving, still, { period }).beta.subarray(from);
    expect(
      ta
        .correlation(moving, still, { period })
        .subarray(from)
        .every((each) => each === 0),
    ).toBe(true);
    expect(
      ta
        .covariance(still, moving, { period })
        .subarray(from)
        .every((each) => each === 0),
    ).toBe(true);
    expect(beta.every((each) => each === 0)).toBe(true);
    const { slope, intercept, rSquared } = ta.linearRegression(still, { period });
    expect(slope.subarray(from).every((each) => each === 0)).toBe(true);
    expect(rSquared.subarray(from).every((each) => each === 0)).toBe(true);
    expect(intercept.subarray(from).every((each) => each === 0.1)).toBe(true);
  }
});

test("an exponential average of a series that stands still comes to exactly that", () => {
  const closes = Float64Array.from({ length: 2000 }, (_, index) => (index < 20 ? index : 0.3));
  expect(ta.ema(closes, { period: 10 }).at(-1)).toBe(0.3);
  expect(ta.macd(closes).macd.at(-1)).toBe(0);
});
