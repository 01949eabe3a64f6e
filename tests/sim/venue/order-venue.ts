/**
 * The order side of the venue, and the truth that our engine's is measured by: every order it accepted, every trade,
 * the balances. Orders take from the public book, which they do not consume, and rest until trades or the opposite
 * best reach them. What an order is and costs is computed here anew, with nothing of the engine's.
 */
import type { VenueOrder, VenueOrderType, VenueSide, VenueTrade } from "../../../feeds/orders/link.js";
import type { OrderLinkOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import { INSTRUMENTS, moneyText, priceText, quantityText } from "./instruments.js";
import { Ledger } from "./ledger.js";
import type { Level, TrueBook } from "./true-book.js";

const MILLION = 1_000_000n;

type TrueStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "EXPIRED";

export interface NewOrder {
  readonly instrument: number;
  readonly clientOrderId: string;
  readonly side: VenueSide;
  readonly type: VenueOrderType;
  readonly timeInForce: "GTC" | "IOC" | "";
  readonly lots: number;
  readonly ticks: number;
}

export interface TrueOrder extends NewOrder {
  readonly venueOrderId: number;
  readonly createdUs: number;
  status: TrueStatus;
  filledLots: number;
}

export interface TrueTrade {
  readonly instrument: number;
  readonly tradeId: number;
  readonly order: TrueOrder;
  readonly ticks: number;
  readonly lots: number;
  readonly feeMoney: number;
  readonly isMaker: boolean;
  readonly timeUs: number;
  /** From when on the venue shows it. */
  readonly shownUs: number;
}

/** Why the venue will not have an order, as it says so. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Told of every change of an order; the trade that made it, or null. */
export type OnOrderChange = (order: TrueOrder, trade: TrueTrade | null) => void;

export interface OrderVenueParts {
  readonly books: readonly TrueBook[];
  readonly nowUs: () => number;
  readonly random: Random;
  readonly tally: Tally;
  readonly options: Pick<OrderLinkOptions, "partialStorm" | "hiddenFill">;
}

export class OrderVenue {
  /** In the order in which they were accepted. */
  readonly orders: TrueOrder[] = [];
  /** By instrument; a trade's id is its place plus one. */
  readonly trades: readonly TrueTrade[][] = INSTRUMENTS.map(() => []);
  readonly ledger = new Ledger(
    INSTRUMENTS.map(() => 100_000_000),
    100_000_000 * 10_000_000,
  );
  /** How often each client order id was submitted with effect. */
  readonly accepted = new Map<string, number>();
  onChange: OnOrderChange = () => {};
  private partialStorm: number;
  private hiddenFill: number;
  /** By instrument: trades are shown in their order. */
  private readonly shownUs = INSTRUMENTS.map(() => 0);
  private readonly open: TrueOrder[] = [];
  private readonly newest = new Map<string, TrueOrder>();
  private readonly books: readonly TrueBook[];
  private readonly nowUs: () => number;
  private readonly random: Random;
  private readonly tally: Tally;

  constructor(parts: OrderVenueParts) {
    const { books, nowUs, random, tally, options } = parts;
    this.partialStorm = options.partialStorm;
    this.hiddenFill = options.hiddenFill;
    this.books = books;
    this.nowUs = nowUs;
    this.random = random;
    this.tally = tally;
  }

  heal(): void {
    this.partialStorm = 0;
    this.hiddenFill = 0;
  }

  /** Lots of an order whose fills are shown by a moment. */
  shownLots(order: TrueOrder, byUs: number): number {
    let lots = order.filledLots;
    const trades = this.trades[order.instrument];
    // Shown in their order: behind the first that is, all are.
    for (let at = trades.length - 1; at >= 0 && trades[at].shownUs > byUs; at -= 1) {
      if (trades[at].order === order) lots -= trades[at].lots;
    }
    return lots;
  }

  /** Orders that are filled, by trades of which some are not shown yet. */
  seeminglyOpen(instrument: number, byUs: number): TrueOrder[] {
    const trades = this.trades[instrument];
    const orders = new Set<TrueOrder>();
    for (let at = trades.length - 1; at >= 0 && trades[at].shownUs > byUs; at -= 1) {
      if (trades[at].order.status === "FILLED") orders.add(trades[at].order);
    }
    return [...orders];
  }

  /** Lots and money that the account has gained by trades that are not shown yet. */
  hidden(instrument: number, byUs: number): { lots: number; money: number } {
    const trades = this.trades[instrument];
    const hidden = { lots: 0, money: 0 };
    for (let at = trades.length - 1; at >= 0 && trades[at].shownUs > byUs; at -= 1) {
      const { order, ticks, lots, feeMoney } = trades[at];
      const sign = order.side === "BUY" ? 1 : -1;
      hidden.lots += sign * lots;
      hidden.money -= sign * ticks * lots * INSTRUMENTS[instrument].moneyPerTickLot + feeMoney;
    }
    return hidden;
  }

  /** Open orders of an instrument. */
  openOf(instrument: number): TrueOrder[] {
    return this.open.filter((order) => order.instrument === instrument);
  }

  /** The newest order of that name. */
  find(instrument: number, clientOrderId: string): TrueOrder | undefined {
    const order = this.newest.get(clientOrderId);
    return order?.instrument === instrument ? order : undefined;
  }

  submit(wanted: NewOrder): TrueOrder | Refusal {
    const refusal = this.objection(wanted);
    if (refusal) return refusal;
    const order: TrueOrder = {
      ...wanted,
      venueOrderId: this.orders.length + 1,
      createdUs: this.nowUs(),
      status: "NEW",
      filledLots: 0,
    };
    this.orders.push(order);
    this.open.push(order);
    this.newest.set(order.clientOrderId, order);
    this.accepted.set(order.clientOrderId, (this.accepted.get(order.clientOrderId) ?? 0) + 1);
    this.tally.event("venue.orders");
    this.onChange(order, null);
    this.take(order);
    if (order.status === "FILLED") return order;
    if (order.type === "MARKET" || order.timeInForce === "IOC") this.close(order, "EXPIRED");
    return order;
  }

  cancel(instrument: number, clientOrderId: string): TrueOrder | Refusal {
    const order = this.open.find((each) => each.clientOrderId === clientOrderId && each.instrument === instrument);
    if (!order) return { status: 400, code: -2011, message: "Unknown order sent." };
    this.close(order, "CANCELED");
    return order;
  }

  /** A public trade: orders that rest at its price or beyond are served. */
  onPublicTrade(instrument: number, ticks: number, lots: number, takerBuys: boolean): void {
    let left = lots;
    for (const order of this.openOf(instrument)) {
      const isServed = takerBuys
        ? order.side === "SELL" && order.ticks <= ticks
        : order.side === "BUY" && order.ticks >= ticks;
      if (!isServed || left === 0) continue;
      // Somebody else may have stood before us.
      const ours = this.random.chance(0.5) ? this.random.integer(1, left) : left;
      const filled = Math.min(ours, order.lots - order.filledLots);
      left -= ours;
      this.fill(order, order.ticks, filled, true);
    }
  }

  /** The best prices have moved: orders that the other side has reached are filled. */
  onBestMoved(instrument: number): void {
    const { bidTicks, askTicks } = this.books[instrument];
    for (const order of this.openOf(instrument)) {
      const isReached = order.side === "BUY" ? order.ticks >= askTicks : order.ticks <= bidTicks;
      if (isReached) this.fill(order, order.ticks, order.lots - order.filledLots, true);
    }
  }

  private objection({ instrument, clientOrderId, side, type, lots, ticks }: NewOrder): Refusal | undefined {
    const { bidTicks, askTicks } = this.books[instrument];
    if (!(lots > 0) || (type !== "MARKET" && !(ticks > 0)))
      return { status: 400, code: -1013, message: "Filter failure" };
    if (this.open.some((order) => order.clientOrderId === clientOrderId)) return reject("Duplicate order sent.");
    const takes = side === "BUY" ? ticks >= askTicks : ticks <= bidTicks;
    if (type === "LIMIT_MAKER" && takes) return reject("Order would immediately match and take.");
    return undefined;
  }

  private take(order: TrueOrder): void {
    const book = this.books[order.instrument];
    const buys = order.side === "BUY";
    const levels: readonly Level[] = book.sideLevels(buys ? book.asks : book.bids);
    for (const [ticks, lots] of levels) {
      const crosses = order.type === "MARKET" || (buys ? order.ticks >= ticks : order.ticks <= ticks);
      if (!crosses || order.status === "FILLED") return;
      this.fill(order, ticks, Math.min(lots, order.lots - order.filledLots), false);
    }
  }

  private fill(order: TrueOrder, ticks: number, lots: number, isMaker: boolean): void {
    let left = lots;
    while (left > 0) {
      const storm = left > 1 && this.random.chance(this.partialStorm);
      if (storm) this.tally.fault("order.partial-fill");
      const part = storm ? this.random.integer(1, left - 1) : left;
      left -= part;
      this.execute(order, ticks, part, isMaker);
    }
  }

  private execute(order: TrueOrder, ticks: number, lots: number, isMaker: boolean): void {
    const { makerFeePpm, takerFeePpm, moneyPerTickLot } = INSTRUMENTS[order.instrument];
    const value = BigInt(ticks) * BigInt(lots) * BigInt(moneyPerTickLot);
    const ppm = BigInt(isMaker ? makerFeePpm : takerFeePpm);
    const feeMoney = Number((value * ppm * 2n + MILLION) / (2n * MILLION));
    const trades = this.trades[order.instrument];
    const timeUs = this.nowUs();
    const isHidden = this.random.chance(this.hiddenFill);
    if (isHidden) this.tally.fault("order.hidden-fill");
    const shownUs = Math.max(
      timeUs + (isHidden ? this.random.uniform() * 3_000_000 : 0),
      this.shownUs[order.instrument],
    );
    this.shownUs[order.instrument] = shownUs;
    const trade: TrueTrade = {
      instrument: order.instrument,
      tradeId: trades.length + 1,
      order,
      ticks,
      lots,
      feeMoney,
      isMaker,
      timeUs,
      shownUs,
    };
    trades.push(trade);
    order.filledLots += lots;
    this.ledger.trade(order.instrument, order.side === "BUY" ? lots : -lots, Number(value), feeMoney);
    if (order.filledLots === order.lots) this.end(order, "FILLED");
    else order.status = "PARTIALLY_FILLED";
    this.tally.event("venue.trades");
    this.onChange(order, trade);
  }

  private close(order: TrueOrder, status: TrueStatus): void {
    this.end(order, status);
    this.onChange(order, null);
  }

  private end(order: TrueOrder, status: TrueStatus): void {
    order.status = status;
    this.open.splice(this.open.indexOf(order), 1);
  }
}

const reject = (message: string): Refusal => ({ status: 400, code: -2010, message });

/** The order as the venue writes it when so many of its lots are shown as filled. */
export function writeOrder(order: TrueOrder, shownLots = order.filledLots): VenueOrder {
  const isOpenStill = order.status === "FILLED" && shownLots < order.lots;
  return {
    symbol: INSTRUMENTS[order.instrument].venueSymbol,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    price: priceText(order.ticks),
    qty: quantityText(order.lots),
    filledQty: quantityText(shownLots),
    status: isOpenStill ? (shownLots > 0 ? "PARTIALLY_FILLED" : "NEW") : order.status,
    timeUs: order.createdUs,
  };
}

export function writeTrade(trade: TrueTrade): VenueTrade {
  return {
    symbol: INSTRUMENTS[trade.instrument].venueSymbol,
    tradeId: trade.tradeId,
    venueOrderId: trade.order.venueOrderId,
    side: trade.order.side,
    price: priceText(trade.ticks),
    qty: quantityText(trade.lots),
    fee: moneyText(trade.feeMoney),
    feeAsset: INSTRUMENTS[trade.instrument].quote,
    isMaker: trade.isMaker,
    timeUs: trade.timeUs,
  };
}
