/**
 * The venue's order side: one account's orders, trades and balances, matched against the true book and the recorded
 * trades. It knows neither protocol nor faults. Nothing of an order or a trade is ever forgotten, every asset sums to
 * zero at every moment, and what is told to the listener has already happened.
 */
import { tradingRules } from "../exchange-info.js";
import type { VenueBook } from "../venue-book.js";
import { amountOf, feeCeiling, feeOn, formatAmount, least, quoteValue, wholeSteps } from "./amount.js";
import { checkFilters } from "./filters.js";
import { Ledger } from "./ledger.js";
import { type Match, shareTrade, takes } from "./matching.js";
import {
  type ExecutionType,
  isOpen,
  type NewOrder,
  reaches,
  remaining,
  type Side,
  type VenueOrder,
  type VenueTrade,
} from "./order.js";
import { rejected, unknownOrder } from "./refusal.js";

export const TAKER_PPM = 1000n;
export const MAKER_PPM = 200n;

export interface Execution {
  readonly type: ExecutionType;
  readonly order: Readonly<VenueOrder>;
  readonly trade?: VenueTrade;
  /** The cancel request's own client id. */
  readonly cancelId?: string;
}

/** Which order is meant; with both ids, both must fit. */
export interface OrderSelector {
  readonly symbol: string;
  readonly id?: number | undefined;
  readonly clientId?: string | undefined;
}

interface DeskOptions {
  readonly opening: ReadonlyMap<string, bigint>;
  readonly book: (symbol: string) => VenueBook;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly onExecution: (execution: Execution) => void;
}

export class OrderDesk {
  readonly ledger: Ledger;
  /** By order id, from 1. */
  readonly orders: VenueOrder[] = [];
  readonly trades: VenueTrade[] = [];
  readonly #options: DeskOptions;
  /** Open orders by symbol, the oldest first. */
  readonly #open = new Map<string, VenueOrder[]>();
  readonly #byClientId = new Map<string, VenueOrder[]>();
  readonly #lastTradeId = new Map<string, number>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.ledger = new Ledger(options.opening);
  }

  /** Open orders, the oldest first; of all symbols when none is named. */
  openOrders(symbol?: string): VenueOrder[] {
    if (symbol !== undefined) return [...(this.#open.get(symbol) ?? [])];
    return [...this.#open.values()].flat().sort((a, b) => a.id - b.id);
  }

  /** The order that is meant, open or not; of several with one client id the latest. */
  find({ symbol, id, clientId }: OrderSelector): VenueOrder | undefined {
    const candidates = clientId === undefined ? [this.orders[id! - 1]] : (this.#byClientId.get(clientId) ?? []);
    return candidates.findLast((order) => order?.symbol === symbol && (id === undefined || order.id === id));
  }

  /** Takes an order in, with all that follows at once. Throws a Refusal; then nothing has happened. */
  place(request: NewOrder): { readonly order: VenueOrder; readonly trades: readonly VenueTrade[] } {
    const open = this.#open.get(request.symbol) ?? [];
    checkFilters(request, tradingRules(request.symbol), this.#reference(request), open.length);
    if (this.#byClientId.get(request.clientId)?.some(isOpen)) throw rejected("Duplicate order sent.");
    const matches = this.#matches(request);
    if (this.#cost(request, matches) > this.ledger.free(this.#spends(request))) {
      throw rejected("Account has insufficient balance for requested action.");
    }
    const order = this.#take(request);
    const trades = matches.map((match) => this.#fill(order, match, false));
    if (isOpen(order)) this.#restOrExpire(order);
    return { order, trades };
  }

  /** Cancels an open order. Throws a Refusal when there is no such. */
  cancel(selector: OrderSelector, cancelId: string): VenueOrder {
    const order = this.find(selector);
    if (!order || !isOpen(order)) throw unknownOrder();
    this.#close(order, "CANCELED", cancelId);
    return order;
  }

  /**
   * Fills up to a quantity of an order at its own price, though the market did not: a fill that a cancel or an answer
   * overtook. An order that is cancelled stays so.
   */
  force(order: VenueOrder, quantity: bigint): void {
    this.#fill(order, { price: order.price, quantity: least(quantity, remaining(order)) }, true);
  }

  /** A recorded trade: resting orders on its passive side share it. */
  onTrade(symbol: string, price: bigint, quantity: bigint, passive: Side): void {
    const resting = (this.#open.get(symbol) ?? []).filter(({ side }) => side === passive);
    if (resting.length === 0) return;
    for (const [order, share] of shareTrade(resting, { price, quantity }, this.lot(symbol))) {
      this.#fill(order, { price: order.price, quantity: share }, true);
    }
  }

  /** The true book has changed: resting orders fill where its opposite best crosses them. */
  onBook(symbol: string): void {
    for (const order of this.openOrders(symbol)) {
      order.queueAhead = least(order.queueAhead, this.#shownAt(order));
      const best = this.#best(symbol, order.side === "BUY" ? "asks" : "bids");
      if (best === undefined || !reaches(order, best)) continue;
      for (const { quantity } of takes(order, this.#opposite(order), this.lot(symbol), remaining(order))) {
        this.#fill(order, { price: order.price, quantity }, true);
      }
    }
  }

  lot(symbol: string): bigint {
    return amountOf(tradingRules(symbol).stepSize);
  }

  /** What an order trades against at once. Throws the Refusal of an order that may not trade so. */
  #matches(request: NewOrder): readonly Match[] {
    const best = this.#best(request.symbol, request.side === "BUY" ? "asks" : "bids");
    if (best === undefined || !reaches(request, best)) return [];
    if (request.type === "LIMIT_MAKER") throw rejected("Order would immediately match and take.");
    const matches = takes(request, this.#opposite(request), this.lot(request.symbol));
    const whole = matches.reduce((sum, { quantity }) => sum + quantity, 0n) === request.quantity;
    return request.timeInForce === "FOK" && !whole ? [] : matches;
  }

  #take(request: NewOrder): VenueOrder {
    const nowMs = this.#options.nowMs();
    const times = { createdMs: nowMs, updatedMs: nowMs };
    const nothingYet = { executed: 0n, quoteExecuted: 0n, queueAhead: 0n, locked: 0n };
    const order: VenueOrder = { ...request, id: this.orders.length + 1, ...times, status: "NEW", ...nothingYet };
    this.orders.push(order);
    listed(this.#byClientId, order.clientId).push(order);
    listed(this.#open, order.symbol).push(order);
    this.#relock(order);
    this.#options.onExecution({ type: "NEW", order });
    return order;
  }

  #restOrExpire(order: VenueOrder): void {
    if (order.type === "MARKET" || order.timeInForce !== "GTC") this.#close(order, "EXPIRED");
    else order.queueAhead = this.#shownAt(order);
  }

  #close(order: VenueOrder, status: "CANCELED" | "EXPIRED", cancelId?: string): void {
    order.status = status;
    order.updatedMs = this.#options.nowMs();
    this.#forgetIfClosed(order);
    this.#relock(order);
    this.#options.onExecution({ type: status, order, ...(cancelId !== undefined && { cancelId }) });
  }

  #fill(order: VenueOrder, { price, quantity }: Match, isMaker: boolean): VenueTrade {
    const value = quoteValue(price, quantity);
    const trade: VenueTrade = {
      symbol: order.symbol,
      id: (this.#lastTradeId.get(order.symbol) ?? 0) + 1,
      orderId: order.id,
      clientId: order.clientId,
      side: order.side,
      price,
      quantity,
      value,
      commission: feeOn(value, isMaker ? MAKER_PPM : TAKER_PPM),
      commissionAsset: tradingRules(order.symbol).quoteAsset,
      isMaker,
      timeMs: this.#options.nowMs(),
    };
    this.#lastTradeId.set(order.symbol, trade.id);
    this.trades.push(trade);
    order.executed += quantity;
    order.quoteExecuted += value;
    order.updatedMs = trade.timeMs;
    if (isOpen(order)) order.status = remaining(order) === 0n ? "FILLED" : "PARTIALLY_FILLED";
    this.#forgetIfClosed(order);
    this.#settle(trade);
    this.#relock(order);
    this.#options.onExecution({ type: "TRADE", order, trade });
    return trade;
  }

  #settle({ symbol, side, quantity, value, commission }: VenueTrade): void {
    const { baseAsset, quoteAsset } = tradingRules(symbol);
    const [gives, gets] = side === "BUY" ? (["market", "account"] as const) : (["account", "market"] as const);
    this.ledger.move(baseAsset, gives, gets, quantity);
    this.ledger.move(quoteAsset, gets, gives, value);
    this.ledger.move(quoteAsset, "account", "fees", commission);
  }

  /** Sets aside what the rest of an open order may cost. */
  #relock(order: VenueOrder): void {
    const needed = isOpen(order) && order.type !== "MARKET" ? limitCost(order, remaining(order)) : 0n;
    this.ledger.lock(this.#spends(order), needed - order.locked);
    order.locked = needed;
  }

  #cost(request: NewOrder, matches: readonly Match[]): bigint {
    if (request.type !== "MARKET") return limitCost(request, request.quantity);
    if (request.side === "SELL") return request.quantity;
    const value = matches.reduce((sum, { price, quantity }) => sum + quoteValue(price, quantity), 0n);
    return value + feeCeiling(value, TAKER_PPM);
  }

  #spends({ symbol, side }: NewOrder): string {
    const { baseAsset, quoteAsset } = tradingRules(symbol);
    return side === "BUY" ? quoteAsset : baseAsset;
  }

  #forgetIfClosed(order: VenueOrder): void {
    const open = listed(this.#open, order.symbol);
    const at = isOpen(order) ? -1 : open.indexOf(order);
    if (at >= 0) open.splice(at, 1);
  }

  /** What the symbol trades at now: the best price an order of this side would meet, or else its own side's. */
  #reference({ symbol, side }: NewOrder): bigint {
    const sides = side === "BUY" ? (["asks", "bids"] as const) : (["bids", "asks"] as const);
    return this.#best(symbol, sides[0]) ?? this.#best(symbol, sides[1]) ?? 0n;
  }

  #best(symbol: string, side: "bids" | "asks"): bigint | undefined {
    const book = this.#options.book(symbol);
    const level = side === "bids" ? book.bestBid() : book.bestAsk();
    return level && amountOf(level[0]);
  }

  #opposite({ symbol, side }: NewOrder) {
    return this.#options.book(symbol).snapshot()[side === "BUY" ? "asks" : "bids"];
  }

  /** What the true book shows at an order's own price. */
  #shownAt({ symbol, side, price }: NewOrder): bigint {
    const shown = this.#options.book(symbol).shown(side === "BUY" ? "bids" : "asks", formatAmount(price));
    return wholeSteps(amountOf(shown), this.lot(symbol));
  }
}

/** The most a quantity of a limit order can cost: at its own price, with the fee of a taker. */
function limitCost({ side, price }: NewOrder, quantity: bigint): bigint {
  if (side === "SELL") return quantity;
  const value = quoteValue(price, quantity);
  return value + feeCeiling(value, TAKER_PPM);
}

function listed<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
