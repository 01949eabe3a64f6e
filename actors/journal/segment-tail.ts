/**
 * Follows a journal's segment files record by record, from a position on, while they grow. It reads only what was
 * appended since, and goes on into the next segment once there is one. A record that is not whole is simply not there
 * yet, unless something was written behind it when it was; that is damage and throws TapeError naming the place. A
 * position is plain data: who keeps one can come back to it.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { assert, type Crc32c, type SegmentInfo } from "../../engine/index.js";
import { RECORD_BYTES_MAX, RecordReader } from "../../engine/tape/segment.js";
import { isZero, readSegmentHeader, TapeError, tornHeader } from "../../engine/tape/segment-header.js";
import { checkLink } from "../../engine/tape/tape.js";
import { RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES, viewsOf } from "../../schemas/index.js";
import { segmentPath } from "./journal-directory.js";

/** The place behind a record. */
export interface TailPosition {
  readonly segment: number;
  /** Byte of the segment's file; 0 while its header is unread. */
  readonly offset: number;
  /** CRC of the record before this place. */
  readonly crc: number;
  /** Of that record; 0 at the start. */
  readonly sequence: number;
}

export const JOURNAL_START: TailPosition = { segment: 0, offset: 0, crc: 0, sequence: 0 };

/** Bytes read at a time: the longest record fits. */
const CHUNK_BYTES = RECORD_BYTES_MAX;

export class SegmentTail {
  private readonly directory: string;
  private readonly crc32c: Crc32c;
  private readonly chunk = viewsOf(new ArrayBuffer(CHUNK_BYTES));
  private readonly glimpse = new Uint8Array(RECORD_HEADER_BYTES);
  private segment = 0;
  private file = -1;
  /** Walks the chunk; null until the segment's header was read. */
  private reader: RecordReader | null = null;
  private start: TailPosition;
  /** Of the segment's header; null until that was read. */
  private info: SegmentInfo | null = null;
  /** Records of later sequences are not there yet: for who must not be ahead of what is durable. */
  limit: () => number = () => Number.POSITIVE_INFINITY;
  /** The next record is there, but beyond the limit. */
  private isHeldBack = false;

  /** Follows the journal in `directory`, whose first segment need not exist yet. */
  constructor(directory: string, crc32c: Crc32c, from: TailPosition = JOURNAL_START) {
    this.directory = directory;
    this.crc32c = crc32c;
    this.start = from;
    this.rewind(from);
  }

  /** The next record, valid until the next call; null while none is there. */
  next(): RecordReader | null {
    this.isHeldBack = false;
    if (this.isBeyondLimit()) return null;
    if (this.reader?.next()) return this.reader;
    for (;;) {
      // Looked for before the last read: a segment that is followed has all of its bytes.
      const followed = existsSync(this.path(this.segment + 1));
      if (this.readOn()) return this.reader;
      if (this.isHeldBack) return null;
      if (!followed) return null;
      this.enterNextSegment();
    }
  }

  /** Hash of the build that wrote the segment of the newest record. */
  get buildHash(): number {
    this.info ??= this.readInfo();
    assert(this.info !== null, "a record was read from a segment with a header");
    return this.info.buildHash;
  }

  /** The position as plain numbers, for whoever asks after every record. */
  get segmentNumber(): number {
    return this.segment;
  }
  get offset(): number {
    return this.reader === null ? this.start.offset : this.reader.position;
  }

  get position(): TailPosition {
    const { reader, segment, start } = this;
    if (reader === null) return start;
    return { segment, offset: reader.position, crc: reader.crc, sequence: reader.sequence };
  }

  /** Goes on behind another record, usually an earlier one. */
  rewind(to: TailPosition): void {
    this.close();
    this.segment = to.segment;
    this.start = to;
    this.info = null;
    this.reader = to.offset === 0 ? null : this.readerFrom(to);
  }

  /**
   * For a journal whose writer has finished, when `next` is at its end: whether the last record was cut short. Throws
   * TapeError when what looks cut short is damage.
   */
  ending(): "end" | "torn" {
    if (this.file < 0) return "end";
    if (this.reader === null) return fstatSync(this.file).size > 0 ? "torn" : "end";
    const rest = this.readerOfRest(this.reader);
    const isWhole = !rest.next() && rest.ending === "end" && !rest.hasBytesBehind();
    if (isWhole) return "end";
    if (rest.sealed || rest.syncedBehind()) {
      throw rest.damage(
        `${rest.fault || "nothing is there"}; it was on disk once, for what follows it was written later`,
      );
    }
    return "torn";
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private isBeyondLimit(): boolean {
    const { reader } = this;
    if (reader === null || reader.nextSequence <= this.limit()) return false;
    // After a sync that failed the journal cuts off what was not durable: what was read ahead may be gone by then.
    reader.continueIn({ start: 0, end: 0, fileStart: reader.position });
    this.isHeldBack = true;
    return true;
  }

  /** Reads what stands behind the newest record; whether a whole record does. */
  private readOn(): boolean {
    this.refill();
    if (!this.reader || this.isBeyondLimit()) return false;
    // Asked also when nothing is left: what looked torn may have been cut off by a later life since.
    if (this.reader.next()) return true;
    if (!looksDamaged(this.reader)) return false;
    // The one read may have met the file before the record was written, and behind it after: only a second look counts.
    this.refill();
    if (this.reader.next()) return true;
    if (looksDamaged(this.reader)) throw this.reader.damage(`${this.reader.fault}, but records follow it`);
    return false;
  }

  /** Reads what stands behind the newest record, which may be nothing. */
  private refill(): void {
    if (this.file < 0 && !this.open()) return;
    if (this.reader === null && !this.readHeader()) return;
    const fileStart = this.offset;
    // A follower that is up to date looks at a header of zeros, and not at all of the room behind it.
    const seen = this.read(this.glimpse, fileStart);
    const end = isZero(this.glimpse, 0, seen) ? 0 : this.read(this.chunk.u8, fileStart);
    this.reader?.continueIn({ start: 0, end, fileStart });
  }

  private open(): boolean {
    const path = this.path(this.segment);
    if (!existsSync(path)) return false;
    this.file = openSync(path, "r");
    return true;
  }

  /** False while the header is not there as a whole. */
  private readHeader(): boolean {
    const { segment, crc, sequence } = this.start;
    this.info = this.readInfo();
    if (this.info === null) return false;
    checkLink(this.info, { segment: segment - 1, crc, sequence }, this.path(segment));
    this.reader = this.readerFrom({ ...this.start, offset: SEGMENT_HEADER_BYTES });
    return true;
  }

  /** Null while the header is not there as a whole. */
  private readInfo(): SegmentInfo | null {
    const head = viewsOf(new ArrayBuffer(SEGMENT_HEADER_BYTES));
    const bytes = this.read(head.u8, 0);
    if (tornHeader(head.u8.subarray(0, bytes), this.crc32c) !== null) return null;
    return readSegmentHeader(head, bytes, this.path(this.segment), this.crc32c);
  }

  private enterNextSegment(): void {
    const { crc, sequence } = this.position;
    const { reader } = this;
    if (reader === null)
      throw new TapeError(`${this.path(this.segment)} has no header, but another segment follows it`);
    if (reader.ending === "torn") throw reader.damage(`${reader.fault}, but another segment follows it`);
    this.rewind({ segment: this.segment + 1, offset: 0, crc, sequence });
  }

  private readerFrom({ segment, offset, crc, sequence }: TailPosition): RecordReader {
    const nothing = { start: 0, end: 0, fileStart: offset };
    const reader = new RecordReader(this.chunk, nothing, crc, this.path(segment), this.crc32c);
    reader.follow({ sequence });
    return reader;
  }

  /** Stands where the given reader does, with all that is left of the file before it. */
  private readerOfRest({ position, crc, sequence, name }: RecordReader): RecordReader {
    const bytes = Math.max(fstatSync(this.file).size - position, 0);
    const views = viewsOf(new ArrayBuffer((bytes + 7) & ~7));
    const end = this.read(views.u8.subarray(0, bytes), position);
    const rest = new RecordReader(views, { start: 0, end, fileStart: position }, crc, name, this.crc32c);
    rest.follow({ sequence });
    return rest;
  }

  /** Fills `into` from a place in the file on, as far as the file goes. */
  private read(into: Uint8Array, position: number): number {
    let got = 0;
    while (got < into.length) {
      const bytes = readSync(this.file, into, got, into.length - got, position + got);
      if (bytes === 0) break;
      got += bytes;
    }
    return got;
  }

  private path(segment: number): string {
    return segmentPath(this.directory, segment);
  }
}

const looksDamaged = (reader: RecordReader): boolean => reader.ending === "torn" && reader.syncedBehind();
