/**
 * What the table promises of every indicator in it, for any parameters and on flat, stepping, jumping, tiny and huge
 * series: the values of its definition, the warm-up it states, the same bits streamed, in a batch and over a restart.
 */
import v8 from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnySpec,
  createIndicators,
  createMathCore,
  INPUT_MAX,
  type StreamingIndicator,
  table,
  warmUpOf,
} from "../wasm/index.js";
import { type ParameterValues, valuesOf } from "../wasm/ta/arguments.js";
import { wordsFrom } from "./support/numbers.js";
import { anyMarket, anyOptions, isSize, type Market, seriesOf } from "./ta/series.js";
import type { Parameters } from "./ta/twin.js";
import { twins } from "./ta/twins.js";

const indicators = Object.entries<AnySpec>(table);
const core = createMathCore({ arenaCapacity: 64 * 1024 * 1024 });

/** Of what power of the prices outputs are, where it is not the first: 0 are shares, percents and sums of volume. */
const POWERS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    (
      "rsi ppo roc stochastic stochasticRsi cci williamsR cmo tsi trix ultimate aroon adx vortex kst natr percentB " +
      "bandwidth choppiness ulcer realisedVolatility parkinson garmanKlass rogersSatchell yangZhang " +
      "obv ad cmf chaikin mfi volumeIndex superTrend.direction linearRegression.rSquared " +
      "zScore skewness kurtosis correlation beta.beta autocorrelation " +
      "imbalance spread.share orderFlowImbalance tickRule leeReady " +
      "cusum.event kalmanLevel.gain hedgeRatio.beta halfLife hurst vpin adaptiveRsi divergence volatilityRegime"
    )
      .split(" ")
      .map((each) => [each, 0]),
  ),
  amihud: -1,
  ...Object.fromEntries(
    "emv variance covariance ewmaVariance ewmaCovariance kalmanLevel.variance".split(" ").map((each) => [each, 2]),
  ),
};

function powerOf(name: string, output: string): number {
  return POWERS[`${name}.${output}`] ?? POWERS[name] ?? 1;
}

/** What errors are measured against: 100 for shares, else that power of the largest input. */
function unitOf(name: string, output: string, largest: number): number {
  const power = powerOf(name, output);
  // A measure that shrinks as prices grow has no other unit than its own size.
  if (power < 0) return 0;
  return power === 0 ? 100 : (name === "emv" ? 1e8 : 1) * largest ** power;
}

/** Of the shares those made of logarithms, which are not exact at any scale. */
const LOGARITHMIC = new Set(
  "choppiness realisedVolatility parkinson garmanKlass rogersSatchell yangZhang hurst volatilityRegime".split(" "),
);

/** Parameters in the unit of the inputs, and of what power; where the units of several do not go together, NaN. */
const UNITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cusum: { threshold: 1, drift: 1, target: 1 },
  kalmanLevel: { noise: 2 },
  hedgeRatio: { prior: Number.NaN },
};

/** The parameters for inputs four times as large; undefined where there are none that fit. */
function scaled(name: string, values: ParameterValues): ParameterValues | undefined {
  const units = UNITS[name] ?? {};
  if (Object.values(units).some(Number.isNaN)) return undefined;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, key in units ? (value as number) * 4 ** units[key]! : value]),
  );
}

const LONG: Market = { seed: 11, shape: "jumps", tick: 1 / 64, length: 4500 };

function push(stream: StreamingIndicator, series: readonly Float64Array[], index: number): number {
  const [a, b, c, d] = series;
  const takes = stream.push as (this: StreamingIndicator, ...inputs: (number | undefined)[]) => number;
  return takes.call(stream, a![index], b?.[index], c?.[index], d?.[index]);
}

/** Every output after every push of `from` up to `to`, by output. */
function streamed(spec: AnySpec, stream: StreamingIndicator, series: readonly Float64Array[], from = 0, to?: number) {
  const names = Object.keys(spec.outputs);
  const end = to ?? series[0]!.length;
  const results = names.map(() => new Float64Array(end - from));
  for (let index = from; index < end; index++) {
    push(stream, series, index);
    names.forEach((name, at) => {
      results[at]![index - from] = (stream as unknown as Record<string, number>)[name]!;
    });
  }
  return results;
}

function sameBits(actual: readonly Float64Array[], expected: readonly Float64Array[]): void {
  actual.forEach((each, index) => {
    expect(new BigUint64Array(each.buffer)).toEqual(new BigUint64Array(expected[index]!.buffer));
  });
}

/** Up to each index, the largest magnitude of any input. */
function largestSoFar(series: readonly Float64Array[]): number[] {
  let largest = 0;
  return Array.from(series[0]!, (_, index) => {
    largest = Math.max(largest, ...series.map((each) => Math.abs(each[index]!)));
    return largest;
  });
}

/** The least of every number, the last of every choice. */
function shortest(spec: AnySpec): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(spec.parameters).map(([name, each]) => [name, "choices" in each ? each.choices.at(-1)! : each.min]),
  );
}

/** Runs `check` on any parameters and market. */
function forAny(spec: AnySpec, runs: number, check: (values: ParameterValues, series: Float64Array[]) => void): void {
  fc.assert(
    fc.property(anyOptions(spec), anyMarket, (options, market) => {
      check(valuesOf(spec, options), seriesOf(spec, market));
    }),
    { numRuns: runs },
  );
}

describe.each(indicators)("%s", (name, spec) => {
  test("has the values of its definition", () => {
    forAny(spec, 16, (values, series) => {
      const ours = core.batch.indicator(spec, series, values);
      const slow = twins[name]!(
        series.map((each) => [...each]),
        values as unknown as Parameters,
      );
      const largest = largestSoFar(series);
      for (const [at, output] of Object.keys(spec.outputs).entries()) {
        for (const [index, value] of slow[at]!.entries()) {
          const mine = ours[at]![index]!;
          const gap = Math.abs(mine - value) / (Math.max(Math.abs(value), unitOf(name, output, largest[index]!)) || 1);
          const isSame = Number.isNaN(value) ? Number.isNaN(mine) : gap < 1e-9;
          expect(isSame, `${output}[${index}] was ${mine}, not ${value}`).toBe(true);
        }
      }
    });
  });

  test("is ready when the table says, and a finite number from then on", () => {
    forAny(spec, 12, (values, series) => {
      const ours = core.batch.indicator(spec, series, values);
      Object.values(spec.outputs).forEach((warmUp, at) => {
        const first = ours[at]!.findIndex((value) => !Number.isNaN(value));
        const stated = warmUp(values as never);
        expect(first).toBe(stated < series[0]!.length ? stated : -1);
        if (first >= 0) expect(ours[at]!.subarray(first).every(Number.isFinite)).toBe(true);
      });
    });
  });

  test("is a finite number even where inputs are as large, small and contradictory as may be", () => {
    const words = wordsFrom(spec.kind);
    const pool = [INPUT_MAX, 1e75, 100, 1, 1e-150, Number.MIN_VALUE, 0, -0, -1, -100, -1e75, -INPUT_MAX];
    const taken = spec.positive ? pool.filter((x) => x > 0) : pool;
    const series = spec.inputs.map(() => Float64Array.from({ length: 1000 }, () => taken[words() % taken.length]!));
    for (const values of [valuesOf(spec), valuesOf(spec, shortest(spec))]) {
      const ours = core.batch.indicator(spec, series, values);
      for (const [at, warmUp] of Object.values(spec.outputs).entries()) {
        expect(ours[at]!.subarray(warmUp(values as never)).findIndex((x) => !Number.isFinite(x))).toBe(-1);
      }
    }
  });

  test("gives the same bits streamed and in a batch, over several chunks", () => {
    const series = seriesOf(spec, LONG);
    const values = valuesOf(spec);
    const stream = createMathCore().indicator(spec, values);
    sameBits(streamed(spec, stream, series), core.batch.indicator(spec, series, values));
  });

  test("gives the same bits streamed, in a batch and over a restart, for any parameters", () => {
    forAny(spec, 6, (values, series) => {
      const { length } = series[0]!;
      const half = length >> 1;
      const batch = core.batch.indicator(spec, series, values);
      const before = core.indicator(spec, values);
      const first = streamed(spec, before, series, 0, half);
      expect(before.ready).toBe(half > warmUpOf(spec, values));
      const after = core.indicator(spec, values);
      after.restore(before.snapshot());
      const second = streamed(spec, after, series, half);
      sameBits(
        first.map((each, at) => Float64Array.of(...each, ...second[at]!)),
        batch,
      );
      streamed(spec, before, series, half);
      expect(after.snapshot()).toEqual(before.snapshot());
    });
  });

  test("scales with its inputs", () => {
    const [series, values] = [seriesOf(spec, { ...LONG, length: 400 }), valuesOf(spec)];
    const larger = series.map((each, at) => each.map((x) => (isSize(spec.inputs[at]!) ? x : 4 * x)));
    const fitting = scaled(name, values);
    if (!fitting) return;
    const one = core.batch.indicator(spec, series, values);
    const four = core.batch.indicator(spec, larger, fitting);
    if (LOGARITHMIC.has(name)) {
      for (const [at, each] of four.entries()) {
        for (const [index, x] of each.entries()) if (!Number.isNaN(x)) expect(x).toBeCloseTo(one[at]![index]!, 9);
      }
    } else {
      const names = Object.keys(spec.outputs);
      const expected = one.map((each, at) => each.map((x) => 4 ** powerOf(name, names[at]!) * x));
      sameBits(four, expected);
    }
  });

  test("at its longest still fits the memory that batches have", () => {
    const longest = Object.fromEntries(
      Object.entries(spec.parameters).map(([parameter, each]) => [
        parameter,
        "choices" in each ? each.choices.at(-1)! : each.integer ? each.max : each.default,
      ]),
    );
    const [empty] = core.batch.indicator(
      spec,
      spec.inputs.map(() => new Float64Array(0)),
      valuesOf(spec, longest),
    );
    expect(empty!.length).toBe(0);
  });

  test("refuses inputs and parameters out of range by name and index, changing nothing", () => {
    const series = seriesOf(spec, LONG);
    const stream = createMathCore().indicator(spec, valuesOf(spec));
    const before = stream.snapshot();
    for (const x of [Number.NaN, Number.NEGATIVE_INFINITY, 1.1e150, ...(spec.positive ? [0, -1] : [])]) {
      spec.inputs.forEach((_, at) => {
        const bad = series.map((each) => each.slice());
        bad[at]![4200] = x;
        expect(() => core.batch.indicator(spec, bad, valuesOf(spec))).toThrow(/4200/);
        expect(() => push(stream, bad, 4200)).toThrow(RangeError);
      });
    }
    expect(stream.snapshot()).toEqual(before);
    for (const [parameter, each] of Object.entries(spec.parameters)) {
      const wrong = "choices" in each ? ["x", 0] : [each.min - 1, each.max + 1, Number.NaN, "9"];
      for (const value of wrong) expect(() => valuesOf(spec, { [parameter]: value })).toThrow(`${parameter} was`);
    }
  });
});

describe("the table", () => {
  test("gives every indicator a kind and a twin of its own", () => {
    expect(new Set(indicators.map(([, { kind }]) => kind)).size).toBe(indicators.length);
    expect(Object.keys(twins).sort()).toEqual(Object.keys(table).sort());
  });

  test("keeps an output's name at one place among the outputs", () => {
    const places = new Map<string, number>();
    for (const [, { outputs }] of indicators) {
      Object.keys(outputs).forEach((name, index) => {
        expect(places.get(name) ?? index).toBe(index);
        places.set(name, index);
      });
    }
  });

  test("has room in a state for every input, output and parameter", () => {
    for (const [, { inputs, outputs, parameters }] of indicators) {
      expect(inputs.length).toBeLessThanOrEqual(4);
      expect(Object.keys(outputs).length).toBeLessThanOrEqual(9);
      expect(Object.keys(parameters).length).toBeLessThanOrEqual(10);
    }
  });
});

describe("the functions", () => {
  const ta = createIndicators(createMathCore());
  const closes = Float64Array.of(1, 2, 4, 8, 4);

  test("return an array for one output, and arrays by name for several", () => {
    expect(ta.sma(closes, { period: 2 })).toEqual(Float64Array.of(Number.NaN, 1.5, 3, 6, 6));
    const { upper, middle, lower } = ta.bollinger(closes, { period: 2, deviations: 1 });
    expect([upper[1], middle[1], lower[1]]).toEqual([2, 1.5, 1]);
  });

  test("fill arrays that are handed to them, even the inputs, and refuse others", () => {
    const mine = closes.slice();
    expect(ta.sma(mine, { period: 2 }, mine)).toBe(mine);
    expect(mine).toEqual(ta.sma(closes, { period: 2 }));
    const bands = { upper: new Float64Array(5), middle: new Float64Array(5), lower: new Float64Array(5) };
    expect(ta.bollinger(closes, { period: 2 }, bands).upper).toBe(bands.upper);
    expect(() => ta.sma(closes, {}, new Float64Array(4))).toThrow(
      "into value.length was 4; use the length of the inputs, 5",
    );
    expect(() => ta.bollinger(closes, {}, {} as never)).toThrow("into upper was undefined; use a Float64Array");
  });

  test("stream one value a push, with a getter for each output", () => {
    const atr = ta.stream.atr({ period: 1, first: "range" });
    expect([atr.push(5, 3, 4), atr.ready, atr.value]).toEqual([2, true, 2]);
    const macd = ta.stream.macd({ fast: 1, slow: 1, signal: 1 });
    macd.push(7);
    expect([macd.macd, macd.signal, macd.histogram]).toEqual([0, 0, 0]);
  });

  test("give all NaN for a series shorter than the warm-up, and nothing for none", () => {
    expect(ta.rsi(closes)).toEqual(new Float64Array(5).fill(Number.NaN));
    expect(ta.rsi(new Float64Array(0))).toEqual(new Float64Array(0));
  });

  test("refuse what is no series, series of several lengths, and options they do not have", () => {
    expect(() => ta.atr(closes, closes, Float64Array.of(1))).toThrow("close.length was 1; use the length of high, 5");
    expect(() => ta.sma([1, 2] as never)).toThrow("close was of type Array; use a Float64Array");
    expect(() => ta.sma(closes, { length: 3 } as never)).toThrow('an option was "length"; use any of period');
    expect(() => ta.sma(closes, { period: 0 })).toThrow("period was 0; use an integer from 1 to 100000");
    expect(() => ta.stream.ema({ seed: "last" as never })).toThrow('seed was "last"; use one of "sma", "first"');
  });
});

describe("a state of every indicator", () => {
  const make = () => {
    const made = createMathCore({ arenaCapacity: 1 << 20 });
    return { made, streams: indicators.map(([, spec]) => made.indicator(spec, valuesOf(spec))) };
  };
  const series = indicators.map(([, spec]) => seriesOf(spec, { ...LONG, length: 300 }));
  const pushAll = (streams: readonly StreamingIndicator[], index: number): void => {
    for (const [at, each] of streams.entries()) push(each, series[at]!, index);
  };
  const first = make();
  for (let index = 0; index < 150; index++) pushAll(first.streams, index);
  const bytes = first.made.arenaBytes().slice();

  test("comes back from the bytes of a whole arena, made anew, and goes on bit for bit", () => {
    const other = createMathCore({ arenaCapacity: 1 << 20 });
    other.recreate(bytes);
    expect(other.indicators.length).toBe(indicators.length);
    for (let index = 150; index < 300; index++) {
      for (const { indicators: streams } of [first.made, other]) pushAll(streams, index);
    }
    expect(other.arenaBytes()).toEqual(first.made.arenaBytes());
  });

  test("with a changed word of its fields or parts is refused, or is a state that can be pushed", () => {
    const { made, streams } = make();
    fc.assert(
      fc.property(fc.nat(indicators.length - 1), fc.nat(), fc.integer(), (at, place, word) => {
        const damaged = streams[at]!.snapshot();
        new DataView(damaged.buffer).setInt32((place % (damaged.length >> 2)) << 2, word, true);
        const other = createMathCore().indicator(indicators[at]![1], valuesOf(indicators[at]![1]));
        const before = other.snapshot();
        try {
          other.restore(damaged);
        } catch (error) {
          expect((error as Error).name).toBe("MathStateError");
          expect(other.snapshot()).toEqual(before);
          return;
        }
        for (let index = 0; index < 60; index++) push(other, series[at]!, index);
      }),
      { numRuns: 300 },
    );
    expect(made.indicators.length).toBe(indicators.length);
  });

  test("with other parameters or of another kind is refused", () => {
    const core = createMathCore();
    const make = (spec: AnySpec, options = {}) => core.indicator(spec, valuesOf(spec, options));
    const bands = make(table.percentB);
    expect(() => bands.restore(make(table.percentB, { deviations: 3 }).snapshot())).toThrow("parameters");
    expect(() => bands.restore(make(table.percentB, { period: 9 }).snapshot())).toThrow("bytes were");
    expect(() => bands.restore(make(table.bandwidth).snapshot())).toThrow("the state's kind");
  });
});

test("pushing allocates nothing once the code is compiled", () => {
  const ta = createIndicators(createMathCore());
  const [rsi, macd, atr] = [ta.stream.rsi(), ta.stream.macd(), ta.stream.atr()];
  const pushMany = (): number => {
    let total = 0;
    let price = 100;
    for (let index = 0; index < 500_000; index++) {
      price = price > 200 ? 100.25 : price + 0.37;
      total += rsi.push(price) + macd.push(price) + macd.histogram + atr.push(price + 1, price - 1, price);
    }
    return total;
  };
  // A boxed double is 16 bytes, so one a push would fill the young generation at least once in a run.
  let collections = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20 && collections > 0; run++) {
    const profiler = new v8.GCProfiler();
    profiler.start();
    pushMany();
    collections = profiler.stop()!.statistics.length;
  }
  expect(collections).toBe(0);
});
