/**
 * Bytes of the rings in shared memory, and nothing else. Every cursor stands on a pair of cache lines of its own, so
 * that neither side's writes evict what the other side reads (processors prefetch lines in pairs). Offsets are from
 * the base.
 *
 *   header     0  magic · 4 layout version · 8 kind · 12 capacity · 16 schema hash · 20 build hash · 24 readers
 *
 *   spsc     128  tail       position published, written by the producer
 *            256  head       position released, written by the consumer
 *            384  heartbeat  of the consumer, microseconds, f64
 *            512  records    [length i32][type i32][payload, padded to 8] …
 *
 *   log      128  tail       position published, written by the writer
 *            256  intent     number of the block below which the writer may have begun to overwrite
 *            384  readers    eight of [position i32][state i32], each on its own pair of lines
 *           1408  records    [header of 32][payload, padded to 8] …
 *
 * A position is the count of bytes since the start, an int32 that wraps modulo 2^32: compare two by `(a - b) | 0`. As
 * every capacity is a power of two of at most 1 GiB, `position & (capacity - 1)` is the place in the ring before and
 * after it wraps.
 */
import assert from "node:assert/strict";

export const LINE_PAIR = 128;
export const MAGIC = 0x474e_5253; // "SRNG"
export const LAYOUT_VERSION = 1;

export const RingKind = { spsc: 1, log: 2 } as const;
export type RingKind = (typeof RingKind)[keyof typeof RingKind];

export const CAPACITY_MIN = 4096;
export const CAPACITY_MAX = 2 ** 30;
/** A record takes at most a quarter of its ring: with the padding before it, it fits once the ring has drained. */
export const RECORDS_PER_RING_MIN = 4;

export const HEADER_MAGIC = 0;
export const HEADER_VERSION = HEADER_MAGIC + 4;
export const HEADER_KIND = HEADER_VERSION + 4;
export const HEADER_CAPACITY = HEADER_KIND + 4;
export const HEADER_SCHEMA_HASH = HEADER_CAPACITY + 4;
export const HEADER_BUILD_HASH = HEADER_SCHEMA_HASH + 4;
export const HEADER_READERS = HEADER_BUILD_HASH + 4;
export const HEADER_END = HEADER_READERS + 4;

export const SPSC_TAIL = LINE_PAIR;
export const SPSC_HEAD = SPSC_TAIL + LINE_PAIR;
export const SPSC_HEARTBEAT = SPSC_HEAD + LINE_PAIR;
export const SPSC_RECORDS = SPSC_HEARTBEAT + LINE_PAIR;

export const SPSC_LENGTH = 0;
export const SPSC_TYPE = SPSC_LENGTH + 4;
export const SPSC_RECORD_HEADER = SPSC_TYPE + 4;

export const LOG_READERS_MAX = 8;
export const LOG_TAIL = LINE_PAIR;
export const LOG_INTENT = LOG_TAIL + LINE_PAIR;
export const LOG_READERS = LOG_INTENT + LINE_PAIR;
export const LOG_RECORDS = LOG_READERS + LOG_READERS_MAX * LINE_PAIR;

export const READER_POSITION = 0;
export const READER_STATE = READER_POSITION + 4;
export const ReaderState = { absent: 0, present: 1 } as const;

/** A record of the log, the same in the ring and on disk. Its length counts the header and is a multiple of eight. */
export const LOG_CRC = 0;
export const LOG_LENGTH = LOG_CRC + 4;
export const LOG_TYPE = LOG_LENGTH + 4;
export const LOG_INDEX = LOG_TYPE + 2;
export const LOG_FLAGS = LOG_INDEX + 2;
export const LOG_SEQUENCE = LOG_FLAGS + 4;
export const LOG_TIME_US = LOG_SEQUENCE + 8;
export const LOG_RECORD_HEADER = LOG_TIME_US + 8;

/** The intent cursor counts blocks of this part of a ring; see log-ring.ts. */
export const BLOCKS_PER_RING = 16;

/** The type of a record that only fills the end of a ring; no message has it. */
export const PADDING = 0;
/** What claim and next return when there is no room, or no record. */
export const NONE = -1;

assert(HEADER_END <= LINE_PAIR, "the header keeps to its pair of lines");
assert(SPSC_RECORDS % LINE_PAIR === 0 && LOG_RECORDS % LINE_PAIR === 0, "records start on a pair of lines");
assert(SPSC_RECORD_HEADER === 8 && LOG_RECORD_HEADER === 32, "payloads are 8-aligned behind their headers");
assert(LOG_SEQUENCE % 8 === 0 && LOG_TIME_US % 8 === 0, "doubles are 8-aligned");
assert(CAPACITY_MIN / BLOCKS_PER_RING >= LOG_RECORD_HEADER, "a block holds at least a header");
