/**
 * What the engine knows of every instrument's market: book, best quote, last trade, feed state; dense arrays by
 * instrument index.
 */
import {
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_STATE,
  FeedState,
  type MessageViews,
  QUOTE_ASK_LOTS,
  QUOTE_ASK_TICKS,
  QUOTE_BID_LOTS,
  QUOTE_BID_TICKS,
  QUOTE_INSTRUMENT,
  TRADE_INSTRUMENT,
  TRADE_PRICE_TICKS,
} from "../../schemas/index.js";
import { MarkSet } from "../mark-set.js";
import { Book } from "./book.js";

export class Market {
  readonly books: Book[] = [];
  readonly bidTicks: Int32Array;
  readonly askTicks: Int32Array;
  readonly bidLots: Float64Array;
  readonly askLots: Float64Array;
  readonly lastTicks: Int32Array;
  readonly feedState: Uint8Array;
  /** Instruments whose prices have changed since positions were last valued. */
  readonly moved: MarkSet;

  constructor(instruments: number) {
    for (let index = 0; index < instruments; index += 1) this.books.push(new Book());
    this.bidTicks = new Int32Array(instruments);
    this.askTicks = new Int32Array(instruments);
    this.bidLots = new Float64Array(instruments);
    this.askLots = new Float64Array(instruments);
    this.lastTicks = new Int32Array(instruments);
    this.feedState = new Uint8Array(instruments);
    this.moved = new MarkSet(instruments);
  }

  /** After an absence: nothing that was seen before may be believed. The last trades stay, to value positions by. */
  forget(): void {
    for (const book of this.books) book.clear();
    this.bidTicks.fill(0);
    this.askTicks.fill(0);
    this.bidLots.fill(0);
    this.askLots.fill(0);
    this.feedState.fill(FeedState.Empty);
    this.moved.markAll();
  }

  isLive(instrument: number): boolean {
    return this.feedState[instrument] === FeedState.Live;
  }

  applyTrade(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + TRADE_INSTRUMENT) >> 2];
    this.lastTicks[instrument] = views.i32[(at + TRADE_PRICE_TICKS) >> 2];
    this.moved.mark(instrument);
  }

  applyQuote(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + QUOTE_INSTRUMENT) >> 2];
    this.bidTicks[instrument] = views.i32[(at + QUOTE_BID_TICKS) >> 2];
    this.askTicks[instrument] = views.i32[(at + QUOTE_ASK_TICKS) >> 2];
    this.bidLots[instrument] = views.f64[(at + QUOTE_BID_LOTS) >> 3];
    this.askLots[instrument] = views.f64[(at + QUOTE_ASK_LOTS) >> 3];
    this.moved.mark(instrument);
  }

  applyFeedStatus(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
    this.feedState[instrument] = views.u8[at + FEED_STATUS_STATE];
    if (this.feedState[instrument] !== FeedState.Live) this.bidTicks[instrument] = this.askTicks[instrument] = 0;
    this.moved.mark(instrument);
  }

  /** What a position could be closed at: the bid for a long one, the ask for a short one; 0 when unknown. */
  markTicks(instrument: number, positionLots: number): number {
    const quoted = positionLots > 0 ? this.bidTicks[instrument] : this.askTicks[instrument];
    return quoted || this.lastTicks[instrument];
  }
}
