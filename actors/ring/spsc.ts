/**
 * A ring of variable-length records from one producer to one consumer. It is not a queue of objects: both sides work on
 * the bytes in place. A record is visible only from the publish that follows its commit, whole, once, and in order.
 *
 * Why nothing stale is ever read: the consumer looks only at bytes between its own position and the published tail,
 * both of which are record boundaries, and each byte there was written before the Atomics.store that published the
 * tail. What lies elsewhere – an older lap, a claim whose producer died – is never looked at, so nothing needs to be
 * zeroed.
 *
 * Why it is fast: each side keeps a copy of the other's cursor and reloads it only when the copy says full or empty,
 * and publishes its own once a batch. A batch of any length costs at most two atomic operations a side.
 */
import assert from "node:assert/strict";
import {
  checkCapacity,
  checkPlace,
  joinHeader,
  type RingIdentity,
  type RingOptions,
  startOf,
  writeHeader,
} from "./header.js";
import {
  NONE,
  PADDING,
  RECORDS_PER_RING_MIN,
  RingKind,
  SPSC_HEAD,
  SPSC_HEARTBEAT,
  SPSC_HIGH,
  SPSC_RECORD_HEADER,
  SPSC_RECORDS,
  SPSC_TAIL,
} from "./layout.js";
import type { SharedViews } from "./views.js";

export class SpscRing {
  /** Bytes of shared memory that a ring takes, its header and cursors included. */
  static bytesFor(capacity: number): number {
    checkCapacity(capacity);
    return SPSC_RECORDS + capacity;
  }

  /** Makes an empty ring at `base`. Throws a RangeError for a size or a place that cannot be. */
  static create(views: SharedViews, base: number, options: RingOptions): void {
    checkPlace(views, base, options.capacity, SPSC_RECORDS);
    const start = startOf(options);
    views.i32[(base + SPSC_TAIL) >> 2] = start;
    views.i32[(base + SPSC_HEAD) >> 2] = start;
    views.i32[(base + SPSC_HIGH) >> 2] = 0;
    views.f64[(base + SPSC_HEARTBEAT) >> 3] = 0;
    writeHeader(views, base, RingKind.spsc, 1, options);
  }
}

export class SpscProducer {
  readonly views: SharedViews;
  readonly capacity: number;
  readonly payloadBytesMax: number;
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly heartbeat: number;
  /** After the last committed record. */
  private position: number;
  private published: number;
  private headCache: number;
  /** What commit will add to the position: the claimed record and the padding before it; 0 when no claim is open. */
  private claimedBytes = 0;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.payloadBytesMax = capacity / RECORDS_PER_RING_MIN - SPSC_RECORD_HEADER;
    this.i32 = views.i32;
    this.tail = (base + SPSC_TAIL) >> 2;
    this.head = (base + SPSC_HEAD) >> 2;
    this.records = base + SPSC_RECORDS;
    this.heartbeat = (base + SPSC_HEARTBEAT) >> 3;
    this.position = Atomics.load(this.i32, this.tail);
    this.published = this.position;
    this.headCache = Atomics.load(this.i32, this.head);
  }

  /** Becomes the producer, after the last record published before. Throws a RingJoinError for another build's ring. */
  static join(views: SharedViews, base: number, identity: RingIdentity): SpscProducer {
    return new SpscProducer(views, base, joinHeader(views, base, RingKind.spsc, identity));
  }

  /**
   * Opens a record and returns the byte offset of its payload, or NONE when there is no room and nothing has changed:
   * publish what is committed, then try again. Throws a RangeError for a payload that no ring of this capacity takes.
   */
  claim(type: number, payloadBytes: number): number {
    const mayClaim = this.claimedBytes === 0 && type !== PADDING && payloadBytes >= 0;
    if (!mayClaim || payloadBytes > this.payloadBytesMax) this.refuse(type, payloadBytes);
    const { i32, position, capacity } = this;
    const bytes = (payloadBytes + SPSC_RECORD_HEADER + 7) & ~7;
    const index = position & (capacity - 1);
    const untilEnd = capacity - index;
    const skipped = bytes > untilEnd ? untilEnd : 0;
    const oldest = (position + skipped + bytes - capacity) | 0;
    if (((this.headCache - oldest) | 0) < 0 && !this.hasRoom(oldest)) return NONE;
    let word = (this.records + index) >> 2;
    if (skipped !== 0) {
      i32[word] = skipped;
      i32[word + 1] = PADDING;
      word = this.records >> 2;
    }
    i32[word] = payloadBytes + SPSC_RECORD_HEADER;
    i32[word + 1] = type;
    this.claimedBytes = skipped + bytes;
    return (word << 2) + SPSC_RECORD_HEADER;
  }

  /** The claimed record joins the batch; the consumer does not see it yet. */
  commit(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its commit");
    this.position = (this.position + this.claimedBytes) | 0;
    this.claimedBytes = 0;
  }

  /** Gives the claimed record up; its room is free again. */
  abort(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its abort");
    this.claimedBytes = 0;
  }

  /** Shows the batch to the consumer. */
  publish(): void {
    if (this.position === this.published) return;
    this.published = this.position;
    Atomics.store(this.i32, this.tail, this.position);
  }

  get publishedPosition(): number {
    return this.published;
  }

  /** Bytes not taken by committed records, loaded afresh; padding at the wrap may make a claim of that many fail. */
  free(): number {
    this.headCache = Atomics.load(this.i32, this.head);
    return this.capacity - ((this.position - this.headCache) | 0);
  }

  /** When the consumer last said that it is alive, microseconds; 0 before it has. */
  get consumerHeartbeatUs(): number {
    return this.views.f64[this.heartbeat];
  }

  /** Whether everything before `oldest` has been released, by the head loaded afresh. */
  private hasRoom(oldest: number): boolean {
    this.headCache = Atomics.load(this.i32, this.head);
    return ((this.headCache - oldest) | 0) >= 0;
  }

  private refuse(type: number, payloadBytes: number): never {
    if (this.claimedBytes !== 0) assert.fail("a claim is open: commit or abort it before the next");
    if (type === PADDING) assert.fail("type 0 is the padding's: number message types from 1");
    throw new RangeError(
      `a payload in a ring of ${this.capacity} bytes has 0 to ${this.payloadBytesMax} bytes (was ${payloadBytes}): ` +
        "split it or enlarge the ring",
    );
  }
}

export class SpscConsumer {
  readonly views: SharedViews;
  readonly capacity: number;
  /** Of the record that peek or next returned last. */
  type = PADDING as number;
  payloadBytes = 0;
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly heartbeat: number;
  private readonly high: number;
  /** After the last consumed record. */
  private position: number;
  private released: number;
  private tailCache: number;
  /** What advance will add to the position; 0 when no record has been looked at. */
  private peekedBytes = 0;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.i32 = views.i32;
    this.tail = (base + SPSC_TAIL) >> 2;
    this.head = (base + SPSC_HEAD) >> 2;
    this.records = base + SPSC_RECORDS;
    this.heartbeat = (base + SPSC_HEARTBEAT) >> 3;
    this.high = (base + SPSC_HIGH) >> 2;
    this.position = Atomics.load(this.i32, this.head);
    this.released = this.position;
    this.tailCache = this.position;
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
    const at = this.peek();
    this.position = (this.position + this.peekedBytes) | 0;
    this.peekedBytes = 0;
    return at;
  }

  /** Looks at the next record and leaves it: the byte offset of its payload, or NONE. Repeating it changes nothing. */
  peek(): number {
    const { i32, position } = this;
    if (position === this.tailCache && !this.isMore()) return NONE;
    const index = position & (this.capacity - 1);
    let word = (this.records + index) >> 2;
    let skipped = 0;
    if (i32[word + 1] === PADDING) {
      // Padding is published only together with the record behind it, which begins the ring.
      skipped = this.capacity - index;
      word = this.records >> 2;
    }
    const length = i32[word];
    const bytes = skipped + ((length + 7) & ~7);
    if (length < SPSC_RECORD_HEADER || bytes > ((this.tailCache - position) | 0)) this.refuse(length);
    this.type = i32[word + 1];
    this.payloadBytes = length - SPSC_RECORD_HEADER;
    this.peekedBytes = bytes;
    return (word << 2) + SPSC_RECORD_HEADER;
  }

  /** Consumes the record that peek returned. */
  advance(): void {
    if (this.peekedBytes === 0) assert.fail("no record was peeked at: peek before advancing");
    this.position = (this.position + this.peekedBytes) | 0;
    this.peekedBytes = 0;
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

  private refuse(length: number): never {
    assert.fail(`a record of ${length} bytes passes the ring's tail: something else wrote into this memory`);
  }
}
