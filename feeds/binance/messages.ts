/**
 * Writes what a frame said into the sink, as the messages of schemas/market.fbs. A method returns false when the sink
 * had no room; of a book in several parts, some may then be in it, and the book is to be joined anew. Doubles are
 * stored here and not handed to the writers, which get zeros for them: at a call that V8 does not inline each would be
 * boxed.
 */
import {
  BOOK_DELTA_BYTES,
  BOOK_DELTA_FIRST_UPDATE_ID,
  BOOK_DELTA_LAST_UPDATE_ID,
  BOOK_DELTA_LEVELS,
  BOOK_DELTA_RECEIVE_TIME_US,
  BOOK_DELTA_TYPE,
  BOOK_DELTA_VENUE_TIME_US,
  BOOK_SNAPSHOT_BYTES,
  BOOK_SNAPSHOT_LEVELS,
  BOOK_SNAPSHOT_TYPE,
  FEED_STATUS_BYTES,
  FEED_STATUS_TYPE,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  LEVEL_RESERVED,
  QUOTE_ASK_LOTS,
  QUOTE_BID_LOTS,
  QUOTE_BYTES,
  QUOTE_RECEIVE_TIME_US,
  QUOTE_TYPE,
  QUOTE_UPDATE_ID,
  Side,
  TRADE_BYTES,
  TRADE_QTY_LOTS,
  TRADE_RECEIVE_TIME_US,
  TRADE_TRADE_ID,
  TRADE_TYPE,
  TRADE_VENUE_TIME_US,
  writeBookDelta,
  writeBookSnapshot,
  writeFeedStatus,
  writeQuote,
  writeTrade,
} from "../../schemas/index.js";
import type { FeedCounters } from "../feed-counters.js";
import type { LevelList } from "../level-list.js";
import { type MarketSink, NO_ROOM } from "../market-sink.js";
import type { StampUs } from "../stamp.js";
import { Field } from "./fields.js";

/** Levels in one message; the size of a claim stays small beside a ring's capacity. */
const PART_LEVELS = 512;
const DECODE_NS_MAX = 2 ** 31 - 1;
const US_PER_MS = 1000;
const NS_PER_US = 1000;

/** A book update or a whole book, its numbers by Field. */
export interface DepthFrame {
  readonly values: Float64Array;
  readonly bids: LevelList;
  readonly asks: LevelList;
}

export class MarketMessages {
  private readonly sink: MarketSink;
  private readonly counters: FeedCounters;
  private readonly stamp: StampUs;
  private readonly nowUs = new Float64Array(1);

  constructor(sink: MarketSink, counters: FeedCounters, stamp: StampUs) {
    this.sink = sink;
    this.counters = counters;
    this.stamp = stamp;
  }

  trade(instrument: number, values: Float64Array): boolean {
    const at = this.sink.claim(TRADE_TYPE, TRADE_BYTES);
    if (at === NO_ROOM) return false;
    writeTrade(
      this.sink.views,
      at,
      0,
      0,
      0,
      0,
      values[Field.Price],
      instrument,
      this.decodeNs(values),
      // The maker's opposite took the liquidity.
      values[Field.BuyerIsMaker] === 1 ? Side.Sell : Side.Buy,
    );
    const { f64 } = this.sink.views;
    f64[(at + TRADE_RECEIVE_TIME_US) >> 3] = values[Field.ReceiveTime];
    f64[(at + TRADE_VENUE_TIME_US) >> 3] = values[Field.TradeTime] * US_PER_MS;
    f64[(at + TRADE_TRADE_ID) >> 3] = values[Field.TradeId];
    f64[(at + TRADE_QTY_LOTS) >> 3] = values[Field.Quantity];
    return this.commit();
  }

  /** Spot's bookTicker has no time of its own. */
  quote(instrument: number, values: Float64Array): boolean {
    const at = this.sink.claim(QUOTE_TYPE, QUOTE_BYTES);
    if (at === NO_ROOM) return false;
    writeQuote(
      this.sink.views,
      at,
      0,
      0,
      0,
      0,
      0,
      values[Field.Bid],
      values[Field.Ask],
      instrument,
      this.decodeNs(values),
    );
    const { f64 } = this.sink.views;
    f64[(at + QUOTE_RECEIVE_TIME_US) >> 3] = values[Field.ReceiveTime];
    f64[(at + QUOTE_UPDATE_ID) >> 3] = values[Field.LastId];
    f64[(at + QUOTE_BID_LOTS) >> 3] = values[Field.BidQuantity];
    f64[(at + QUOTE_ASK_LOTS) >> 3] = values[Field.AskQuantity];
    return this.commit();
  }

  delta(instrument: number, frame: DepthFrame): boolean {
    const { values, bids, asks } = frame;
    const total = bids.count + asks.count;
    let from = 0;
    do {
      const count = Math.min(PART_LEVELS, total - from);
      const at = this.sink.claim(BOOK_DELTA_TYPE, BOOK_DELTA_BYTES + count * LEVEL_BYTES);
      if (at === NO_ROOM) return false;
      writeBookDelta(
        this.sink.views,
        at,
        0,
        0,
        0,
        0,
        instrument,
        this.decodeNs(values),
        bidsOf(bids, from, count),
        from + count === total ? 1 : 0,
        count,
      );
      const { f64 } = this.sink.views;
      f64[(at + BOOK_DELTA_RECEIVE_TIME_US) >> 3] = values[Field.ReceiveTime];
      f64[(at + BOOK_DELTA_VENUE_TIME_US) >> 3] = values[Field.EventTime] * US_PER_MS;
      f64[(at + BOOK_DELTA_FIRST_UPDATE_ID) >> 3] = values[Field.FirstId];
      f64[(at + BOOK_DELTA_LAST_UPDATE_ID) >> 3] = values[Field.LastId];
      this.writeLevels(at + BOOK_DELTA_LEVELS, bids, asks, from, count);
      this.commit();
      from += count;
    } while (from < total);
    return true;
  }

  /** The venue gives a snapshot no time. */
  snapshot(instrument: number, frame: DepthFrame): boolean {
    const { values, bids, asks } = frame;
    const total = bids.count + asks.count;
    let from = 0;
    do {
      const count = Math.min(PART_LEVELS, total - from);
      const at = this.sink.claim(BOOK_SNAPSHOT_TYPE, BOOK_SNAPSHOT_BYTES + count * LEVEL_BYTES);
      if (at === NO_ROOM) return false;
      writeBookSnapshot(
        this.sink.views,
        at,
        values[Field.ReceiveTime],
        0,
        values[Field.LastId],
        instrument,
        this.decodeNs(values),
        bidsOf(bids, from, count),
        from === 0 ? 1 : 0,
        from + count === total ? 1 : 0,
        count,
      );
      this.writeLevels(at + BOOK_SNAPSHOT_LEVELS, bids, asks, from, count);
      this.commit();
      from += count;
    } while (from < total);
    return true;
  }

  status(instrument: number, state: number, reason: number): boolean {
    const at = this.sink.claim(FEED_STATUS_TYPE, FEED_STATUS_BYTES);
    if (at === NO_ROOM) return false;
    this.stamp(this.nowUs, 0);
    writeFeedStatus(this.sink.views, at, this.nowUs[0], instrument, 0, state, reason);
    return this.commit();
  }

  private commit(): true {
    this.sink.commit();
    this.counters.messages += 1;
    return true;
  }

  /** From the socket to here; an update that waited for its book says so. */
  private decodeNs(values: Float64Array): number {
    this.stamp(this.nowUs, 0);
    const ns = (this.nowUs[0] - values[Field.ReceiveTime]) * NS_PER_US + 0.5;
    return Math.max(0, Math.min(ns, DECODE_NS_MAX)) | 0;
  }

  private writeLevels(at: number, bids: LevelList, asks: LevelList, from: number, count: number): void {
    const bidCount = bidsOf(bids, from, count);
    this.writeSide(at, bids, from, bidCount);
    this.writeSide(at + bidCount * LEVEL_BYTES, asks, from + bidCount - bids.count, count - bidCount);
  }

  private writeSide(at: number, list: LevelList, from: number, count: number): void {
    const { f64, i32 } = this.sink.views;
    for (let level = 0; level < count; level += 1, at += LEVEL_BYTES) {
      f64[(at + LEVEL_QTY_LOTS) >> 3] = list.lots[from + level];
      i32[(at + LEVEL_PRICE_TICKS) >> 2] = list.ticks[from + level];
      i32[(at + LEVEL_RESERVED) >> 2] = 0;
    }
  }
}

/** How many of `count` levels from position `from` are bids, which come first. */
function bidsOf(bids: LevelList, from: number, count: number): number {
  return Math.max(0, Math.min(bids.count - from, count));
}
