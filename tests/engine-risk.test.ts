/** The gate: each limit one unit below, at and above; every state against every kind of order; who may end a halt. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, formatMoney, MONEY_PER_UNIT, type StrategyDefinition } from "../engine/index.js";
import { COMMANDS_UNANSWERED_MAX, ORDERS_WORKING_MAX } from "../engine/orders/order-table.js";
import { cancelOrder, submitOrder } from "../engine/orders/submit.js";
import { moveTradingState } from "../engine/risk/trading-state.js";
import {
  DenyReason,
  FeedState,
  OperatorAction,
  OrderStatus,
  OrderType,
  ReportKind,
  Side,
  TimeInForce,
  TradingReason,
  TradingState,
} from "../schemas/index.js";
import {
  BTC,
  clockAt,
  type DecodedRecord,
  engineAlone,
  feedAt,
  fillReportAt,
  MS,
  operatorAt,
  orderReportAt,
  probe,
  quoteAt,
  SECOND,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";

const LOT_AT_100 = 10_000_000; // Money units of one lot (0.001) at 100.00.
const ONE_UNIT = "0.00000001";

interface Order {
  readonly side?: Side;
  readonly lots: number;
  readonly ticks?: number;
  readonly type?: OrderType;
  readonly strategy?: number;
}

/** Submits past the strategy's own rounding, straight at the gate. Returns the reason of the denial, or None. */
function send(
  engine: Engine,
  { side = Side.Buy, lots, ticks = 10_000, type = OrderType.Limit, strategy = 0 }: Order,
): number {
  const row = engine.orders.nextId;
  const id = submitOrder(
    engine,
    engine,
    strategy,
    0,
    side,
    type,
    TimeInForce.GoodTillCancel,
    Float64Array.of(ticks, lots),
  );
  expect(engine.orders.status[row]).toBe(id === 0 ? OrderStatus.Denied : OrderStatus.Submitted);
  return id === 0 ? lastDenial.get(engine)!() : DenyReason.None;
}

const lastDenial = new WeakMap<Engine, () => number>();
const WIDE = { maxPosition: "1000000", maxOrderValue: "1000000", maxDailyLoss: "500" };

function start(
  risk: Partial<typeof WIDE> = {},
  strategies: readonly StrategyDefinition[] = [probe({}), probe({ id: "other" })],
  minQty = BTC.minQty,
) {
  const instruments = [{ ...BTC, minQty }];
  const made = engineAlone(strategies, {
    risk: { ...WIDE, ...risk },
    instruments: [...instruments, { ...BTC, id: "ETH/USDT.BINANCE" }],
  });
  lastDenial.set(made.engine, () => made.recording.ofType("OrderEvent").at(-1)!.body.denyReason);
  return made;
}

let tradeId = 1;
/** Sends an order and fills it all. */
function hold(engine: Engine, order: Order, feeMoney = 0): void {
  const orderId = engine.orders.nextId;
  expect(send(engine, order)).toBe(DenyReason.None);
  const { side = Side.Buy, lots, ticks = 10_000 } = order;
  tradeId += 1;
  takeAll(engine, [
    fillReportAt(engine.timeUs + MS, { orderId, tradeId, qtyLots: lots, priceTicks: ticks, side, feeMoney }),
  ]);
}

describe("each limit at −1, 0 and +1 unit", () => {
  test.each([
    ["0.99999999", DenyReason.MaxOrderValue],
    ["1", DenyReason.None],
    ["1.00000001", DenyReason.None],
  ])("an order worth 1 under a largest order value of %s", (maxOrderValue, reason) => {
    expect(send(start({ maxOrderValue }).engine, { lots: 10 })).toBe(reason);
  });

  test.each([
    ["2.49999999", DenyReason.MaxPosition],
    ["2.5", DenyReason.None],
    ["2.50000001", DenyReason.None],
  ])(
    "a position of 1, a working order of 0.5 and a new one of 1 under a largest position of %s",
    (maxPosition, reason) => {
      for (const side of [Side.Buy, Side.Sell]) {
        const { engine } = start({ maxPosition });
        hold(engine, { side, lots: 10 });
        expect(send(engine, { side, lots: 5 })).toBe(DenyReason.None);
        expect(send(engine, { side, lots: 10, strategy: 1 })).toBe(reason);
      }
    },
  );

  test.each([
    ["0.50000001", DenyReason.MinNotional],
    ["0.5", DenyReason.None],
    ["0.49999999", DenyReason.None],
  ])("an order worth 0.5 under a smallest value of %s", (minNotional, reason) => {
    const { engine, recording } = engineAlone([probe({})], {
      instruments: [
        { ...BTC, minNotional },
        { ...BTC, id: "ETH/USDT.BINANCE" },
      ],
    });
    lastDenial.set(engine, () => recording.ofType("OrderEvent").at(-1)!.body.denyReason);
    expect(send(engine, { lots: 5 })).toBe(reason);
  });

  test.each([
    [9, DenyReason.BadQuantity],
    [10, DenyReason.None],
    [11, DenyReason.None],
  ])("%i lots under a smallest quantity of 10", (lots, reason) => {
    expect(send(start({}, [probe({})], "0.010").engine, { lots })).toBe(reason);
  });

  test.each([
    [ORDERS_WORKING_MAX - 1, DenyReason.None],
    [ORDERS_WORKING_MAX, DenyReason.TooManyOrders],
  ])("with %i orders working", (working, reason) => {
    const { engine } = start();
    for (let sent = 1; sent <= working; sent += 1) {
      submitOrder(
        engine,
        engine,
        0,
        0,
        Side.Buy,
        OrderType.Limit,
        TimeInForce.GoodTillCancel,
        Float64Array.of(10_000, 5),
      );
      engine.orders.setStatus(sent, OrderStatus.Accepted);
    }
    expect(engine.orders.working).toBe(working);
    expect(send(engine, { lots: 5 })).toBe(reason);
  });

  test.each([
    [COMMANDS_UNANSWERED_MAX - 1, DenyReason.None],
    [COMMANDS_UNANSWERED_MAX, DenyReason.RingFull],
  ])("with %i commands that the venue has not answered", (unanswered, reason) => {
    const { engine } = start();
    for (let sent = 0; sent < unanswered; sent += 1)
      submitOrder(
        engine,
        engine,
        0,
        0,
        Side.Buy,
        OrderType.Limit,
        TimeInForce.GoodTillCancel,
        Float64Array.of(10_000, 5),
      );
    expect(engine.orders.unanswered).toBe(unanswered);
    expect(send(engine, { lots: 5 })).toBe(reason);
  });
});

describe("what counts toward a limit", () => {
  test("an unknown order counts at full size, an ended one not at all", () => {
    const { engine } = start({ maxPosition: "1" });
    expect(send(engine, { lots: 10 })).toBe(DenyReason.None);
    engine.orders.setStatus(1, OrderStatus.Unknown);
    expect(send(engine, { lots: 5 })).toBe(DenyReason.MaxPosition);
    takeAll(engine, [orderReportAt(engine.timeUs + MS, 1, ReportKind.Canceled)]);
    expect(send(engine, { lots: 10 })).toBe(DenyReason.None);
  });

  test("a sell counts at the market's price when its limit is below it", () => {
    expect(send(start({ maxOrderValue: "1" }).engine, { side: Side.Sell, lots: 100, ticks: 100 })).toBe(
      DenyReason.MaxOrderValue,
    );
  });

  test("a market order counts at the other side's best, and is refused while there is no price", () => {
    const { engine } = start({ maxOrderValue: "1" });
    expect(send(engine, { type: OrderType.Market, ticks: 0, lots: 10 })).toBe(DenyReason.MaxOrderValue);
    expect(send(engine, { type: OrderType.Market, ticks: 0, lots: 9 })).toBe(DenyReason.None);
    takeAll(engine, [quoteAt(engine.timeUs + MS, 0, 0)]);
    expect(send(engine, { type: OrderType.Market, ticks: 0, lots: 9 })).toBe(DenyReason.NoPrice);
  });

  test.each([
    ["a price of zero", { lots: 10, ticks: 0 }, DenyReason.BadPrice],
    ["a negative price", { lots: 10, ticks: -1 }, DenyReason.BadPrice],
    ["a price that int32 would wrap into a good one", { lots: 10, ticks: 2 ** 32 + 10_000 }, DenyReason.BadPrice],
    ["a price that is no number", { lots: 10, ticks: Number.NaN }, DenyReason.BadPrice],
    ["half a lot", { lots: 10.5 }, DenyReason.BadQuantity],
    ["no lots", { lots: 0 }, DenyReason.BadQuantity],
    ["negative lots", { lots: -5 }, DenyReason.BadQuantity],
    ["lots that are no number", { lots: Number.NaN }, DenyReason.BadQuantity],
    ["a value past 2^53", { lots: 2 ** 50 }, DenyReason.MaxOrderValue],
  ])("%s is denied, and the engine goes on", (_what, order, reason) => {
    const { engine } = start();
    expect(send(engine, order)).toBe(reason);
    expect(send(engine, { lots: 10 })).toBe(DenyReason.None);
  });
});

describe("trading states", () => {
  const ACTIONS = [
    ["active", OperatorAction.Resume, TradingState.Active],
    ["suspended", OperatorAction.Suspend, TradingState.Suspended],
    ["reducing", OperatorAction.Reduce, TradingState.Reducing],
    ["halted", OperatorAction.Halt, TradingState.Halted],
  ] as const;

  test.each(ACTIONS)("%s: entries, exits and cancels", (name, action, state) => {
    const { engine } = start();
    hold(engine, { lots: 20 });
    expect(send(engine, { lots: 5 })).toBe(DenyReason.None);
    takeAll(engine, [operatorAt(engine.timeUs + MS, action)]);
    expect(engine.risk.state).toBe(state);
    const refused = DenyReason.TradingState;
    expect(send(engine, { lots: 5 })).toBe(name === "active" ? DenyReason.None : refused);
    expect(send(engine, { side: Side.Sell, lots: 20 })).toBe(name === "halted" ? refused : DenyReason.None);
    expect(cancelOrder(engine, engine, 2)).toBe(true);
  });

  test("while reducing, an order that would turn the position over is no exit, nor one past working exits", () => {
    const { engine } = start();
    hold(engine, { lots: 20 });
    takeAll(engine, [operatorAt(engine.timeUs + MS, OperatorAction.Reduce)]);
    expect(send(engine, { side: Side.Sell, lots: 21 })).toBe(DenyReason.TradingState);
    expect(send(engine, { side: Side.Sell, lots: 15 })).toBe(DenyReason.None);
    expect(send(engine, { side: Side.Sell, lots: 6 })).toBe(DenyReason.TradingState);
    expect(send(engine, { side: Side.Sell, lots: 5 })).toBe(DenyReason.None);
    expect(send(engine, { side: Side.Sell, lots: 5, strategy: 1 })).toBe(DenyReason.TradingState);
  });

  test("an exit passes limits and a feed that is down; an entry does not", () => {
    const { engine } = start({ maxOrderValue: "2" });
    hold(engine, { lots: 20 });
    hold(engine, { lots: 20 });
    takeAll(engine, [feedAt(engine.timeUs + MS, FeedState.Stale)]);
    expect(send(engine, { lots: 10 })).toBe(DenyReason.FeedNotLive);
    expect(send(engine, { side: Side.Sell, lots: 40 })).toBe(DenyReason.None);
  });
});

describe("the daily loss", () => {
  /** A position of one lot, worth what it cost at the mark, and a fee that is the whole loss. */
  function withLoss(feeMoney: number) {
    const made = start();
    takeAll(made.engine, [quoteAt(START_US + MS, 10_000, 10_000)]);
    hold(made.engine, { lots: 10 }, feeMoney);
    takeAll(made.engine, [clockAt(made.engine.timeUs + SECOND)]);
    return made;
  }
  const states = (records: readonly DecodedRecord[]) =>
    records.map(({ body }) => [body.state, body.previous, body.reason]);
  const LIMIT = 500 * MONEY_PER_UNIT;

  test("of exactly the limit still trades", () => {
    const { engine } = withLoss(LIMIT);
    expect([formatMoney(engine.profitMoney(), 8), engine.risk.state]).toEqual(["-500.00000000", TradingState.Active]);
    expect(send(engine, { lots: 10 })).toBe(DenyReason.None);
  });

  test(`of one unit (${ONE_UNIT}) more halts`, () => {
    const { engine, recording } = withLoss(LIMIT + 1);
    expect([formatMoney(engine.profitMoney(), 8), engine.risk.state]).toEqual(["-500.00000001", TradingState.Halted]);
    expect(states(recording.ofType("TradingStateEvent"))).toEqual([
      [TradingState.Halted, TradingState.Active, TradingReason.DailyLoss],
    ]);
    expect(send(engine, { lots: 10 })).toBe(DenyReason.TradingState);
  });

  test("that the market makes on an open position halts at the next clock", () => {
    const { engine } = start({ maxDailyLoss: "1" });
    takeAll(engine, [quoteAt(START_US + MS, 10_000, 10_000)]);
    hold(engine, { lots: 10 });
    takeAll(engine, [quoteAt(engine.timeUs + MS, 1, 10_000), clockAt(engine.timeUs + 2 * MS)]);
    expect([engine.profitMoney(), engine.risk.state]).toEqual([-10 * LOT_AT_100 + 10_000, TradingState.Active]);
    takeAll(engine, [quoteAt(engine.timeUs + MS, 0, 0), tradeAt(engine.timeUs + MS, 1, 1)]);
    hold(engine, { lots: 10 }, 10_001);
    expect(engine.risk.state).toBe(TradingState.Halted);
  });

  test("is cleared by an operator alone: neither gains, nor time, nor a new day end a halt", () => {
    const { engine } = withLoss(LIMIT + 1);
    takeAll(engine, [
      quoteAt(engine.timeUs + MS, 90_000, 90_000),
      clockAt(engine.timeUs + 86_400 * SECOND),
      tradeAt(engine.timeUs + 2 * 86_400 * SECOND, 90_000, 1),
    ]);
    expect(engine.risk.state).toBe(TradingState.Halted);
    takeAll(engine, [operatorAt(engine.timeUs + MS, OperatorAction.Resume)]);
    expect(engine.risk.state).toBe(TradingState.Active);
  });

  test("is cleared for no other reason than an operator's, by whatever part of the engine asks", () => {
    const { engine } = withLoss(LIMIT + 1);
    for (const reason of [
      TradingReason.None,
      TradingReason.DailyLoss,
      TradingReason.RingFull,
      TradingReason.Overflow,
    ]) {
      moveTradingState(engine, TradingState.Active, reason);
    }
    expect(engine.risk.state).toBe(TradingState.Halted);
  });

  test("counts from the first input of the day, UTC", () => {
    const { engine } = withLoss(LIMIT);
    takeAll(engine, [clockAt(START_US + 86_400 * SECOND)]);
    hold(engine, { lots: 10 }, LIMIT);
    expect(engine.risk.state).toBe(TradingState.Active);
    hold(engine, { lots: 10 }, 1);
    expect(engine.risk.state).toBe(TradingState.Halted);
  });
});

test("one file alone makes an Approved", () => {
  const makers = ["engine", "feeds", "actors", "research", "cli", "strategies", "schemas", "wasm"]
    .flatMap((folder) => sourcesUnder(folder))
    .flatMap((path) => {
      const casts = readFileSync(path, "utf8").match(/\bas\s+Approved\b|<Approved<|as unknown as Approved/g) ?? [];
      return casts.map(() => path);
    });
  expect(makers).toEqual([join("engine", "risk", "pretrade.ts")]);
});

function sourcesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}
