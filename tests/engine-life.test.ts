/**
 * The start of a life: what an engine may still believe after it was away, when trading may begin again, and what
 * passes to an engine whose strategies begin anew. Time is part of the inputs; nothing here waits.
 */
import { describe, expect, test } from "vitest";
import { carryOver, Engine, fold, MemoryLog, SegmentReader } from "../engine/index.js";
import { ORDER_IDS_SKIPPED } from "../engine/life.js";
import {
  LifeStart,
  MessageType,
  Mode,
  OperatorAction,
  ORDER_FOUND_BYTES,
  OrderStatus,
  OrderType,
  POSITION_REPORT_BYTES,
  RECONCILED_BYTES,
  ReportKind,
  Side,
  TimeInForce,
  TradingReason,
  TradingState,
  viewsOf,
  writeOrderFound,
  writePositionReport,
  writeReconciled,
} from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  clockAt,
  configAt,
  engineAlone,
  fillReportAt,
  type Message,
  MS,
  operatorAt,
  orderReportAt,
  probe,
  SECOND,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";
import { crc32c, sealSegments } from "./support/tape.js";

const AWAY = START_US + 60 * SECOND;

function made(type: number, bytes: number, write: (views: ReturnType<typeof viewsOf>) => void): Message {
  const views = viewsOf(new ArrayBuffer(bytes));
  write(views);
  return { type, views, at: 0, bytes };
}

const reconciledAt = (timeUs: number) =>
  made(MessageType.Reconciled, RECONCILED_BYTES, (views) => writeReconciled(views, 0, timeUs, 0, 0, 0));
const heldAt = (timeUs: number, lots: number) =>
  made(MessageType.PositionReport, POSITION_REPORT_BYTES, (views) => writePositionReport(views, 0, timeUs, lots, 0));
const foundAt = (timeUs: number, orderId: number) =>
  made(MessageType.OrderFound, ORDER_FOUND_BYTES, (views) =>
    writeOrderFound(
      views,
      0,
      timeUs,
      orderId,
      77,
      5,
      9_900,
      0,
      1,
      0,
      Side.Buy,
      OrderType.Limit,
      TimeInForce.GoodTillCancel,
    ),
  );

/** Buys one order of ten lots on every trade. */
const buyer = () => probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: "0.01", price: "99.00" }) });

/** An engine that has sent two orders, of which the first was accepted. */
function withOrders() {
  const made = engineAlone([buyer()]);
  takeAll(made.engine, [
    tradeAt(START_US + MS, 10_000, 1),
    orderReportAt(START_US + 2 * MS, 1, ReportKind.Accepted),
    tradeAt(START_US + 3 * MS, 10_000, 1),
  ]);
  return made;
}

const begin = (made: ReturnType<typeof withOrders>, epoch = 2) =>
  takeAll(made.engine, [configAt(AWAY, made.config, Mode.Paper, epoch, LifeStart.Resumed)]);

describe("a new life", () => {
  test("takes an order that was not answered for unknown, and one that was accepted for accepted", () => {
    const made = withOrders();
    begin(made);
    expect([made.engine.orders.status[1], made.engine.orders.status[2]]).toEqual([
      OrderStatus.Accepted,
      OrderStatus.Unknown,
    ]);
    expect(made.engine.orders.workingBuyLots[0]).toBe(20);
  });

  test("says of every order that still works what it believes, and of nothing else", () => {
    const made = withOrders();
    takeAll(made.engine, [orderReportAt(START_US + 4 * MS, 1, ReportKind.Canceled)]);
    made.recording.records.length = 0;
    begin(made);
    expect(made.recording.ofType("OrderEvent").map(({ body }) => [body.orderId, body.status])).toEqual([
      [2, OrderStatus.Unknown],
    ]);
    expect(made.recording.ofType("TradesSeen")).toHaveLength(2);
  });

  test("believes nothing that it knew of the market", () => {
    const { engine, config } = withOrders();
    takeAll(engine, [configAt(AWAY, config, Mode.Paper, 2, LifeStart.Resumed)]);
    expect([engine.market.isLive(0), engine.market.bidTicks[0], engine.market.lastTicks[0]]).toEqual([
      false,
      0,
      10_000,
    ]);
  });

  test("sends no order before the venue was asked, and does after", () => {
    const made = withOrders();
    begin(made);
    takeAll(made.engine, [tradeAt(AWAY + MS, 10_000, 1)]);
    expect(made.engine.ordersSent).toBe(2);
    expect([made.engine.risk.state, made.engine.risk.reason]).toEqual([TradingState.Halted, TradingReason.Recovery]);
    takeAll(made.engine, [orderReportAt(AWAY + 2 * MS, 2, ReportKind.NotFound), reconciledAt(AWAY + 3 * MS)]);
    expect(made.engine.risk.state).toBe(TradingState.Active);
    expect(made.engine.orders.status[2]).toBe(OrderStatus.Rejected);
  });

  test("is held while the fate of one order is unknown", () => {
    const made = withOrders();
    begin(made);
    takeAll(made.engine, [reconciledAt(AWAY + MS)]);
    expect(made.engine.risk.state).toBe(TradingState.Halted);
    takeAll(made.engine, [orderReportAt(AWAY + 2 * MS, 2, ReportKind.Accepted), reconciledAt(AWAY + 3 * MS)]);
    expect(made.engine.risk.state).toBe(TradingState.Active);
  });

  test("does not fire the timers of the old one before it is held", () => {
    const sent: number[] = [];
    const made = engineAlone([
      probe({
        subscribe: ["trades:BTC/USDT.BINANCE", "timer:1s"],
        onTimer: (ctx) => void sent.push(ctx.submit({ side: "buy", qty: "0.01", price: "99.00" })),
      }),
    ]);
    takeAll(made.engine, [clockAt(START_US + 500 * MS), configAt(AWAY, made.config, Mode.Paper, 2, LifeStart.Resumed)]);
    expect(sent).toEqual([0]);
    expect(made.recording.ofType("SubmitOrder")).toEqual([]);
  });

  test("leaves out order ids, so that one that was lost with a tail never meets a new one", () => {
    const made = withOrders();
    begin(made);
    takeAll(made.engine, [orderReportAt(AWAY, 2, ReportKind.NotFound), reconciledAt(AWAY)]);
    expect(made.engine.orders.nextId).toBe(3 + ORDER_IDS_SKIPPED);
  });

  test("keeps a halt that an operator had ordered, before or while it was held", () => {
    const before = withOrders();
    takeAll(before.engine, [operatorAt(START_US + 5 * MS, OperatorAction.Halt)]);
    begin(before);
    takeAll(before.engine, [orderReportAt(AWAY, 2, ReportKind.NotFound), reconciledAt(AWAY)]);
    expect([before.engine.risk.state, before.engine.risk.reason]).toEqual([
      TradingState.Halted,
      TradingReason.Operator,
    ]);
    const during = withOrders();
    begin(during);
    takeAll(during.engine, [
      operatorAt(AWAY, OperatorAction.Halt),
      orderReportAt(AWAY, 2, ReportKind.NotFound),
      reconciledAt(AWAY),
    ]);
    expect(during.engine.risk.state).toBe(TradingState.Halted);
  });

  test("must have a greater number than the last", () => {
    const made = withOrders();
    expect(() => begin(made, 1)).toThrow("life 1 cannot follow life 1");
  });
});

describe("what the venue says", () => {
  test("an order that we do not know is counted, and cancelled at once", () => {
    const made = withOrders();
    begin(made);
    const id = made.engine.orders.nextId - 100;
    takeAll(made.engine, [foundAt(AWAY + MS, id)]);
    expect(made.engine.orders.workingBuyLots[0]).toBe(25);
    expect(made.recording.ofType("CancelOrder").map(({ body }) => body.orderId)).toEqual([id]);
    takeAll(made.engine, [fillReportAt(AWAY + 2 * MS, { orderId: id, tradeId: 9, qtyLots: 5, priceTicks: 9_900 })]);
    expect(made.engine.positions.lots[0]).toBe(5);
  });

  test("a position that is not our fills halts, and reconciling does not end that", () => {
    const made = withOrders();
    takeAll(made.engine, [heldAt(START_US + 5 * MS, 1_000)]);
    begin(made);
    takeAll(made.engine, [
      orderReportAt(AWAY, 2, ReportKind.NotFound),
      heldAt(AWAY + MS, 1_001),
      reconciledAt(AWAY + 2 * MS),
    ]);
    expect([made.engine.risk.state, made.engine.risk.reason]).toEqual([TradingState.Halted, TradingReason.Mismatch]);
  });

  test("a position that is what we began with and our fills is in order", () => {
    const made = withOrders();
    takeAll(made.engine, [heldAt(START_US + 5 * MS, 1_000)]);
    takeAll(made.engine, [fillReportAt(START_US + 6 * MS, { orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 9_900 })]);
    begin(made);
    takeAll(made.engine, [
      orderReportAt(AWAY, 2, ReportKind.NotFound),
      heldAt(AWAY + MS, 1_004),
      reconciledAt(AWAY + 2 * MS),
    ]);
    expect(made.engine.risk.state).toBe(TradingState.Active);
  });

  test("trade ids of two instruments do not meet", () => {
    const made = withOrders();
    made.engine.seenTrades.add(1, 5);
    takeAll(made.engine, [fillReportAt(START_US + 6 * MS, { orderId: 1, tradeId: 5, qtyLots: 4, priceTicks: 9_900 })]);
    expect(made.engine.positions.lots[0]).toBe(4);
  });
});

describe("an engine that follows another", () => {
  test("has its orders, positions, trades and state, and its own strategies", () => {
    const made = withOrders();
    takeAll(made.engine, [fillReportAt(START_US + 6 * MS, { orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 9_900 })]);
    const next = emptyEngine(made.config);
    carryOver(made.engine, next);
    expect(tables(next)).toEqual(tables(made.engine));
    expect(next.strategies[0].state).toBeUndefined();
  });

  test("refuses to leave a position or an order behind", () => {
    const made = withOrders();
    const config = { ...made.config, strategies: [{ id: "other", bundle: "", params: {} }] };
    const next = new Engine({
      config,
      strategies: [probe({ id: "other" })],
      math: createMathCore(),
      log: new MemoryLog(() => {}),
    });
    expect(() => carryOver(made.engine, next)).toThrow(
      "strategy probe has order 1 in BTC/USDT.BINANCE, but is not part of this run; add it, or close that first",
    );
    const finer = made.config.instruments.map((each) => ({ ...each, lotSize: "0.0001", minQty: "0.0001" }));
    const rescaled = emptyEngine({ ...made.config, instruments: finer });
    expect(() => carryOver(made.engine, rescaled)).toThrow("is not traded any more in the same ticks and lots");
  });

  test("folding another build's records comes to the same tables as executing them", () => {
    const made = withOrders();
    takeAll(made.engine, [
      heldAt(START_US + 4 * MS, 500),
      fillReportAt(START_US + 6 * MS, { orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 9_900 }),
      operatorAt(START_US + 7 * MS, OperatorAction.Reduce),
      tradeAt(START_US + 8 * MS, 10_010, 1),
    ]);
    begin(made);
    takeAll(made.engine, [orderReportAt(AWAY, 2, ReportKind.NotFound), reconciledAt(AWAY)]);
    const folded = emptyEngine(made.config);
    const [segment] = sealSegments(made.recording.records);
    const reader = new SegmentReader(segment.bytes, segment.name, crc32c);
    while (reader.next()) fold(folded, reader);
    expect(tables(folded)).toEqual(tables(made.engine));
  });
});

function emptyEngine(config: ReturnType<typeof withOrders>["config"]): Engine {
  return new Engine({ config, strategies: [buyer()], math: createMathCore(), log: new MemoryLog(() => {}) });
}

/** What a recovery must bring back whoever wrote it. */
function tables({ orders, positions, seenTrades, risk, sequence, epoch, fills, ordersSent, time }: Engine) {
  const { maxDailyLossMoney: _a, maxOrderValueMoney: _b, maxPositionMoney: _c, ...state } = risk;
  return {
    orders,
    positions: positions.lots,
    cost: positions.costMoney,
    realised: positions.realisedMoney,
    fees: positions.feesMoney,
    opening: positions.openingLots,
    seen: seenTrades.ids,
    state,
    sequence,
    epoch,
    fills,
    ordersSent,
    time,
  };
}
