/**
 * The bytes of a journal segment: one header, then records, in file as in the log ring. Records carry CRC32C, each
 * seeded with the one before, across segments too; so a record can be neither altered, nor left out, nor moved.
 *
 *      0  SegmentHeader   magic "SLUICESG", version, schema and build hash, the CRC that seeds the chain
 *     64  RecordHeader    crc, length, type, index, flags, sequence, time      ┐ length is a multiple of 8
 *     96  message         FlatBuffers                                          ┘
 *      …  records; where they end, the file ends or is zero
 */
import {
  type MessageViews,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_CRC,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
  SEGMENT_HEADER_BUILD_HASH,
  SEGMENT_HEADER_BYTES,
  SEGMENT_HEADER_CRC,
  SEGMENT_HEADER_CREATED_TIME_US,
  SEGMENT_HEADER_FIRST_SEQUENCE,
  SEGMENT_HEADER_HEADER_BYTES,
  SEGMENT_HEADER_MAGIC_HIGH,
  SEGMENT_HEADER_MAGIC_LOW,
  SEGMENT_HEADER_PREVIOUS_CRC,
  SEGMENT_HEADER_SCHEMA_HASH,
  SEGMENT_HEADER_SEGMENT,
  SEGMENT_HEADER_VERSION,
  viewsOf,
} from "../../schemas/index.js";

const SEGMENT_MAGIC_LOW = 0x49554c53; // "SLUI"
const SEGMENT_MAGIC_HIGH = 0x47534543; // "CESG"
const SEGMENT_VERSION = 1;
/** No record is longer: a length beyond it is damage. */
export const RECORD_BYTES_MAX = 1 << 20;
/** Bytes of a record that its CRC covers start here, behind the CRC itself. */
export const RECORD_CRC_FROM = RECORD_HEADER_LENGTH;

/** CRC32C (Castagnoli) of bytes, continuing from `seed`. */
export type Crc32c = (bytes: Uint8Array, seed?: number) => number;

export interface SegmentInfo {
  readonly schemaHash: number;
  readonly buildHash: number;
  /** Seeds the chain: CRC of the record before this segment's first. */
  readonly previousCrc: number;
  /** Counts segments from 0. */
  readonly segment: number;
  readonly firstSequence: number;
  readonly createdTimeUs: number;
}

export function encodeSegmentHeader(info: SegmentInfo, crc32c: Crc32c): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const { u32, f64 } = viewsOf(bytes.buffer);
  u32[SEGMENT_HEADER_MAGIC_LOW >> 2] = SEGMENT_MAGIC_LOW;
  u32[SEGMENT_HEADER_MAGIC_HIGH >> 2] = SEGMENT_MAGIC_HIGH;
  u32[SEGMENT_HEADER_VERSION >> 2] = SEGMENT_VERSION;
  u32[SEGMENT_HEADER_HEADER_BYTES >> 2] = SEGMENT_HEADER_BYTES;
  u32[SEGMENT_HEADER_SCHEMA_HASH >> 2] = info.schemaHash;
  u32[SEGMENT_HEADER_BUILD_HASH >> 2] = info.buildHash;
  u32[SEGMENT_HEADER_PREVIOUS_CRC >> 2] = info.previousCrc;
  u32[SEGMENT_HEADER_SEGMENT >> 2] = info.segment;
  f64[SEGMENT_HEADER_FIRST_SEQUENCE >> 3] = info.firstSequence;
  f64[SEGMENT_HEADER_CREATED_TIME_US >> 3] = info.createdTimeUs;
  u32[SEGMENT_HEADER_CRC >> 2] = crc32c(bytes.subarray(0, SEGMENT_HEADER_CRC), 0);
  return bytes;
}

/** Damage, or a file that is not ours; the message says where. */
export class TapeError extends Error {
  override readonly name = "TapeError";
}

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
 * describe it. A record that the run ends within is torn: in a file the rest of a write cut short, in a journal that is
 * still being written merely not there yet. Any other fault is damage and throws.
 */
export class RecordReader {
  readonly views: MessageViews;
  type = 0;
  index = 0;
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
  /** For messages; usually the file's path. */
  protected readonly name: string;
  protected readonly crc32c: Crc32c;
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

  /** False where no whole record follows; `ending` says why. */
  next(): boolean {
    const { i32, u16, u32, f64 } = this.views;
    const at = this.offset;
    const { end } = this.run;
    if (at + RECORD_HEADER_BYTES > end) return this.finish(this.hasBytes(at) ? "torn" : "end");
    const length = i32[(at + RECORD_HEADER_LENGTH) >> 2];
    if (length === 0 && !this.hasBytes(at)) return this.finish("end");
    if (length < RECORD_HEADER_BYTES || length > RECORD_BYTES_MAX || length % 8 !== 0) {
      throw this.damage(at, `a record cannot be ${length} bytes long`);
    }
    if (at + length > end) return this.finish("torn");
    const stored = u32[(at + RECORD_HEADER_CRC) >> 2];
    const computed = this.crc32c(this.views.u8.subarray(at + RECORD_CRC_FROM, at + length), this.crc);
    if (stored !== computed) throw this.damage(at, `its checksum is ${hex(stored)}, its bytes make ${hex(computed)}`);
    this.crc = stored;
    this.type = u16[(at + RECORD_HEADER_TYPE) >> 1];
    this.index = u16[(at + RECORD_HEADER_INDEX) >> 1];
    this.sequence = f64[(at + RECORD_HEADER_SEQUENCE) >> 3];
    this.timeUs = f64[(at + RECORD_HEADER_TIME_US) >> 3];
    this.recordAt = at;
    this.recordBytes = length;
    this.at = at + RECORD_HEADER_BYTES;
    this.bytes = length - RECORD_HEADER_BYTES;
    this.offset = at + length;
    return true;
  }

  /** Byte of the file behind the newest record. */
  get position(): number {
    return this.run.fileStart + this.offset - this.run.start;
  }

  /** Throws when a record behind the torn one continues the chain: then it is not the rest of a write cut short. */
  requireNothingBehindTorn(): void {
    const { u8, u32, i32 } = this.views;
    const { end } = this.run;
    const at = this.offset;
    if (at + RECORD_HEADER_BYTES > end) return;
    const seed = u32[(at + RECORD_HEADER_CRC) >> 2];
    for (let next = at + RECORD_HEADER_BYTES; next + RECORD_HEADER_BYTES <= end; next += 8) {
      const length = i32[(next + RECORD_HEADER_LENGTH) >> 2];
      if (length < RECORD_HEADER_BYTES || length % 8 !== 0 || next + length > end) continue;
      const computed = this.crc32c(u8.subarray(next + RECORD_CRC_FROM, next + length), seed);
      if (computed === u32[(next + RECORD_HEADER_CRC) >> 2]) {
        throw this.damage(
          at,
          `its length ${i32[(at + RECORD_HEADER_LENGTH) >> 2]} passes the end, but records follow it`,
        );
      }
    }
  }

  private finish(ending: TapeEnd): false {
    this.ending = ending;
    return false;
  }

  private hasBytes(from: number): boolean {
    for (let at = from; at < this.run.end; at += 1) if (this.views.u8[at] !== 0) return true;
    return false;
  }

  private damage(at: number, why: string): TapeError {
    const after = this.sequence ? `after sequence ${this.sequence}.${this.index}` : "at its first record";
    const byte = this.run.fileStart + at - this.run.start;
    return new TapeError(`${this.name} is damaged at byte ${byte}, ${after}: ${why}`);
  }
}

/** Walks the records of one whole segment, whose header it checks first. */
export class SegmentReader extends RecordReader {
  readonly info: SegmentInfo;

  /** `bytes` must start at an offset of its buffer that is a multiple of eight; `name` is for messages. */
  constructor(bytes: Uint8Array, name: string, crc32c: Crc32c) {
    const whole = bytes.byteOffset === 0 && bytes.length % 8 === 0 ? bytes : paddedCopy(bytes);
    const views = viewsOf(whole.byteLength === whole.buffer.byteLength ? whole.buffer : paddedCopy(whole).buffer);
    const info = readSegmentHeader(views, bytes.length, name, crc32c);
    const run = { start: SEGMENT_HEADER_BYTES, end: bytes.length, fileStart: SEGMENT_HEADER_BYTES };
    super(views, run, info.previousCrc, name, crc32c);
    this.info = info;
  }

  /** False at the end of the segment. */
  override next(): boolean {
    if (super.next()) return true;
    if (this.ending === "torn") this.requireNothingBehindTorn();
    return false;
  }
}

/** Reads and checks the header at the start of the views, of a file of `length` bytes. */
export function readSegmentHeader(views: MessageViews, length: number, name: string, crc32c: Crc32c): SegmentInfo {
  const { u8, u32, f64 } = views;
  if (length < SEGMENT_HEADER_BYTES) throw new TapeError(`${name} is ${length} bytes long, too short for a segment`);
  if (
    u32[SEGMENT_HEADER_MAGIC_LOW >> 2] !== SEGMENT_MAGIC_LOW ||
    u32[SEGMENT_HEADER_MAGIC_HIGH >> 2] !== SEGMENT_MAGIC_HIGH
  ) {
    throw new TapeError(`${name} is not a journal segment: it does not start with SLUICESG`);
  }
  if (u32[SEGMENT_HEADER_CRC >> 2] !== crc32c(u8.subarray(0, SEGMENT_HEADER_CRC), 0)) {
    throw new TapeError(
      `${name} is damaged in its header (bytes 0 to ${SEGMENT_HEADER_BYTES - 1}): the checksum does not fit`,
    );
  }
  const version = u32[SEGMENT_HEADER_VERSION >> 2];
  if (version !== SEGMENT_VERSION)
    throw new TapeError(`${name} has format version ${version}; this build reads ${SEGMENT_VERSION}`);
  return {
    schemaHash: u32[SEGMENT_HEADER_SCHEMA_HASH >> 2],
    buildHash: u32[SEGMENT_HEADER_BUILD_HASH >> 2],
    previousCrc: u32[SEGMENT_HEADER_PREVIOUS_CRC >> 2],
    segment: u32[SEGMENT_HEADER_SEGMENT >> 2],
    firstSequence: f64[SEGMENT_HEADER_FIRST_SEQUENCE >> 3],
    createdTimeUs: f64[SEGMENT_HEADER_CREATED_TIME_US >> 3],
  };
}

function paddedCopy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array((bytes.length + 7) & ~7);
  copy.set(bytes);
  return copy;
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
