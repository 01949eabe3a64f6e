/**
 * A strategy that keeps what no snapshot could hold is switched off: after `init`, or at the first checkpoint that sees
 * it, in every run at the same input; the others go on. And whoever adds a field to the engine's state is reminded
 * that a snapshot must hold it.
 */
import { describe, expect, test } from "vitest";
import { Engine, MemoryLog } from "../engine/index.js";
import { encodeState, restoreState } from "../engine/snapshot/state-codec.js";
import { StateFault } from "../engine/strategy/state-walk.js";
import { OperatorAction } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  BTC,
  clockAt,
  configAt,
  ETH,
  engineConfig,
  loadAll,
  MS,
  operatorAt,
  Recording,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";
import { HOARDER } from "./support/hoarder.js";
import { wordsFrom } from "./support/numbers.js";

/** A strategy that runs `init`, and `onTrade` when a trade comes. */
const bundleOf = (id: string, init: string, onTrade = "", onStop = "") => ({
  id,
  bundle: `exports.default = {
    id: "${id}", subscribe: ["trades:${BTC.id}", "book:${ETH.id}"],
    init(ctx) { ${init} },
    onTrade(ctx, state, trade) { ${onTrade} },
    onStop(ctx, state) { ${onStop} },
  };`,
});
const PLAIN = bundleOf("plain", "return { trades: 0 };", "state.trades += 1;");

/** Runs strategies over `clocks` clock inputs behind one trade; returns the engine and what it wrote. */
function run(bundles: readonly { readonly id: string; readonly bundle: string }[], clocks: number, stop = false) {
  const config = engineConfig({ strategies: bundles.map(({ id }) => ({ id, bundle: "", params: {} })) });
  const math = createMathCore({ arenaCapacity: 65_536 });
  const recording = new Recording();
  const log = new MemoryLog(recording.onLogged);
  const engine = new Engine({ config, math, strategies: loadAll(bundles, math), log });
  takeAll(engine, [configAt(START_US, config), tradeAt(START_US + MS, 10_000, 1)]);
  for (let at = 0; at < clocks; at += 1) takeAll(engine, [clockAt(START_US + (2 + at) * MS)]);
  if (stop) takeAll(engine, [operatorAt(START_US, OperatorAction.Stop)]);
  return { engine, recording };
}

const logsOf = (recording: Recording) =>
  recording.ofType("StrategyLog").map(({ sequence, text }) => ({ sequence, text }));

describe("a state that cannot be kept", () => {
  test.each([
    ["a view", "return { book: ctx.book };", "state.book is a BookView, which is reused: copy what you want to keep"],
    ["ctx", "return { deep: [{ ctx }] };", "state.deep[0].ctx is ctx itself: every handler is given it"],
    ["a class of its own", "class Leg { a = 1 } return new Map([['x', new Leg()]]);", 'state.get("x") is a Leg'],
    ["a function", "return { next: () => 1 };", "state.next is a function"],
    ["a getter", "return { get mid() { throw new Error('never'); } };", "state.mid is a getter or a setter"],
    ["something hidden", "return { [Symbol('s')]: 1 };", "state[Symbol(s)] has a symbol for its key"],
    ["too many values", "return { all: new Array(200000).fill(0) };", "state.all is where the state passes 100000"],
  ])("from the beginning ends the strategy after init: %s", (_what, init, reason) => {
    const { engine, recording } = run([bundleOf("faulty", init), PLAIN], 3);
    expect(logsOf(recording)).toEqual([{ sequence: 1, text: expect.stringContaining(reason) }]);
    expect(logsOf(recording)[0].text).toMatch(/^state failed and is switched off: /);
    expect(engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(engine.strategies[1].state).toEqual({ trades: 1 });
  });

  test("later on ends the strategy at the next checkpoint, before the hash is taken", () => {
    const faulty = bundleOf("faulty", "return { last: null };", "state.last = trade;");
    const { engine, recording } = run([faulty, PLAIN], 1_000);
    expect(logsOf(recording)).toEqual([
      { sequence: 1_000, text: expect.stringContaining("state.last is a TradeView, which is reused") },
    ]);
    const atCheckpoint = recording.decoded.filter(({ sequence, index }) => sequence === 1_000 && index > 0);
    expect(atCheckpoint.map(({ type }) => type)).toEqual(["StrategyLog", "Checkpoint"]);
    expect(engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(run([faulty, PLAIN], 1_000).recording.records).toEqual(recording.records);
  });

  test("at the end of a run ends the strategy before the last hash", () => {
    const { recording } = run([bundleOf("faulty", "return {};", "", "state.book = ctx.book;")], 3, true);
    expect(logsOf(recording)).toEqual([{ sequence: 6, text: expect.stringContaining("state.book is a BookView") }]);
    expect(recording.decoded.at(-1)?.type).toBe("Checkpoint");
  });

  test("between two checkpoints there is no snapshot, but a fault that names strategy and path", () => {
    const { engine } = run([PLAIN, bundleOf("faulty", "return {};", "state.f = [() => 1];")], 3);
    expect(() => encodeState(engine)).toThrow(StateFault);
    expect(() => encodeState(engine)).toThrow("strategy faulty: state.f[0] is a function");
  });

  test("of a strategy that is off is left out of the snapshot", () => {
    const bundles = [bundleOf("faulty", "return { f: () => 1 };"), PLAIN];
    const { engine } = run(bundles, 3);
    const config = engine.config;
    const math = createMathCore({ arenaCapacity: 65_536 });
    const copy = new Engine({ config, math, strategies: loadAll(bundles, math), log: new MemoryLog(() => {}) });
    restoreState(copy, encodeState(engine));
    expect(copy.strategies.map(({ enabled, state }) => [enabled, state])).toEqual([
      [false, undefined],
      [true, { trades: 1 }],
    ]);
  });
});

test("a state of every size is written whole", () => {
  const next = wordsFrom(5);
  for (let size = 1; size < 60_000; size = size * 2 + (next() % 3)) {
    const state = `Array.from({ length: ${size} }, (_, at) => at % 7 ? at : "t" + at)`;
    const bundles = [bundleOf("large", `return ${state};`)];
    const { engine } = run(bundles, 2);
    const math = createMathCore({ arenaCapacity: 65_536 });
    const log = new MemoryLog(() => {});
    const copy = new Engine({ config: engine.config, math, strategies: loadAll(bundles, math), log });
    restoreState(copy, encodeState(engine));
    expect(copy.strategies[0].state).toEqual(engine.strategies[0].state);
  }
});

describe("every field of the engine's state is in the snapshot, or known to need no place in it", () => {
  const { engine } = run([{ id: "hoarder", bundle: HOARDER }], 2);
  const { market, orders, positions, seenTrades, risk, timers } = engine;
  const [host] = engine.strategies;

  test.each<readonly [string, object, string]>([
    [
      "engine",
      engine,
      "sequence outputs epoch mode stopped fills ordersSent written time market orders positions seenTrades " +
        "regimes risk strategies timers | config math ta instruments instrumentById touched brief listeners profit " +
        "measures fill running sink input outputBytes untilCheckpoint verdicts onFault",
    ],
    ["market", market, "books bidTicks askTicks bidLots askLots lastTicks feedState | moved"],
    ["book", market.books[0], "bids asks lastUpdateId"],
    ["book side", market.books[0].bids, "keys lots count overflow | sign capacity"],
    [
      "orders",
      orders,
      "id qtyLots filledLots priceTicks instrument strategy epoch side orderType timeInForce status nextId | " +
        "working unanswered workingBuyLots workingSellLots allBuyLots allSellLots instruments touched",
    ],
    [
      "positions",
      positions,
      "lots costMoney realisedMoney feesMoney openingLots | valuation instruments mulDivRound touched closed",
    ],
    ["trades", seenTrades, "ids | latest id"],
    [
      "risk",
      risk,
      "state reason resumeState resumeReason day dayStartMoney | maxPositionMoney maxOrderValueMoney maxDailyLossMoney",
    ],
    ["timers", timers, "all earliest | heap"],
    ["timer", timers.all[0], "dueUs firedUs | strategy name intervalUs"],
    [
      "strategy",
      host,
      "state enabled context | id index definition trade quote book order fill timer running touched timerIndexes " +
        "engine",
    ],
    [
      "context",
      host.context,
      "_random | params ta log timeUs engine strategy home position book quote positions books quotes orderView " +
        "ordersThisEvent",
    ],
    ["random", host.context._random, "state"],
  ])("%s", (_what, part, known) => {
    const names = known.split(" ").filter((name) => name !== "|");
    expect(Object.keys(part).sort()).toEqual(names.sort());
  });
});
