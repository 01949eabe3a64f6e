/**
 * The constant parts of a journal segment's bytes: its header, the seal at its end, and the flags of a record. What is
 * between them is walked by segment.ts, which draws the whole. The header's checksum stands in its last four bytes
 * however long it is, so that a newer Sluice's segment is told from a damaged one.
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
  SCHEMA_HASH,
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
const HEADER_BYTES_MAX = 4096;

/** Bytes of a record that its CRC covers start here, behind the CRC itself. */
export const RECORD_CRC_FROM = RECORD_HEADER_LENGTH;
/** Flag of a record: every record before it was durable when it was written. */
export const SYNCED_BEFORE = 1;
/** Type of a seal, which no message has. */
export const SEAL = 0;

/** CRC32C (Castagnoli) of bytes, continuing from `seed`. */
export type Crc32c = (bytes: Uint8Array, seed?: number) => number;

/** Damage, or a file that is not ours; the message says where. */
export class TapeError extends Error {
  override readonly name = "TapeError";
}

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

/** Where a record stands in the order of all, and the CRC that the next one is seeded with. */
export interface RecordMark {
  readonly crc: number;
  readonly sequence: number;
  readonly index: number;
  readonly timeUs: number;
}

/** The seal behind a segment's last record: says that all of them were durable, and is no link of the chain. */
export function encodeSeal(last: RecordMark, crc32c: Crc32c): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEADER_BYTES);
  const { i32, u16, u32, f64 } = viewsOf(bytes.buffer);
  i32[RECORD_HEADER_LENGTH >> 2] = RECORD_HEADER_BYTES;
  u16[RECORD_HEADER_TYPE >> 1] = SEAL;
  u16[RECORD_HEADER_INDEX >> 1] = last.index;
  u32[RECORD_HEADER_FLAGS >> 2] = SYNCED_BEFORE;
  f64[RECORD_HEADER_SEQUENCE >> 3] = last.sequence;
  f64[RECORD_HEADER_TIME_US >> 3] = last.timeUs;
  u32[RECORD_HEADER_CRC >> 2] = crc32c(bytes.subarray(RECORD_CRC_FROM), last.crc);
  return bytes;
}

/**
 * Reads and checks the header at the start of the views, of a file of `length` bytes. Throws TapeError: damage, another
 * file, another schema, or a newer format.
 */
export function readSegmentHeader(views: MessageViews, length: number, name: string, crc32c: Crc32c): SegmentInfo {
  const { u32, f64 } = views;
  const fault = headerFault(views, length, crc32c);
  if (fault !== null) throw new TapeError(`${name} ${fault}`);
  const version = u32[SEGMENT_HEADER_VERSION >> 2];
  if (version !== SEGMENT_VERSION) {
    throw new TapeError(
      version > SEGMENT_VERSION
        ? `${name} was written by a newer Sluice (format ${version}; this one reads ${SEGMENT_VERSION}): update it`
        : `${name} has format ${version}, which no Sluice ever wrote`,
    );
  }
  const schemaHash = u32[SEGMENT_HEADER_SCHEMA_HASH >> 2];
  if (schemaHash !== SCHEMA_HASH) {
    throw new TapeError(
      `${name} was written with schemas ${schemaHash.toString(16)}; this build has ${SCHEMA_HASH.toString(16)}: ` +
        "read it with the Sluice that wrote it",
    );
  }
  return {
    schemaHash,
    buildHash: u32[SEGMENT_HEADER_BUILD_HASH >> 2],
    previousCrc: u32[SEGMENT_HEADER_PREVIOUS_CRC >> 2],
    segment: u32[SEGMENT_HEADER_SEGMENT >> 2],
    firstSequence: f64[SEGMENT_HEADER_FIRST_SEQUENCE >> 3],
    createdTimeUs: f64[SEGMENT_HEADER_CREATED_TIME_US >> 3],
  };
}

/**
 * Why a file that a crash may have left has no header, or null when it has one or when it was damaged: a header is
 * durable before anything is written behind it, so nothing stands there, and of the header its beginning at most.
 */
export function tornHeader(bytes: Uint8Array, crc32c: Crc32c): string | null {
  const head = new Uint8Array(HEADER_BYTES_MAX);
  head.set(bytes.subarray(0, HEADER_BYTES_MAX));
  const fault = headerFault(viewsOf(head.buffer), bytes.length, crc32c);
  if (fault === null || !isZero(bytes, SEGMENT_HEADER_BYTES, bytes.length)) return null;
  const magic = new Uint8Array(Uint32Array.of(SEGMENT_MAGIC_LOW, SEGMENT_MAGIC_HIGH).buffer);
  const begun = magic.findIndex((byte, at) => byte !== head[at]);
  return begun < 0 || isZero(head, begun, SEGMENT_HEADER_BYTES) ? fault : null;
}

function headerFault({ u8, u32 }: MessageViews, length: number, crc32c: Crc32c): string | null {
  if (length < SEGMENT_HEADER_BYTES) return `is ${length} bytes long, too short for a segment`;
  if (
    u32[SEGMENT_HEADER_MAGIC_LOW >> 2] !== SEGMENT_MAGIC_LOW ||
    u32[SEGMENT_HEADER_MAGIC_HIGH >> 2] !== SEGMENT_MAGIC_HIGH
  )
    return "is not a journal segment: its bytes 0 to 7 are not SLUICESG";
  const bytes = u32[SEGMENT_HEADER_HEADER_BYTES >> 2];
  const isPlausible = bytes >= SEGMENT_HEADER_BYTES && bytes <= Math.min(length, HEADER_BYTES_MAX) && bytes % 4 === 0;
  const crcAt = (isPlausible ? bytes : SEGMENT_HEADER_BYTES) - 4;
  if (u32[crcAt >> 2] === crc32c(u8.subarray(0, crcAt), 0)) return null;
  return `is damaged in its header (bytes 0 to ${crcAt + 3}): the checksum does not fit`;
}

/** Whether the bytes from one place to another are all zero. */
export function isZero(u8: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (u8[at] !== 0) return false;
  return true;
}
