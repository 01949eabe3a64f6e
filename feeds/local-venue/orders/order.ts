/**
 * An order of the account and a trade of it, as the venue keeps them. Amounts count 10^-8, times are milliseconds since
 * the epoch. An order is open while it is NEW or PARTIALLY_FILLED, and never opens again.
 */

export type Side = "BUY" | "SELL";
export type OrderType = "LIMIT" | "LIMIT_MAKER" | "MARKET";
export type TimeInForce = "GTC" | "IOC" | "FOK";
export type OrderStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";
/** What an executionReport tells of. */
export type ExecutionType = "NEW" | "TRADE" | "CANCELED" | "REJECTED" | "EXPIRED";

/** An order as asked for; the price of a market order is 0. */
export interface NewOrder {
  readonly symbol: string;
  readonly clientId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: bigint;
  readonly quantity: bigint;
}

export interface VenueOrder extends NewOrder {
  /** From 1, over all symbols. */
  readonly id: number;
  readonly createdMs: number;
  updatedMs: number;
  status: OrderStatus;
  executed: bigint;
  /** What the executed quantity was worth, in the quote asset, without fees. */
  quoteExecuted: bigint;
  /** What is shown at its price and was there before it: trades eat that first. */
  queueAhead: bigint;
  /** What of the account is set aside for it. */
  locked: bigint;
}

export interface VenueTrade {
  readonly symbol: string;
  /** From 1, per symbol. */
  readonly id: number;
  readonly orderId: number;
  readonly clientId: string;
  readonly side: Side;
  readonly price: bigint;
  readonly quantity: bigint;
  readonly value: bigint;
  /** In the quote asset. */
  readonly commission: bigint;
  readonly commissionAsset: string;
  readonly isMaker: boolean;
  readonly timeMs: number;
}

export const isOpen = ({ status }: VenueOrder): boolean => status === "NEW" || status === "PARTIALLY_FILLED";

export const remaining = ({ quantity, executed }: VenueOrder): bigint => quantity - executed;

/** Whether an order would trade at a price of the opposite side. A market order trades at any. */
export function reaches({ side, type, price }: NewOrder, opposite: bigint): boolean {
  if (type === "MARKET") return true;
  return side === "BUY" ? price >= opposite : price <= opposite;
}
