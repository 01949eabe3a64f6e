/**
 * The records of a journal, pulled one by one, so that whoever reads may stop between two of them and go on later. The
 * same checks as `readTape`: checksums, and segments that follow each other without a gap.
 */
import {
  type Crc32c,
  configOf,
  type EngineConfig,
  type RecordReader,
  type SegmentBytes,
  SegmentReader,
  TapeError,
} from "../../engine/index.js";
import { tornHeader } from "../../engine/tape/segment-header.js";
import { checkLink } from "../../engine/tape/tape.js";
import type { MessageViews } from "../../schemas/index.js";

/** Where a record stands and what its header says; unlike a reader's fields it stays as it is. */
export interface JournalRecord {
  readonly type: number;
  /** 0 of an input; 1, 2, … of the outputs it caused. */
  readonly index: number;
  readonly sequence: number;
  readonly timeUs: number;
  readonly views: MessageViews;
  /** Byte offset of the message, and its length. */
  readonly at: number;
  readonly bytes: number;
  /** Byte offset of the record, and its length. */
  readonly recordAt: number;
  readonly recordBytes: number;
}

export class JournalRecords {
  inputs = 0;
  segments = 0;
  private readonly source: Iterator<SegmentBytes>;
  private readonly crc32c: Crc32c;
  private readonly after: number;
  private reader: SegmentReader | null = null;
  private torn = false;

  /** Begins behind the sequence `after`; the segments need not begin with the journal's first then. */
  constructor(segments: Iterable<SegmentBytes>, crc32c: Crc32c, after = 0) {
    this.source = segments[Symbol.iterator]();
    this.crc32c = crc32c;
    this.after = after;
  }

  /** Null behind the last whole record. Throws TapeError at damage and at a gap between segments. */
  next(): JournalRecord | null {
    do {
      while (this.reader === null || !this.reader.next()) if (!this.open()) return null;
    } while (this.reader.sequence <= this.after);
    const { type, index, sequence, timeUs, views, at, bytes, recordAt, recordBytes } = this.reader;
    if (index === 0) this.inputs += 1;
    return { type, index, sequence, timeUs, views, at, bytes, recordAt, recordBytes };
  }

  /** Whether the newest segment ends within a record that was being written. */
  get isTorn(): boolean {
    return this.torn;
  }

  private open(): boolean {
    const { done, value } = this.source.next();
    if (this.reader?.ending === "torn") this.torn = true;
    if (done) return false;
    const { name, bytes } = value;
    if (this.torn) throw new TapeError(`the segment before ${name} ends within a record`);
    if (tornHeader(bytes, this.crc32c) !== null) {
      this.torn = true;
      return this.open();
    }
    const next = new SegmentReader(bytes, name, this.crc32c);
    this.link(next);
    this.reader = next;
    this.segments += 1;
    return true;
  }

  private link(next: SegmentReader): void {
    const { reader } = this;
    if (reader === null) {
      if (next.info.segment === 0 || this.after > 0) return;
      throw new TapeError(`the journal's beginning is missing: its first segment is ${next.name}`);
    }
    checkLink(next.info, { segment: reader.info.segment, crc: reader.crc, sequence: reader.sequence }, next.name);
    next.follow(reader);
  }
}

/** A record as bytes of its own, header first. */
export function copyRecord({ views, recordAt, recordBytes }: JournalRecord): Uint8Array<ArrayBuffer> {
  return new Uint8Array(views.u8.slice(recordAt, recordAt + recordBytes));
}

/** The configuration in a life's first record. */
export const configIn = (record: JournalRecord): EngineConfig => configOf(asReader(record));

/** A record where a reader is asked for: its public fields are all that anybody reads. */
export const asReader = (record: JournalRecord): RecordReader => record as unknown as RecordReader;
