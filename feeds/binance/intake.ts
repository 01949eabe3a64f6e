/**
 * From a frame's bytes to messages in the sink, for all instruments of one connection; no sockets, no timers. Each
 * frame is decoded, dropped with a reason, or waits for its book's snapshot, and is counted as exactly one of these.
 */

import { assert } from "../../engine/assert.js";
import type { Instrument } from "../../engine/instrument.js";
import { FeedReason, FeedState } from "../../schemas/index.js";
import { DropReason, type FeedCounters } from "../feed-counters.js";
import type { MarketSink } from "../market-sink.js";
import type { StampUs } from "../stamp.js";
import { SnapshotAction, UpdateAction } from "../sync/binance.js";
import { BookFeed } from "./book-feed.js";
import { BinanceDecoder, DROPPED, Outcome } from "./decode.js";
import { Field } from "./fields.js";
import { type DepthFrame, MarketMessages } from "./messages.js";
import { UNKNOWN_SYMBOL } from "./symbol-index.js";

/** While the sink has no room for a status, how often it is tried again: a reader does not say that it made room. */
const ROOM_US = 2_000;

export interface IntakeOptions {
  readonly instruments: readonly Instrument[];
  readonly sink: MarketSink;
  readonly counters: FeedCounters;
  readonly stamp: StampUs;
  /** A live book without an update for longer is stale. */
  readonly silenceMs: number;
}

export class BinanceIntake {
  /** In the order of the instruments given. */
  readonly books: readonly BookFeed[];
  /** When the newest frame came, in its only element, microseconds; 0 before the first. */
  readonly heardUs = new Float64Array(1);
  private readonly decoder: BinanceDecoder;
  private readonly messages: MarketMessages;
  private readonly sink: MarketSink;
  private readonly counters: FeedCounters;
  private readonly stamp: StampUs;
  private readonly silenceUs: number;
  /** By book: when its last update came. */
  private readonly updatedUs: Float64Array;
  private readonly tickUs = new Float64Array(1);

  constructor({ instruments, sink, counters, stamp, silenceMs }: IntakeOptions) {
    this.books = instruments.map((instrument) => new BookFeed(instrument, counters));
    this.decoder = new BinanceDecoder(instruments);
    this.messages = new MarketMessages(sink, counters, stamp);
    this.sink = sink;
    this.counters = counters;
    this.stamp = stamp;
    this.silenceUs = silenceMs * 1000;
    this.updatedUs = new Float64Array(instruments.length);
  }

  /** Takes a frame the socket delivered just now; returns the decoder's outcome. */
  onFrame(bytes: Uint8Array, isText: boolean): number {
    this.counters.received += 1;
    this.stamp(this.decoder.values, Field.ReceiveTime);
    this.heardUs[0] = this.decoder.values[Field.ReceiveTime];
    const outcome = isText ? this.decoder.decode(bytes, bytes.length) : this.decoder.refuseBinary();
    switch (outcome) {
      case Outcome.Trade:
        this.onTrade();
        break;
      case Outcome.Quote:
        this.onQuote();
        break;
      case Outcome.Depth:
        this.onDepth();
        break;
      case Outcome.Reply:
      case Outcome.Refusal:
        this.onReply();
        break;
      default:
        this.onDropped(outcome - DROPPED);
    }
    this.sink.publish();
    return outcome;
  }

  subscribed(): void {
    for (const book of this.books) {
      book.sync.subscribed();
      this.discardWaiting(book);
    }
    this.tellAll();
  }

  disconnected(): void {
    for (const book of this.books) {
      book.sync.disconnected();
      this.discardWaiting(book);
    }
    this.tellAll();
  }

  stopped(): void {
    for (const book of this.books) {
      book.sync.stopped();
      this.discardWaiting(book);
    }
    this.tellAll();
  }

  /** Notices silence and says what could not be said for lack of room. Returns how many books changed their state. */
  tick(): number {
    const { tickUs, updatedUs, silenceUs } = this;
    this.stamp(tickUs, 0);
    let changed = 0;
    for (let position = 0; position < this.books.length; position += 1) {
      const book = this.books[position];
      const { sync } = book;
      if (sync.state === FeedState.Live && tickUs[0] - updatedUs[position] > silenceUs) sync.silence();
      if (!book.isTold && this.tell(book)) changed += 1;
    }
    if (changed > 0) this.sink.publish();
    return changed;
  }

  /** When `tick` will have something to do, unless a frame comes before. */
  nextTickUs(nowUs: number): number {
    let dueUs = Number.POSITIVE_INFINITY;
    for (let position = 0; position < this.books.length; position += 1) {
      const { isTold, sync } = this.books[position];
      if (!isTold) return nowUs + ROOM_US;
      if (sync.state === FeedState.Live) dueUs = Math.min(dueUs, this.updatedUs[position] + this.silenceUs);
    }
    return dueUs;
  }

  /** Offers a snapshot to a book. False when another must be fetched. */
  onSnapshot(book: BookFeed, snapshot: DepthFrame): boolean {
    const action = book.sync.snapshot(snapshot.values[Field.LastId]);
    if (action === SnapshotAction.Join) this.join(book, snapshot);
    this.sink.publish();
    return action !== SnapshotAction.AskAgain;
  }

  private onTrade(): void {
    const book = this.books[this.decoder.instrument];
    this.settle(book, this.tell(book) && this.messages.trade(book.instrument.index, this.decoder.values));
  }

  private onQuote(): void {
    const book = this.books[this.decoder.instrument];
    this.settle(book, this.tell(book) && this.messages.quote(book.instrument.index, this.decoder.values));
  }

  private onReply(): void {
    this.counters.decoded += 1;
    this.counters.replies += 1;
  }

  private onDepth(): void {
    const { values, instrument } = this.decoder;
    const book = this.books[instrument];
    this.updatedUs[instrument] = values[Field.ReceiveTime];
    switch (book.sync.update(values, Field.FirstId)) {
      case UpdateAction.Apply:
        return this.apply(book);
      case UpdateAction.Superseded:
        return this.drop(DropReason.Superseded);
      case UpdateAction.Unsynced:
        return this.drop(DropReason.Unsynced);
      case UpdateAction.WaitAlone:
        this.discardWaiting(book);
        break;
      case UpdateAction.WaitForOldest:
        this.discardOldest(book);
        break;
      default:
        break;
    }
    book.keep(this.decoder);
    this.counters.pending += 1;
    book.sync.waitingFrom(book.waiting[0].values[Field.FirstId]);
    this.tell(book);
  }

  private apply(book: BookFeed): void {
    this.settle(book, this.tell(book) && this.messages.delta(book.instrument.index, this.decoder));
  }

  private onDropped(reason: number): void {
    this.drop(reason);
    const lost = reason !== DropReason.WrongSymbol && reason !== DropReason.UnknownType;
    if (!lost || !this.decoder.mayTouchBook) return;
    const { instrument } = this.decoder;
    if (instrument !== UNKNOWN_SYMBOL) this.lose(this.books[instrument], FeedReason.BadFrame);
    else for (const book of this.books) this.lose(book, FeedReason.BadFrame);
  }

  private drop(reason: number): void {
    this.counters.dropped[reason] += 1;
  }

  /** Counts a frame whose messages are in the sink, or were refused by it. */
  private settle(book: BookFeed, written: boolean): void {
    if (written) {
      this.counters.decoded += 1;
      this.counters.rounded += this.decoder.rounded;
      return;
    }
    this.drop(DropReason.RingFull);
    this.loseRoom(book);
  }

  /** A book already lost for lack of room keeps the updates that wait. */
  private loseRoom(book: BookFeed): void {
    if (book.sync.following || book.sync.reason !== FeedReason.RingFull) this.lose(book, FeedReason.RingFull);
  }

  private lose(book: BookFeed, reason: FeedReason): void {
    book.sync.lost(reason);
    this.discardWaiting(book);
    this.tell(book);
  }

  /** False when the engine cannot be told how its book stands; nothing else may be said about the book before that. */
  private tell(book: BookFeed): boolean {
    if (book.isTold) return true;
    const { state, reason } = book.sync;
    if (!this.messages.status(book.instrument.index, state, reason)) return false;
    book.toldState = state;
    book.toldReason = reason;
    return true;
  }

  private tellAll(): void {
    for (const book of this.books) this.tell(book);
    this.sink.publish();
  }

  /** The book is live when the snapshot and everything that waited is in the sink. */
  private join(book: BookFeed, snapshot: DepthFrame): void {
    const waiting = book.waiting;
    book.waiting = [];
    let room = this.tell(book) && this.messages.snapshot(book.instrument.index, snapshot);
    for (const frame of waiting) {
      this.counters.pending -= 1;
      if (room) room = this.applyWaiting(book, frame);
      else this.drop(DropReason.Unsynced);
    }
    if (!room) return this.loseRoom(book);
    book.sync.joined();
    this.tell(book);
  }

  private applyWaiting(book: BookFeed, frame: DepthFrame): boolean {
    const action = book.sync.update(frame.values, Field.FirstId);
    if (action === UpdateAction.Superseded) this.drop(DropReason.Superseded);
    else {
      assert(action === UpdateAction.Apply, `updates that wait continue each other (${book.instrument.id}: ${action})`);
      if (!this.messages.delta(book.instrument.index, frame)) {
        this.drop(DropReason.RingFull);
        return false;
      }
      this.counters.decoded += 1;
    }
    return true;
  }

  private discardWaiting(book: BookFeed): void {
    this.counters.dropped[DropReason.Unsynced] += book.waiting.length;
    this.counters.pending -= book.waiting.length;
    book.waiting = [];
  }

  private discardOldest(book: BookFeed): void {
    book.waiting.shift();
    this.counters.pending -= 1;
    this.drop(DropReason.Unsynced);
  }
}
