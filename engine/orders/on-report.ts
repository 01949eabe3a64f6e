/** What the order venue's reports do to orders and positions. A report on an order we do not know changes nothing. */
import {
  DenyReason,
  FILL_REPORT_INSTRUMENT,
  FILL_REPORT_ORDER_ID,
  FILL_REPORT_TRADE_ID,
  LogLevel,
  ORDER_FOUND_EPOCH,
  ORDER_FOUND_INSTRUMENT,
  ORDER_FOUND_ORDER_ID,
  ORDER_FOUND_ORDER_TYPE,
  ORDER_FOUND_PRICE_TICKS,
  ORDER_FOUND_QTY_LOTS,
  ORDER_FOUND_SIDE,
  ORDER_FOUND_STRATEGY,
  ORDER_FOUND_TIME_IN_FORCE,
  ORDER_REPORT_KIND,
  ORDER_REPORT_ORDER_ID,
  ORDER_REPORT_REASON,
  OrderStatus,
  POSITION_REPORT_INSTRUMENT,
  POSITION_REPORT_VENUE_LOTS,
  ReportKind,
  ReportReason,
  TradingReason,
  TradingState,
} from "../../schemas/index.js";
import { emitFill, emitOrderEvent, emitPosition, emitStrategyLog } from "../emit.js";
import type { Engine } from "../engine.js";
import type { Input } from "../input.js";
import { endHold, enforceDailyLoss, isHeld, moveTradingState } from "../risk/trading-state.js";
import { dispatchFill, dispatchOrder } from "../strategy/dispatch.js";
import { type Fill, QTY_LOTS, TRADE_ID } from "./fill.js";
import { isWorking, type OrderTable } from "./order-table.js";
import { cancelOrder } from "./submit.js";

export function onOrderReport(engine: Engine, { views, at }: Input): void {
  const { orders } = engine;
  const row = orders.findFrom(views.f64, (at + ORDER_REPORT_ORDER_ID) >> 3);
  const kind = views.u8[at + ORDER_REPORT_KIND];
  if (row < 0 || !isWorking(orders.status[row])) return;
  orders.setStatus(row, statusAfter(kind, orders.status[row], orders.filledLots[row]));
  emitOrderEvent(engine, row, DenyReason.None, views.u8[at + ORDER_REPORT_REASON]);
  dispatchOrder(engine, row);
}

export function onFillReport(engine: Engine, { views, at }: Input): void {
  const { orders, positions, seenTrades, fill } = engine;
  const row = orders.findFrom(views.f64, (at + FILL_REPORT_ORDER_ID) >> 3);
  const traded = views.u32[(at + FILL_REPORT_INSTRUMENT) >> 2];
  if (seenTrades.hasFrom(traded, views.f64, (at + FILL_REPORT_TRADE_ID) >> 3)) return;
  fill.read(views, at);
  if (row < 0 || !isFillOf(fill, orders, row)) return reportStray(engine, fill.figures[TRADE_ID]);
  fill.row = row;
  const strategy = orders.strategy[row];
  const instrument = orders.instrument[row];
  seenTrades.addFrom(instrument, fill.figures, TRADE_ID);
  orders.fill(row, fill.figures, QTY_LOTS);
  if (orders.filledLots[row] === orders.qtyLots[row]) orders.setStatus(row, OrderStatus.Filled);
  else if (showsPartialFill(orders.status[row])) orders.setStatus(row, OrderStatus.PartiallyFilled);
  positions.applyFill(strategy, instrument, orders.side[row], fill);
  engine.touched.instruments.mark(instrument);
  engine.fills += 1;
  emitFill(engine, fill);
  emitPosition(engine, strategy, instrument);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.None);
  enforceDailyLoss(engine);
  dispatchFill(engine, fill);
}

/** The status that a report gives a working order; the one it has when the report says nothing new. */
function statusAfter(kind: number, status: number, filledLots: number): number {
  const live = filledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Accepted;
  // biome-ignore format: one arm a line
  switch (kind) {
    case ReportKind.Accepted: return status === OrderStatus.Submitted || status === OrderStatus.Unknown ? live : status;
    case ReportKind.Rejected:
    case ReportKind.NotFound: return OrderStatus.Rejected;
    case ReportKind.Unknown: return OrderStatus.Unknown;
    case ReportKind.Canceled: return OrderStatus.Canceled;
    case ReportKind.Expired: return OrderStatus.Expired;
    case ReportKind.CancelRejected: return live;
    default: return status;
  }
}

/**
 * An order of ours that the venue holds. One that we do not know was sent from a tail of the journal that a power cut
 * took: no strategy knows it, so it is adopted, to count and to be filled, and cancelled at once.
 */
export function onOrderFound(engine: Engine, { views, at }: Input): void {
  const { orders } = engine;
  const orderId = views.f64[(at + ORDER_FOUND_ORDER_ID) >> 3];
  const known = orders.find(orderId);
  if (known >= 0) return confirm(engine, known);
  const strategy = views.u16[(at + ORDER_FOUND_STRATEGY) >> 1];
  const row = strategy < engine.strategies.length ? orders.adopt(orderId) : -1;
  if (row < 0) return reportUnknownOrder(engine, orderId);
  orders.epoch[row] = views.u32[(at + ORDER_FOUND_EPOCH) >> 2];
  orders.strategy[row] = strategy;
  orders.instrument[row] = views.u32[(at + ORDER_FOUND_INSTRUMENT) >> 2];
  orders.side[row] = views.u8[at + ORDER_FOUND_SIDE];
  orders.orderType[row] = views.u8[at + ORDER_FOUND_ORDER_TYPE];
  orders.timeInForce[row] = views.u8[at + ORDER_FOUND_TIME_IN_FORCE];
  orders.priceTicks[row] = views.i32[(at + ORDER_FOUND_PRICE_TICKS) >> 2];
  orders.qtyLots[row] = views.f64[(at + ORDER_FOUND_QTY_LOTS) >> 3];
  orders.setStatus(row, OrderStatus.Accepted);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.Restart);
  cancelOrder(engine, engine, row);
}

/** An order that the venue holds is not unknown any more. */
function confirm(engine: Engine, row: number): void {
  const { orders } = engine;
  const after = statusAfter(ReportKind.Accepted, orders.status[row], orders.filledLots[row]);
  if (!isWorking(orders.status[row]) || after === orders.status[row]) return;
  orders.setStatus(row, after);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.None);
  dispatchOrder(engine, row);
}

function reportUnknownOrder(engine: Engine, orderId: number): void {
  emitStrategyLog(
    engine,
    0,
    LogLevel.Error,
    `the venue holds order ${orderId}, which fits no strategy; cancel it there`,
  );
}

/** The first word of a venue on a position is where we start from; every later one must be that and our fills. */
export function onPositionReport(engine: Engine, { views, at }: Input): void {
  const { openingLots } = engine.positions;
  const instrument = views.u32[(at + POSITION_REPORT_INSTRUMENT) >> 2];
  const venueLots = views.f64[(at + POSITION_REPORT_VENUE_LOTS) >> 3];
  const net = engine.netLots(instrument);
  if (Number.isNaN(openingLots[instrument])) {
    openingLots[instrument] = venueLots - net;
    engine.touched.instruments.mark(instrument);
  }
  const difference = venueLots - openingLots[instrument] - net;
  if (difference === 0) return;
  const { id } = engine.instruments[instrument];
  const text = `the venue holds ${difference} lots of ${id} more than our fills say; trading is halted`;
  emitStrategyLog(engine, 0, LogLevel.Error, text);
  moveTradingState(engine, TradingState.Halted, TradingReason.Mismatch);
}

/** The venue has been asked for everything. An order that is still unknown keeps trading held. */
export function onReconciled(engine: Engine): void {
  if (isHeld(engine) && engine.orders.unknown() === 0) endHold(engine);
}

function isFillOf({ figures }: Fill, { qtyLots, filledLots }: OrderTable, row: number): boolean {
  const lots = figures[QTY_LOTS];
  return Number.isSafeInteger(lots) && lots > 0 && lots <= qtyLots[row] - filledLots[row];
}

/** A cancel under way stays visible, and an order that has ended does not come back to life with a late fill. */
function showsPartialFill(status: number): boolean {
  return isWorking(status) && status !== OrderStatus.PendingCancel;
}

/** A fill that fits no order of ours cannot be booked; it is put on record for the operator. */
function reportStray(engine: Engine, tradeId: number): void {
  emitStrategyLog(engine, 0, LogLevel.Error, `fill ${tradeId} fits no known order; it was not applied`);
}
