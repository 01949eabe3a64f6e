/**
 * The sequenced log in shared memory: one writer, up to eight gating readers, any number of lossy ones
 * (broadcast.ts). It is not a queue between two actors: each reader sees every record. The writer never overwrites
 * what a present gating reader has not released, and a reader never passes the tail nor the readers it depends on.
 *
 *     oldest kept          slowest reader      dependent ≤ reader ≤ tail    position      intent
 *          │ free for the writer │  being read          │           │ batch   │   may be    │
 *     ─────┴─────────────────────┴──────────────────────┴───────────┴─────────┴─ written ───┴──▶
 *
 * At the ring's end fewer than 32 bytes are skipped by both sides without a trace; 32 or more become a padding record.
 *
 * The intent cursor is for lossy readers, which nobody waits for. The ring is cut into 16 blocks; before the writer's
 * first byte goes into a block it raises the intent to that block's end, so a reader that has copied a record and
 * then finds the intent less than a ring ahead of the record's start has copied what was published. Counting blocks
 * instead of bytes keeps the comparison true for a reader that slept through far more than 2^32 bytes.
 *   On x64 that is enough: stores become visible in program order, so the intent is seen no later than the bytes it
 * announces, loads happen in program order, and V8 moves no access across an Atomics call. On arm64 both halves would
 * need a read-modify-write: the writer's raise is one already (the acquire half holds later stores back), the
 * reader's check would have to become Atomics.add(intent, 0), whose release half holds the copy's loads before it.
 */
import assert from "node:assert/strict";
import {
  checkCapacity,
  checkPlace,
  joinHeader,
  type RingIdentity,
  type RingOptions,
  readersOf,
  startOf,
  writeHeader,
} from "./header.js";
import {
  BLOCKS_PER_RING,
  HEADER_OWNER,
  LINE_PAIR,
  LOG_CRC,
  LOG_FLAGS,
  LOG_INDEX,
  LOG_INTENT,
  LOG_LENGTH,
  LOG_READERS,
  LOG_READERS_MAX,
  LOG_RECORD_HEADER,
  LOG_RECORDS,
  LOG_SEQUENCE,
  LOG_TAIL,
  LOG_TIME_US,
  LOG_TYPE,
  NONE,
  PADDING,
  READER_HIGH,
  READER_POSITION,
  READER_STATE,
  RECORDS_PER_RING_MIN,
  ReaderState,
  RingKind,
} from "./layout.js";
import type { SharedViews } from "./views.js";

export interface LogRingOptions extends RingOptions {
  /** Gating readers, 0 to 8, present from the start; with none the ring is a broadcast. */
  readonly readers: number;
}

export class LogRing {
  /** Bytes of shared memory that a ring takes, its header and cursors included. */
  static bytesFor(capacity: number): number {
    checkCapacity(capacity);
    return LOG_RECORDS + capacity;
  }

  /** Makes an empty ring at `base`. Throws a RangeError for a size, a place or a number of readers that cannot be. */
  static create(views: SharedViews, base: number, options: LogRingOptions): void {
    const { capacity, readers } = options;
    checkPlace(views, base, capacity, LOG_RECORDS);
    if (!(Number.isInteger(readers) && readers >= 0 && readers <= LOG_READERS_MAX)) {
      throw new RangeError(`a log has 0 to ${LOG_READERS_MAX} gating readers (was ${readers})`);
    }
    const start = startOf(options);
    views.i32[(base + LOG_TAIL) >> 2] = start;
    views.i32[(base + LOG_INTENT) >> 2] = Math.ceil((start >>> 0) / (capacity / BLOCKS_PER_RING));
    for (let reader = 0; reader < LOG_READERS_MAX; reader += 1) {
      const cursor = cursorOf(base, reader);
      views.i32[(cursor + READER_POSITION) >> 2] = start;
      views.i32[(cursor + READER_HIGH) >> 2] = 0;
      views.i32[(cursor + READER_STATE) >> 2] = reader < readers ? ReaderState.present : ReaderState.absent;
    }
    writeHeader(views, base, RingKind.log, readers, options);
  }
}

export class LogWriter {
  readonly views: SharedViews;
  readonly capacity: number;
  readonly payloadBytesMax: number;
  private readonly i32: Int32Array;
  private readonly base: number;
  private readonly readers: number;
  private readonly tail: number;
  private readonly intent: number;
  private readonly owner: number;
  /** Which writer of the log this one is. */
  private readonly life: number;
  private readonly records: number;
  private readonly blockBytes: number;
  private committed: number;
  private published: number;
  private slowestCache: number;
  private intentBlock: number;
  private intentPosition: number;
  /** What commit will add to the position: the claimed record and what it skips; 0 when no claim is open. */
  private claimedBytes = 0;

  private constructor(views: SharedViews, base: number, capacity: number) {
    this.views = views;
    this.capacity = capacity;
    this.payloadBytesMax = capacity / RECORDS_PER_RING_MIN - LOG_RECORD_HEADER;
    this.i32 = views.i32;
    this.base = base;
    this.readers = readersOf(views, base);
    this.tail = (base + LOG_TAIL) >> 2;
    this.intent = (base + LOG_INTENT) >> 2;
    this.owner = (base + HEADER_OWNER) >> 2;
    this.life = (Atomics.add(this.i32, this.owner, 1) + 1) | 0;
    this.records = base + LOG_RECORDS;
    this.blockBytes = capacity / BLOCKS_PER_RING;
    this.committed = Atomics.load(this.i32, this.tail);
    this.published = this.committed;
    this.intentBlock = Atomics.load(this.i32, this.intent);
    this.intentPosition = Math.imul(this.intentBlock, this.blockBytes);
    this.slowestCache = this.committed;
    this.slowestCache = this.slowest();
  }

  /**
   * Becomes the writer, after the last record published before; an earlier one that still lives is refused at its next
   * publish. Throws a RingJoinError for another build's ring.
   */
  static join(views: SharedViews, base: number, identity: RingIdentity): LogWriter {
    return new LogWriter(views, base, joinHeader(views, base, RingKind.log, identity));
  }

  /**
   * Whether records of `bytes` in all, headers and padding to 8 included, can be claimed now wherever the ring's end
   * falls among them. Throws a RangeError for more than half a ring, which cannot be promised.
   */
  room(bytes: number): boolean {
    if (!(bytes >= 0 && bytes <= this.capacity / 2)) {
      throw new RangeError(
        `room in a log of ${this.capacity} bytes is for 0 to ${this.capacity / 2} bytes (was ${bytes})`,
      );
    }
    const untilEnd = this.capacity - (this.committed & (this.capacity - 1));
    const recordBytesMax = Math.min(bytes, this.capacity / RECORDS_PER_RING_MIN);
    // The first record that does not fit before the end leaves less than its own size unused there.
    const skippedMax = bytes > untilEnd ? Math.min(recordBytesMax, untilEnd) : 0;
    return this.hasRoom(bytes + skippedMax);
  }

  /**
   * Opens a record and returns the byte offset of its payload, or NONE when there is no room and nothing has changed:
   * publish what is committed, then try again. Throws a RangeError for a payload that no ring of this capacity takes.
   */
  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number {
    if (type === PADDING) assert.fail("type 0 is the padding's: number message types from 1");
    // Kept small enough to be inlined: passed to a call that is not, sequence and time would each be boxed as garbage.
    const at = this.open(payloadBytes);
    if (at === NONE) return NONE;
    const { u16, f64 } = this.views;
    u16[(at + LOG_TYPE) >> 1] = type;
    u16[(at + LOG_INDEX) >> 1] = index;
    f64[(at + LOG_SEQUENCE) >> 3] = sequence;
    f64[(at + LOG_TIME_US) >> 3] = timeUs;
    return at + LOG_RECORD_HEADER;
  }

  /** The claimed record joins the batch; no reader sees it yet. */
  commit(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its commit");
    this.committed = (this.committed + this.claimedBytes) | 0;
    this.claimedBytes = 0;
  }

  /** Gives the claimed record up; its room is free again. */
  abort(): void {
    if (this.claimedBytes === 0) assert.fail("no claim is open: claim a record before its abort");
    this.claimedBytes = 0;
  }

  /** Shows the batch to the readers. */
  publish(): void {
    if (this.committed === this.published) return;
    if (this.i32[this.owner] !== this.life) assert.fail("another thread has become this log's writer");
    this.published = this.committed;
    Atomics.store(this.i32, this.tail, this.committed);
  }

  /** After the last committed record. */
  get position(): number {
    return this.committed;
  }

  get publishedPosition(): number {
    return this.published;
  }

  /** Position that a gating reader has released, loaded afresh. */
  readerPosition(slot: number): number {
    return Atomics.load(this.i32, (cursorOf(this.base, slot) + READER_POSITION) >> 2);
  }

  /** Claims room and returns the byte offset of a header of which only crc, length and flags are set, or NONE. */
  private open(payloadBytes: number): number {
    if (this.claimedBytes !== 0) assert.fail("a claim is open: commit or abort it before the next");
    if (!(payloadBytes >= 0 && payloadBytes <= this.payloadBytesMax)) this.refuse(payloadBytes);
    const bytes = (payloadBytes + LOG_RECORD_HEADER + 7) & ~7;
    const place = this.committed & (this.capacity - 1);
    const untilEnd = this.capacity - place;
    const skipped = bytes > untilEnd ? untilEnd : 0;
    if (!this.hasRoom(skipped + bytes)) return NONE;
    const end = (this.committed + skipped + bytes) | 0;
    if (((end - this.intentPosition) | 0) > 0) this.raiseIntent(end);
    if (skipped >= LOG_RECORD_HEADER) this.pad(this.records + place, skipped);
    const at = this.records + (skipped === 0 ? place : 0);
    // The bytes between the payload and the record's end reach the disk: they must not be those of an older lap.
    if (bytes > LOG_RECORD_HEADER) this.views.f64[(at + bytes - 8) >> 3] = 0;
    this.begin(at, bytes);
    this.claimedBytes = skipped + bytes;
    return at;
  }

  private begin(at: number, length: number): void {
    this.i32[(at + LOG_CRC) >> 2] = 0;
    this.i32[(at + LOG_LENGTH) >> 2] = length;
    this.i32[(at + LOG_FLAGS) >> 2] = 0;
  }

  private pad(at: number, length: number): void {
    const { u16, f64 } = this.views;
    this.begin(at, length);
    u16[(at + LOG_TYPE) >> 1] = PADDING;
    u16[(at + LOG_INDEX) >> 1] = 0;
    f64[(at + LOG_SEQUENCE) >> 3] = 0;
    f64[(at + LOG_TIME_US) >> 3] = 0;
  }

  private hasRoom(bytes: number): boolean {
    const oldest = (this.committed + bytes - this.capacity) | 0;
    if (((this.slowestCache - oldest) | 0) >= 0) return true;
    this.slowestCache = this.slowest();
    return ((this.slowestCache - oldest) | 0) >= 0;
  }

  /** The position of the slowest present reader. With none it is the tail: a batch may not overwrite itself. */
  private slowest(): number {
    let slowest = this.published;
    for (let reader = 0; reader < this.readers; reader += 1) {
      const cursor = cursorOf(this.base, reader);
      if (Atomics.load(this.i32, (cursor + READER_STATE) >> 2) === ReaderState.absent) continue;
      const position = Atomics.load(this.i32, (cursor + READER_POSITION) >> 2);
      if (((position - slowest) | 0) < 0) slowest = position;
    }
    return slowest;
  }

  private raiseIntent(end: number): void {
    const blocks = Math.ceil(((end - this.intentPosition) | 0) / this.blockBytes);
    this.intentBlock = (this.intentBlock + blocks) | 0;
    this.intentPosition = Math.imul(this.intentBlock, this.blockBytes);
    Atomics.exchange(this.i32, this.intent, this.intentBlock);
  }

  private refuse(payloadBytes: number): never {
    throw new RangeError(
      `a payload in a log of ${this.capacity} bytes has 0 to ${this.payloadBytesMax} bytes (was ${payloadBytes}): ` +
        "split it or enlarge the ring",
    );
  }
}

/** Byte offset of a reader's words in the log at `base`. */
export function cursorOf(base: number, reader: number): number {
  return base + LOG_READERS + reader * LINE_PAIR;
}
