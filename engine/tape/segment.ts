/**
 * The bytes of a journal segment: one header, then records, in file as in the log ring. Records carry CRC32C, each
 * seeded with the one before, across segments too; so a record can be neither altered, nor left out, nor moved.
 *
 *      0  SegmentHeader   magic "SLUICESG", version, schema and build hash, the CRC that seeds the chain
 *     64  RecordHeader    crc, length, type, index, flags, sequence, time      ┐ length is a multiple of 8
 *     96  message         FlatBuffers                                          ┘
 *      …  records; behind them a seal, a header of no message, if the segment was closed in order
 *      …  where they end, the file ends or is zero
 *
 * The header is durable before the first record is written, and a record with the flag SYNCED_BEFORE was written when
 * every record before it was. So a bad record is TORN, lost with the power, if nothing behind it has the flag: the tape
 * ends before it. It is DAMAGED if something has: it was whole once, and reading on or cutting there would be a lie.
 */
import {
  type MessageViews,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_CRC,
  RECORD_HEADER_FLAGS,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
  SEGMENT_HEADER_BYTES,
  viewsOf,
} from "../../schemas/index.js";
import {
  type Crc32c,
  isZero,
  RECORD_CRC_FROM,
  readSegmentHeader,
  SEAL,
  type SegmentInfo,
  SYNCED_BEFORE,
  TapeError,
} from "./segment-header.js";

export { type Crc32c, encodeSegmentHeader, type SegmentInfo, TapeError } from "./segment-header.js";

/** No record is longer: a length beyond it is a fault. */
export const RECORD_BYTES_MAX = 1 << 20;
/** The index of a record that was not looked at: any may follow it. */
const ANY_INDEX = -1;

export type TapeEnd = "end" | "torn";

/** Bytes to walk: where in the views they stand, and where in the file. */
export interface RecordRun {
  readonly start: number;
  readonly end: number;
  /** Byte of the file at which `start` stands. */
  readonly fileStart: number;
}

/**
 * Walks the records in a run of bytes. `next` moves to the following record and checks it; the public fields then
 * describe it. Where no whole record follows, `ending` says whether there is nothing or something, which may be the
 * rest of a write cut short, or not there yet, or damage: `syncedBehind` tells. A whole record out of order throws.
 */
export class RecordReader {
  readonly views: MessageViews;
  type = 0;
  index = ANY_INDEX;
  sequence = 0;
  timeUs = 0;
  /** Byte offset of the record's message, and its length. */
  at = 0;
  bytes = 0;
  /** Byte offset of the record, and its length. */
  recordAt = 0;
  recordBytes = 0;
  /** CRC of the newest record: seeds the next one. */
  crc: number;
  ending: TapeEnd = "end";
  /** What is wrong where a torn run ends. */
  fault = "";
  /** Whether a seal was met: the segment was closed in order. */
  sealed = false;
  /** Byte of the file up to which all was durable when the rest was written; 0 before the first record that says so. */
  durableUpTo = 0;
  /** For messages; usually the file's path. */
  readonly name: string;
  protected readonly crc32c: Crc32c;
  /** The first record may be an output of an input that stands before the run. */
  protected mayStartWithin = false;
  private run: RecordRun;
  private offset: number;

  /** `crc` is that of the record before the run's first. */
  constructor(views: MessageViews, run: RecordRun, crc: number, name: string, crc32c: Crc32c) {
    this.views = views;
    this.run = run;
    this.offset = run.start;
    this.crc = crc;
    this.name = name;
    this.crc32c = crc32c;
  }

  /** Goes on in other bytes, which were put into the views and follow the newest record in the file. */
  continueIn(run: RecordRun): void {
    this.run = run;
    this.offset = run.start;
  }

  /** The next record must follow this one; without an index, any output of that input may. */
  follow({ sequence, index = ANY_INDEX }: { readonly sequence: number; readonly index?: number }): void {
    this.sequence = sequence;
    this.index = index;
    this.mayStartWithin = false;
  }

  /** False where no whole record follows; `ending` says why. */
  next(): boolean {
    const { i32, u16, u32, f64 } = this.views;
    const at = this.offset;
    const { end } = this.run;
    if (at + RECORD_HEADER_BYTES > end) return this.finish(isZero(this.views.u8, at, end) ? "" : "it is cut short");
    const length = i32[(at + RECORD_HEADER_LENGTH) >> 2];
    if (length === 0) return this.finish(this.isBlank(at) ? "" : "a record cannot be 0 bytes long");
    if (!isLength(length)) return this.finish(`a record cannot be ${length} bytes long`);
    if (at + length > end) return this.finish(`its length ${length} passes the end`);
    const stored = u32[(at + RECORD_HEADER_CRC) >> 2];
    const computed = this.crcAt(at, length);
    if (stored !== computed) return this.finish(`its checksum is ${hex(stored)}, its bytes make ${hex(computed)}`);
    if (u16[(at + RECORD_HEADER_TYPE) >> 1] === SEAL) return this.meetSeal();
    this.checkOrder(f64[(at + RECORD_HEADER_SEQUENCE) >> 3], u16[(at + RECORD_HEADER_INDEX) >> 1]);
    this.crc = stored;
    this.type = u16[(at + RECORD_HEADER_TYPE) >> 1];
    this.index = u16[(at + RECORD_HEADER_INDEX) >> 1];
    this.sequence = f64[(at + RECORD_HEADER_SEQUENCE) >> 3];
    this.timeUs = f64[(at + RECORD_HEADER_TIME_US) >> 3];
    this.mayStartWithin = false;
    this.recordAt = at;
    this.recordBytes = length;
    this.at = at + RECORD_HEADER_BYTES;
    this.bytes = length - RECORD_HEADER_BYTES;
    if (u32[(at + RECORD_HEADER_FLAGS) >> 2] === SYNCED_BEFORE) this.durableUpTo = this.position;
    this.offset = at + length;
    return true;
  }

  /** What the next header says its sequence is, unchecked; 0 where none stands. */
  get nextSequence(): number {
    if (this.offset + RECORD_HEADER_BYTES > this.run.end) return 0;
    return this.views.f64[(this.offset + RECORD_HEADER_SEQUENCE) >> 3];
  }

  /** Byte of the file behind the newest record. */
  get position(): number {
    return this.run.fileStart + this.offset - this.run.start;
  }

  /**
   * Whether the rest of the run shows, by a header with SYNCED_BEFORE, that what stands behind the newest record was
   * durable once. A header is told by its fields: its CRC cannot be, where the record that seeds it is gone.
   */
  syncedBehind(): boolean {
    const { u16, u32, i32, f64 } = this.views;
    const last = this.run.end - RECORD_HEADER_BYTES;
    const sequenceMax = this.sequence + (this.run.end - this.offset) / RECORD_HEADER_BYTES;
    for (let at = this.offset + 8; at <= last; at += 8) {
      if (u32[(at + RECORD_HEADER_FLAGS) >> 2] !== SYNCED_BEFORE) continue;
      if (!isLength(i32[(at + RECORD_HEADER_LENGTH) >> 2]) || u16[(at + RECORD_HEADER_TYPE) >> 1] > TYPE_MAX) continue;
      const sequence = f64[(at + RECORD_HEADER_SEQUENCE) >> 3];
      if (sequence >= this.sequence && sequence <= sequenceMax && Number.isInteger(sequence)) return true;
    }
    return false;
  }

  /** Whether anything but zeros stands behind the newest record and its seal. */
  hasBytesBehind(): boolean {
    const from = this.offset + (this.sealed ? RECORD_HEADER_BYTES : 0);
    const { i32, u8 } = this.views;
    const words = this.run.end >> 2;
    for (let word = from >> 2; word < words; word += 1) if (i32[word] !== 0) return true;
    return !isZero(u8, words << 2, this.run.end);
  }

  /** An error that names the place behind the newest record. */
  damage(why: string): TapeError {
    const after = this.sequence > 0 ? `after sequence ${this.placeText}` : "at its first record";
    return new TapeError(`${this.name} is damaged at byte ${this.position}, ${after}: ${why}`);
  }

  /** An empty fault is the end. */
  protected finish(fault: string): false {
    this.ending = fault === "" ? "end" : "torn";
    this.fault = fault;
    return false;
  }

  private meetSeal(): false {
    this.sealed = true;
    return this.finish("");
  }

  private get placeText(): string {
    return this.index === ANY_INDEX ? String(this.sequence) : `${this.sequence}.${this.index}`;
  }

  private crcAt(at: number, length: number): number {
    return this.crc32c(this.views.u8.subarray(at + RECORD_CRC_FROM, at + length), this.crc);
  }

  /** Whether the header at `at` is nothing but zeros. */
  private isBlank(at: number): boolean {
    return isZero(this.views.u8, at, at + RECORD_HEADER_BYTES);
  }

  private checkOrder(sequence: number, index: number): void {
    if (sequence === this.sequence + 1 && (index === 0 || this.mayStartWithin)) return;
    const isOutput = sequence === this.sequence && index > 0;
    if (isOutput && (this.index === ANY_INDEX || index === this.index + 1)) return;
    throw this.damage(`the record there is ${sequence}.${index}, which does not follow`);
  }
}

/** Walks the records of one whole segment, whose header it checks first. */
export class SegmentReader extends RecordReader {
  readonly info: SegmentInfo;

  /** `bytes` are the whole file; `name` is for messages. Throws TapeError for a header that is not ours. */
  constructor(bytes: Uint8Array, name: string, crc32c: Crc32c) {
    const views = segmentViews(bytes);
    const info = readSegmentHeader(views, bytes.length, name, crc32c);
    const run = { start: SEGMENT_HEADER_BYTES, end: bytes.length, fileStart: SEGMENT_HEADER_BYTES };
    super(views, run, info.previousCrc, name, crc32c);
    this.info = info;
    this.follow({ sequence: info.firstSequence - 1 });
    this.mayStartWithin = info.segment > 0;
  }

  /** False at the end of the segment, or at its torn end. Throws TapeError at damage. */
  override next(): boolean {
    if (super.next()) return true;
    if (this.ending === "end" && this.hasBytesBehind()) {
      this.finish(this.sealed ? "something stands behind the seal" : "nothing is there, but something is behind it");
    }
    if (this.ending === "torn" && (this.sealed || this.syncedBehind())) {
      throw this.damage(`${this.fault}; it was on disk once, for what follows it was written later`);
    }
    return false;
  }
}

/** Views over a file's bytes; these are copied when they do not start and end on a multiple of eight. */
function segmentViews(bytes: Uint8Array): MessageViews {
  if (bytes.byteLength === bytes.buffer.byteLength && bytes.length % 8 === 0) return viewsOf(bytes.buffer);
  const copy = new Uint8Array((bytes.length + 7) & ~7);
  copy.set(bytes);
  return viewsOf(copy.buffer);
}

/** Types of messages are one byte so far; a seal is 0. */
const TYPE_MAX = 255;

const isLength = (length: number): boolean =>
  length >= RECORD_HEADER_BYTES && length <= RECORD_BYTES_MAX && length % 8 === 0;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
