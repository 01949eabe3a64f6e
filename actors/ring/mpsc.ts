/**
 * A ring of variable-length records from up to sixteen producers to one consumer. It is not a faster SpscRing: where a
 * thread can have a ring to itself, give it one. Each record arrives whole and once, those of one producer in its
 * order; a record is visible from its own commit on, and hides what was claimed behind it until then.
 *
 *     length i32   type u16 · owner u16   a record's header
 *     0            0                      free room, or claimed this instant
 *     −length      type · owner           claimed, for one record or several: the producer is writing
 *     length       type · owner           committed, by the one store that turns the length
 *     length       0 · owner or 0         padding: a claim aborted, one whose producer died, or the ring's end
 *
 * Why nothing stale is ever read: the consumer goes from header to header and believes only a positive length. It
 * clears every byte that it consumed before it gives the room back, so in claimed room a header is zero until its own
 * producer has written it.
 *
 * Why nothing is claimed twice: a claim is one compare-exchange of the tail, and room is judged by the head, loaded
 * after the tail, which never lies too far on. A copied head would spare that load, but a producer that was idle for
 * 2^32 bytes would take its old copy for a new one. One hole is left: a producer stopped between its look at the tail
 * and its compare-exchange while exactly a multiple of 2^32 bytes pass. And as in log-ring.ts, plain stores are taken
 * to become visible in program order, as on x64.
 *
 * When a producer dies: the owner in a header is the producer's place and which life of it that was. Once the place
 * has been taken anew, or the supervisor has declared it empty, the consumer turns what the old life left open into
 * padding and counts it: that record is lost, all others arrive. Between the compare-exchange and the header's stores
 * a thread cannot be ended, for a worker ends at function entries and loop ends only; hence these stores are no
 * function of their own.
 */
import assert from "node:assert/strict";
import {
  checkCapacity,
  checkPlace,
  joinHeader,
  type RingIdentity,
  RingJoinError,
  type RingOptions,
  readersOf,
  startOf,
  writeHeader,
} from "./header.js";
import {
  MPSC_HEAD,
  MPSC_LIVES,
  MPSC_PRODUCERS_MAX,
  MPSC_RECORD_HEADER,
  MPSC_RECORDS,
  MPSC_RELEASING,
  MPSC_TAIL,
  NONE,
  PADDING,
  RECORDS_PER_RING_MIN,
  RingKind,
} from "./layout.js";
import { OWNER_SHIFT, ownerOf, TYPE_MAX } from "./mpsc-owner.js";
import type { SharedViews } from "./views.js";

export interface MpscRingOptions extends RingOptions {
  /** Places for producers, 1 to 16. */
  readonly producers: number;
}

export class MpscRing {
  /** Bytes of shared memory that a ring takes, its header and cursors included. */
  static bytesFor(capacity: number): number {
    checkCapacity(capacity);
    return MPSC_RECORDS + capacity;
  }

  /** Makes an empty ring at `base`. Throws a RangeError for a size, a place or a number of producers that cannot be. */
  static create(views: SharedViews, base: number, options: MpscRingOptions): void {
    const { capacity, producers } = options;
    checkPlace(views, base, capacity, MPSC_RECORDS);
    if (!(Number.isInteger(producers) && producers >= 1 && producers <= MPSC_PRODUCERS_MAX)) {
      throw new RangeError(`a ring of many producers has 1 to ${MPSC_PRODUCERS_MAX} of them (was ${producers})`);
    }
    const start = startOf(options);
    views.u8.fill(0, base, base + MPSC_RECORDS + capacity);
    for (const cursor of [MPSC_TAIL, MPSC_HEAD, MPSC_RELEASING]) views.i32[(base + cursor) >> 2] = start;
    writeHeader(views, base, RingKind.mpsc, producers, options);
  }

  /**
   * For the supervisor, once the producer's thread has ended and nothing takes its place: what it left open is lost. A
   * producer that still lives would write into room that is no longer its own.
   */
  static declareDead(views: SharedViews, base: number, identity: RingIdentity, producer: number): void {
    joinHeader(views, base, RingKind.mpsc, identity);
    Atomics.add(views.i32, lifeOf(views, base, producer), 1);
  }
}

export class MpscProducer {
  readonly views: SharedViews;
  readonly capacity: number;
  readonly payloadBytesMax: number;
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  /** What stands in the upper half of a header's second word. */
  private readonly owner: number;
  /** The open claim: word of its header, its length, 0 when none is open, and that of each of its records. */
  private word = 0;
  private length = 0;
  private recordLength = 0;

  private constructor(views: SharedViews, base: number, capacity: number, owner: number) {
    this.views = views;
    this.capacity = capacity;
    this.payloadBytesMax = capacity / RECORDS_PER_RING_MIN - MPSC_RECORD_HEADER;
    this.i32 = views.i32;
    this.tail = (base + MPSC_TAIL) >> 2;
    this.head = (base + MPSC_HEAD) >> 2;
    this.records = base + MPSC_RECORDS;
    this.owner = owner << OWNER_SHIFT;
  }

  /**
   * Takes the place of a producer, whose predecessor's thread has ended; what that one left open is lost. Throws a
   * RingJoinError for another build's ring, or a place that it does not have.
   */
  static join(views: SharedViews, base: number, identity: RingIdentity, producer: number): MpscProducer {
    const capacity = joinHeader(views, base, RingKind.mpsc, identity);
    const life = Atomics.add(views.i32, lifeOf(views, base, producer), 1) + 1;
    return new MpscProducer(views, base, capacity, ownerOf(producer, life));
  }

  /**
   * Opens a record and returns the byte offset of its payload, or NONE when there is no room and nothing has changed.
   * Throws a RangeError for a payload that no ring of this capacity takes.
   */
  claim(type: number, payloadBytes: number): number {
    return this.claimMany(type, payloadBytes, 1);
  }

  /**
   * Opens `count` records of one size side by side, which commit and abort then take together: the byte offset of the
   * first payload, each following one `strideOf(payloadBytes)` further on, or NONE. All of them together have at most a
   * quarter of the ring.
   */
  claimMany(type: number, payloadBytes: number, count: number): number {
    const stride = MpscProducer.strideOf(payloadBytes);
    const mayClaim = this.length === 0 && type > PADDING && type <= TYPE_MAX && payloadBytes >= 0 && count >= 1;
    const fits = payloadBytes + (count - 1) * stride <= this.payloadBytesMax;
    if (!mayClaim || !fits) this.refuse(type, payloadBytes, count);
    const { i32, tail, capacity } = this;
    const bytes = count * stride;
    let start = Atomics.load(i32, tail);
    while (true) {
      const index = start & (capacity - 1);
      const skipped = bytes > capacity - index ? capacity - index : 0;
      const end = (start + skipped + bytes) | 0;
      if (((Atomics.load(i32, this.head) + capacity - end) | 0) < 0) return NONE;
      const seen = Atomics.compareExchange(i32, tail, start, end);
      if (seen === start) {
        const place = (this.records + index) >> 2;
        const word = skipped === 0 ? place : this.records >> 2;
        i32[word + 1] = this.owner | type;
        i32[word] = -bytes;
        if (skipped !== 0) i32[place] = skipped;
        this.word = word;
        this.length = bytes;
        this.recordLength = payloadBytes + MPSC_RECORD_HEADER;
        return (word << 2) + MPSC_RECORD_HEADER;
      }
      start = seen;
    }
  }

  /** From one payload of a batch to the next. */
  static strideOf(payloadBytes: number): number {
    return (payloadBytes + MPSC_RECORD_HEADER + 7) & ~7;
  }

  /** Shows the claimed records to the consumer, all at once. */
  commit(): void {
    if (this.length === 0) assert.fail("no claim is open: claim a record before its commit");
    const { i32, word, recordLength } = this;
    const step = MpscProducer.strideOf(recordLength - MPSC_RECORD_HEADER) >> 2;
    for (let other = word + step, end = word + (this.length >> 2); other < end; other += step) {
      i32[other] = recordLength;
      i32[other + 1] = i32[word + 1];
    }
    this.close(recordLength);
  }

  /** Gives the claimed records up; their room comes back once the consumer has passed it. */
  abort(): void {
    if (this.length === 0) assert.fail("no claim is open: claim a record before its abort");
    this.i32[this.word + 1] = this.owner | PADDING;
    this.close(this.length);
  }

  /** Does nothing: every commit shows its record. The rings share their verbs. */
  publish(): void {}

  /** Bytes that nobody has claimed, loaded afresh; padding at the wrap may make a claim of that many fail. */
  free(): number {
    const tail = Atomics.load(this.i32, this.tail);
    return (Atomics.load(this.i32, this.head) + this.capacity - tail) | 0;
  }

  /** Turns the claim into what begins there: the first of its records, or padding. */
  private close(becomes: number): void {
    const { i32, word, length } = this;
    this.length = 0;
    // As dear as a plain atomic store, and it finds out a producer that was declared dead.
    if (Atomics.compareExchange(i32, word, -length, becomes) !== -length) {
      assert.fail("the claim was given up: this producer was declared dead, and lives");
    }
  }

  private refuse(type: number, payloadBytes: number, count: number): never {
    if (this.length !== 0) assert.fail("a claim is open: commit or abort it before the next");
    if (!(type > PADDING && type <= TYPE_MAX)) assert.fail(`message types are 1 to ${TYPE_MAX} (was ${type})`);
    const many = count === 1 ? "" : ` in ${count} records`;
    throw new RangeError(
      `a payload in a ring of ${this.capacity} bytes has 0 to ${this.payloadBytesMax} bytes ` +
        `(was ${payloadBytes}${many}): split it or enlarge the ring`,
    );
  }
}

function lifeOf(views: SharedViews, base: number, producer: number): number {
  const producers = readersOf(views, base);
  if (!(Number.isInteger(producer) && producer >= 0 && producer < producers)) {
    throw new RingJoinError(`the ring at ${base} has ${producers} producers: there is no place ${producer}`);
  }
  return (base + MPSC_LIVES + producer * 4) >> 2;
}
