/**
 * Follows a journal's segment files record by record, from a position on, while they grow. It reads only what was
 * appended since, and goes on into the next segment once there is one. A record whose end is not there yet is simply
 * not there yet; damage throws TapeError naming the place. A position is plain data: who keeps one can come back to it.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { type Crc32c, TapeError } from "../../engine/index.js";
import { RECORD_BYTES_MAX, RecordReader, readSegmentHeader } from "../../engine/tape/segment.js";
import { checkLink } from "../../engine/tape/tape.js";
import { SEGMENT_HEADER_BYTES, viewsOf } from "../../schemas/index.js";
import { segmentPath } from "../journal/journal-directory.js";

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
  private segment = 0;
  private file = -1;
  /** Walks the chunk; null until the segment's header was read. */
  private reader: RecordReader | null = null;
  private start: TailPosition;

  /** Follows the journal in `directory`, whose first segment need not exist yet. */
  constructor(directory: string, crc32c: Crc32c, from: TailPosition = JOURNAL_START) {
    this.directory = directory;
    this.crc32c = crc32c;
    this.start = from;
    this.rewind(from);
  }

  /** The next record, valid until the next call; null while none is there. */
  next(): RecordReader | null {
    if (this.reader?.next()) return this.reader;
    for (;;) {
      // Looked for before the last read: a segment that is followed has all of its bytes.
      const followed = existsSync(this.path(this.segment + 1));
      if (this.refill() && this.reader?.next()) return this.reader;
      if (!followed) return null;
      this.enterNextSegment();
    }
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
    this.reader = to.offset === 0 ? null : this.readerFrom(to);
  }

  /**
   * For a journal whose writer has finished, when `next` is at its end: whether the last record was cut short. Throws
   * TapeError when what looks cut short is damage.
   */
  ending(): "end" | "torn" {
    if (this.reader?.ending !== "torn") return "end";
    this.reader.requireNothingBehindTorn();
    return "torn";
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  /** Reads what stands behind the newest record; false when nothing does. */
  private refill(): boolean {
    if (this.file < 0 && !this.open()) return false;
    if (this.reader === null && !this.readHeader()) return false;
    const fileStart = this.position.offset;
    const end = this.read(fileStart, CHUNK_BYTES);
    this.reader?.continueIn({ start: 0, end, fileStart });
    return end > 0;
  }

  private open(): boolean {
    const path = this.path(this.segment);
    if (!existsSync(path)) return false;
    this.file = openSync(path, "r");
    return true;
  }

  /** False while the header is not there as a whole. */
  private readHeader(): boolean {
    const { segment, crc } = this.start;
    if (this.read(0, SEGMENT_HEADER_BYTES) < SEGMENT_HEADER_BYTES) return false;
    const info = readSegmentHeader(this.chunk, SEGMENT_HEADER_BYTES, this.path(segment), this.crc32c);
    checkLink(info, { segment: segment - 1, crc }, this.path(segment));
    this.reader = this.readerFrom({ ...this.start, offset: SEGMENT_HEADER_BYTES });
    return true;
  }

  private enterNextSegment(): void {
    const { crc, sequence } = this.position;
    if (this.reader === null || this.reader.ending === "torn") {
      throw new TapeError(
        `${this.path(this.segment)} ends within a record or its header, but another segment follows it`,
      );
    }
    this.rewind({ segment: this.segment + 1, offset: 0, crc, sequence });
  }

  private readerFrom({ segment, offset, crc, sequence }: TailPosition): RecordReader {
    const nothing = { start: 0, end: 0, fileStart: offset };
    const reader = new RecordReader(this.chunk, nothing, crc, this.path(segment), this.crc32c);
    reader.sequence = sequence;
    return reader;
  }

  private read(offset: number, bytesMax: number): number {
    let got = 0;
    for (;;) {
      const bytes = readSync(this.file, this.chunk.u8, got, bytesMax - got, offset + got);
      got += bytes;
      if (bytes === 0 || got === bytesMax) return got;
    }
  }

  private path(segment: number): string {
    return segmentPath(this.directory, segment);
  }
}
