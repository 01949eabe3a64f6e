/** How a strategy's order becomes a command: a row, the gate, the command; or a denial on record. */
import { DenyReason, OrderStatus, ReportReason } from "../../schemas/index.js";
import { emitCancel, emitOrderEvent, emitSubmit } from "../emit.js";
import type { Engine } from "../engine.js";
import { type Approved, approve, denied, type OrderRow } from "../risk/pretrade.js";
import { PRICE_TICKS_MAX } from "../units.js";
import { isWorking } from "./order-table.js";

/** Whatever knows when a decision was made. A moment handed on as a number would be boxed, and be garbage. */
export interface Moment {
  /** Microseconds since the epoch. */
  readonly timeUs: number;
}

/** Slots of an order's measures. */
export const LIMIT_TICKS = 0;
export const SIZE_LOTS = 1;

/** Sends an order of these measures and returns its id, or 0 when it was denied. */
export function submitOrder(
  engine: Engine,
  decided: Moment,
  strategy: number,
  instrument: number,
  side: number,
  orderType: number,
  timeInForce: number,
  measures: Float64Array,
): number {
  const { orders } = engine;
  const row = orders.allocate();
  orders.epoch[row] = engine.epoch;
  orders.strategy[row] = strategy;
  orders.instrument[row] = instrument;
  orders.side[row] = side;
  orders.orderType[row] = orderType;
  orders.timeInForce[row] = timeInForce;
  // A price beyond int32 would wrap into one that looks good; as 0 it is denied.
  orders.priceTicks[row] = measures[LIMIT_TICKS] <= PRICE_TICKS_MAX ? measures[LIMIT_TICKS] : 0;
  orders.qtyLots[row] = measures[SIZE_LOTS];
  const passed = approve(engine, row);
  if (passed === null) return deny(engine, row, denied.reason);
  return send(engine, passed, decided);
}

/** Asks the venue to cancel. False when the order is not working any more. */
export function cancelOrder(engine: Engine, decided: Moment, row: OrderRow): boolean {
  const { orders } = engine;
  if (!isWorking(orders.status[row]) || orders.status[row] === OrderStatus.PendingCancel) return false;
  orders.setStatus(row, OrderStatus.PendingCancel);
  emitCancel(engine, row, decided);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.None);
  return true;
}

function send(engine: Engine, row: Approved<OrderRow>, decided: Moment): number {
  engine.orders.setStatus(row, OrderStatus.Submitted);
  engine.ordersSent += 1;
  emitSubmit(engine, row, decided);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.None);
  return engine.orders.id[row];
}

function deny(engine: Engine, row: OrderRow, reason: number): number {
  engine.orders.setStatus(row, OrderStatus.Denied);
  emitOrderEvent(engine, row, reason, ReportReason.None);
  return 0;
}
