/**
 * Indicators on series whose answers are known beforehand: by hand, in closed form, or from another indicator.
 */
import { describe, expect, test } from "vitest";
import { createIndicators, createMathCore } from "../wasm/index.js";
import { levelSums } from "../wasm/ta/levels.js";
import { wordsFrom } from "./support/numbers.js";

const ta = createIndicators(createMathCore());
const of = (...values: number[]): Float64Array => Float64Array.from(values);
const words = wordsFrom(77);
const walk = Float64Array.from({ length: 400 }, () => words() % 1000).map((step, index) => 1000 + index + step / 100);

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-12): void {
  Array.from(expected).forEach((value, index) => {
    const gap = Math.abs(actual[index]! - value);
    expect(Number.isNaN(value) ? Number.isNaN(actual[index]!) : gap <= within * Math.max(1, Math.abs(value))).toBe(
      true,
    );
  });
}

describe("pivot points", () => {
  const bar = [of(110, 0), of(100, 0), of(108, 0)] as const;
  const at = (method: "standard" | "fibonacci" | "camarilla" | "woodie"): number[] =>
    Object.values(ta.pivotPoints(...bar, { method, offset: 1 })).map((each) => Number(each[1]!.toFixed(6)));

  test("are those of the finished window, whatever the bar they are for does", () => {
    expect(at("standard")).toEqual([106, 112, 116, 122, 128, 102, 96, 92, 88]);
    expect(at("woodie")).toEqual([106.5, 113, 116.5, 123, 133, 103, 96.5, 93, 83]);
    expect(at("fibonacci")).toEqual([106, 109.82, 112.18, 116, 122.18, 102.18, 99.82, 96, 89.82]);
    const wide = [11 / 12, 11 / 6, 11 / 4, 11 / 2].map((each) => Number(each.toFixed(6)));
    expect(at("camarilla")).toEqual([106, ...wide.map((each) => 108 + each), ...wide.map((each) => 108 - each)]);
  });
});

describe("exponential moments", () => {
  test("of a series with itself are its variance, bit for bit", () => {
    expect(ta.ewmaCovariance(walk, walk, { lambda: 0.97 })).toEqual(ta.ewmaVariance(walk, { lambda: 0.97 }));
  });
});

describe("cumulative sums", () => {
  test("tell of a move that passes the threshold once, and begin anew on that side alone", () => {
    const { event, rising, falling } = ta.cusum(of(10, 11, 12, 13.5, 13, 10, 10.5), { threshold: 3 });
    expect(event).toEqual(of(Number.NaN, 0, 0, 1, 0, -1, 0));
    expect(rising).toEqual(of(Number.NaN, 1, 2, 0, 0, 0, 0.5));
    expect(falling).toEqual(of(Number.NaN, 0, 0, 0, -0.5, 0, 0));
  });

  test("leave out steps within the drift", () => {
    const { event } = ta.cusum(
      Float64Array.from({ length: 50 }, (_, i) => i / 2),
      { threshold: 1, drift: 0.5 },
    );
    expect(event.subarray(1).every((each) => each === 0)).toBe(true);
  });

  test("of values measure from the target", () => {
    const { event } = ta.cusum(of(5, 6, 6, 6), { of: "values", target: 5, threshold: 1.5 });
    expect(event).toEqual(of(0, 0, 1, 0));
  });
});

describe("the Kalman filter of a level", () => {
  test("that does not move is the mean of all inputs", () => {
    const { level, gain } = ta.kalmanLevel(walk, { ratio: 0 });
    let sum = 0;
    expectClose(
      level,
      walk.map((each, index) => {
        sum += each;
        return sum / (index + 1);
      }),
    );
    expectClose(
      gain,
      walk.map((_, index) => 1 / (index + 1)),
    );
  });

  test("comes to the steady gain of its equation, and its variance with it", () => {
    const q = 0.3;
    const { gain, variance } = ta.kalmanLevel(walk, { ratio: q, noise: 7 });
    const steady = (Math.sqrt(q * q + 4 * q) - q) / 2;
    expectClose([gain.at(-1)!, variance.at(-1)!], [steady, 7 * steady]);
  });
});

describe("the hedge ratio", () => {
  test("of coefficients that do not move is ridge regression", () => {
    const other = walk.map((x, index) => x / 2 + ((index * 7919) % 13));
    const [noise, prior] = [0.5, 2];
    const { beta, alpha } = ta.hedgeRatio(walk, other, { delta: 0, noise, prior });
    for (const length of [1, 2, 50, 400]) {
      const sums = [noise / prior + length, 0, noise / prior, 0, 0];
      for (let index = 0; index < length; index++) {
        sums[1]! += other[index]!;
        sums[2]! += other[index]! ** 2;
        sums[3]! += walk[index]!;
        sums[4]! += walk[index]! * other[index]!;
      }
      const [n, x, xx, y, xy] = sums as [number, number, number, number, number];
      const spread = n * xx - x * x;
      expectClose(
        [beta[length - 1]!, alpha[length - 1]!],
        [(n * xy - x * y) / spread, (xx * y - x * xy) / spread],
        1e-7,
      );
    }
  });

  test("follows a ratio that changes, and its surprise shows where", () => {
    const other = Float64Array.from({ length: 400 }, (_, index) => 100 + ((index * 37) % 11));
    const first = other.map((x, index) => (index < 200 ? 2 : 3) * x);
    const { beta, residual, deviation } = ta.hedgeRatio(first, other);
    expect(Math.abs(residual[199]! / deviation[199]!)).toBeLessThan(1);
    expect(residual[200]! / deviation[200]!).toBeGreaterThan(10);
    expect(beta[399]!).toBeCloseTo(3, 1);
  });
});

describe("return to the mean", () => {
  test("of a series that keeps a share of its distance has that half-life", () => {
    const share = 0.9;
    const { halfLife, reversion } = ta.halfLife(
      Float64Array.from({ length: 60 }, (_, i) => 50 + share ** i),
      { period: 20 },
    );
    expectClose([reversion[59]!, halfLife[59]!], [1 - share, Math.LN2 / (1 - share)], 1e-9);
  });

  test("of a flat series, or one that runs away, never comes", () => {
    expect(ta.halfLife(new Float64Array(9).fill(3), { period: 8 }).halfLife[8]).toBe(1e6);
    expect(
      ta.halfLife(
        Float64Array.from({ length: 9 }, (_, i) => 2 ** i),
        { period: 8 },
      ).halfLife[8],
    ).toBe(1e6);
  });

  test("leaves the Hurst exponent of a flat series at a half, and raises it for a trend above a walk's", () => {
    expect(ta.hurst(new Float64Array(20).fill(7), { period: 16 }).exponent[16]).toBe(0.5);
    const swings = (length: number): Float64Array =>
      Float64Array.from({ length: 300 }, (_, i) => Math.exp(Math.sin((2 * Math.PI * i) / length)));
    const [slow, quick] = [swings(400), swings(9)].map((x) => ta.hurst(x, { period: 256 }).corrected.at(-1)!);
    expect(slow).toBeGreaterThan(0.8);
    expect(quick).toBeLessThan(0.3);
  });
});

describe("VPIN", () => {
  const prices = new Float64Array(6).fill(100);
  const bySign = { classification: "sign", bucket: 10, buckets: 3 } as const;

  test("is 1 when all buy, 0 when as much is sold in every bucket, 0 before the first is full", () => {
    expect(ta.vpin(prices, new Float64Array(6).fill(4), bySign).vpin).toEqual(of(0, 0, 1, 1, 1, 1));
    expect(ta.vpin(prices, of(5, -5, 5, -5, 5, -5), bySign).vpin).toEqual(new Float64Array(6));
  });

  test("is the same however a trade is cut, also through the walls of buckets", () => {
    const whole = ta.vpin(prices.subarray(0, 3), of(3, -26, 11), bySign);
    const cut = ta.vpin(prices, of(3, -6, -19, -1, 6, 5), bySign);
    expect(cut.vpin[5]).toBe(whole.vpin[2]);
    expect([...whole.buckets]).toEqual([0, 2, 3]);
    // 3 bought and 7 sold, 10 sold, 9 sold and 1 bought, 10 bought: the first of four has left the window.
    expectClose(whole.vpin, [0, (0.4 + 1) / 2, (1 + 0.8 + 1) / 3]);
  });

  test("of a trade larger than all buckets is that trade's side", () => {
    const { vpin, buckets } = ta.vpin(prices.subarray(0, 2), of(-1, 1e12), bySign);
    expect([vpin[1], buckets[1]]).toEqual([1, 3]);
  });
});

describe("the realised spread", () => {
  test("is what is left of the effective spread when the middle has moved", () => {
    const [bid, ask] = [of(99, 99, 100, 100), of(101, 101, 102, 102)];
    const { realised, effective, impact } = ta.realisedSpread(of(101, 101, 102, 102), of(1, 5, 0, -1), bid, ask, {
      horizon: 2,
      period: 2,
    });
    expect([realised[3], effective[3], impact[3]]).toEqual([0, 2, 2]);
  });
});

describe("the volume profile", () => {
  test("finds the fullest bin, and grows the area to the fuller side", () => {
    const prices = of(100, 101, 101, 102, 103, 104);
    const { pointOfControl, valueHigh, valueLow } = ta.volumeProfile(prices, prices, of(5, 20, 20, 30, 10, 15), {
      period: 6,
      bins: 4,
    });
    // 5, 40, 30 and 25 from 100, 101, 102 and 103 on: 40 + 30 hold 70 of 100.
    expect([pointOfControl[5], valueHigh[5], valueLow[5]]).toEqual([101.5, 103, 101]);
  });

  test("lays a bar's volume evenly over its range", () => {
    const { pointOfControl, valueHigh, valueLow } = ta.volumeProfile(of(104, 102), of(100, 101), of(40, 5), {
      period: 2,
      bins: 4,
    });
    expect([pointOfControl[1], valueHigh[1], valueLow[1]]).toEqual([101.5, 104, 101]);
  });

  test("without volume is the range, and of one price that price", () => {
    const empty = ta.volumeProfile(of(4, 6), of(2, 3), of(0, 0), { period: 2 });
    expect([empty.pointOfControl[1], empty.valueHigh[1], empty.valueLow[1]]).toEqual([4, 6, 2]);
    const flat = ta.volumeProfile(of(3, 3), of(3, 3), of(1, 1), { period: 2 });
    expect([flat.pointOfControl[1], flat.valueHigh[1], flat.valueLow[1]]).toEqual([3, 3, 3]);
  });
});

describe("the adaptive RSI", () => {
  test("of a period that may not move is the RSI", () => {
    const { rsi } = ta.adaptiveRsi(walk, { period: 14, shortest: 14, longest: 14, deviation: 3, smooth: 4 });
    expectClose(rsi, ta.rsi(walk, { period: 14 }));
  });

  test("shortens when the market gets livelier, and not below its least", () => {
    const prices = Float64Array.from({ length: 100 }, (_, i) => 100 + (i % 2) * (i < 60 ? 1 : i < 61 ? 3 : 400));
    const { effectivePeriod } = ta.adaptiveRsi(prices);
    expect(effectivePeriod[59]!).toBeCloseTo(14, 6);
    expect(effectivePeriod[61]!).toBe(5);
  });
});

describe("divergence", () => {
  /** A steep climb to 120, a fall, and a slow climb to `second`; then the same upside down. */
  const prices = (second: number): Float64Array => {
    const legs: number[] = [];
    const go = (to: number, steps: number): void => {
      const from = legs.at(-1) ?? 100;
      for (let step = 1; step <= steps; step++) legs.push(from + ((to - from) * step) / steps);
    };
    go(101, 10);
    go(120, 4);
    go(110, 6);
    for (let step = 0; step < 8; step++) legs.push(legs.at(-1)! + (step % 2 === 0 ? 3 : -1.5));
    go(second, 3);
    go(112, 8);
    return Float64Array.from(legs);
  };
  const options = { period: 5, left: 3, right: 2, within: 40 };
  const told = (x: Float64Array): number[] =>
    [...ta.divergence(x, options)].filter((each) => each === 1 || each === -1);

  test("is told of a higher high that the RSI does not confirm, and of its mirror image", () => {
    expect(told(prices(121))).toEqual([-1]);
    expect(told(prices(121).map((x) => 240 - x))).toEqual([1]);
    expect(told(prices(119))).toEqual([]);
  });

  test("is told as late as it is known, and not of turns too far apart", () => {
    const x = prices(121);
    const top = x.lastIndexOf(121);
    expect(ta.divergence(x, options).indexOf(-1)).toBe(top + options.right);
    expect([...ta.divergence(x, { ...options, within: 5 })]).not.toContain(-1);
  });
});

describe("the volatility regime", () => {
  const factor = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  /** Returns of these sizes, up and down in turn. */
  const prices = (sizes: readonly number[]): Float64Array => {
    let level = 0;
    return Float64Array.from([0, ...sizes], (size, i) => {
      level += (i % 2 === 0 ? size : -size) * 1e-3;
      return Math.exp(level);
    });
  };
  const options = { period: 2, history: 10, low: 0.2, high: 0.8, hysteresis: 0.2 };
  const regime = (sizes: readonly number[]): number => ta.volatilityRegime(prices(sizes), options).regime.at(-1)!;

  test("is high above its rank, low below it and normal between", () => {
    expect(regime([...factor, 11])).toBe(1);
    expect(regime([...factor].reverse().concat(0.1))).toBe(-1);
    expect(regime([...factor, 5])).toBe(0);
  });

  test("outlasts a rank that comes back by less than the hysteresis", () => {
    const { rank } = ta.volatilityRegime(prices([...factor, 11, 6.5]), options);
    expect(rank.at(-1)!).toBeLessThan(0.8);
    expect(regime([...factor, 11, 6.5])).toBe(1);
    expect(regime([...factor, 11, 2])).toBe(0);
  });

  test("of a market that never moves is normal", () => {
    const { rank } = ta.volatilityRegime(new Float64Array(30).fill(9), options);
    expect(rank.at(-1)).toBe(0.5);
  });
});

describe("levels of a book", () => {
  test("add up from the best on, and deepen an imbalance", () => {
    const rows = of(5, 3, 2, 4, 4, 4);
    expect(levelSums(rows, 3, 2)).toEqual(of(8, 8));
    expect(levelSums(rows, 3)).toEqual(of(10, 12));
    expect(ta.imbalance(levelSums(rows, 3, 2), of(8, 24))).toEqual(of(0, -0.5));
  });

  test("are refused by name", () => {
    expect(() => levelSums([1] as never, 1)).toThrow("sizes was of type Array; use a Float64Array");
    expect(() => levelSums(of(1, 2, 3), 2)).toThrow("sizes.length was 3; use whole rows of 2 levels");
    expect(() => levelSums(of(1, 2), 0)).toThrow("levels was 0; use an integer from 1 to 10000");
    expect(() => levelSums(of(1, 2), 2, 3)).toThrow("count was 3; use an integer from 1 to 2");
    expect(levelSums(new Float64Array(0), 2)).toEqual(new Float64Array(0));
  });
});
