/**
 * The gate that every order passes, and the only file that makes an `Approved`. Working and unknown orders count at
 * full size from the moment they are sent. An exit, which can only bring the position nearer to zero, passes in every
 * state but halted.
 */
import { DenyReason, OrderType, Side, TradingState } from "../../schemas/index.js";
import type { Engine } from "../engine.js";
import { COMMANDS_UNANSWERED_MAX, ORDERS_WORKING_MAX } from "../orders/order-table.js";
import { PRICE_TICKS_MAX } from "../units.js";

declare const approved: unique symbol;
/** Proof that an order passed the gate; nothing else may be sent. */
export type Approved<T> = T & { readonly [approved]: true };

/** Row of an order in the engine's table. */
export type OrderRow = number;

/** The row as approved, or null with the reason in `denied.reason`. */
export function approve(engine: Engine, row: OrderRow): Approved<OrderRow> | null {
  denied.reason = firstObjection(engine, row);
  return denied.reason === DenyReason.None ? (row as Approved<OrderRow>) : null;
}

/** Why the last order was denied. */
export const denied = { reason: DenyReason.None as number };

function firstObjection(engine: Engine, row: OrderRow): number {
  const { orders, market } = engine;
  const instrument = orders.instrument[row];
  const qtyLots = orders.qtyLots[row];
  const priceTicks = orders.priceTicks[row];
  const { minLots, minNotionalMoney, moneyPerTickLot } = engine.instruments[instrument];
  if (!(Number.isSafeInteger(qtyLots) && qtyLots > 0 && qtyLots >= minLots)) return DenyReason.BadQuantity;
  if (orders.orderType[row] === OrderType.Limit && !(priceTicks > 0 && priceTicks < PRICE_TICKS_MAX))
    return DenyReason.BadPrice;
  const exit = isExit(engine, row);
  const { state } = engine.risk;
  if (state === TradingState.Halted || (state !== TradingState.Active && !exit)) return DenyReason.TradingState;
  if (!market.isLive(instrument) && !exit) return DenyReason.FeedNotLive;
  if (orders.unanswered >= COMMANDS_UNANSWERED_MAX) return DenyReason.RingFull;
  if (orders.working >= ORDERS_WORKING_MAX) return DenyReason.TooManyOrders;
  const valueTicks = referenceTicks(engine, row);
  if (valueTicks === 0) return DenyReason.NoPrice;
  // Beyond 2^53 money units a value would not be exact; no limit reaches that far.
  const valueMoney = valueTicks * qtyLots * moneyPerTickLot;
  if (valueMoney > Number.MAX_SAFE_INTEGER) return DenyReason.MaxOrderValue;
  if (valueMoney < minNotionalMoney) return DenyReason.MinNotional;
  return exit ? DenyReason.None : overLimit(engine, row, valueTicks);
}

function overLimit(engine: Engine, row: OrderRow, valueTicks: number): number {
  const { orders, positions, risk } = engine;
  const instrument = orders.instrument[row];
  const tickMoney = valueTicks * engine.instruments[instrument].moneyPerTickLot;
  if (tickMoney * orders.qtyLots[row] > risk.maxOrderValueMoney) return DenyReason.MaxOrderValue;
  const buys = orders.side[row] === Side.Buy;
  const netLots = positions.valuation.longLots[instrument] + positions.valuation.shortLots[instrument];
  const workingLots = buys ? orders.allBuyLots[instrument] : orders.allSellLots[instrument];
  // The position, in the order's direction, if every working order of that side and this one filled.
  const reachLots = Math.max(0, (buys ? netLots : -netLots) + workingLots) + orders.qtyLots[row];
  return tickMoney * reachLots > risk.maxPositionMoney ? DenyReason.MaxPosition : DenyReason.None;
}

/** True when the strategy's own position shrinks even if all its working orders of this side fill too. */
function isExit(engine: Engine, row: OrderRow): boolean {
  const { orders, positions } = engine;
  const cell = positions.cell(orders.strategy[row], orders.instrument[row]);
  const buys = orders.side[row] === Side.Buy;
  const held = buys ? -positions.lots[cell] : positions.lots[cell];
  const working = buys ? orders.workingBuyLots[cell] : orders.workingSellLots[cell];
  return held > 0 && working + orders.qtyLots[row] <= held;
}

/** Price at which an order counts: a buy's limit; else the other side's best, but no less than a sell's limit. */
function referenceTicks(engine: Engine, row: OrderRow): number {
  const { orders, market } = engine;
  const limit = orders.orderType[row] === OrderType.Limit;
  const buys = orders.side[row] === Side.Buy;
  if (limit && buys) return orders.priceTicks[row];
  const instrument = orders.instrument[row];
  const best = (buys ? market.askTicks[instrument] : market.bidTicks[instrument]) || market.lastTicks[instrument];
  return limit ? Math.max(orders.priceTicks[row], best) : best;
}
