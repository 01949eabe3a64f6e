/**
 * Writes what a frame said into the sink, as the messages of schemas/market.fbs. A method returns false when the sink
 * had no room; of a book in several parts, some may then be in it, and the book is to be joined anew.
 */
import {
  BOOK_DELTA_BYTES,
  BOOK_DELTA_LEVELS,
  BOOK_DELTA_TYPE,
  BOOK_SNAPSHOT_BYTES,
  BOOK_SNAPSHOT_LEVELS,
  BOOK_SNAPSHOT_TYPE,
  FEED_STATUS_BYTES,
  FEED_STATUS_TYPE,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  LEVEL_RESERVED,
  QUOTE_BYTES,
  QUOTE_TYPE,
  Side,
  TRADE_BYTES,
  TRADE_TYPE,
  writeBookDelta,
  writeBookSnapshot,
  writeFeedStatus,
  writeQuote,
  writeTrade,
} from "../../schemas/index.js";
import type { FeedCounters } from "../feed-counters.js";
import type { LevelList } from "../level-list.js";
import { type MarketSink, NO_ROOM } from "../market-sink.js";
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
  private readonly nowUs: () => number;

  constructor(sink: MarketSink, counters: FeedCounters, nowUs: () => number) {
    this.sink = sink;
    this.counters = counters;
    this.nowUs = nowUs;
  }

  trade(instrument: number, values: Float64Array): boolean {
    const at = this.sink.claim(TRADE_TYPE, TRADE_BYTES);
    if (at === NO_ROOM) return false;
    writeTrade(
      this.sink.views,
      at,
      values[Field.ReceiveTime],
      values[Field.TradeTime] * US_PER_MS,
      values[Field.TradeId],
      values[Field.Quantity],
      values[Field.Price],
      instrument,
      this.decodeNs(values),
      // The maker's opposite took the liquidity.
      values[Field.BuyerIsMaker] === 1 ? Side.Sell : Side.Buy,
    );
    return this.commit();
  }

  /** Spot's bookTicker has no time of its own. */
  quote(instrument: number, values: Float64Array): boolean {
    const at = this.sink.claim(QUOTE_TYPE, QUOTE_BYTES);
    if (at === NO_ROOM) return false;
    writeQuote(
      this.sink.views,
      at,
      values[Field.ReceiveTime],
      0,
      values[Field.LastId],
      values[Field.BidQuantity],
      values[Field.AskQuantity],
      values[Field.Bid],
      values[Field.Ask],
      instrument,
      this.decodeNs(values),
    );
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
        values[Field.ReceiveTime],
        values[Field.EventTime] * US_PER_MS,
        values[Field.FirstId],
        values[Field.LastId],
        instrument,
        this.decodeNs(values),
        bidsOf(bids, from, count),
        from + count === total ? 1 : 0,
        count,
      );
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
    writeFeedStatus(this.sink.views, at, this.nowUs(), instrument, 0, state, reason);
    return this.commit();
  }

  private commit(): true {
    this.sink.commit();
    this.counters.messages += 1;
    return true;
  }

  /** From the socket to here; an update that waited for its book says so. */
  private decodeNs(values: Float64Array): number {
    const ns = Math.round((this.nowUs() - values[Field.ReceiveTime]) * NS_PER_US);
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
