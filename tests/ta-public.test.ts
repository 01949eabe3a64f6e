/**
 * The indicators as a user imports them: types follow the table, streams fill one bounded arena and survive a restart.
 */
import { expect, test } from "vitest";
import {
  ArenaFullError,
  core,
  createIndicators,
  createMathCore,
  families,
  MathArgumentError,
  MathInputError,
  MathStateError,
  MathTypeError,
  ta,
  table,
  warmUpOf,
} from "../wasm/ta/index.js";

const closes = Float64Array.from({ length: 60 }, (_, index) => 100 + ((index * 37) % 11));

test("a stream gives what the batch gives", () => {
  const stream = ta.stream.macd({ fast: 3, slow: 5, signal: 2 });
  const { macd, signal } = ta.macd(closes, { fast: 3, slow: 5, signal: 2 });
  closes.forEach((close, index) => {
    expect(stream.push(close)).toBe(macd[index]);
    expect(stream.signal).toBe(signal[index]);
  });
});

test("the types know inputs, options and outputs", () => {
  const atr = ta.stream.atr();
  // @ts-expect-error: a bar has three prices.
  expect(() => atr.push(1)).toThrow("use a finite number");
  // @ts-expect-error: the average has no such seed.
  expect(() => ta.ema(closes, { seed: "last" })).toThrow("seed was");
  // @ts-expect-error: an RSI has no signal.
  expect(ta.stream.rsi().signal).toBeNaN();
});

test("ten thousand streams fit one arena, which tells how full it is", () => {
  const before = core.arenaUsed;
  const streams = Array.from({ length: 10_000 }, () => ta.stream.ema({ period: 20 }));
  for (const stream of streams) stream.push(7);
  expect(core.arenaUsed - before).toBe(10_000 * streams[0]!.snapshot().length);
  expect(core.arenaUsed).toBeLessThan(core.arenaCapacity);
});

test("a whole arena comes back in another process's core", () => {
  const first = createMathCore();
  const streams = createIndicators(first).stream;
  const made = [streams.rsi({ period: 5 }), streams.stochastic(), streams.kama()] as const;
  for (const close of closes) {
    made[0].push(close);
    made[1].push(close + 1, close - 1, close);
    made[2].push(close);
  }
  const second = createMathCore();
  second.recreate(first.arenaBytes().slice());
  expect(second.indicators.map((each) => each.value)).toEqual(made.map((each) => each.value));
});

test("the table tells families, warm-ups and what may be asked for", () => {
  expect(Object.values(families).flatMap((family) => Object.keys(family))).toEqual(Object.keys(table));
  expect(warmUpOf(table.macd, { fast: 12, slow: 26, signal: 9, seed: "together" })).toBe(33);
});

test("errors have types", () => {
  const small = createIndicators(createMathCore({ arenaCapacity: 65_536 }));
  expect(() => small.stream.sma({ period: 90_000 })).toThrow(ArenaFullError);
  expect(() => ta.rsi(closes, { period: 0 })).toThrow(MathArgumentError);
  expect(() => ta.rsi(Float64Array.of(1, Number.NaN))).toThrow(MathInputError);
  expect(() => ta.rsi([] as never)).toThrow(MathTypeError);
  expect(() => ta.stream.rsi().restore(new Uint8Array(3))).toThrow(MathStateError);
});
