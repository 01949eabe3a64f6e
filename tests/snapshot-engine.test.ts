/**
 * An engine that was written and read back goes on exactly as the one that was not: every byte that both write is the
 * same, whatever the inputs and wherever the cut. Bytes of anything else are refused.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy } from "../cli/strategy-bundle.js";
import {
  Engine,
  formatHash,
  InlineSimulation,
  MemoryLog,
  type StrategyDefinition,
  stateHash,
} from "../engine/index.js";
import { SnapshotError } from "../engine/snapshot/byte-reader.js";
import { encodeState, restoreState } from "../engine/snapshot/state-codec.js";
import {
  CONFIG_EPOCH,
  CONFIG_START,
  LifeStart,
  OperatorAction,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  viewsOf,
} from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  configAt,
  decodeRecord,
  engineAlone,
  engineConfig,
  loadAll,
  type Message,
  operatorAt,
  probe,
  Recording,
  SECOND,
  START_US,
  takeAll,
} from "./support/engine.js";
import { HOARDER, THROWER } from "./support/hoarder.js";
import { syntheticMarket } from "./support/synthetic-market.js";

interface Bundle {
  readonly id: string;
  readonly bundle: string;
}
let bundles: readonly Bundle[];
/** None of them keeps anything outside of its state, so that all engines of this file may share them. */
let strategies: readonly StrategyDefinition[];
beforeAll(async () => {
  const examples = await Promise.all(
    ["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)),
  );
  bundles = [...examples, { id: "hoarder", bundle: HOARDER }, { id: "thrower", bundle: THROWER }];
  strategies = loadAll(bundles, createMathCore());
});

const CONFIG = () =>
  engineConfig({ strategies: bundles.map(({ id }) => ({ id, bundle: "", params: {} })), seed: 12_345_678_901 });

/** A new engine of the same configuration, on a core of its own, and what it writes. */
function freshEngine(config = CONFIG()) {
  const math = createMathCore({ arenaCapacity: 65_536 });
  const recording = new Recording();
  const engine = new Engine({ config, math, strategies, log: new MemoryLog(recording.onLogged) });
  return { engine, recording };
}

/** Every input that an engine takes in a paper run: market, operator and the simulated venue's reports. */
function inputsOf(count: number, seed: number): Message[] {
  const inputs: Message[] = [];
  const math = createMathCore({ arenaCapacity: 65_536 });
  const config = CONFIG();
  const simulation = new InlineSimulation({ config, math, strategies }, (type, _, views, at, bytes) => {
    if (views.u16[(at + RECORD_HEADER_INDEX) >> 1] !== 0) return;
    const message = views.u8.slice(at + RECORD_HEADER_BYTES, at + bytes);
    inputs.push({ type, views: viewsOf(message.buffer), at: 0, bytes: message.length });
  });
  takeAll(simulation, [configAt(START_US, config)]);
  takeAll(simulation, withOperator(syntheticMarket(count, seed), seed));
  return inputs;
}

/** Reduces and resumes now and then. */
function* withOperator(messages: Iterable<Message>, seed: number): Generator<Message> {
  let at = 0;
  for (const message of messages) {
    yield message;
    at += 1;
    const action = at % 2 === 0 ? OperatorAction.Reduce : OperatorAction.Resume;
    if ((at + seed) % 211 === 0) yield operatorAt(START_US, action);
  }
}

/** The next life of the same engine. */
function nextLife(timeUs: number, epoch: number): Message {
  const message = configAt(timeUs, CONFIG());
  message.views.u32[CONFIG_EPOCH >> 2] = epoch;
  message.views.u8[CONFIG_START] = LifeStart.Resumed;
  return message;
}

const hashOf = (engine: Engine): string => formatHash(stateHash(engine));

/** Byte for byte; the first record that differs is shown. */
function expectSame(records: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  const at = expected.findIndex((record, index) => Buffer.compare(record, records[index] ?? new Uint8Array()) !== 0);
  if (at >= 0) expect(decodeRecord(records[at])).toEqual(decodeRecord(expected[at]));
  expect([at, records.length]).toEqual([-1, expected.length]);
}

/** Writes an engine, reads it into a fresh one, and compares the two. */
function restored(engine: Engine) {
  const bytes = encodeState(engine);
  const copy = freshEngine();
  restoreState(copy.engine, bytes);
  expect(hashOf(copy.engine)).toBe(hashOf(engine));
  expect(Buffer.compare(encodeState(copy.engine), bytes)).toBe(0);
  return copy;
}

describe("an engine that was written and read back", () => {
  test("goes on as the one that was not, wherever the cut", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) => {
        const inputs = inputsOf(500, seed);
        const cut = Math.floor(part * inputs.length);
        const original = freshEngine();
        takeAll(original.engine, inputs.slice(0, cut));
        const copy = restored(original.engine);
        const before = original.recording.records.length;
        takeAll(original.engine, inputs.slice(cut));
        takeAll(copy.engine, inputs.slice(cut));
        expectSame(copy.recording.records, original.recording.records.slice(before));
        expect(hashOf(copy.engine)).toBe(hashOf(original.engine));
      }),
      { numRuns: 8, seed: 5 },
    );
  });

  test("goes on through the checkpoints, the stop, and into its next life", () => {
    const inputs = inputsOf(2_300, 77);
    const end = START_US + 100 * SECOND;
    const rest = [...inputs.slice(1_500), operatorAt(end, OperatorAction.Stop)];
    const original = freshEngine();
    takeAll(original.engine, inputs.slice(0, 1_500));
    const copy = restored(original.engine);
    takeAll(original.engine, rest);
    takeAll(copy.engine, rest);
    const stop = original.engine.sequence;
    const stopped = restored(original.engine);
    const lives = [original, copy, stopped].map(({ engine, recording }) => {
      takeAll(engine, [nextLife(end + SECOND, 2), ...inputsOf(50, 3).slice(1)]);
      return recording.records.slice(-40);
    });
    expect(lives[1]).toEqual(lives[0]);
    expect(lives[2]).toEqual(lives[0]);
    expect(copy.recording.ofType("Checkpoint").map(({ sequence }) => sequence)).toEqual([2_000, stop, 3_000]);
  });

  test("keeps what the run has used: working orders, fills, a strategy that is off, indicators", () => {
    const { engine } = freshEngine();
    takeAll(engine, inputsOf(1_200, 4));
    const { engine: copy } = restored(engine);
    expect(copy.fills).toBeGreaterThan(20);
    expect(copy.orders.working).toBeGreaterThan(0);
    expect(copy.orders.working).toBe(engine.orders.working);
    expect(copy.orders.workingBuyLots).toEqual(engine.orders.workingBuyLots);
    expect(copy.orders.workingSellLots).toEqual(engine.orders.workingSellLots);
    expect(copy.strategies.map(({ enabled }) => enabled)).toEqual([true, true, true, false]);
    expect(copy.seenTrades.ids.map((ids) => [...ids])).toEqual(engine.seenTrades.ids.map((ids) => [...ids]));
    expect(copy.math.indicators.map(({ period }) => period)).toEqual([20, 60, 5, 20]);
    expect(copy.market.books[0].bids.count).toBeGreaterThan(5);
    expect(copy.written).toEqual(engine.written);
    expect(copy.profitMoney()).toBe(engine.profitMoney());
  });

  test("before its first input is as new", () => {
    const { engine } = freshEngine();
    const copy = restored(engine);
    const inputs = inputsOf(200, 8);
    const whole = freshEngine();
    takeAll(whole.engine, inputs);
    takeAll(copy.engine, inputs);
    expectSame(copy.recording.records, whole.recording.records);
  });
});

describe("bytes that are no state of this engine", () => {
  const bytesAfter = (count: number): Uint8Array => {
    const { engine } = freshEngine();
    takeAll(engine, inputsOf(count, 4));
    return encodeState(engine);
  };
  const restoring = (bytes: Uint8Array, config = CONFIG()) => restoreState(freshEngine(config).engine, bytes);

  test("of another version, other strategies, instruments or timers are refused with their names", () => {
    const bytes = bytesAfter(20);
    const newer = bytes.slice();
    newer[0] = 3;
    expect(() => restoring(newer)).toThrow("state of version 3; this build reads 2");
    const { engine: other } = engineAlone([probe({})]);
    expect(() => restoreState(freshEngine().engine, encodeState(other))).toThrow(
      /strategies probe;.*strategies ema-cross/,
    );
    expect(() => restoreState(freshEngine().engine, bytes.slice(0, 3))).toThrow(SnapshotError);
  });

  test("an engine that has taken an input is refused", () => {
    const { engine } = freshEngine();
    takeAll(engine, inputsOf(5, 4));
    expect(() => restoreState(engine, encodeState(engine))).toThrow("an engine that has taken nothing");
  });

  test("a core that has made indicators is refused", () => {
    const { engine } = freshEngine();
    engine.math.ema(3);
    expect(() => restoreState(engine, bytesAfter(20))).toThrow("recreate them in a new one");
  });

  /** Reads; a SnapshotError is the only error there may be. */
  function read(hostile: Uint8Array): boolean {
    try {
      restoring(hostile);
      return true;
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      return false;
    }
  }

  test("cut anywhere are refused", () => {
    const bytes = bytesAfter(60);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(read(bytes.slice(0, length))).toBe(false);
      }),
      { numRuns: 80, seed: 1 },
    );
    expect(read(Uint8Array.of(...bytes, 0))).toBe(false);
  });

  test("with bytes changed are refused, or read as a state that can be written again", () => {
    const bytes = bytesAfter(60);
    const change = fc.record({
      at: fc.integer({ min: 0, max: bytes.length - 1 }),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = bytes.slice();
        for (const { at, to } of changes) changed[at] = to;
        read(changed);
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});
