/**
 * The consuming side of a point-to-point ring; spsc.ts has the ring, its producer and the rules.
 */
import assert from "node:assert/strict";
import { joinHeader, type RingIdentity } from "./header.js";
import {
  NONE,
  PADDING,
  RingKind,
  SPSC_HEAD,
  SPSC_HEARTBEAT,
  SPSC_HIGH,
  SPSC_RECORD_HEADER,
  SPSC_RECORDS,
  SPSC_TAIL,
} from "./layout.js";
import type { SharedViews } from "./views.js";

/** What a poll does with each record; see SpscConsumer.poll. */
export interface RecordHandler {
  onRecord(type: number, at: number, payloadBytes: number): void;
}

export class SpscConsumer {
  readonly views: SharedViews;
  readonly capacity: number;
  /** Of the record that peek or next returned last. */
  type = PADDING as number;
  payloadBytes = 0;
  /** Of the records that nextMany returned last: how many, and the bytes from one payload to the next. */
  count = 0;
  stride = 0;
  private readonly i32: Int32Array;
  private readonly mask: number;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly heartbeat: number;
  private readonly high: number;
  /** After the last consumed record. */
  private position: number;
  private released: number;
  private tailCache: number;
  /** After the record that was peeked at; the position itself when none was. */
  private peeked: number;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.i32 = views.i32;
    this.mask = capacity - 1;
    this.tail = (base + SPSC_TAIL) >> 2;
    this.head = (base + SPSC_HEAD) >> 2;
    this.records = base + SPSC_RECORDS;
    this.heartbeat = (base + SPSC_HEARTBEAT) >> 3;
    this.high = (base + SPSC_HIGH) >> 2;
    this.position = Atomics.load(this.i32, this.head);
    this.released = this.position;
    this.tailCache = this.position;
    this.peeked = this.position;
  }

  /** Becomes the consumer, from the first record not yet released. Throws a RingJoinError for another build's ring. */
  static join(views: SharedViews, base: number, identity: RingIdentity): SpscConsumer {
    return new SpscConsumer(views, base, joinHeader(views, base, RingKind.spsc, identity));
  }

  /**
   * Consumes the next record: the byte offset of its payload, or NONE. The payload stays as it is until release, so a
   * batch may be read to its end and released once.
   */
  next(): number {
    // Kept short, so that V8 inlines it into the caller's loop: whatever is rare is in a call of its own.
    const { i32, position } = this;
    if (position === this.tailCache && !this.isMore()) return NONE;
    const word = (this.records + (position & this.mask)) >> 2;
    const length = i32[word];
    const type = i32[word + 1];
    const end = (position + ((length + 7) & ~7)) | 0;
    const isWhole = length >= SPSC_RECORD_HEADER && ((this.tailCache - end) | 0) >= 0;
    if (type === PADDING || !isWhole) return this.nextBehind(type, length);
    this.type = type;
    this.payloadBytes = length - SPSC_RECORD_HEADER;
    this.position = end;
    this.peeked = end;
    return (word << 2) + SPSC_RECORD_HEADER;
  }

  /** Looks at the next record and leaves it: the byte offset of its payload, or NONE. Repeating it changes nothing. */
  peek(): number {
    const { position } = this;
    const at = this.next();
    this.position = position;
    return at;
  }

  /** Consumes the record that peek returned. */
  advance(): void {
    if (this.peeked === this.position) assert.fail("no record was peeked at: peek before advancing");
    this.position = this.peeked;
  }

  /**
   * Consumes the next record and those behind it that have its type and length, up to `recordsMax` in all: the byte
   * offset of the first payload, or NONE. `count` says how many they are; each stands `stride` further on.
   */
  nextMany(recordsMax: number): number {
    const at = this.peek();
    if (at === NONE || recordsMax < 1) return NONE;
    const { i32, type, payloadBytes, peeked } = this;
    const stride = (payloadBytes + SPSC_RECORD_HEADER + 7) & ~7;
    const first = (at - SPSC_RECORD_HEADER) >> 2;
    const known = (this.tailCache - peeked + stride) | 0;
    const end = first + Math.min(known, this.records + this.capacity - (first << 2), recordsMax * stride) / 4;
    const step = stride >> 2;
    let word = first + step;
    while (word + step <= end && i32[word] === i32[first] && i32[word + 1] === type) word += step;
    this.count = (word - first) / step;
    this.stride = stride;
    this.position = (peeked + ((word - first) << 2) - stride) | 0;
    this.peeked = this.position;
    return at;
  }

  /**
   * Consumes up to `recordsMax` records, shows each to the handler and gives the room of all back: how many. A handler
   * that throws has consumed the record at which it did, and the room comes back with the next release. It leaves the
   * ring itself alone.
   */
  poll(handler: RecordHandler, recordsMax: number): number {
    let count = 0;
    for (let at = NONE; count < recordsMax && (at = this.next()) !== NONE; count += 1) {
      handler.onRecord(this.type, at, this.payloadBytes);
    }
    if (count > 0) this.release();
    return count;
  }

  /** Gives the room of all consumed records back to the producer; their payloads may change from here on. */
  release(): void {
    if (this.position === this.released) return;
    this.released = this.position;
    Atomics.store(this.i32, this.head, this.position);
  }

  /** Whether a record waits, loaded afresh. */
  available(): boolean {
    return Atomics.load(this.i32, this.tail) !== this.position;
  }

  /** Says that the consumer is alive at `timeUs`. For monitoring: it orders nothing. */
  beat(timeUs: number): void {
    this.views.f64[this.heartbeat] = timeUs;
  }

  /** Loads the tail: whether something was published beyond the position. Keeps the high-water mark. */
  private isMore(): boolean {
    const { i32, position } = this;
    this.tailCache = Atomics.load(i32, this.tail);
    const waiting = (this.tailCache - position) | 0;
    if (waiting > i32[this.high]) i32[this.high] = waiting;
    return waiting !== 0;
  }

  /** Padding is published only together with the record behind it, which begins the ring. */
  private nextBehind(type: number, length: number): number {
    const { i32, position } = this;
    const untilEnd = this.capacity - (position & this.mask);
    if (type !== PADDING || length !== untilEnd) this.refuse(length);
    const word = this.records >> 2;
    const behind = i32[word];
    const bytes = untilEnd + ((behind + 7) & ~7);
    if (behind < SPSC_RECORD_HEADER || bytes > ((this.tailCache - position) | 0)) this.refuse(behind);
    this.type = i32[word + 1];
    this.payloadBytes = behind - SPSC_RECORD_HEADER;
    this.position = (position + bytes) | 0;
    this.peeked = this.position;
    return this.records + SPSC_RECORD_HEADER;
  }

  private refuse(length: number): never {
    assert.fail(`a record of ${length} bytes passes the ring's tail: something else wrote into this memory`);
  }
}
