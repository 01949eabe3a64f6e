/**
 * What the rings are made of, beside the words that wasm/ring-layout.ts draws: kinds, bounds, the header, and the bytes
 * of the ring of many producers, which no handler in WebAssembly works on.
 *
 *   mpsc     128  tail       position claimed, moved on by the producers
 *            256  head       position released · 4 being released up to · 8 records lost; written by the consumer
 *            384  lives      sixteen of [i32]: how often each producer's place was taken or declared empty
 *            512  records    [length i32][type i32][payload, padded to 8] …; see mpsc.ts for what a claim holds
 */
import assert from "node:assert/strict";
import {
  BLOCKS_PER_RING,
  LOG_KEEPS,
  LOG_READER_STRIDE,
  LOG_READERS,
  LOG_READERS_MAX,
  LOG_RECORD_HEADER,
  LOG_RECORDS,
  LOG_SEQUENCE,
  LOG_TIME_US,
  LOG_WRITER,
  READER_ABSENT,
  READER_PRESENT,
  RING_HEADER_CAPACITY,
  RING_HEADER_OWNER,
  RING_HEADER_READERS,
  RING_PADDING,
  RING_RECORDS_MIN,
  SPSC_CONSUMER,
  SPSC_HEAD,
  SPSC_HEARTBEAT,
  SPSC_PRODUCER,
  SPSC_RECORD_HEADER,
  SPSC_RECORDS,
  SPSC_TAIL,
} from "../../wasm/index.js";

export {
  BLOCKS_PER_RING,
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
  READER_HIGH,
  READER_POSITION,
  READER_STATE,
  SPSC_HEAD,
  SPSC_HEARTBEAT,
  SPSC_HIGH,
  SPSC_LENGTH,
  SPSC_RECORD_HEADER,
  SPSC_RECORDS,
  SPSC_TAIL,
  SPSC_TYPE,
} from "../../wasm/index.js";

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
/** How often a ring of one producer was joined by one. */
export const HEADER_OWNER = HEADER_READERS + 4;
export const HEADER_END = HEADER_OWNER + 4;

export const ReaderState = { absent: READER_ABSENT, present: READER_PRESENT } as const;

export const MPSC_PRODUCERS_MAX = 16;
export const MPSC_TAIL = LINE_PAIR;
export const MPSC_HEAD = MPSC_TAIL + LINE_PAIR;
export const MPSC_RELEASING = MPSC_HEAD + 4;
export const MPSC_LOST = MPSC_RELEASING + 4;
export const MPSC_LIVES = MPSC_HEAD + LINE_PAIR;
export const MPSC_RECORDS = MPSC_LIVES + LINE_PAIR;
export const MPSC_LENGTH = 0;
export const MPSC_TYPE = MPSC_LENGTH + 4;
export const MPSC_RECORD_HEADER = MPSC_TYPE + 4;

/** The type of a record that only fills the end of a ring; no message has it. */
export const PADDING = RING_PADDING;
/** What claim and next return when there is no room, or no record. */
export const NONE = -1;

assert(
  HEADER_CAPACITY === RING_HEADER_CAPACITY &&
    HEADER_READERS === RING_HEADER_READERS &&
    HEADER_OWNER === RING_HEADER_OWNER,
  "the header is one for both compilers",
);
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
const AFTER_READERS = LOG_READERS + LOG_READERS_MAX * LOG_READER_STRIDE;
assert(LOG_READER_STRIDE === LINE_PAIR && LOG_WRITER === AFTER_READERS, "readers do not share lines");
assert(LOG_KEEPS === LOG_WRITER + LINE_PAIR, "the writer's own words have a pair of lines");
assert(LOG_RECORDS === LOG_KEEPS + LOG_READERS_MAX * LINE_PAIR, "records begin behind the last reader's own words");
