/**
 * Bytes of the rings in shared memory, and nothing else. Every cursor stands on a pair of cache lines of its own, so
 * that neither side's writes evict what the other side reads (processors prefetch lines in pairs). Offsets are from
 * the base. The point-to-point ring, which handlers in WebAssembly work on too, is drawn in wasm/ring-layout.ts.
 *
 *   header     0  magic · 4 layout version · 8 kind · 12 capacity · 16 schema hash · 20 build hash · 24 readers
 *
 *   log      128  tail       position published, written by the writer
 *            256  intent     number of the block below which the writer may have begun to overwrite
 *            384  readers    eight of [position i32][state i32][most bytes found waiting i32], each on its own pair of
 *                            lines
 *           1408  records    [header of 32][payload, padded to 8] …
 *
 *   mpsc     128  tail       position claimed, moved on by the producers
 *            256  head       position released · 4 records lost; both written by the consumer
 *            384  lives      sixteen of [i32]: how often each producer's place was taken or declared empty
 *            512  records    [length i32][type i32][payload, padded to 8] …; see mpsc.ts for what a claim holds
 *
 * A position is the count of bytes since the start, an int32 that wraps modulo 2^32: compare two by `(a - b) | 0`. As
 * every capacity is a power of two of at most 1 GiB, `position & (capacity - 1)` is the place in the ring before and
 * after it wraps.
 */
import assert from "node:assert/strict";
import {
  RING_HEADER_CAPACITY,
  RING_PADDING,
  RING_RECORDS_MIN,
  SPSC_CONSUMER,
  SPSC_HEAD,
  SPSC_HEARTBEAT,
  SPSC_HIGH,
  SPSC_LENGTH,
  SPSC_PRODUCER,
  SPSC_RECORD_HEADER,
  SPSC_RECORDS,
  SPSC_TAIL,
  SPSC_TYPE,
} from "../../wasm/index.js";

export { SPSC_HEAD, SPSC_HEARTBEAT, SPSC_HIGH, SPSC_LENGTH, SPSC_RECORD_HEADER, SPSC_RECORDS, SPSC_TAIL, SPSC_TYPE };

export const LINE_PAIR = 128;
export const MAGIC = 0x474e_5253; // "SRNG"
export const LAYOUT_VERSION = 2;

export const RingKind = { spsc: 1, log: 2, mpsc: 3 } as const;
export type RingKind = (typeof RingKind)[keyof typeof RingKind];

export const CAPACITY_MIN = 4096;
export const CAPACITY_MAX = 2 ** 30;
/** A record takes at most a quarter of its ring: with the padding before it, it fits once the ring has drained. */
export const RECORDS_PER_RING_MIN = RING_RECORDS_MIN;

export const HEADER_MAGIC = 0;
export const HEADER_VERSION = HEADER_MAGIC + 4;
export const HEADER_KIND = HEADER_VERSION + 4;
export const HEADER_CAPACITY = HEADER_KIND + 4;
export const HEADER_SCHEMA_HASH = HEADER_CAPACITY + 4;
export const HEADER_BUILD_HASH = HEADER_SCHEMA_HASH + 4;
export const HEADER_READERS = HEADER_BUILD_HASH + 4;
export const HEADER_END = HEADER_READERS + 4;

export const LOG_READERS_MAX = 8;
export const LOG_TAIL = LINE_PAIR;
export const LOG_INTENT = LOG_TAIL + LINE_PAIR;
export const LOG_READERS = LOG_INTENT + LINE_PAIR;
export const LOG_RECORDS = LOG_READERS + LOG_READERS_MAX * LINE_PAIR;

export const READER_POSITION = 0;
export const READER_STATE = READER_POSITION + 4;
export const READER_HIGH = READER_STATE + 4;
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

export const MPSC_PRODUCERS_MAX = 16;
export const MPSC_TAIL = LINE_PAIR;
export const MPSC_HEAD = MPSC_TAIL + LINE_PAIR;
export const MPSC_LOST = MPSC_HEAD + 4;
export const MPSC_LIVES = MPSC_HEAD + LINE_PAIR;
export const MPSC_RECORDS = MPSC_LIVES + LINE_PAIR;
export const MPSC_LENGTH = 0;
export const MPSC_TYPE = MPSC_LENGTH + 4;
export const MPSC_RECORD_HEADER = MPSC_TYPE + 4;

/** The intent cursor counts blocks of this part of a ring; see log-ring.ts. */
export const BLOCKS_PER_RING = 16;

/** The type of a record that only fills the end of a ring; no message has it. */
export const PADDING = RING_PADDING;
/** What claim and next return when there is no room, or no record. */
export const NONE = -1;

assert(HEADER_CAPACITY === RING_HEADER_CAPACITY, "the header is one for both compilers");
assert(HEADER_END <= LINE_PAIR, "the header keeps to its pair of lines");
const SPSC_LINES = [SPSC_TAIL, SPSC_HEAD, SPSC_HEARTBEAT, SPSC_PRODUCER, SPSC_CONSUMER, SPSC_RECORDS];
assert(
  SPSC_LINES.every((offset, line) => offset === (line + 1) * LINE_PAIR),
  "each side's words have a pair of lines of their own",
);
assert(SPSC_RECORDS % LINE_PAIR === 0 && LOG_RECORDS % LINE_PAIR === 0, "records start on a pair of lines");
assert(MPSC_RECORDS % LINE_PAIR === 0 && MPSC_RECORD_HEADER === 8, "a record's header fits wherever a record ends");
assert(MPSC_PRODUCERS_MAX * 4 <= LINE_PAIR, "the producers' lives keep to their pair of lines");
assert(SPSC_RECORD_HEADER === 8 && LOG_RECORD_HEADER === 32, "payloads are 8-aligned behind their headers");
assert(LOG_SEQUENCE % 8 === 0 && LOG_TIME_US % 8 === 0, "doubles are 8-aligned");
assert(CAPACITY_MIN / BLOCKS_PER_RING >= LOG_RECORD_HEADER, "a block holds at least a header");
