/**
 * Bytes of a point-to-point ring in shared memory, for AssemblyScript and TypeScript alike. Both compilers read this
 * file, so it holds integer constants and nothing else. Every cursor stands on a pair of cache lines of its own, so
 * that neither side's writes evict what the other side reads (processors prefetch lines in pairs). Offsets are from
 * the ring's base; actors/ring/layout.ts draws the other rings.
 *
 *     0  header     magic · 4 layout version · 8 kind · 12 capacity · 16 schema hash · 20 build hash · 24 readers
 *
 *   128  tail       position published, written by the producer
 *   256  head       position released; +4 most bytes it ever found waiting; both written by the consumer
 *   384  heartbeat  of the consumer, microseconds, f64
 *   512  producer   what a producer in WebAssembly keeps, as the module may keep nothing: position, published, the
 *                   head as last seen, bytes of the open claim; a producer in JavaScript keeps its own in its object
 *   640  consumer   likewise: position, released, the tail as last seen
 *   768  records    [length i32][type i32][payload, padded to 8] …
 */
export const RING_HEADER_CAPACITY = 12;

export const SPSC_TAIL = 128;
export const SPSC_HEAD = 256;
export const SPSC_HIGH = 260;
export const SPSC_HEARTBEAT = 384;

export const SPSC_PRODUCER = 512;
export const PRODUCER_POSITION = 512;
export const PRODUCER_PUBLISHED = 516;
export const PRODUCER_HEAD = 520;
export const PRODUCER_CLAIMED = 524;

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
