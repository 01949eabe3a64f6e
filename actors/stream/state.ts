/**
 * What the stream remembers of a run, so that a new subscriber sees the whole picture before the changes to it. It
 * follows the same records as the clients do, so a picture and the next change fit together. After a loss it forgets
 * what may have become wrong without its noticing: books and quotes; orders and positions stay as last known.
 */
import { Book, type EngineConfig } from "../../engine/index.js";
import { isWorking, ORDERS_MAX } from "../../engine/orders/order-table.js";
import {
  BOOK_DELTA_INSTRUMENT,
  BOOK_DELTA_RECEIVE_TIME_US,
  BOOK_DELTA_VENUE_TIME_US,
  BOOK_SNAPSHOT_BYTES,
  BOOK_SNAPSHOT_INSTRUMENT,
  BOOK_SNAPSHOT_LEVELS,
  BOOK_SNAPSHOT_RECEIVE_TIME_US,
  BOOK_SNAPSHOT_VENUE_TIME_US,
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_STATE,
  FeedState,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  LEVEL_RESERVED,
  MessageType,
  type MessageViews,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_STATUS,
  POSITION_INSTRUMENT,
  POSITION_STRATEGY,
  QUOTE_INSTRUMENT,
  Topic,
  writeBookSnapshot,
} from "../../schemas/index.js";
import { RecentRecords, RecordCopy, type StreamRecord } from "./record.js";
import { configRecord, type StreamRun } from "./text-message.js";

/** Levels a side in the picture of a book; both sides fit one message. */
const SNAPSHOT_LEVELS = 100;
/** Trades, fills and log lines in the picture. */
const RECENT_MAX = 50;

type Visit = (record: StreamRecord) => void;

/** A book and the newest record that changed it. */
interface BookState {
  readonly book: Book;
  sequence: number;
  timeUs: number;
  receiveTimeUs: number;
  venueTimeUs: number;
}

export class StreamState {
  /** The run's Config message, the first thing a client gets. */
  readonly config: RecordCopy;
  private readonly books: BookState[];
  private readonly quotes: (RecordCopy | undefined)[] = [];
  private readonly feeds: (RecordCopy | undefined)[] = [];
  private readonly positions: (RecordCopy | undefined)[] = [];
  private readonly orders = new Map<number, RecordCopy>();
  private readonly trades = new RecentRecords(RECENT_MAX);
  private readonly fills = new RecentRecords(RECENT_MAX);
  private readonly logs = new RecentRecords(RECENT_MAX);
  private readonly latest: { trading?: RecordCopy; status?: RecordCopy } = {};
  private readonly picture = new RecordCopy(BOOK_SNAPSHOT_BYTES + 2 * SNAPSHOT_LEVELS * LEVEL_BYTES);

  constructor(run: StreamRun) {
    this.config = configRecord(run);
    this.books = emptyBooks(run.config);
  }

  onRecord(record: StreamRecord): void {
    const { type, views, at } = record;
    switch (type) {
      case MessageType.Trade:
        this.trades.add(record);
        break;
      case MessageType.Quote:
        keep(this.quotes, views.u32[(at + QUOTE_INSTRUMENT) >> 2], record);
        break;
      case MessageType.BookDelta:
        this.onBookDelta(record);
        break;
      case MessageType.BookSnapshot:
        this.onBookSnapshot(record);
        break;
      case MessageType.FeedStatus:
        this.onFeedStatus(record);
        break;
      case MessageType.OrderEvent:
        this.onOrderEvent(record);
        break;
      case MessageType.Fill:
        this.fills.add(record);
        break;
      case MessageType.Position:
        keep(this.positions, this.positionCell(views, at), record);
        break;
      case MessageType.TradingStateEvent:
        this.latest.trading = (this.latest.trading ?? new RecordCopy()).copyOf(record);
        break;
      case MessageType.StrategyLog:
        this.logs.add(record);
        break;
      case MessageType.Status:
        this.latest.status = (this.latest.status ?? new RecordCopy()).copyOf(record);
        break;
      case MessageType.Config:
        this.config.copyOf(record);
        break;
    }
  }

  /** Visits the picture of a topic; each record is valid until its visit returns. */
  forEach(topic: number, visit: Visit): void {
    switch (topic) {
      case Topic.Trades:
        this.trades.forEach(visit);
        break;
      case Topic.Quotes:
        visitKept(this.quotes, visit);
        break;
      case Topic.Book:
        this.forEachBook(visit);
        break;
      case Topic.Orders:
        this.orders.forEach(visit);
        break;
      case Topic.Fills:
        this.fills.forEach(visit);
        break;
      case Topic.Positions:
        visitKept(this.positions, visit);
        break;
      case Topic.Status:
        this.forEachStatus(visit);
        break;
    }
  }

  /**
   * Records were lost. Books are emptied and visited as such, for a client's would be as wrong; they are whole again
   * after the feed's next snapshot, and until then hold only levels that changed since.
   */
  onLost(visitBook: Visit): void {
    this.quotes.fill(undefined);
    this.books.forEach((state, instrument) => {
      state.book.clear();
      visitBook(this.bookPicture(state, instrument));
    });
  }

  private onBookDelta(record: StreamRecord): void {
    const { views, at } = record;
    const state = this.books[views.u32[(at + BOOK_DELTA_INSTRUMENT) >> 2]];
    state.book.applyDelta(views, at);
    state.receiveTimeUs = views.f64[(at + BOOK_DELTA_RECEIVE_TIME_US) >> 3];
    state.venueTimeUs = views.f64[(at + BOOK_DELTA_VENUE_TIME_US) >> 3];
    state.sequence = record.sequence;
    state.timeUs = record.timeUs;
  }

  private onBookSnapshot(record: StreamRecord): void {
    const { views, at } = record;
    const state = this.books[views.u32[(at + BOOK_SNAPSHOT_INSTRUMENT) >> 2]];
    state.book.applySnapshot(views, at);
    state.receiveTimeUs = views.f64[(at + BOOK_SNAPSHOT_RECEIVE_TIME_US) >> 3];
    state.venueTimeUs = views.f64[(at + BOOK_SNAPSHOT_VENUE_TIME_US) >> 3];
    state.sequence = record.sequence;
    state.timeUs = record.timeUs;
  }

  /** An empty feed has no book, as in the engine. */
  private onFeedStatus(record: StreamRecord): void {
    const { views, at } = record;
    const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
    keep(this.feeds, instrument, record);
    if (views.u8[at + FEED_STATUS_STATE] === FeedState.Empty) this.books[instrument].book.clear();
  }

  /** An id is handed out only when the one that many before it has ended, so a lost ending is noticed in the end. */
  private onOrderEvent(record: StreamRecord): void {
    const id = record.views.f64[(record.at + ORDER_EVENT_ORDER_ID) >> 3];
    if (!isWorking(record.views.u8[record.at + ORDER_EVENT_STATUS])) {
      this.orders.delete(id);
      return;
    }
    const kept = this.orders.get(id);
    if (kept) kept.copyOf(record);
    else this.orders.set(id, new RecordCopy(record.bytes).copyOf(record));
    this.orders.delete(id - ORDERS_MAX);
  }

  private positionCell({ u16, u32 }: MessageViews, at: number): number {
    return u16[(at + POSITION_STRATEGY) >> 1] * this.books.length + u32[(at + POSITION_INSTRUMENT) >> 2];
  }

  private forEachStatus(visit: Visit): void {
    visitKept(this.feeds, visit);
    if (this.latest.trading) visit(this.latest.trading);
    this.logs.forEach(visit);
    if (this.latest.status) visit(this.latest.status);
  }

  private forEachBook(visit: Visit): void {
    this.books.forEach((state, instrument) => {
      if (state.book.bids.count + state.book.asks.count > 0) visit(this.bookPicture(state, instrument));
    });
  }

  private bookPicture(state: BookState, instrument: number): StreamRecord {
    const { picture } = this;
    const { bids, asks, lastUpdateId } = state.book;
    const bidCount = Math.min(bids.count, SNAPSHOT_LEVELS);
    const askCount = Math.min(asks.count, SNAPSHOT_LEVELS);
    const { views } = picture;
    const count = bidCount + askCount;
    writeBookSnapshot(
      views,
      0,
      state.receiveTimeUs,
      state.venueTimeUs,
      lastUpdateId,
      instrument,
      0,
      bidCount,
      1,
      1,
      count,
    );
    for (let depth = 0; depth < bidCount; depth += 1)
      writeLevel(views, depth, bids.ticksAtDepth(depth), bids.lotsAtDepth(depth));
    for (let depth = 0; depth < askCount; depth += 1) {
      writeLevel(views, bidCount + depth, asks.ticksAtDepth(depth), asks.lotsAtDepth(depth));
    }
    picture.type = MessageType.BookSnapshot;
    picture.sequence = state.sequence;
    picture.timeUs = state.timeUs;
    picture.bytes = BOOK_SNAPSHOT_BYTES + count * LEVEL_BYTES;
    return picture;
  }
}

function emptyBooks({ instruments }: EngineConfig): BookState[] {
  return instruments.map(() => ({ book: new Book(), sequence: 0, timeUs: 0, receiveTimeUs: 0, venueTimeUs: 0 }));
}

function keep(records: (RecordCopy | undefined)[], index: number, record: StreamRecord): void {
  records[index] = (records[index] ?? new RecordCopy(record.bytes)).copyOf(record);
}

function visitKept(records: readonly (RecordCopy | undefined)[], visit: Visit): void {
  for (const record of records) if (record) visit(record);
}

function writeLevel(views: MessageViews, level: number, ticks: number, lots: number): void {
  const at = BOOK_SNAPSHOT_LEVELS + level * LEVEL_BYTES;
  views.f64[(at + LEVEL_QTY_LOTS) >> 3] = lots;
  views.i32[(at + LEVEL_PRICE_TICKS) >> 2] = ticks;
  views.i32[(at + LEVEL_RESERVED) >> 2] = 0;
}
