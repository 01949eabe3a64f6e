/**
 * `ctx.ta`: every indicator of the table inside a strategy, with the library's bits, through snapshots, bounded by the
 * arena; and the two older forms beside them.
 */
import { describe, expect, test } from "vitest";
import { engineReport } from "../cli/replay/engine-report.js";
import { plainText, plainValue } from "../cli/replay/plain-value.js";
import { Engine, formatHash, MemoryLog, type StrategyDefinition, stateHash } from "../engine/index.js";
import { encodeState, restoreState } from "../engine/snapshot/state-codec.js";
import {
  createIndicators,
  createMathCore,
  type IndicatorName,
  type IndicatorTable,
  type Stream,
  type StreamingIndicator,
  table,
} from "../wasm/index.js";
import {
  configAt,
  engineAlone,
  engineConfig,
  MS,
  probe,
  Recording,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";

const NAMES = Object.keys(table) as IndicatorName[];
const ticks = Array.from({ length: 150 }, (_, index) => 10_000 + ((index * 7_919) % 211));
const trades = ticks.map((each, index) => tradeAt(START_US + (index + 1) * MS, each, index + 1));

type AnyStream = StreamingIndicator & { push(...inputs: number[]): number };
type State = Record<string, AnyStream>;

/** What an indicator with several inputs is given of one price. */
const inputsFor = (name: IndicatorName, price: number): number[] =>
  table[name].inputs.map((_, index) => price + index / 8);

/** One strategy with all of them. */
const everything = probe<State>({
  init: (ctx) => Object.fromEntries(NAMES.map((name) => [name, ctx.ta[name]() as unknown as AnyStream])),
  onTrade: (_ctx, state, { price }) => {
    for (const name of NAMES) state[name].push(...inputsFor(name, price));
  },
});

const valuesOf = (state: State) => NAMES.flatMap((name) => Object.values(outputsOf(name, state[name])));
const outputsOf = (name: IndicatorName, stream: StreamingIndicator) =>
  Object.fromEntries(
    Object.keys(table[name].outputs).map((key) => [key, (stream as unknown as Record<string, number>)[key]]),
  );

function logOf(definition: StrategyDefinition): string {
  const { engine, recording } = engineAlone([definition]);
  takeAll(engine, trades.slice(0, 1));
  return recording
    .ofType("StrategyLog")
    .map(({ text }) => text)
    .join("\n");
}

test("a strategy has every indicator of the table, with the bits of the library", () => {
  const { engine } = engineAlone([everything]);
  takeAll(engine, trades);
  const ta = createIndicators(createMathCore());
  for (const name of NAMES) {
    const series = ticks.map((each) => inputsFor(name, each / 100));
    const columns = table[name].inputs.map((_, at) => Float64Array.from(series, (inputs) => inputs[at]));
    const batch = (ta[name] as unknown as (...given: Float64Array[]) => Float64Array | Record<string, Float64Array>)(
      ...columns,
    );
    const last = batch instanceof Float64Array ? { value: batch } : batch;
    const expected = Object.fromEntries(Object.entries(last).map(([key, values]) => [key, values[values.length - 1]]));
    expect(outputsOf(name, (engine.strategies[0].state as State)[name]), name).toEqual(expected);
  }
});

test("an engine that is read back in the middle goes on with the same values and the same hash", () => {
  const { engine, config } = engineAlone([everything]);
  takeAll(engine, trades.slice(0, 40));
  const log = new MemoryLog(new Recording().onLogged);
  const copy = new Engine({ config, strategies: [everything], math: createMathCore(), log });
  restoreState(copy, encodeState(engine));
  for (const each of [engine, copy]) takeAll(each, trades.slice(40));
  expect(valuesOf(copy.strategies[0].state as State)).toEqual(valuesOf(engine.strategies[0].state as State));
  expect(formatHash(stateHash(copy))).toBe(formatHash(stateHash(engine)));
});

describe("the older forms", () => {
  test("ema of a number agrees with the table's but for rounding, in a state of its own kind", () => {
    type Pair = { old: StreamingIndicator; table: Stream<IndicatorTable["ema"]>; same: boolean };
    const { engine } = engineAlone([
      probe<Pair>({
        init: (ctx) => ({ old: ctx.ta.ema(20), table: ctx.ta.ema({ period: 20 }), same: true }),
        onTrade: (_ctx, state, { price }) => {
          const [old, ofTable] = [state.old.push(price), state.table.push(price)];
          state.same &&= state.old.ready ? Math.abs(old - ofTable) <= 4e-15 * old : Number.isNaN(ofTable);
        },
      }),
    ]);
    takeAll(engine, trades);
    const { old, table: ofTable, same } = engine.strategies[0].state as Pair;
    expect([old.ready, ofTable.ready, same]).toEqual([true, true, true]);
    expect(old.stateBytes.length).toBeLessThan(ofTable.stateBytes.length);
    expect([plainText(plainValue(old)), plainText(plainValue(ofTable))]).toEqual([
      `ema(20) = ${old.value}`,
      `ema({ period: 20, seed: "sma" }) = ${ofTable.value}`,
    ]);
  });

  test("ema of nothing at all is the table's; of undefined it is a mistake, as it always was", () => {
    expect(logOf(probe({ init: (ctx) => ctx.ta.ema() }))).toBe("");
    expect(logOf(probe({ init: (ctx) => ctx.ta.ema(undefined as unknown as number) }))).toContain(
      "init failed and is switched off: period was undefined; use an integer from 1 to 100000",
    );
  });
});

test("a replay shows a stream by its name, with its parameters and outputs", () => {
  const { engine } = engineAlone([everything]);
  const state = engine.strategies[0].state as State;
  expect(plainText(plainValue(state.rsi))).toBe('rsi({ period: 14, seed: "sma" }) = not ready');
  takeAll(engine, trades);
  const { macd, rsi } = state;
  expect(plainValue(rsi)).toEqual({
    indicator: "rsi",
    parameters: { period: 14, seed: "sma" },
    ready: true,
    value: rsi.value,
  });
  const outputs = outputsOf("macd", macd);
  expect(plainValue(macd)).toMatchObject({ indicator: "macd", ready: true, outputs });
  expect(plainText(plainValue(macd))).toBe(
    'macd({ fast: 12, slow: 26, signal: 9, seed: "together" }) = ' +
      `macd ${outputs.macd}, signal ${outputs.signal}, histogram ${outputs.histogram}`,
  );
  for (const name of NAMES) expect(plainValue(state[name]), name).toMatchObject({ indicator: name });
  const { arenaUsed, arenaCapacity } = engine.math;
  const counted = { count: NAMES.length, usedBytes: arenaUsed, capacityBytes: arenaCapacity };
  expect(engineReport(engine).indicators).toEqual(counted);
});

describe("a mistake in init switches the strategy off and says why", () => {
  test.each<[string, StrategyDefinition["init"], string]>([
    ["a parameter out of range", (ctx) => ctx.ta.rsi({ period: 0 }), "period was 0; use an integer from 1 to 100000"],
    [
      "a parameter that there is none of",
      (ctx) => ctx.ta.rsi({ length: 3 } as object),
      'an option was "length"; use any of period, seed',
    ],
    ["something left in ctx.ta", (ctx) => Object.assign(ctx.ta, { mine: 1 }), "a TypeError"],
    ["something left in a function of it", (ctx) => Object.assign(ctx.ta.rsi, { mine: 1 }), "a TypeError"],
  ])("%s", (_, init, reason) => {
    expect(logOf(probe({ init }))).toContain(`init failed and is switched off: ${reason}`);
  });

  test("an arena that is full, with how much is used", () => {
    const log = new Recording();
    const config = engineConfig({ strategies: [{ id: "probe", bundle: "", params: {} }] });
    const hungry = probe({ init: (ctx) => Array.from({ length: 100 }, () => ctx.ta.sma({ period: 1_000 })) });
    const math = createMathCore({ arenaCapacity: 65_536 });
    const engine = new Engine({ config, strategies: [hungry], math, log: new MemoryLog(log.onLogged) });
    takeAll(engine, [configAt(START_US, config)]);
    const [{ text }] = log.ofType("StrategyLog");
    const [, needed, used, capacity] = /the arena was full: (\d+) bytes needed, (\d+) of (\d+) used/.exec(
      String(text),
    )!;
    expect([Number(used), Number(capacity)]).toEqual([math.arenaUsed, 65_536]);
    expect(Number(used) + Number(needed)).toBeGreaterThan(65_536);
  });
});
