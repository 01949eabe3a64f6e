/**
 * A gating reader of the sequenced log: it sees every record, and the writer waits for it. It never passes the tail,
 * nor the readers it depends on; see log-ring.ts.
 */
import assert from "node:assert/strict";
import { joinHeader, type RingIdentity, RingJoinError, readersOf } from "./header.js";
import {
  LOG_RECORD_HEADER,
  LOG_RECORDS,
  LOG_TAIL,
  NONE,
  READER_HIGH,
  READER_POSITION,
  READER_STATE,
  ReaderState,
  RingKind,
} from "./layout.js";
import { LogRecord } from "./log-record.js";
import { cursorOf } from "./log-ring.js";
import type { SharedViews } from "./views.js";

export class LogReader extends LogRecord {
  /** The place of this reader among the ring's cursors. */
  readonly slot: number;
  private readonly i32: Int32Array;
  private readonly cursor: number;
  private readonly state: number;
  private readonly high: number;
  private readonly records: number;
  /** Words whose slowest bounds this reader: the tail, or the cursors of the readers it depends on. */
  private readonly barrier: Int32Array;
  private consumed: number;
  private released: number;
  private limit: number;

  private constructor(views: SharedViews, base: number, capacity: number, slot: number, dependsOn: readonly number[]) {
    super(views, capacity);
    this.slot = slot;
    this.i32 = views.i32;
    this.cursor = (cursorOf(base, slot) + READER_POSITION) >> 2;
    this.state = (cursorOf(base, slot) + READER_STATE) >> 2;
    this.high = (cursorOf(base, slot) + READER_HIGH) >> 2;
    this.records = base + LOG_RECORDS;
    this.barrier =
      dependsOn.length === 0
        ? Int32Array.of((base + LOG_TAIL) >> 2)
        : Int32Array.from(dependsOn, (other) => (cursorOf(base, other) + READER_POSITION) >> 2);
    this.consumed = Atomics.load(this.i32, this.cursor);
    this.released = this.consumed;
    this.limit = this.consumed;
  }

  /**
   * Becomes the reader of `slot`, from the first record it has not released. It reads no further than the slowest of
   * `dependsOn`, slots below its own so that no circle can form; if one of these leaves, it never passes where that
   * one stopped, for what was not done there will never be. Throws a RingJoinError.
   */
  static join(
    views: SharedViews,
    base: number,
    identity: RingIdentity,
    slot: number,
    dependsOn: readonly number[] = [],
  ): LogReader {
    const capacity = joinHeader(views, base, RingKind.log, identity);
    const readers = readersOf(views, base);
    if (!(slot >= 0 && slot < readers)) {
      throw new RingJoinError(`the log at ${base} has ${readers} gating readers: there is no slot ${slot}`);
    }
    if (Atomics.load(views.i32, (cursorOf(base, slot) + READER_STATE) >> 2) === ReaderState.absent) {
      throw new RingJoinError(
        `the reader of slot ${slot} has left the log at ${base}: records may be gone, create the ring anew`,
      );
    }
    const wrong = dependsOn.find((other) => !(other >= 0 && other < slot));
    if (wrong !== undefined) {
      throw new RingJoinError(
        `reader ${slot} depends on slots 0 to ${slot - 1} only (was ${wrong}): give it a higher slot`,
      );
    }
    return new LogReader(views, base, capacity, slot, dependsOn);
  }

  /** Consumes the next record: the byte offset of its header, or NONE. The record stays as it is until release. */
  next(): number {
    if (this.consumed === this.limit && !this.isMore()) return NONE;
    const start = (this.consumed + this.skippedAt(this.consumed, this.records)) | 0;
    this.readHeader(this.records + (start & (this.capacity - 1)));
    this.consumed = (start + this.recordBytes) | 0;
    if (this.recordBytes < LOG_RECORD_HEADER || ((this.limit - this.consumed) | 0) < 0) {
      assert.fail(`a record of ${this.recordBytes} bytes passes the log's tail: something else wrote into this memory`);
    }
    return this.recordOffset;
  }

  /** After the current record. */
  get position(): number {
    return this.consumed;
  }

  /** Gives all consumed records up: to the writer, and to the readers that depend on this one. */
  release(): void {
    if (this.consumed === this.released) return;
    this.released = this.consumed;
    Atomics.store(this.i32, this.cursor, this.consumed);
  }

  /** Whether a record waits, loaded afresh. */
  available(): boolean {
    return this.slowestBefore() !== this.consumed;
  }

  /** Stops gating the writer, for good: what was consumed is released, what was not may be overwritten. */
  leave(): void {
    this.release();
    Atomics.store(this.i32, this.state, ReaderState.absent);
  }

  /** Loads how far the reader may go: whether that is further. Keeps the high-water mark. */
  private isMore(): boolean {
    this.limit = this.slowestBefore();
    const waiting = (this.limit - this.consumed) | 0;
    if (waiting > this.i32[this.high]) this.i32[this.high] = waiting;
    return waiting !== 0;
  }

  private slowestBefore(): number {
    const barrier = this.barrier;
    let slowest = Atomics.load(this.i32, barrier[0]);
    for (let other = 1; other < barrier.length; other += 1) {
      const position = Atomics.load(this.i32, barrier[other]);
      if (((position - slowest) | 0) < 0) slowest = position;
    }
    return slowest;
  }
}
