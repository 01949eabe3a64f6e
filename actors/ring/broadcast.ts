/**
 * The lossy reader of a log ring: the writer never waits for it. It is not a way to miss messages quietly: a reader
 * that was lapped goes on at the tail and says between which two records it lost how many bytes. What it has read
 * counts only after validate() has said that it was not overwritten meanwhile. See log-ring.ts for the intent cursor.
 */
import { joinHeader, type RingIdentity } from "./header.js";
import { BLOCKS_PER_RING, LOG_INTENT, LOG_RECORDS, LOG_TAIL, NONE, RingKind } from "./layout.js";
import { LogRecord } from "./log-record.js";
import type { SharedViews } from "./views.js";

/** How often one call starts again before it reports no record, when the writer laps the reader every time. */
const ATTEMPTS_MAX = 8;

/**
 * What was lost before the record that next() returned: every record after (fromSequence, fromIndex), the last that was
 * read, and before (toSequence, toIndex), the one just returned. `fromSequence` is -1 if nothing had been read.
 */
export interface Gap {
  /** Bytes of the ring passed over, headers and padding included. */
  lostBytes: number;
  fromSequence: number;
  fromIndex: number;
  toSequence: number;
  toIndex: number;
}

export class BroadcastReader extends LogRecord {
  /** Whether records were lost before the current one; `gap` says which. */
  lapped = false;
  readonly gap: Gap = { lostBytes: 0, fromSequence: -1, fromIndex: 0, toSequence: -1, toIndex: 0 };
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly intent: number;
  private readonly records: number;
  private readonly blockBytes: number;
  /** Where the next record begins: its position, and the number of the block that holds it. */
  private position = 0;
  private block = 0;
  private limit = 0;
  private currentBlock = 0;
  private hasCurrent = false;
  private hasLost = false;
  /** The last record read to its end: its number, and where it ended. */
  private readSequence = Number.NaN;
  private readIndex = 0;
  private readPosition = 0;
  private readBlock = 0;

  private constructor(views: SharedViews, base: number, capacity: number) {
    super(views, capacity);
    this.i32 = views.i32;
    this.tail = (base + LOG_TAIL) >> 2;
    this.intent = (base + LOG_INTENT) >> 2;
    this.records = base + LOG_RECORDS;
    this.blockBytes = capacity / BLOCKS_PER_RING;
    while (!this.seekTail());
    this.readSequence = -1;
    this.readPosition = this.position;
    this.readBlock = this.block;
  }

  /** Reads from the newest record on. Throws a RingJoinError for another build's ring. */
  static join(views: SharedViews, base: number, identity: RingIdentity): BroadcastReader {
    return new BroadcastReader(views, base, joinHeader(views, base, RingKind.log, identity));
  }

  /**
   * The byte offset of the next record's header, or NONE. Copy or use the record, then call validate(); calling next()
   * without it says that the record's header was all that mattered.
   */
  next(): number {
    this.settleCurrent();
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (this.position === this.limit) {
        this.limit = Atomics.load(this.i32, this.tail);
        if (this.position === this.limit && !this.isOverwritten(this.block)) return NONE;
      }
      const skipped = this.skippedAt(this.position, this.records);
      const at = this.records + ((this.position + skipped) & (this.capacity - 1));
      this.readHeader(at);
      // Until here the header may have been torn: nothing read from it has been used as an address or a length.
      if (this.isOverwritten(this.block)) {
        this.hasLost = true;
        if (!this.seekTail()) return NONE;
        continue;
      }
      return this.arrive(skipped);
    }
    return NONE;
  }

  /** True when the current record is still as it was published, and so is what was read of it; false: discard it. */
  validate(): boolean {
    if (this.hasCurrent && this.isOverwritten(this.currentBlock)) {
      this.hasCurrent = false;
      this.hasLost = true;
    }
    return this.hasCurrent;
  }

  /** Whether a record waits, loaded afresh. */
  available(): boolean {
    return Atomics.load(this.i32, this.tail) !== this.position;
  }

  private arrive(skipped: number): number {
    this.moveBy(skipped);
    this.currentBlock = this.block;
    this.lapped = this.hasLost;
    if (this.hasLost) this.describeGap();
    this.hasLost = false;
    this.hasCurrent = true;
    this.moveBy(this.recordBytes);
    return this.recordOffset;
  }

  /** The record returned before was read, unless validate() refused it. */
  private settleCurrent(): void {
    if (!this.hasCurrent) return;
    this.hasCurrent = false;
    this.readSequence = this.sequence;
    this.readIndex = this.index;
    this.readPosition = this.position;
    this.readBlock = this.block;
  }

  private describeGap(): void {
    const { gap, blockBytes } = this;
    const withinBlock = (this.position & (blockBytes - 1)) - (this.readPosition & (blockBytes - 1));
    gap.lostBytes = ((this.block - this.readBlock) | 0) * blockBytes + withinBlock;
    gap.fromSequence = this.readSequence;
    gap.fromIndex = this.readIndex;
    gap.toSequence = this.sequence;
    gap.toIndex = this.index;
  }

  private isOverwritten(block: number): boolean {
    return ((Atomics.load(this.i32, this.intent) - block) | 0) > BLOCKS_PER_RING;
  }

  private moveBy(bytes: number): void {
    const withinBlock = (this.position & (this.blockBytes - 1)) + bytes;
    this.block = (this.block + Math.floor(withinBlock / this.blockBytes)) | 0;
    this.position = (this.position + bytes) | 0;
  }

  /** Goes to the published tail. False when the writer moved on while it looked: the tail's block is then uncertain. */
  private seekTail(): boolean {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const before = Atomics.load(this.i32, this.intent);
      const tail = Atomics.load(this.i32, this.tail);
      const after = Atomics.load(this.i32, this.intent);
      if (((after - before) | 0) > 1) continue;
      // The intent stands at the end of its block, ahead of the tail by no more than a ring and a block.
      const ahead = (Math.imul(after, this.blockBytes) - tail) >>> 0;
      this.block = (after - Math.ceil(ahead / this.blockBytes)) | 0;
      this.position = tail;
      this.limit = tail;
      return true;
    }
    return false;
  }
}
