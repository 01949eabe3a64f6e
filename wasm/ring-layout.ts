/**
 * Bytes of the rings that handlers in WebAssembly work on too. AssemblyScript and TypeScript both read this file, so it
 * holds integer constants and nothing else. Every cursor stands on a pair of cache lines of its own, so that neither
 * side's writes evict what the other side reads (processors prefetch lines in pairs). Offsets are from the ring's base.
 *
 * A side in WebAssembly keeps what it remembers in the ring, in words of its own, because the module may keep nothing;
 * a side in JavaScript keeps it in its object and leaves those words alone.
 *
 *   header     0  magic · 4 layout version · 8 kind · 12 capacity · 16 schema hash · 20 build hash · 24 readers
 *              · 28 owner: how often a producer or writer has joined
 *
 *   spsc     128  tail       position published, written by the producer
 *            256  head       position released · 4 most bytes ever found waiting; written by the consumer
 *            384  heartbeat  of the consumer, microseconds, f64
 *            512  producer   its own: position, published, the head as last seen, bytes of the open claim, which owner
 *            640  consumer   its own: position, released, the tail as last seen
 *            768  records    [length i32][type i32][payload, padded to 8] …
 *
 *   log      128  tail       position published, written by the writer
 *            256  intent     number of the block below which the writer may have begun to overwrite
 *            384  readers    eight of [position i32][state i32][most bytes ever waiting i32], a pair of lines each
 *           1408  writer     its own: position, published, the slowest reader as last seen, bytes of the open claim,
 *                            the intent's block and the position where that block ends, which owner
 *           1536  keeps      eight of a reader's own, a pair of lines each: position, released, how far it may go, and
 *                            the readers it depends on, a bit each
 *           2560  records    [header of 32][payload, padded to 8] …
 *
 * A position is the count of bytes since the start, an int32 that wraps modulo 2^32: compare two by `(a - b) | 0`. As
 * every capacity is a power of two of at most 1 GiB, `position & (capacity - 1)` is the place in the ring before and
 * after it wraps.
 */
export const RING_HEADER_CAPACITY = 12;
export const RING_HEADER_READERS = 24;
export const RING_HEADER_OWNER = 28;

export const SPSC_TAIL = 128;
export const SPSC_HEAD = 256;
export const SPSC_HIGH = 260;
export const SPSC_HEARTBEAT = 384;

export const SPSC_PRODUCER = 512;
export const PRODUCER_POSITION = 512;
export const PRODUCER_PUBLISHED = 516;
export const PRODUCER_HEAD = 520;
export const PRODUCER_CLAIMED = 524;
export const PRODUCER_LIFE = 528;

export const SPSC_CONSUMER = 640;
export const CONSUMER_POSITION = 640;
export const CONSUMER_RELEASED = 644;
export const CONSUMER_TAIL = 648;

export const SPSC_RECORDS = 768;
/** Before a record's payload: its length, which counts this header and not the padding behind it, and its type. */
export const SPSC_LENGTH = 0;
export const SPSC_TYPE = 4;
export const SPSC_RECORD_HEADER = 8;
/** The type of a record that only fills the end of a ring; no message has it. */
export const RING_PADDING = 0;
/** A record takes at most a quarter of its ring: with the padding before it, it fits once the ring has drained. */
export const RING_RECORDS_MIN = 4;

export const LOG_TAIL = 128;
export const LOG_INTENT = 256;
export const LOG_READERS = 384;
export const LOG_READERS_MAX = 8;
/** From one reader's words to the next one's. */
export const LOG_READER_STRIDE = 128;
export const READER_POSITION = 0;
export const READER_STATE = 4;
export const READER_HIGH = 8;
export const READER_ABSENT = 0;
export const READER_PRESENT = 1;

export const LOG_WRITER = 1408;
export const WRITER_POSITION = 1408;
export const WRITER_PUBLISHED = 1412;
export const WRITER_SLOWEST = 1416;
export const WRITER_CLAIMED = 1420;
export const WRITER_INTENT_BLOCK = 1424;
export const WRITER_INTENT_END = 1428;
export const WRITER_LIFE = 1432;

export const LOG_KEEPS = 1536;
export const KEEP_POSITION = 0;
export const KEEP_RELEASED = 4;
export const KEEP_LIMIT = 8;
export const KEEP_DEPENDS_ON = 12;

export const LOG_RECORDS = 2560;
/** A record of the log, the same in the ring and on disk. Its length counts the header and is a multiple of eight. */
export const LOG_CRC = 0;
export const LOG_LENGTH = 4;
export const LOG_TYPE = 8;
export const LOG_INDEX = 10;
export const LOG_FLAGS = 12;
export const LOG_SEQUENCE = 16;
export const LOG_TIME_US = 24;
export const LOG_RECORD_HEADER = 32;

/** The intent counts blocks of this part of a ring. */
export const BLOCKS_PER_RING = 16;
