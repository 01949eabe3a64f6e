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
  HEADER_OWNER,
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
  private readonly mask: number;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly heartbeat: number;
  private readonly owner: number;
  /** Which producer of the ring this one is. */
  private readonly life: number;
  /** After the last committed record. */
  private position: number;
  private published: number;
  /** How far records may reach before the head must be looked at again: a ring beyond the head as last seen. */
  private limit: number;
  /** What commit will add to the position: the claimed records and the padding before them; 0 when none are open. */
  private claimedBytes = 0;
  /**
   * Bytes behind the position known to be free and in one piece; negated while a claim is open, which none then fits.
   */
  private plain = 0;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.payloadBytesMax = capacity / RECORDS_PER_RING_MIN - SPSC_RECORD_HEADER;
    this.i32 = views.i32;
    this.mask = capacity - 1;
    this.tail = (base + SPSC_TAIL) >> 2;
    this.head = (base + SPSC_HEAD) >> 2;
    this.records = base + SPSC_RECORDS;
    this.heartbeat = (base + SPSC_HEARTBEAT) >> 3;
    this.owner = (base + HEADER_OWNER) >> 2;
    this.life = (Atomics.add(this.i32, this.owner, 1) + 1) | 0;
    this.position = Atomics.load(this.i32, this.tail);
    this.published = this.position;
    this.limit = (Atomics.load(this.i32, this.head) + capacity) | 0;
  }

  /**
   * Becomes the producer, after the last record published before; an earlier one that still lives is refused at its
   * next publish. Throws a RingJoinError for another build's ring.
   */
  static join(views: SharedViews, base: number, identity: RingIdentity): SpscProducer {
    return new SpscProducer(views, base, joinHeader(views, base, RingKind.spsc, identity));
  }

  /**
   * Opens a record and returns the byte offset of its payload, or NONE when there is no room and nothing has changed:
   * publish what is committed, then try again. Throws a RangeError for a payload that no ring of this capacity takes.
   */
  claim(type: number, payloadBytes: number): number {
    // Kept short, so that V8 inlines it into the caller's loop: whatever is rare is in a call of its own.
    const { i32, plain } = this;
    const bytes = (payloadBytes + SPSC_RECORD_HEADER + 7) & ~7;
    const isPlain = bytes <= plain && payloadBytes >= 0 && payloadBytes <= this.payloadBytesMax;
    if (!isPlain || type === PADDING) return this.claimSlowly(type, payloadBytes, 1);
    const word = (this.records + (this.position & this.mask)) >> 2;
    i32[word] = payloadBytes + SPSC_RECORD_HEADER;
    i32[word + 1] = type;
    this.claimedBytes = bytes;
    this.plain = -plain;
    return (word << 2) + SPSC_RECORD_HEADER;
  }

  /**
   * Opens `count` records of one size side by side, which commit and abort then take together: the byte offset of the
   * first payload, each following one `strideOf(payloadBytes)` further on, or NONE. All of them together have at most a
   * quarter of the ring.
   */
  claimMany(type: number, payloadBytes: number, count: number): number {
    return this.claimSlowly(type, payloadBytes, count);
  }

  /** From one payload of a batch to the next. */
  static strideOf(payloadBytes: number): number {
    return (payloadBytes + SPSC_RECORD_HEADER + 7) & ~7;
  }

  /** The claimed records join the batch; the consumer does not see them yet. */
  commit(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its commit");
    this.position = (this.position + this.claimedBytes) | 0;
    this.plain = -this.plain - this.claimedBytes;
    this.claimedBytes = 0;
  }

  /** Gives the claimed records up; their room is free again. */
  abort(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its abort");
    this.plain = 0;
    this.claimedBytes = 0;
  }

  /** Shows the batch to the consumer. */
  publish(): void {
    if (this.position === this.published) return;
    if (this.i32[this.owner] !== this.life) assert.fail("another thread has become this ring's producer");
    this.published = this.position;
    Atomics.store(this.i32, this.tail, this.position);
  }

  get publishedPosition(): number {
    return this.published;
  }

  /** Bytes not taken by committed records, loaded afresh; padding at the wrap may make a claim of that many fail. */
  free(): number {
    this.limit = (Atomics.load(this.i32, this.head) + this.capacity) | 0;
    return (this.limit - this.position) | 0;
  }

  /** When the consumer last said that it is alive, microseconds; 0 before it has. */
  get consumerHeartbeatUs(): number {
    return this.views.f64[this.heartbeat];
  }

  /** Claims over the ring's end, or behind a look at the head, or not at all. */
  private claimSlowly(type: number, payloadBytes: number, count: number): number {
    const stride = SpscProducer.strideOf(payloadBytes);
    const mayClaim = this.claimedBytes === 0 && type !== PADDING && payloadBytes >= 0 && count >= 1;
    if (!mayClaim || payloadBytes + (count - 1) * stride > this.payloadBytesMax) {
      this.refuse(type, payloadBytes, count);
    }
    const { i32, position, capacity } = this;
    const bytes = count * stride;
    const index = position & this.mask;
    const skipped = index + bytes > capacity ? capacity - index : 0;
    const isFull = ((this.limit - position - skipped - bytes) | 0) < 0;
    if (isFull && this.free() < skipped + bytes) return NONE;
    const untilEnd = skipped === 0 ? capacity - index : capacity + skipped;
    this.plain = -Math.min(untilEnd, (this.limit - position) | 0);
    if (skipped !== 0) {
      const end = (this.records + index) >> 2;
      i32[end] = skipped;
      i32[end + 1] = PADDING;
    }
    const first = (this.records + (skipped === 0 ? index : 0)) >> 2;
    for (let word = first, end = first + (bytes >> 2); word < end; word += stride >> 2) {
      i32[word] = payloadBytes + SPSC_RECORD_HEADER;
      i32[word + 1] = type;
    }
    this.claimedBytes = skipped + bytes;
    return (first << 2) + SPSC_RECORD_HEADER;
  }

  private refuse(type: number, payloadBytes: number, count: number): never {
    if (this.claimedBytes !== 0) assert.fail("a claim is open: commit or abort it before the next");
    if (type === PADDING) assert.fail("type 0 is the padding's: number message types from 1");
    const was = count === 1 ? payloadBytes : `${payloadBytes} in ${count} records`;
    throw new RangeError(
      `a payload in a ring of ${this.capacity} bytes has 0 to ${this.payloadBytesMax} bytes (was ${was}): ` +
        "split it or enlarge the ring",
    );
  }
}
