/**
 * What an order venue can be asked and what comes back, as plain data. A request has an id; its answer arrives later,
 * carries the id, and is what the venue said or that nobody heard anything. Prices and quantities are decimal text
 * here, as the venue writes them; the gateway alone turns them into ticks and lots, and believes none of it unchecked.
 */

/** Sends a request. Never answers before it has returned, and always answers, within seconds, once. */
export type SendRequest = (request: LinkRequest) => void;

export type LinkRequest =
  | SubmitRequest
  | CancelRequest
  | OrderRequest
  | OpenOrdersRequest
  | TradesRequest
  | AccountRequest;

interface Asked {
  readonly requestId: number;
}

export type VenueSide = "BUY" | "SELL";
export type VenueOrderType = "LIMIT" | "LIMIT_MAKER" | "MARKET";

/** Sent at most once for a client order id, whatever is heard of it. Answered with the order and its first trades. */
export interface SubmitRequest extends Asked {
  readonly kind: "submit";
  /** The venue's own name of the instrument, such as BTCUSDT; the same in every request. */
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: VenueSide;
  readonly type: VenueOrderType;
  /** "" for types that have none. */
  readonly timeInForce: "GTC" | "IOC" | "";
  readonly qty: string;
  /** "" for a market order. */
  readonly price: string;
}

/** Answered with the order as it ended. */
export interface CancelRequest extends Asked {
  readonly kind: "cancel";
  readonly symbol: string;
  readonly clientOrderId: string;
}

/** One order, by our name for it or, where that is "", by the venue's number. */
export interface OrderRequest extends Asked {
  readonly kind: "order";
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly venueOrderId: number;
}

export interface OpenOrdersRequest extends Asked {
  readonly kind: "open-orders";
  readonly symbol: string;
}

/**
 * Trades of the account in one instrument, oldest first, at most TRADES_MAX: those from a trade id on, or those of one
 * order, or, where both are 0, those from `fromUs` up to `toUs`.
 */
export interface TradesRequest extends Asked {
  readonly kind: "trades";
  readonly symbol: string;
  readonly fromId: number;
  readonly venueOrderId: number;
  /** Microseconds since the epoch, at most a day apart. */
  readonly fromUs: number;
  readonly toUs: number;
}

export interface AccountRequest extends Asked {
  readonly kind: "account";
}

/** Trades in one answer; as many say that there may be more. */
export const TRADES_MAX = 1000;

export interface LinkAnswer {
  readonly requestId: number;
  readonly outcome: LinkOutcome;
}

export type LinkOutcome = VenueAnswer | NoAnswer;

/** What the venue said. A body that is not what the request asks for is null. */
export interface VenueAnswer {
  readonly kind: "answer";
  /** HTTP status. */
  readonly status: number;
  /** The venue's own code, such as -2010; 0 for none. */
  readonly code: number;
  readonly message: string;
  /** How long the venue wants to hear nothing; 0 when it did not say. */
  readonly retryAfterMs: number;
  readonly body: AnswerBody | null;
}

/** Timed out, or the connection was lost: the request may or may not have had its effect. */
export interface NoAnswer {
  readonly kind: "none";
  readonly why: string;
}

/** What an answer holds; what was not asked for is empty. */
export interface AnswerBody {
  readonly orders: readonly VenueOrder[];
  readonly trades: readonly VenueTrade[];
  readonly balances: readonly VenueBalance[];
}

export const NO_BODY: AnswerBody = { orders: [], trades: [], balances: [] };

export interface VenueOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  /** The venue's own number, above 0. */
  readonly venueOrderId: number;
  /** BUY or SELL. Words are read by the gateway alone, and only for orders of ours: others may have any. */
  readonly side: string;
  /** LIMIT, LIMIT_MAKER, MARKET. */
  readonly type: string;
  /** GTC, IOC. */
  readonly timeInForce: string;
  readonly price: string;
  readonly qty: string;
  /** Filled so far. */
  readonly filledQty: string;
  /** NEW, PARTIALLY_FILLED, FILLED, CANCELED, REJECTED, EXPIRED. */
  readonly status: string;
  /** Microseconds since the epoch, by the venue's clock. */
  readonly timeUs: number;
}

export interface VenueTrade {
  readonly symbol: string;
  /** Counts up by instrument, from 1. */
  readonly tradeId: number;
  readonly venueOrderId: number;
  readonly side: string;
  readonly price: string;
  readonly qty: string;
  readonly fee: string;
  /** Such as USDT. */
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly timeUs: number;
}

export interface VenueBalance {
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
}

/** What the private stream says: that it is there, that it was lost, or that something happened to an order. */
export type StreamEvent =
  | { readonly kind: "up" }
  | { readonly kind: "down" }
  | { readonly kind: "order"; readonly order: VenueOrder; readonly trade: VenueTrade | null };
