/**
 * The venue's own truth as JSON, for tests that compare a client's end state with it: orders, trades, balances of all
 * sides, faults that struck and requests that came. It holds no times, so that equal histories are equal texts.
 */
import { formatAmount } from "./amount.js";
import type { Faults } from "./faults.js";
import type { Ledger } from "./ledger.js";
import type { VenueOrder, VenueTrade } from "./order.js";
import type { OrderDesk } from "./order-desk.js";
import type { RequestLog } from "./request-log.js";

export interface TruthOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly price: string;
  readonly quantity: string;
  readonly status: string;
  readonly executed: string;
  /** In the quote asset, without fees. */
  readonly quoteExecuted: string;
}

export interface TruthTrade {
  readonly symbol: string;
  readonly id: number;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly value: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly isMaker: boolean;
}

/** Amounts are decimal text with eight places. */
export interface Truth {
  readonly orders: readonly TruthOrder[];
  readonly trades: readonly TruthTrade[];
  readonly balances: Readonly<Record<string, { readonly free: string; readonly locked: string }>>;
  /** The other sides: for every asset free, locked, market and fees sum to zero. */
  readonly market: Readonly<Record<string, string>>;
  readonly fees: Readonly<Record<string, string>>;
  /** How often each kind of fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often each client id was submitted, whatever became of it. */
  readonly submissions: Readonly<Record<string, number>>;
  /** Requests to order endpoints in order of arrival. */
  readonly requests: readonly { readonly endpoint: string; readonly clientId: string | null }[];
}

export function truthOf({ orders, trades, ledger }: OrderDesk, faults: Faults, log: RequestLog): Truth {
  return {
    orders: orders.map(orderTruth),
    trades: trades.map(tradeTruth),
    balances: byAsset(ledger, (asset) => ({
      free: formatAmount(ledger.free(asset)),
      locked: formatAmount(ledger.locked(asset)),
    })),
    market: byAsset(ledger, (asset) => formatAmount(ledger.holding("market", asset))),
    fees: byAsset(ledger, (asset) => formatAmount(ledger.holding("fees", asset))),
    faults: faults.struck,
    submissions: log.submissions,
    requests: log.requests,
  };
}

function byAsset<Value>(ledger: Ledger, read: (asset: string) => Value): Record<string, Value> {
  return Object.fromEntries(ledger.assets.map((asset) => [asset, read(asset)]));
}

function orderTruth(order: VenueOrder): TruthOrder {
  const { id, clientId, symbol, side, type, timeInForce, status } = order;
  return {
    orderId: id,
    clientOrderId: clientId,
    symbol,
    side,
    type,
    timeInForce,
    price: formatAmount(order.price),
    quantity: formatAmount(order.quantity),
    status,
    executed: formatAmount(order.executed),
    quoteExecuted: formatAmount(order.quoteExecuted),
  };
}

function tradeTruth(trade: VenueTrade): TruthTrade {
  const { symbol, id, orderId, clientId, side, commissionAsset, isMaker } = trade;
  return {
    symbol,
    id,
    orderId,
    clientOrderId: clientId,
    side,
    price: formatAmount(trade.price),
    quantity: formatAmount(trade.quantity),
    value: formatAmount(trade.value),
    commission: formatAmount(trade.commission),
    commissionAsset,
    isMaker,
  };
}
