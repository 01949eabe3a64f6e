/**
 * The consumer of a ring of many producers; mpsc.ts has the ring, its producers and the rules.
 */
import assert from "node:assert/strict";
import { joinHeader, type RingIdentity } from "./header.js";
import {
  MPSC_HEAD,
  MPSC_LIVES,
  MPSC_LOST,
  MPSC_RECORD_HEADER,
  MPSC_RECORDS,
  MPSC_RELEASING,
  MPSC_TAIL,
  NONE,
  PADDING,
  RingKind,
} from "./layout.js";
import { OWNER_SHIFT, ownerOf, placeOf, TYPE_MAX } from "./mpsc-owner.js";
import type { SharedViews } from "./views.js";

/** Up to here a loop of stores clears faster than a call. */
const CLEAR_BY_LOOP_MAX = 512;

export class MpscConsumer {
  readonly views: SharedViews;
  readonly capacity: number;
  /** Of the record that peek or next returned last. */
  type = PADDING as number;
  payloadBytes = 0;
  private readonly i32: Int32Array;
  private readonly base: number;
  private readonly records: number;
  /** After the last consumed record, and the padding behind it that was seen. */
  private position: number;
  private released: number;
  /** What advance will add to the position; 0 when no record has been looked at. */
  private peekedBytes = 0;
  /** Where an open claim was first found in the way, and when; NaN when none was. */
  private blockedAt = 0;
  private blockedSinceUs = Number.NaN;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.i32 = views.i32;
    this.base = base;
    this.records = base + MPSC_RECORDS;
    this.released = Atomics.load(this.i32, (base + MPSC_HEAD) >> 2);
    // A predecessor that died while it cleared what it had consumed: finish that.
    this.position = Atomics.load(this.i32, (base + MPSC_RELEASING) >> 2);
    this.release();
  }

  /** Becomes the consumer, from the first record not yet released. Throws a RingJoinError for another build's ring. */
  static join(views: SharedViews, base: number, identity: RingIdentity): MpscConsumer {
    return new MpscConsumer(views, base, joinHeader(views, base, RingKind.mpsc, identity));
  }

  /**
   * Consumes the next record: the byte offset of its payload, or NONE. The payload stays as it is until release, so a
   * batch may be read to its end and released once.
   */
  next(): number {
    const at = this.peek();
    if (at !== NONE) this.advance();
    return at;
  }

  /** Looks at the next record and leaves it: the byte offset of its payload, or NONE. Repeating it changes nothing. */
  peek(): number {
    const word = this.seek();
    if (word === NONE) return NONE;
    const length = this.i32[word];
    this.type = this.i32[word + 1] & TYPE_MAX;
    this.payloadBytes = length - MPSC_RECORD_HEADER;
    this.peekedBytes = (length + 7) & ~7;
    return (word << 2) + MPSC_RECORD_HEADER;
  }

  /** Consumes the record that peek returned. */
  advance(): void {
    if (this.peekedBytes === 0) assert.fail("no record was peeked at: peek before advancing");
    this.position = (this.position + this.peekedBytes) | 0;
    this.peekedBytes = 0;
  }

  /** Gives the room of all consumed records back to the producers, cleared. */
  release(): void {
    const bytes = (this.position - this.released) | 0;
    if (bytes === 0) return;
    this.i32[(this.base + MPSC_RELEASING) >> 2] = this.position;
    const index = this.released & (this.capacity - 1);
    const untilEnd = Math.min(bytes, this.capacity - index);
    this.clear(this.records + index, untilEnd);
    this.clear(this.records, bytes - untilEnd);
    this.released = this.position;
    Atomics.store(this.i32, (this.base + MPSC_HEAD) >> 2, this.position);
  }

  /** Whether a committed record waits, loaded afresh. */
  available(): boolean {
    return this.seek() !== NONE;
  }

  /** Claims, of a record or several, that were lost with their producers since the ring was made. */
  get lost(): number {
    return this.i32[(this.base + MPSC_LOST) >> 2];
  }

  /** Producer whose open claim hides what is behind it, or NONE. */
  get blockedBy(): number {
    if (this.seek() !== NONE || this.isFullyRead) return NONE;
    const word = this.wordAt(this.position);
    return Atomics.load(this.i32, word) < 0 ? placeOf(this.i32[word + 1] >> OWNER_SHIFT) : NONE;
  }

  /**
   * For how long one claim has been in the way, as seen by calls of this method; 0 when nothing is. A claim is open for
   * less than a microsecond: when this grows, look whether the producer's thread still lives.
   */
  blockedForUs(nowUs: number): number {
    const isBlocked = this.seek() === NONE && Atomics.load(this.i32, (this.base + MPSC_TAIL) >> 2) !== this.position;
    if (!isBlocked) this.blockedSinceUs = Number.NaN;
    else if (!(this.blockedSinceUs <= nowUs && this.blockedAt === this.position)) {
      this.blockedAt = this.position;
      this.blockedSinceUs = nowUs;
    }
    return isBlocked ? nowUs - this.blockedSinceUs : 0;
  }

  /** Word of the next committed record's header, or NONE. Passes over padding and over claims of the dead. */
  private seek(): number {
    const { i32 } = this;
    while (!this.isFullyRead) {
      const word = this.wordAt(this.position);
      const length = Atomics.load(i32, word);
      if (length <= 0) {
        if (length === 0 || !this.buryClaim(word)) return NONE;
        continue;
      }
      const bytes = (length + 7) & ~7;
      const isWhole = length >= MPSC_RECORD_HEADER && (word << 2) + bytes <= this.records + this.capacity;
      if (!isWhole || bytes > ((this.released + this.capacity - this.position) | 0)) this.refuse(length);
      if ((i32[word + 1] & TYPE_MAX) !== PADDING) return word;
      this.position = (this.position + bytes) | 0;
    }
    return NONE;
  }

  /** A ring read to its end and not released begins again at records already read. */
  private get isFullyRead(): boolean {
    return ((this.position - this.released) | 0) === this.capacity;
  }

  private wordAt(position: number): number {
    return (this.records + (position & (this.capacity - 1))) >> 2;
  }

  /** Turns a claim of an earlier life into padding; false while its producer may still commit it. */
  private buryClaim(word: number): boolean {
    const { i32 } = this;
    const owner = i32[word + 1] >>> OWNER_SHIFT;
    const producer = placeOf(owner);
    if (owner === ownerOf(producer, Atomics.load(i32, (this.base + MPSC_LIVES + producer * 4) >> 2))) return false;
    i32[word + 1] = PADDING;
    i32[(this.base + MPSC_LOST) >> 2] += 1;
    i32[word] = -i32[word];
    return true;
  }

  private clear(at: number, bytes: number): void {
    const { f64 } = this.views;
    const end = (at + bytes) >> 3;
    if (bytes > CLEAR_BY_LOOP_MAX) f64.fill(0, at >> 3, end);
    else for (let place = at >> 3; place < end; place += 1) f64[place] = 0;
  }

  private refuse(length: number): never {
    assert.fail(`a record of ${length} bytes passes the ring's end: something else wrote into this memory`);
  }
}
