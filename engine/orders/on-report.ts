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

/** The status that a report gives a working order. */
const STATUS_OF_KIND: Readonly<Record<number, number>> = {
  [ReportKind.Accepted]: OrderStatus.Accepted,
  [ReportKind.Rejected]: OrderStatus.Rejected,
  [ReportKind.Canceled]: OrderStatus.Canceled,
  [ReportKind.Expired]: OrderStatus.Expired,
};

export function onOrderReport(engine: Engine, { views, at }: Input): void {
  const { orders } = engine;
  const row = orders.find(views.f64[(at + ORDER_REPORT_ORDER_ID) >> 3]);
  const kind = views.u8[at + ORDER_REPORT_KIND];
  if (row < 0 || !isWorking(orders.status[row])) return;
  if (kind === ReportKind.CancelRejected) {
    orders.setStatus(row, orders.filledLots[row] > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Accepted);
  } else if (kind !== ReportKind.Accepted || orders.status[row] === OrderStatus.Submitted) {
    orders.setStatus(row, STATUS_OF_KIND[kind]);
  }
  emitOrderEvent(engine, row, DenyReason.None, views.u8[at + ORDER_REPORT_REASON]);
  dispatchOrder(engine, row);
}

export function onFillReport(engine: Engine, { views, at }: Input): void {
  const { orders, positions } = engine;
  const tradeId = views.f64[(at + FILL_REPORT_TRADE_ID) >> 3];
  const row = orders.find(views.f64[(at + FILL_REPORT_ORDER_ID) >> 3]);
  const qtyLots = views.f64[(at + FILL_REPORT_QTY_LOTS) >> 3];
  if (row < 0 || qtyLots > orders.remainingLots(row)) return reportStray(engine, tradeId);
  if (!engine.seenTrades.add(tradeId)) return;
  const strategy = orders.strategy[row];
  const instrument = orders.instrument[row];
  const priceTicks = views.i32[(at + FILL_REPORT_PRICE_TICKS) >> 2];
  const feeMoney = views.f64[(at + FILL_REPORT_FEE_MONEY) >> 3];
  orders.fill(row, qtyLots);
  if (orders.remainingLots(row) === 0) orders.setStatus(row, OrderStatus.Filled);
  else if (orders.status[row] !== OrderStatus.PendingCancel) orders.setStatus(row, OrderStatus.PartiallyFilled);
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

/** A fill that fits no order of ours cannot be booked; it is put on record for the operator. */
function reportStray(engine: Engine, tradeId: number): void {
  emitStrategyLog(engine, 0, LogLevel.Error, `fill ${tradeId} fits no known order; it was not applied`);
}
