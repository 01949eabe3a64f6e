/**
 * What an input costs does not depend on how many instruments and strategies there are: the work done for it is
 * counted, not timed, in engines of one and of a thousand. And the sums that make it so are those of the tables they
 * sum up.
 */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Engine, type EngineConfig, type InstrumentSpec, MemoryLog } from "../engine/index.js";
import { IdWindow } from "../engine/orders/id-window.js";
import { Valuation } from "../engine/orders/valuation.js";
import { Hasher } from "../engine/snapshot/hasher.js";
import { StrategyContext } from "../engine/strategy/context.js";
import { Timers } from "../engine/strategy/timers.js";
import { MessageType, Side } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  BTC,
  clockAt,
  configAt,
  engineConfig,
  feedAt,
  fillReportAt,
  type Message,
  MS,
  probe,
  quoteAt,
  SECOND,
  START_US,
  simulate,
  takeAll,
  tradeAt,
} from "./support/engine.js";
import { syntheticMarket } from "./support/synthetic-market.js";

afterEach(() => vi.restoreAllMocks());

const MANY = 1_000;
const MESSAGES = 4_000;

const specs = (count: number): InstrumentSpec[] =>
  Array.from({ length: count }, (_, index) => ({ ...BTC, id: `C${index}/USDT.BINANCE`, venueSymbol: `C${index}USDT` }));

/** An engine of so many instruments and strategies; the first strategy trades the first instrument, the others wait. */
function engineOf(instruments: number, strategies: number): Engine {
  const waiting = specs(instruments).at(-1)!.id;
  const definitions = Array.from({ length: strategies }, (_, index) =>
    index === 0
      ? probe({
          subscribe: ["trades:C0/USDT.BINANCE", "quotes:C0/USDT.BINANCE", "timer:1s"],
          init: () => ({ trades: 0 }),
          onTrade(ctx, state: { trades: number }) {
            state.trades += 1;
            if (state.trades % 4 === 0) ctx.submit({ side: state.trades % 8 === 0 ? "sell" : "buy", qty: 1 });
          },
        })
      : probe({ subscribe: [`${instruments > 1 ? "trades" : "book"}:${waiting}`, "timer:1h"] }),
  );
  const named = definitions.map((definition, index) => ({ ...definition, id: `s${index}` }));
  const config: EngineConfig = engineConfig({
    instruments: specs(instruments),
    strategies: named.map(({ id }) => ({ id, bundle: "", params: {} })),
    risk: { maxPosition: "9000000", maxOrderValue: "9000000", maxDailyLoss: "9000000" },
  });
  const log = new MemoryLog(() => {});
  const engine = new Engine({ config, math: createMathCore({ arenaCapacity: 65_536 }), strategies: named, log });
  takeAll(engine, [configAt(START_US, config), feedAt(START_US), quoteAt(START_US, 9_990, 10_000)]);
  return engine;
}

/** Trades, quotes, the clock, and a fill for every order, all of the first instrument, from the `from`th on. */
function* busy(engine: Engine, from: number): Generator<Message> {
  for (let made = from; made < from + MESSAGES; made += 1) {
    const timeUs = START_US + SECOND + made * MS;
    const sent = engine.ordersSent;
    if (made % 10 === 9) yield clockAt(timeUs);
    else if (made % 2 === 0) yield tradeAt(timeUs, 9_990 + (made % 7), 3, Side.Buy, 0, made + 1);
    else yield quoteAt(timeUs, 9_990 + (made % 5), 10_000 + (made % 5));
    const orderId = engine.ordersSent;
    if (orderId !== sent) yield fillReportAt(timeUs, { orderId, tradeId: orderId, qtyLots: 1_000, priceTicks: 10_000 });
  }
}

/** Counts calls of the methods whose number would grow if anything looked at all rows. */
function workOf(instruments: number, strategies: number): Record<string, number> {
  const engine = engineOf(instruments, strategies);
  // The first checkpoint looks at everything once.
  takeAll(engine, busy(engine, 0));
  const work = {
    "words hashed": vi.spyOn(Hasher.prototype, "word"),
    "handlers begun": vi.spyOn(StrategyContext.prototype, "_begin"),
    "instruments valued": vi.spyOn(Valuation.prototype as never, "value"),
    "timers compared": vi.spyOn(Timers.prototype as never, "isBefore"),
  };
  takeAll(engine, busy(engine, MESSAGES));
  expect(engine.written[MessageType.Checkpoint]).toBeGreaterThan(5);
  expect(engine.fills).toBeGreaterThan(MESSAGES / 8);
  const counted = Object.fromEntries(Object.entries(work).map(([what, { mock }]) => [what, mock.calls.length]));
  vi.restoreAllMocks();
  return counted;
}

describe("an input is as much work among a thousand as alone", () => {
  const alone = workOf(1, 1);

  test("alone there is work to count", () => {
    for (const [what, count] of Object.entries(alone))
      if (what !== "timers compared") expect(count, what).toBeGreaterThan(0);
  });

  test("with a thousand instruments", () => {
    expect(workOf(MANY, 1)).toEqual(alone);
  });

  test("with a thousand strategies, but for the few comparisons that find the next timer", () => {
    const { "timers compared": compared, ...work } = workOf(1, MANY);
    expect(work).toEqual(Object.fromEntries(Object.entries(alone).filter(([what]) => what in work)));
    // A heap of a thousand is ten levels deep, and two are compared on each.
    expect(compared).toBeLessThan(200);
  });

  test("with a hundred of each", () => {
    const { "timers compared": _, ...work } = workOf(100, 100);
    expect(work).toEqual(Object.fromEntries(Object.entries(alone).filter(([what]) => what in work)));
  });
});

test("the account's profit is the sum of all positions' after every input, whatever was valued before", () => {
  const strategy = probe({
    init: () => ({ trades: 0 }),
    subscribe: ["trades:BTC/USDT.BINANCE", "trades:ETH/USDT.BINANCE"],
    onTrade(ctx, state: { trades: number }, trade) {
      state.trades += 1;
      const side = state.trades % 3 === 0 ? "sell" : "buy";
      if (state.trades % 2 === 0) ctx.submit({ instrument: trade.instrument, side, qty: 0.01 * (state.trades % 5) });
    },
  });
  const other = { ...strategy, id: "other" };
  const { simulation, config } = simulate([strategy, other], {
    risk: { maxPosition: "1000000", maxOrderValue: "1000000", maxDailyLoss: "1000000" },
  });
  const { engine } = simulation;
  let asked = 0;
  for (const input of [configAt(START_US, config), ...syntheticMarket(800, 4)]) {
    takeAll(simulation, [input]);
    asked += 1;
    if (asked % 7 !== 0) continue;
    const { positions, market, instruments } = engine;
    let sum = 0;
    for (let cell = 0; cell < positions.lots.length; cell += 1) {
      const instrument = cell % instruments.length;
      const mark = market.markTicks(instrument, positions.lots[cell]);
      const open = positions.lots[cell] === 0 ? 0 : positions.unrealisedMoney(cell, instrument, mark);
      sum += positions.realisedMoney[cell] - positions.feesMoney[cell] + open;
    }
    expect(engine.profitMoney()).toBe(sum);
    for (const { index } of instruments) {
      const lots = positions.lots.filter((_, cell) => cell % instruments.length === index);
      expect(engine.netLots(index)).toBe(lots.reduce((one, next) => one + next, 0));
    }
  }
  expect(engine.fills).toBeGreaterThan(50);
});

test("a window of ids holds what a set that forgets its oldest would hold, in its order", () => {
  const anyId = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 2 ** 40, max: 2 ** 40 + 40 }));
  fc.assert(
    fc.property(fc.array(anyId, { maxLength: 300 }), (ids) => {
      const window = new IdWindow(32);
      const model = new Set<number>();
      for (const id of ids) {
        const isNew = !model.has(id);
        expect(window.add(Float64Array.of(id), 0)).toBe(isNew);
        if (isNew && model.size === 32) model.delete([...model][0]);
        model.add(id);
        expect([...window]).toEqual([...model]);
        expect(window.has(Float64Array.of(id), 0)).toBe(true);
      }
      for (let id = 0; id <= 40; id += 1) expect(window.has(Float64Array.of(id), 0)).toBe(model.has(id));
    }),
  );
});
