/** Streaming and batch kernels, exact integer arithmetic, and the arena that holds their states. */
import { readFileSync } from "node:fs";
import v8 from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ArenaFullError,
  createMathCore,
  INPUT_MAX,
  MathArgumentError,
  MathInputError,
  MathOverflowError,
  MathStateError,
  MathTypeError,
  PERIOD_MAX,
  type StreamingIndicator,
} from "../wasm/index.js";
import { slowEma, slowMoments } from "./support/averages.js";
import { wordsFrom } from "./support/numbers.js";

interface Published {
  emaPeriod: number;
  momentsPeriod: number;
  close: number[];
  ema: (number | null)[];
  mean: (number | null)[];
  deviation: (number | null)[];
}

const published: Published = JSON.parse(
  readFileSync(new URL("fixtures/ema/stock-indicators.json", import.meta.url), "utf8"),
);

const anyInput = fc.double({ min: -INPUT_MAX, max: INPUT_MAX, noNaN: true });
const series = fc.array(fc.oneof(anyInput, fc.double({ min: -1000, max: 1000, noNaN: true })), { maxLength: 300 });
const period = fc.integer({ min: 1, max: 60 });

/** Prices with a level, a little noise, and now and then a jump. */
function walk(length: number, level: number, seed: number): number[] {
  const next = wordsFrom(seed);
  let price = level;
  return Array.from({ length }, () => {
    price += next() / 2 ** 32 - 0.5 + (next() % 500 === 0 ? level / 50 : 0);
    return price;
  });
}

function sameBits(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(new BigUint64Array(Float64Array.from(actual).buffer)).toEqual(
    new BigUint64Array(Float64Array.from(expected).buffer),
  );
}

function relativeGap(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

describe("the exponential moving average", () => {
  test("equals the published series to its printed digits, NaN through the warm-up", () => {
    const { close, ema, emaPeriod } = published;
    const results = createMathCore().batch.ema(Float64Array.from(close), emaPeriod);
    expect(ema.findIndex((value) => value !== null)).toBe(emaPeriod - 1);
    ema.forEach((value, index) => {
      if (value === null) expect(results[index]).toBeNaN();
      else expect(relativeGap(results[index]!, value)).toBeLessThan(1e-12);
    });
  });

  test("is the definition's bit for bit, and a stream is the batch's bit for bit", () => {
    const core = createMathCore();
    fc.assert(
      fc.property(series, period, (values, n) => {
        const stream = createMathCore().ema(n);
        const batch = core.batch.ema(Float64Array.from(values), n);
        sameBits(batch, slowEma(values, n));
        sameBits(
          values.map((x) => stream.push(x)),
          batch,
        );
      }),
      { numRuns: 60 },
    );
  });

  test("of a constant is that constant, from the first value to the last", () => {
    const ema = createMathCore().ema(7);
    for (let count = 1; count <= 100; count++) expect(ema.push(42.5)).toBe(count < 7 ? Number.NaN : 42.5);
  });

  test("is ready with its first value, not before", () => {
    const ema = createMathCore().ema(3);
    const seen = [1, 2, 6, 9].map((x) => [ema.push(x), ema.value, ema.ready]);
    expect(seen).toEqual([
      [Number.NaN, Number.NaN, false],
      [Number.NaN, Number.NaN, false],
      [3, 3, true],
      [6, 6, true],
    ]);
  });
});

describe("the rolling mean and variance", () => {
  test("equal the published mean and population deviation", () => {
    const { close, mean, deviation, momentsPeriod } = published;
    const rolling = createMathCore().rolling(momentsPeriod);
    close.forEach((price, index) => {
      rolling.push(price);
      expect(rolling.ready).toBe(mean[index] !== null);
      if (!rolling.ready) return;
      expect(relativeGap(rolling.mean, mean[index]!)).toBeLessThan(1e-12);
      expect(relativeGap(Math.sqrt(rolling.variance), deviation[index]!)).toBeLessThan(1e-12);
    });
  });

  test("are the same, bit for bit, streamed or in a batch", () => {
    const core = createMathCore();
    fc.assert(
      fc.property(series, period, (values, n) => {
        const stream = createMathCore().rolling(n);
        const pairs = values.map((x) => [stream.push(x), stream.variance]);
        sameBits(
          core.batch.rollingMean(Float64Array.from(values), n),
          pairs.map(([mean]) => mean!),
        );
        sameBits(
          core.batch.rollingVariance(Float64Array.from(values), n),
          pairs.map(([, variance]) => variance!),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("are the same streamed or in a batch past a chunk and past several fresh sums", () => {
    const core = createMathCore();
    const values = walk(10_000, 60_000, 3);
    const stream = core.rolling(50);
    const pairs = values.map((x) => [stream.push(x), stream.variance]);
    sameBits(
      core.batch.rollingVariance(Float64Array.from(values), 50),
      pairs.map(([, variance]) => variance!),
    );
  });

  test.each([
    [1, 60_000],
    [2, 1],
    [16, 60_000],
    [100, 60_000],
    [100, 1e9],
    [1500, 60_000],
  ])("over %i inputs near %d stay within 1e-8 of two passes over the window, with jumps", (n, level) => {
    const values = walk(4000, level, n);
    const rolling = createMathCore().rolling(n);
    const slow = slowMoments(values, n);
    let worst = 0;
    values.forEach((x, index) => {
      rolling.push(x);
      const { mean, variance } = slow[index]!;
      if (!rolling.ready) return;
      worst = Math.max(worst, relativeGap(rolling.mean, mean));
      if (n > 1) worst = Math.max(worst, relativeGap(rolling.variance, variance));
      else expect(rolling.variance).toBe(0);
    });
    expect(worst).toBeLessThan(1e-8);
  });

  test("forget an enormous input as soon as it has left the window", () => {
    const rolling = createMathCore().rolling(20);
    for (const x of [...walk(30, 100, 5), 1e12, ...walk(19, 100, 6)]) rolling.push(x);
    expect(rolling.variance).toBeGreaterThan(1e20);
    const after = walk(21, 100, 6);
    rolling.push(after[19]!);
    const { mean, variance } = slowMoments(after.slice(0, 20), 20)[19]!;
    expect(relativeGap(rolling.mean, mean)).toBeLessThan(1e-14);
    expect(relativeGap(rolling.variance, variance)).toBeLessThan(1e-12);
  });

  test("are finite and never negative for any accepted input", () => {
    const core = createMathCore();
    fc.assert(
      fc.property(series, period, (values, n) => {
        const variances = core.batch.rollingVariance(Float64Array.from(values), n).slice(n - 1);
        expect(variances.every((variance) => variance >= 0 && variance < Number.POSITIVE_INFINITY)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("of the longest window of the largest inputs are finite", () => {
    const values = new Float64Array(PERIOD_MAX + 10).map((_, index) => (index % 2 === 0 ? INPUT_MAX : -INPUT_MAX));
    const variances = createMathCore()
      .batch.rollingVariance(values, PERIOD_MAX)
      .slice(PERIOD_MAX - 1);
    // The bound the kernel states just after a fresh sum: n units of 2^-53.
    const bound = PERIOD_MAX * 2 ** -53;
    for (const variance of variances) expect(relativeGap(variance, INPUT_MAX ** 2)).toBeLessThan(bound);
  });
});

describe("input", () => {
  const kernels: [string, () => StreamingIndicator][] = [
    ["an exponential average", () => createMathCore().ema(2)],
    ["a rolling window", () => createMathCore().rolling(2)],
  ];
  const refused = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.1e150, -1.1e150];

  test.each(kernels)("that %s refuses leaves its state as it was", (_, make) => {
    const indicator = make();
    indicator.push(1);
    const before = indicator.snapshot();
    for (const x of [...refused, "5", 5n, undefined, null] as number[]) {
      expect(() => indicator.push(x)).toThrow(MathInputError);
    }
    expect(indicator.snapshot()).toEqual(before);
    indicator.push(2);
    expect(indicator.value).toBe(1.5);
  });

  test.each(refused)("%d in a batch is an error that names its index, in any chunk", (x) => {
    const { batch } = createMathCore();
    for (const index of [0, 4095, 4096, 9000]) {
      const values = new Float64Array(10_000);
      values[index] = x;
      for (const run of [batch.ema, batch.rollingMean, batch.rollingVariance]) {
        expect(() => run.call(batch, values, 5)).toThrow(expect.objectContaining({ name: "MathInputError", index }));
      }
    }
    expect(batch.ema(Float64Array.of(1, 3), 2)[1]).toBe(2);
  });

  test("of both limits is taken, and so are zeros and the smallest doubles", () => {
    const ema = createMathCore().ema(1);
    for (const x of [INPUT_MAX, -INPUT_MAX, 0, -0, Number.MIN_VALUE]) expect(ema.push(x)).toBeDefined();
  });

  test("names the argument, what it was and what would do", () => {
    const core = createMathCore();
    for (const n of [0, -1, 1.5, PERIOD_MAX + 1, Number.NaN]) {
      expect(() => core.ema(n)).toThrow(MathArgumentError);
      expect(() => core.rolling(n)).toThrow(`period was ${n}; use an integer from 1 to 100000`);
      expect(() => core.batch.ema(new Float64Array(1), n)).toThrow(MathArgumentError);
    }
    expect(() => core.ema("9" as unknown as number)).toThrow(MathTypeError);
    expect(() => core.batch.ema([1, 2] as unknown as Float64Array, 2)).toThrow(
      "values was of type Array; use a Float64Array",
    );
    expect(() => createMathCore({ arenaCapacity: 1 })).toThrow(MathArgumentError);
    expect(core.arenaUsed).toBe(createMathCore().arenaUsed);
  });
});

describe("a state", () => {
  test("restored into another core goes on bit for bit", () => {
    fc.assert(
      fc.property(series, series, period, (before, after, n) => {
        for (const kind of ["ema", "rolling"] as const) {
          const original = createMathCore()[kind](n);
          for (const x of before) original.push(x);
          const copy = createMathCore()[kind](n);
          copy.restore(original.snapshot());
          expect(copy.ready).toBe(original.ready);
          sameBits(
            after.map((x) => copy.push(x)),
            after.map((x) => original.push(x)),
          );
          expect(copy.snapshot()).toEqual(original.snapshot());
        }
      }),
      { numRuns: 30 },
    );
  });

  test("is a function of its pushes alone: the same pushes give the same bytes at any address", () => {
    const core = createMathCore();
    const states = [core.rolling(33), core.rolling(33)];
    core.ema(3).push(1);
    for (const state of states) for (const x of walk(3000, 10, 9)) state.push(x);
    expect(states[0]!.snapshot()).toEqual(states[1]!.snapshot());
  });

  test("of another kind, period or size is refused, and the indicator stays as it was", () => {
    const core = createMathCore();
    const rolling = core.rolling(5);
    rolling.push(1);
    const before = rolling.snapshot();
    const beyond = rolling.snapshot();
    new DataView(beyond.buffer).setUint32(12, 6, true);
    const outside = rolling.snapshot();
    new DataView(outside.buffer).setUint32(72, 5, true);
    const others = [core.ema(5).snapshot(), core.rolling(6).snapshot(), before.slice(1), new Uint8Array(0)];
    for (const bytes of [...others, beyond, outside]) expect(() => rolling.restore(bytes)).toThrow(MathStateError);
    expect(rolling.snapshot()).toEqual(before);
  });

  test("snapshot does not follow the indicator; the view for hashing does", () => {
    const ema = createMathCore().ema(1);
    const [copy, view] = [ema.snapshot(), ema.stateBytes];
    ema.push(3);
    expect(copy).not.toEqual(ema.snapshot());
    expect(view).toEqual(ema.snapshot());
  });
});

describe("the arena", () => {
  test("is bounded, and says what was needed, used and there when it is full", () => {
    const core = createMathCore({ arenaCapacity: 65_536 });
    expect(core.arenaCapacity).toBe(65_536);
    core.rolling(8000);
    const used = core.arenaUsed;
    expect(() => core.rolling(1000)).toThrow(
      expect.objectContaining({ name: "ArenaFullError", usedBytes: used, capacityBytes: 65_536 }),
    );
    expect(() => core.rolling(1000)).toThrow(ArenaFullError);
    expect(core.arenaUsed).toBe(used);
    while (core.arenaCapacity - core.arenaUsed >= 48) core.ema(2);
    expect(() => core.ema(2)).toThrow(ArenaFullError);
  });

  test("put back into a core with the same indicators continues every one of them", () => {
    const make = () => {
      const core = createMathCore();
      return { core, indicators: [core.ema(3), core.rolling(20), core.ema(9)] };
    };
    const [first, second] = [make(), make()];
    const [before, after] = [walk(100, 50, 1), walk(100, 50, 2)];
    for (const x of before) for (const indicator of first.indicators) indicator.push(x);
    second.core.restoreArena(first.core.arenaBytes().slice());
    for (const x of after) {
      expect(second.indicators.map((indicator) => indicator.push(x))).toEqual(
        first.indicators.map((indicator) => indicator.push(x)),
      );
    }
    expect(second.core.arenaBytes()).toEqual(first.core.arenaBytes());
  });

  test("refuses the bytes of other indicators, of another order, and bytes that were cut", () => {
    const core = createMathCore();
    core.ema(3);
    core.rolling(4);
    core.ema(5).push(1);
    const before = core.arenaBytes().slice();
    const other = createMathCore();
    other.ema(3);
    other.ema(5);
    other.rolling(4);
    for (const bytes of [other.arenaBytes(), before.subarray(8), createMathCore().arenaBytes(), new Uint8Array(3)]) {
      expect(() => core.restoreArena(bytes)).toThrow(MathStateError);
    }
    expect(core.arenaBytes()).toEqual(before);
  });

  test("of one core is not that of another", () => {
    const [one, two] = [createMathCore(), createMathCore()];
    const [a, b] = [one.ema(1), two.ema(1)];
    a.push(1);
    b.push(2);
    expect([a.value, b.value]).toEqual([1, 2]);
  });
});

describe("mulDivRound", () => {
  const core = createMathCore();
  const integer = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -20, max: 20 }));
  const divisor = integer.map((x) => Math.abs(x) || 1);

  /** Half away from zero, on integers of any size. */
  function exact(a: number, b: number, c: number): bigint {
    const product = BigInt(a) * BigInt(b);
    const size = product < 0n ? -product : product;
    const rounded = (2n * size + BigInt(c)) / (2n * BigInt(c));
    return product < 0n ? -rounded : rounded;
  }

  function agrees(a: number, b: number, c: number): void {
    const expected = exact(a, b, c);
    if (expected > BigInt(Number.MAX_SAFE_INTEGER) || expected < -BigInt(Number.MAX_SAFE_INTEGER)) {
      expect(() => core.mulDivRound(a, b, c)).toThrow(MathOverflowError);
    } else {
      expect(core.mulDivRound(a, b, c)).toBe(Number(expected));
    }
  }

  test("is exact for any operands, and an error where the result leaves the integers", () => {
    fc.assert(fc.property(integer, integer, divisor, agrees), { numRuns: 20_000 });
  });

  test("is exact at the limits and around the largest results", () => {
    const max = Number.MAX_SAFE_INTEGER;
    for (const a of [max, max - 1, -max, 2 ** 52, 2 ** 52 + 1, 94_906_267, 1, 0]) {
      for (const b of [max, max - 1, 2 ** 52, 3, 94_906_265, 1, 0]) {
        for (const c of [max, max - 1, 2 ** 52, 2 ** 52 - 1, 7, 2, 1]) agrees(a, b, c);
      }
    }
  });

  test("rounds exact halves away from zero, and just below them toward it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 30 }), fc.integer({ min: 1, max: 2 ** 20 }), (whole, half) => {
        const product = (2 * whole + 1) * half;
        expect(core.mulDivRound(product, 1, 2 * half)).toBe(whole + 1);
        expect(core.mulDivRound(-product, 1, 2 * half)).toBe(-whole - 1);
        if (half > 1) expect(core.mulDivRound(product - 1, 1, 2 * half)).toBe(whole);
      }),
    );
  });

  test("gives back a when it multiplies and divides by the same, and never minus zero", () => {
    fc.assert(
      fc.property(integer, divisor, (a, c) => {
        expect(core.mulDivRound(a, c, c)).toBe(a + 0);
      }),
    );
    expect(core.mulDivRound(0, -5, 3)).toBe(0);
    expect(core.mulDivRound(-0, 5, 3)).toBe(0);
    expect(core.mulDivRound(-1, 1, 3)).toBe(0);
  });

  test.each([
    [1.5, 1, 1],
    [2 ** 53, 1, 1],
    [1, Number.NaN, 1],
    [1, 1, 0],
    [1, 1, -1],
  ])("refuses %d × %d / %d", (a, b, c) => {
    expect(() => core.mulDivRound(a, b, c)).toThrow(MathArgumentError);
  });
});

test("pushing allocates nothing once the code is compiled", () => {
  const core = createMathCore();
  const indicators = [core.ema(20), core.rolling(100)];
  const pushes = 1_000_000;
  // A boxed double is 16 bytes, so one a push would fill the young generation at least once in a run.
  let collections = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20 && collections > 0; run++) {
    const profiler = new v8.GCProfiler();
    profiler.start();
    pushMany(indicators, pushes);
    collections = profiler.stop()!.statistics.length;
  }
  expect(collections).toBe(0);
});

function pushMany(indicators: readonly StreamingIndicator[], pushes: number): number {
  let total = 0;
  let price = 100;
  for (let index = 0; index < pushes; index++) {
    price = price > 200 ? 100.25 : price + 0.37;
    for (let at = 0; at < indicators.length; at++) total += indicators[at]!.push(price);
  }
  return total;
}
