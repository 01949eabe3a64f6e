/** What the order venue's reports do to orders and positions. A report on an order we do not know changes nothing. */
import {
  DenyReason,
  FILL_REPORT_FEE_MONEY,
  FILL_REPORT_LIQUIDITY,
  FILL_REPORT_ORDER_ID,
  FILL_REPORT_PRICE_TICKS,
  FILL_REPORT_QTY_LOTS,
  FILL_REPORT_TRADE_ID,
  FILL_REPORT_VENUE_TIME_US,
  LogLevel,
  ORDER_REPORT_KIND,
  ORDER_REPORT_ORDER_ID,
  ORDER_REPORT_REASON,
  OrderStatus,
  ReportKind,
  ReportReason,
} from "../../schemas/index.js";
import { emitFill, emitOrderEvent, emitPosition, emitStrategyLog } from "../emit.js";
import type { Engine } from "../engine.js";
import type { Input } from "../input.js";
import { enforceDailyLoss } from "../risk/trading-state.js";
import { dispatchFill, dispatchOrder } from "../strategy/dispatch.js";
import { isWorking } from "./order-table.js";

export function onOrderReport(engine: Engine, { views, at }: Input): void {
  const { orders } = engine;
  const row = orders.find(views.f64[(at + ORDER_REPORT_ORDER_ID) >> 3]);
  const kind = views.u8[at + ORDER_REPORT_KIND];
  if (row < 0 || !isWorking(orders.status[row])) return;
  orders.setStatus(row, statusAfter(kind, orders.status[row], orders.filledLots[row]));
  emitOrderEvent(engine, row, DenyReason.None, views.u8[at + ORDER_REPORT_REASON]);
  dispatchOrder(engine, row);
}

export function onFillReport(engine: Engine, { views, at }: Input): void {
  const { orders, positions } = engine;
  const tradeId = views.f64[(at + FILL_REPORT_TRADE_ID) >> 3];
  const row = orders.find(views.f64[(at + FILL_REPORT_ORDER_ID) >> 3]);
  const qtyLots = views.f64[(at + FILL_REPORT_QTY_LOTS) >> 3];
  if (engine.seenTrades.has(tradeId)) return;
  if (row < 0 || !isFillOf(qtyLots, orders.remainingLots(row))) return reportStray(engine, tradeId);
  engine.seenTrades.add(tradeId);
  const strategy = orders.strategy[row];
  const instrument = orders.instrument[row];
  const priceTicks = views.i32[(at + FILL_REPORT_PRICE_TICKS) >> 2];
  const feeMoney = views.f64[(at + FILL_REPORT_FEE_MONEY) >> 3];
  orders.fill(row, qtyLots);
  if (orders.remainingLots(row) === 0) orders.setStatus(row, OrderStatus.Filled);
  else if (showsPartialFill(orders.status[row])) orders.setStatus(row, OrderStatus.PartiallyFilled);
  const realised = positions.applyFill(strategy, instrument, orders.side[row], priceTicks, qtyLots, feeMoney);
  engine.fills += 1;
  const venueTimeUs = views.f64[(at + FILL_REPORT_VENUE_TIME_US) >> 3];
  const liquidity = views.u8[at + FILL_REPORT_LIQUIDITY];
  emitFill(engine, row, venueTimeUs, tradeId, qtyLots, feeMoney, realised, priceTicks, liquidity);
  emitPosition(engine, strategy, instrument);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.None);
  enforceDailyLoss(engine);
  dispatchFill(engine, row, priceTicks, qtyLots, feeMoney, realised, liquidity);
}

/** The status that a report gives a working order; the one it has when the report says nothing new. */
function statusAfter(kind: number, status: number, filledLots: number): number {
  const live = filledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Accepted;
  // biome-ignore format: one arm a line
  switch (kind) {
    case ReportKind.Accepted: return status === OrderStatus.Submitted || status === OrderStatus.Unknown ? live : status;
    case ReportKind.Rejected: return OrderStatus.Rejected;
    case ReportKind.Canceled: return OrderStatus.Canceled;
    case ReportKind.Expired: return OrderStatus.Expired;
    case ReportKind.CancelRejected: return live;
    default: return status;
  }
}

function isFillOf(qtyLots: number, remainingLots: number): boolean {
  return Number.isSafeInteger(qtyLots) && qtyLots > 0 && qtyLots <= remainingLots;
}

/** A cancel under way stays visible, and an order that has ended does not come back to life with a late fill. */
function showsPartialFill(status: number): boolean {
  return isWorking(status) && status !== OrderStatus.PendingCancel;
}

/** A fill that fits no order of ours cannot be booked; it is put on record for the operator. */
function reportStray(engine: Engine, tradeId: number): void {
  emitStrategyLog(engine, 0, LogLevel.Error, `fill ${tradeId} fits no known order; it was not applied`);
}
