/**
 * What handlers are handed: views on the engine's memory, one of each a strategy, moved from event to event. Every
 * number is computed when it is read; nothing is copied and nothing is allocated.
 */
import {
  Liquidity,
  type MessageViews,
  OrderStatus,
  OrderType,
  Side,
  TRADE_AGGRESSOR,
  TRADE_PRICE_TICKS,
  TRADE_QTY_LOTS,
  TRADE_TRADE_ID,
  TRADE_VENUE_TIME_US,
} from "../../schemas/index.js";
import type { Engine } from "../engine.js";
import type { Instrument } from "../instrument.js";
import type { Book } from "../market/book.js";
import { MONEY_PER_UNIT } from "../money.js";
import { FEE_MONEY, type Fill, QTY_LOTS, REALISED_MONEY } from "../orders/fill.js";
import type { PositionTable } from "../orders/position-table.js";
import { unitsToNumber } from "../units.js";

export type SideName = "buy" | "sell";
export type OrderStatusName =
  | "submitted"
  | "accepted"
  | "partially-filled"
  | "filled"
  | "pending-cancel"
  | "canceled"
  | "rejected"
  | "denied"
  | "expired"
  | "unknown"
  | "none";

const STATUS_NAMES: Readonly<Record<number, OrderStatusName>> = {
  [OrderStatus.None]: "none",
  [OrderStatus.Submitted]: "submitted",
  [OrderStatus.Accepted]: "accepted",
  [OrderStatus.PartiallyFilled]: "partially-filled",
  [OrderStatus.Filled]: "filled",
  [OrderStatus.PendingCancel]: "pending-cancel",
  [OrderStatus.Canceled]: "canceled",
  [OrderStatus.Rejected]: "rejected",
  [OrderStatus.Denied]: "denied",
  [OrderStatus.Expired]: "expired",
  [OrderStatus.Unknown]: "unknown",
};

abstract class InstrumentView {
  /** @internal */
  _engine: Engine;
  /** @internal */
  _instrument: Instrument;

  constructor(engine: Engine, instrument: Instrument) {
    this._engine = engine;
    this._instrument = instrument;
  }

  /** Such as BTC/USDT.BINANCE. */
  get instrument(): string {
    return this._instrument.id;
  }
}

export class TradeView extends InstrumentView {
  private views: MessageViews;
  private at = 0;

  constructor(engine: Engine, instrument: Instrument) {
    super(engine, instrument);
    this.views = engine.log.views;
  }

  /** @internal */
  _move(instrument: Instrument, views: MessageViews, at: number): this {
    this._instrument = instrument;
    this.views = views;
    this.at = at;
    return this;
  }

  get price(): number {
    return unitsToNumber(this.views.i32[(this.at + TRADE_PRICE_TICKS) >> 2], this._instrument.tick);
  }
  get qty(): number {
    return unitsToNumber(this.views.f64[(this.at + TRADE_QTY_LOTS) >> 3], this._instrument.lot);
  }
  /** The side that took liquidity. */
  get aggressor(): SideName {
    return this.views.u8[this.at + TRADE_AGGRESSOR] === Side.Buy ? "buy" : "sell";
  }
  get tradeId(): number {
    return this.views.f64[(this.at + TRADE_TRADE_ID) >> 3];
  }
  get venueTimeUs(): number {
    return this.views.f64[(this.at + TRADE_VENUE_TIME_US) >> 3];
  }
}

/** The best bid and ask as the venue last published them; NaN before the first and while the feed is down. */
export class QuoteView extends InstrumentView {
  /** @internal */
  _move(instrument: Instrument): this {
    this._instrument = instrument;
    return this;
  }

  get bid(): number {
    return priceOrNaN(this._engine.market.bidTicks[this._instrument.index], this._instrument);
  }
  get ask(): number {
    return priceOrNaN(this._engine.market.askTicks[this._instrument.index], this._instrument);
  }
  get bidQty(): number {
    return unitsToNumber(this._engine.market.bidLots[this._instrument.index], this._instrument.lot);
  }
  get askQty(): number {
    return unitsToNumber(this._engine.market.askLots[this._instrument.index], this._instrument.lot);
  }
  get mid(): number {
    return (this.bid + this.ask) / 2;
  }
}

export class BookView extends InstrumentView {
  private book: Book;

  constructor(engine: Engine, instrument: Instrument) {
    super(engine, instrument);
    this.book = engine.market.books[instrument.index];
  }

  /** @internal */
  _move(instrument: Instrument): this {
    this._instrument = instrument;
    this.book = this._engine.market.books[instrument.index];
    return this;
  }

  get bestBid(): number {
    return priceOrNaN(this.book.bids.bestTicks(), this._instrument);
  }
  get bestAsk(): number {
    return priceOrNaN(this.book.asks.bestTicks(), this._instrument);
  }
  get mid(): number {
    return (this.bestBid + this.bestAsk) / 2;
  }
  /** NaN while a side is empty. */
  get spread(): number {
    if (this.book.asks.count === 0 || this.book.bids.count === 0) return Number.NaN;
    return unitsToNumber(this.book.asks.bestTicks() - this.book.bids.bestTicks(), this._instrument.tick);
  }
  /** Levels known on a side. */
  get bidLevels(): number {
    return this.book.bids.count;
  }
  get askLevels(): number {
    return this.book.asks.count;
  }
  /** Price of a level; 0 is the best. NaN past the last. */
  bidPrice(depth: number): number {
    return depth < this.book.bids.count
      ? unitsToNumber(this.book.bids.ticksAtDepth(depth), this._instrument.tick)
      : Number.NaN;
  }
  askPrice(depth: number): number {
    return depth < this.book.asks.count
      ? unitsToNumber(this.book.asks.ticksAtDepth(depth), this._instrument.tick)
      : Number.NaN;
  }
  bidQty(depth: number): number {
    return depth < this.book.bids.count ? unitsToNumber(this.book.bids.lotsAtDepth(depth), this._instrument.lot) : 0;
  }
  askQty(depth: number): number {
    return depth < this.book.asks.count ? unitsToNumber(this.book.asks.lotsAtDepth(depth), this._instrument.lot) : 0;
  }
  /** (bid − ask) / (bid + ask) of the quantities on the first `levels` levels, −1 … 1; 0 when both are empty. */
  imbalance(levels: number): number {
    const { bids, asks } = this.book;
    let bid = 0;
    let ask = 0;
    for (let depth = 0; depth < levels && depth < bids.count; depth += 1) bid += bids.lotsAtDepth(depth);
    for (let depth = 0; depth < levels && depth < asks.count; depth += 1) ask += asks.lotsAtDepth(depth);
    return bid + ask === 0 ? 0 : (bid - ask) / (bid + ask);
  }
}

/** The strategy's own position in one instrument. */
export class PositionView extends InstrumentView {
  private readonly positions: PositionTable;
  private readonly cell: number;

  constructor(engine: Engine, strategy: number, instrument: Instrument) {
    super(engine, instrument);
    this.positions = engine.positions;
    this.cell = engine.positions.cell(strategy, instrument.index);
  }

  /** Signed quantity: long is positive. */
  get qty(): number {
    return unitsToNumber(this.lots, this._instrument.lot);
  }
  get isFlat(): boolean {
    return this.lots === 0;
  }
  get isLong(): boolean {
    return this.lots > 0;
  }
  get isShort(): boolean {
    return this.lots < 0;
  }
  /** NaN when flat. */
  get averagePrice(): number {
    if (this.isFlat) return Number.NaN;
    return unitsToNumber(this.positions.averageTicks(this.cell, this._instrument.index), this._instrument.tick);
  }

  private get lots(): number {
    return this.positions.lots[this.cell];
  }
}

/** An order of the strategy, as the engine knows it now. */
export class OrderView extends InstrumentView {
  /** @internal */
  _row = 0;

  /** @internal */
  _move(row: number): this {
    this._row = row;
    this._instrument = this._engine.instruments[this._engine.orders.instrument[row]];
    return this;
  }

  get id(): number {
    return this._engine.orders.id[this._row];
  }
  get status(): OrderStatusName {
    return STATUS_NAMES[this._engine.orders.status[this._row]];
  }
  get side(): SideName {
    return sideName(this._engine.orders.side[this._row]);
  }
  get type(): "market" | "limit" {
    return this._engine.orders.orderType[this._row] === OrderType.Limit ? "limit" : "market";
  }
  /** The limit; NaN of a market order. */
  get price(): number {
    return priceOrNaN(this._engine.orders.priceTicks[this._row], this._instrument);
  }
  get qty(): number {
    return unitsToNumber(this._engine.orders.qtyLots[this._row], this._instrument.lot);
  }
  get filledQty(): number {
    return unitsToNumber(this._engine.orders.filledLots[this._row], this._instrument.lot);
  }
}

/** One fill of an order of the strategy. */
export class FillView extends OrderView {
  private readonly fill: Fill;

  constructor(engine: Engine, instrument: Instrument) {
    super(engine, instrument);
    this.fill = engine.fill;
  }

  /** @internal */
  _fill({ row }: Fill): this {
    this._move(row);
    return this;
  }

  override get price(): number {
    return unitsToNumber(this.fill.priceTicks, this._instrument.tick);
  }
  override get qty(): number {
    return unitsToNumber(this.fill.figures[QTY_LOTS], this._instrument.lot);
  }
  /** In the account's currency. */
  get fee(): number {
    return this.fill.figures[FEE_MONEY] / MONEY_PER_UNIT;
  }
  /** Profit realised by this fill before its fee, in the account's currency. */
  get realised(): number {
    return this.fill.figures[REALISED_MONEY] / MONEY_PER_UNIT;
  }
  get liquidity(): "maker" | "taker" {
    return this.fill.liquidity === Liquidity.Maker ? "maker" : "taker";
  }
}

export class TimerView {
  /** As subscribed, such as `5s`. */
  name = "";
  /** The moment it was due, microseconds since the epoch. */
  dueUs = 0;
}

function sideName(side: number): SideName {
  return side === Side.Buy ? "buy" : "sell";
}

function priceOrNaN(ticks: number, instrument: Instrument): number {
  return ticks === 0 ? Number.NaN : unitsToNumber(ticks, instrument.tick);
}
