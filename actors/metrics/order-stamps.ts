/**
 * When orders passed one thread, in shared memory, for the threads behind it: a row for each input that led to an
 * order, found again by the input's sequence. Nothing of it enters the log, so a replay does not know of it. The writer
 * waits for nobody: rows that a reader did not look up in time are lost, counted, and never taken for another order's.
 *
 *     0  written  rows written, i32, modulo 2^32
 *     4  lost     rows that readers came too late for, i32
 *   128  rows     4096 of [sequence f64][received f64][passed f64][0]; moments in microseconds since the epoch
 *
 * A row is whole when it is believed. The writer fills row n, then moves `written` on to n + 1: a reader that saw
 * `written` beyond n sees all of it. It touches the row again only for n + 4096, after it has moved `written` on to
 * that number: a reader that copies row n and then finds `written` less than 4096 ahead of n has copied what stood
 * there before. Writing row n in time for whoever needs it is the owner's part: before the store that shows the log.
 *   Both `written` of the writer and the reader's second look are read-modify-writes: the writer's later stores cannot
 * come before its move, nor the reader's copy after its look, on processors that reorder as well.
 */
import assert from "node:assert/strict";
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

export const STAMP_ROWS = 4096;
const ROW_DOUBLES = 4;
const WRITTEN = 0;
const LOST = 4;
const ROWS = LINE_PAIR;

/** Where in a row the fields stand, in doubles. */
export const STAMP_SEQUENCE = 0;
/** When the order's tick was received; NaN for an order that no market message led to. */
export const STAMP_RECEIVED = 1;
/** When the order had passed the writing thread. */
export const STAMP_PASSED = 2;

assert((STAMP_ROWS & (STAMP_ROWS - 1)) === 0, "a row's place is cut from its number");

/** A table's places, for the writer and each reader alike. */
abstract class OrderStamps {
  protected readonly f64: Float64Array;
  protected readonly i32: Int32Array;
  protected readonly written: number;
  protected readonly lostAt: number;
  private readonly rows: number;

  /** The table at byte `base`, in memory that is zero at the start. */
  constructor(views: SharedViews, base: number) {
    this.f64 = views.f64;
    this.i32 = views.i32;
    this.written = (base + WRITTEN) >> 2;
    this.lostAt = (base + LOST) >> 2;
    this.rows = (base + ROWS) >> 3;
  }

  static bytesFor(): number {
    return ROWS + STAMP_ROWS * ROW_DOUBLES * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Rows that readers came too late for, so far. */
  get lost(): number {
    return Atomics.load(this.i32, this.lostAt) >>> 0;
  }

  protected rowAt(number: number): number {
    return this.rows + (number & (STAMP_ROWS - 1)) * ROW_DOUBLES;
  }
}

/** One thread's. Moments go into the row by index, because a double that crosses a call may be boxed. */
export class OrderStampWriter extends OrderStamps {
  readonly doubles: Float64Array;
  private count: number;

  constructor(views: SharedViews, base: number) {
    super(views, base);
    this.doubles = views.f64;
    this.count = Atomics.load(this.i32, this.written);
  }

  /** Index in `doubles` of the next row, to be filled wholly; nobody sees it before `publish`. */
  get row(): number {
    return this.rowAt(this.count);
  }

  publish(): void {
    this.count = (this.count + 1) | 0;
    Atomics.exchange(this.i32, this.written, this.count);
  }
}

/** A thread's own place in another's table, from its making on: sequences must be asked for in ascending order. */
export class OrderStampReader extends OrderStamps {
  // Doubles from the start: a field that begins as a small integer may be boxed anew at every store.
  /** The moments of the row that was found; see STAMP_RECEIVED and STAMP_PASSED. */
  receivedUs = Number.NaN;
  passedUs = Number.NaN;
  private sequence = Number.NEGATIVE_INFINITY;
  private next: number;

  constructor(views: SharedViews, base: number) {
    super(views, base);
    this.next = Atomics.load(this.i32, this.written);
  }

  /** Whether an input's row is there; then its moments can be read. The same one may be asked for again. */
  find(sequence: number): boolean {
    while (this.sequence < sequence) if (!this.advance()) return false;
    return this.sequence === sequence;
  }

  /** Moves to the next row; false when there is none yet. */
  private advance(): boolean {
    for (;;) {
      const ahead = (Atomics.load(this.i32, this.written) - this.next) | 0;
      if (ahead === 0) return false;
      if (ahead >= STAMP_ROWS) this.lose(ahead - STAMP_ROWS + 1);
      this.copy();
      const isWhole = ((Atomics.add(this.i32, this.written, 0) - this.next) | 0) < STAMP_ROWS;
      if (!isWhole) continue;
      this.next = (this.next + 1) | 0;
      return true;
    }
  }

  private copy(): void {
    const row = this.rowAt(this.next);
    this.sequence = this.f64[row + STAMP_SEQUENCE];
    this.receivedUs = this.f64[row + STAMP_RECEIVED];
    this.passedUs = this.f64[row + STAMP_PASSED];
  }

  private lose(rows: number): void {
    this.next = (this.next + rows) | 0;
    Atomics.add(this.i32, this.lostAt, rows);
  }
}
