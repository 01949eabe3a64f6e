/** A market sink in plain memory, and what the messages in it say: the other end of a feed, for its tests. */

import { type Instrument, makeInstrument } from "../../engine/instrument.js";
import { Book } from "../../engine/market/book.js";
import { unitsFromText } from "../../engine/units.js";
import type { DepthSnapshot, Level } from "../../feeds/local-venue/venue-book.js";
import { type MarketSink, NO_ROOM } from "../../feeds/market-sink.js";
import {
  BOOK_DELTA_FIRST_UPDATE_ID,
  BOOK_DELTA_INSTRUMENT,
  BOOK_DELTA_LAST_UPDATE_ID,
  BOOK_SNAPSHOT_INSTRUMENT,
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_REASON,
  FEED_STATUS_STATE,
  FeedReason,
  FeedState,
  MessageType,
  padTo8,
  viewsOf,
} from "../../schemas/index.js";

export const BTC = makeInstrument(
  {
    id: "BTC/USDT.BINANCE",
    venueSymbol: "BTCUSDT",
    tickSize: "0.01",
    lotSize: "0.00001",
    minQty: "0.00001",
    minNotional: "5",
    makerFeePpm: 1000,
    takerFeePpm: 1000,
  },
  0,
);
export const ETH = makeInstrument(
  {
    id: "ETH/USDT.BINANCE",
    venueSymbol: "ETHUSDT",
    tickSize: "0.01",
    lotSize: "0.0001",
    minQty: "0.0001",
    minNotional: "5",
    makerFeePpm: 1000,
    takerFeePpm: 1000,
  },
  1,
);

const RECORD_BYTES_MAX = 16 * 1024;

/** Hands every published message to `onMessage`. With `room` set to a number, that many more are taken. */
class MemorySink implements MarketSink {
  readonly views = viewsOf(new ArrayBuffer(1024 * 1024));
  room = Number.POSITIVE_INFINITY;
  published = 0;
  private at = 0;
  private claimed: { type: number; at: number; bytes: number } | undefined;
  private readonly committed: { type: number; at: number }[] = [];
  private readonly onMessage: (type: number, at: number) => void;

  constructor(onMessage: (type: number, at: number) => void = () => {}) {
    this.onMessage = onMessage;
  }

  claim(type: number, bytes: number): number {
    if (this.claimed) throw new Error("a claim is open");
    if (bytes > RECORD_BYTES_MAX) throw new Error(`a claim of ${bytes} bytes is larger than a ring takes`);
    if (this.room <= 0 || this.at + bytes > this.views.u8.length) return NO_ROOM;
    this.claimed = { type, at: this.at, bytes };
    return this.at;
  }

  commit(): void {
    const { type, at, bytes } = this.claimed!;
    this.claimed = undefined;
    this.room -= 1;
    this.at += padTo8(bytes);
    this.committed.push({ type, at });
  }

  publish(): void {
    for (const { type, at } of this.committed.splice(0)) {
      this.published += 1;
      this.onMessage(type, at);
    }
    this.at = 0;
  }
}

/** What an engine would believe of one instrument, and the promises that each message must keep. */
class FollowedBook {
  readonly book = new Book();
  readonly statuses: string[] = [];
  state: FeedState = FeedState.Empty;
  trades = 0;
  quotes = 0;
  deltas = 0;
  snapshots = 0;
  /** What went wrong, in words. */
  readonly faults: string[] = [];

  /** The price range that the last snapshot covered; what lies outside is known only once it changes. */
  coveredTicks: [low: number, high: number] = [0, 0];

  get isLive(): boolean {
    return this.state === FeedState.Live;
  }

  onSnapshot(views: MemorySink["views"], at: number): void {
    this.snapshots += 1;
    this.book.applySnapshot(views, at);
    const { bids, asks } = this.book;
    this.coveredTicks = [bids.ticksAtDepth(bids.count - 1), asks.ticksAtDepth(asks.count - 1)];
  }

  onDelta(views: MemorySink["views"], at: number): void {
    const firstId = views.f64[(at + BOOK_DELTA_FIRST_UPDATE_ID) >> 3];
    const lastId = views.f64[(at + BOOK_DELTA_LAST_UPDATE_ID) >> 3];
    const continues = firstId <= this.book.lastUpdateId + 1 && lastId >= this.book.lastUpdateId;
    if (!continues) this.faults.push(`update ${firstId}…${lastId} does not continue ${this.book.lastUpdateId}`);
    this.book.applyDelta(views, at);
    this.deltas += 1;
    if (this.isLive && this.book.isCrossed()) this.faults.push(`crossed after ${lastId}`);
  }

  onStatus(state: FeedState, reason: FeedReason): void {
    this.state = state;
    this.statuses.push(`${FeedState[state]}/${FeedReason[reason]}`);
  }
}

/** Follows the messages of several instruments. */
export class Follower {
  readonly sink: MemorySink;
  readonly books: readonly FollowedBook[];

  constructor(instruments: readonly Instrument[]) {
    this.books = instruments.map(() => new FollowedBook());
    this.sink = new MemorySink((type, at) => this.onMessage(type, at));
  }

  private onMessage(type: number, at: number): void {
    const { views } = this.sink;
    const { u32, u8 } = views;
    switch (type) {
      case MessageType.Trade:
        this.books[u32[(at + 52) >> 2]].trades += 1;
        break;
      case MessageType.Quote:
        this.books[u32[(at + 64) >> 2]].quotes += 1;
        break;
      case MessageType.BookDelta:
        this.books[u32[(at + BOOK_DELTA_INSTRUMENT) >> 2]].onDelta(views, at);
        break;
      case MessageType.BookSnapshot:
        this.books[u32[(at + BOOK_SNAPSHOT_INSTRUMENT) >> 2]].onSnapshot(views, at);
        break;
      case MessageType.FeedStatus:
        this.books[u32[(at + FEED_STATUS_INSTRUMENT) >> 2]].onStatus(
          u8[at + FEED_STATUS_STATE],
          u8[at + FEED_STATUS_REASON],
        );
        break;
      default:
        throw new Error(`a feed does not send messages of type ${type}`);
    }
  }
}

/** The book's levels as [ticks, lots], best first. */
export function levelsOf(book: Book, side: "bids" | "asks"): [number, number][] {
  return Array.from({ length: book[side].count }, (_, depth) => [
    book[side].ticksAtDepth(depth),
    book[side].lotsAtDepth(depth),
  ]);
}

/** The venue's levels as [ticks, whole lots], in its order: best first. */
export function venueLevels(levels: DepthSnapshot["bids"], instrument: Instrument): [number, number][] {
  return levels
    .map(([price, quantity]: Level): [number, number] => [
      unitsFromText(price, instrument.tick),
      unitsFromText(quantity.slice(0, quantity.indexOf(".") + 1 + instrument.lot.decimals), instrument.lot),
    ])
    .filter(([, lots]) => lots > 0);
}
