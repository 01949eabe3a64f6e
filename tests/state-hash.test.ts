/**
 * The state hash tells apart any two states that differ, in the engine or in a strategy, and nothing else. The brief
 * hash leaves out only what its description names.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy, type StrategyBundle } from "../cli/strategy-bundle.js";
import { briefHash } from "../engine/brief-hash.js";
import { type Engine, formatHash, InlineSimulation, stateHash } from "../engine/index.js";
import { MessageType, OrderStatus } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { configAt, engineConfig, loadAll, START_US, takeAll } from "./support/engine.js";
import { hashOfState } from "./support/state.js";
import { syntheticMarket } from "./support/synthetic-market.js";

let bundles: readonly StrategyBundle[];
beforeAll(async () => {
  bundles = await Promise.all(["ema-cross", "market-maker"].map((name) => bundleStrategy(`strategies/${name}.ts`)));
});

/** An engine with both example strategies, after `count` market messages. */
function engineAfter(count: number): Engine {
  const math = createMathCore({ arenaCapacity: 65_536 });
  const config = engineConfig({ strategies: bundles.map(({ id }) => ({ id, bundle: "", params: {} })) });
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, () => {});
  takeAll(simulation, [configAt(START_US, config)]);
  takeAll(simulation, syntheticMarket(count, 9));
  return simulation.engine;
}

const full = (engine: Engine): string => formatHash(stateHash(engine));
const brief = (engine: Engine): string => formatHash(briefHash(engine));

describe("the hash of a strategy's state", () => {
  const STATES: readonly unknown[] = [
    ...[undefined, null, true, false, 0, -0, 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "", "0", "a", "b", "ab"],
    ...[1n, 2n, -1n, 2n ** 64n],
    ...[
      [],
      [0],
      [[0]],
      [0, 0],
      [undefined],
      [[], []],
      {},
      { a: 1 },
      { a: 2 },
      { b: 1 },
      { a: 1, b: 1 },
      { b: 1, a: 1 },
    ],
    ...[{ a: undefined }, { a: { b: 1 } }, { a: {}, b: 1 }, Object.freeze({}), Object.freeze([]), Object.create(null)],
    ...[new Map([[1, 2]]), new Map([[1, 3]]), new Map([[2, 1]]), new Set([1]), new Set([2]), new Set(), new Map()],
    ...[Float32Array.of(1.25), Float32Array.of(1.5), Float64Array.of(1.25), Uint8Array.of(1), Uint8Array.of(1, 0)],
    ...[Int8Array.of(1), BigInt64Array.of(2n ** 40n), BigInt64Array.of(1n), new ArrayBuffer(1), new ArrayBuffer(2)],
    ...[new DataView(new ArrayBuffer(2)), new DataView(new ArrayBuffer(2), 1), new Uint8Array(new ArrayBuffer(2), 1)],
    ...[{ deep: { deeper: [{ x: 1 }] } }, { deep: { deeper: [{ x: 2 }] } }],
  ];

  test("tells apart states that differ anywhere", () => {
    const hashes = STATES.map((state) => hashOfState(state));
    expect(hashes.filter((hash, at) => hashes.indexOf(hash) !== at)).toEqual([]);
  });

  test("is the same for equal states, whatever bits a NaN has", () => {
    for (const state of STATES.filter(
      (each) => !Object.isFrozen(each) && Object.getPrototypeOf(Object(each)) !== null,
    )) {
      expect(hashOfState(structuredClone(state))).toBe(hashOfState(state));
    }
    const words = new Uint32Array([1, 0xfff8_0000]);
    expect(hashOfState(new Float64Array(words.buffer))).toBe(hashOfState(Float64Array.of(Number.NaN)));
  });

  test("tells a shared object from two equal ones, and one cycle from another", () => {
    const shared = { x: 1 };
    expect(hashOfState([shared, shared])).not.toBe(hashOfState([{ x: 1 }, { x: 1 }]));
    const toRoot: { inner: { back?: unknown } } = { inner: {} };
    toRoot.inner.back = toRoot;
    const toItself: { inner: { back?: unknown } } = { inner: {} };
    toItself.inner.back = toItself.inner;
    expect(hashOfState(toRoot)).not.toBe(hashOfState(toItself));
    const many = Array.from({ length: 100 }, (_, at) => ({ at }));
    expect(hashOfState([...many, many[70]])).not.toBe(hashOfState([...many, many[71]]));
  });

  test("counts two views on one buffer as what they are", () => {
    const bytes = new Uint8Array(16);
    expect(hashOfState([bytes, new Float64Array(bytes.buffer)])).not.toBe(hashOfState([bytes, new Float64Array(2)]));
  });
});

type Change = (engine: Engine) => unknown;

/** What either hash sees. */
const DECIDING: readonly (readonly [string, Change])[] = [
  ["the sequence", (engine) => (engine.sequence += 1)],
  ["the time", ({ time }) => (time[0] += 1)],
  ["the epoch", (engine) => (engine.epoch += 1)],
  ["the mode", (engine) => (engine.mode += 1)],
  ["a count of fills", (engine) => (engine.fills += 1)],
  ["a count of orders", (engine) => (engine.ordersSent += 1)],
  ["a count of records", ({ written }) => (written[MessageType.Trade] += 1)],
  ["a book's best level", ({ market }) => market.books[1].bids.set(market.books[1].bids.bestTicks(), 987)],
  ["a book's count of levels", ({ market }) => market.books[1].bids.set(1, 1)],
  ["a book's update id", ({ market }) => (market.books[0].lastUpdateId += 1)],
  ["what did not fit a book", ({ market }) => (market.books[0].asks.overflow += 1)],
  ["a quote", ({ market }) => (market.askLots[1] += 1)],
  ["a last price", ({ market }) => (market.lastTicks[0] += 1)],
  ["a feed's state", ({ market }) => (market.feedState[0] += 1)],
  ["the next order's id", ({ orders }) => (orders.nextId += 1)],
  ["a working order's status", ({ orders }) => orders.setStatus(workingRow(orders), OrderStatus.Unknown)],
  ["a working order's lots", ({ orders }) => (orders.filledLots[workingRow(orders)] += 1)],
  ["a working order's epoch", ({ orders }) => (orders.epoch[workingRow(orders)] += 1)],
  ["working lots", ({ orders }) => (orders.workingBuyLots[0] += 1)],
  ["a trade that was seen", ({ seenTrades }) => seenTrades.add(0, 123_456)],
  ["the newest trade's id", ({ seenTrades }) => (seenTrades.latest[0] += 1)],
  ["a position", ({ positions }) => (positions.lots[3] += 1)],
  ["a cost", ({ positions }) => (positions.costMoney[0] += 1)],
  ["a fee", ({ positions }) => (positions.feesMoney[0] += 1)],
  ["a realised profit", ({ positions }) => (positions.realisedMoney[0] += 1)],
  ["what was held at first", ({ positions }) => (positions.openingLots[0] = 3)],
  ["the trading state", ({ risk }) => (risk.state = 3)],
  ["the reason of the trading state", ({ risk }) => (risk.reason += 1)],
  ["the day's start", ({ risk }) => (risk.dayStartMoney += 1)],
  ["a timer's moment", ({ timers }) => (timers.earliest[0] = 5)],
  ["a strategy switched off", ({ strategies }) => (strategies[1].enabled = false)],
  ["a random number drawn", ({ strategies }) => strategies[0].context.random()],
  ["a strategy's own number", ({ strategies }) => ((strategies[1].state as { bidPrice: number }).bidPrice += 1e-9)],
  ["an indicator", ({ strategies }) => (strategies[0].state as { fast: { push(x: number): number } }).fast.push(1)],
];

/** What grows without deciding anything. */
const GROWING: readonly (readonly [string, Change])[] = [
  ["a level behind the best", ({ market }) => (market.books[0].bids.lots[0] += 1)],
  ["an order that has ended", ({ orders }) => (orders.priceTicks[endedRow(orders)] += 1)],
  ["an older trade id", ({ seenTrades }) => replaceOldest(seenTrades)],
];

const workingRow = ({ status }: Engine["orders"]): number => status.indexOf(OrderStatus.Accepted);
const endedRow = ({ status }: Engine["orders"]): number => status.indexOf(OrderStatus.Filled);

/** Another id in its place: the window itself only ever adds. */
function replaceOldest({ ids }: Engine["seenTrades"]): void {
  (ids[0] as unknown as { ids: Float64Array }).ids[0] = 777_777;
}

/** With a deep book, working orders, ended ones, and fills. */
function richEngine(): Engine {
  const engine = engineAfter(400);
  for (let level = 1; level <= 100; level += 1) engine.market.books[0].bids.set(level, level);
  expect(workingRow(engine.orders)).toBeGreaterThan(0);
  expect(endedRow(engine.orders)).toBeGreaterThan(0);
  for (let tradeId = 1; tradeId <= 5; tradeId += 1) engine.seenTrades.add(0, tradeId);
  return engine;
}

describe("the state hash of an engine", () => {
  test.each([...DECIDING, ...GROWING])("sees %s", (_what, change) => {
    const engine = richEngine();
    const before = full(engine);
    expect(full(engine)).toBe(before);
    change(engine);
    expect(full(engine)).not.toBe(before);
  });
});

test("a brief hash of what was touched alone is the one from scratch, after every input of a busy run", () => {
  const math = createMathCore({ arenaCapacity: 65_536 });
  const config = engineConfig({ strategies: bundles.map(({ id }) => ({ id, bundle: "", params: {} })) });
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, () => {});
  const { engine } = simulation;
  const seen = new Set<string>();
  for (const input of [configAt(START_US, config), ...syntheticMarket(1_500, 21)]) {
    takeAll(simulation, [input]);
    const whole = brief(engine);
    expect(formatHash(engine.brief.take(engine)), `after input ${engine.sequence}`).toBe(whole);
    seen.add(whole);
  }
  expect(engine.fills).toBeGreaterThan(10);
  expect(seen.size).toBeGreaterThan(1_500);
});

describe("the brief hash of an engine", () => {
  test.each(DECIDING)("sees %s", (_what, change) => {
    const engine = richEngine();
    const before = brief(engine);
    expect(brief(engine)).toBe(before);
    change(engine);
    expect(brief(engine)).not.toBe(before);
  });

  test.each(GROWING)("leaves out %s", (_what, change) => {
    const engine = richEngine();
    const before = brief(engine);
    change(engine);
    expect(brief(engine)).toBe(before);
  });

  test("finds every working order, however old", () => {
    const engine = richEngine();
    const row = workingRow(engine.orders);
    engine.orders.nextId += 10_000;
    const before = brief(engine);
    engine.orders.priceTicks[row] += 1;
    expect(brief(engine)).not.toBe(before);
  });
});

test("what moves with the record that carries the hash is no part of it", () => {
  const engine = richEngine();
  const before = [full(engine), brief(engine)];
  engine.written[MessageType.Checkpoint] += 1;
  engine.outputs += 1;
  engine.stopped = true;
  expect([full(engine), brief(engine)]).toEqual(before);
});

test("the state of a strategy that is switched off decides nothing and counts for nothing", () => {
  const engine = richEngine();
  engine.strategies[1].enabled = false;
  const before = full(engine);
  engine.strategies[1].state = { other: 1 };
  expect(full(engine)).toBe(before);
});

test("a state that cannot be kept has a hash all the same", () => {
  const engine = richEngine();
  engine.strategies[1].state = { a: 1, f: () => {} };
  expect(full(engine)).toBe(full(engine));
});
