/**
 * The writer and the gating readers of the sequenced log for handlers in WebAssembly: the records and the rules of
 * actors/ring/log-ring.ts, to the byte, so that sides in JavaScript may take part in the same log. Lossy readers are
 * JavaScript's alone; this writer raises the intent for them all the same.
 *
 * `ring` is the ring's base, whose header the caller has checked. A broken rule traps: a claim while one is open, a
 * payload larger than a quarter of the ring, a record that passes the tail.
 */
import {
  BLOCKS_PER_RING, KEEP_DEPENDS_ON, KEEP_LIMIT, KEEP_POSITION, KEEP_RELEASED, LOG_CRC, LOG_FLAGS, LOG_INDEX,
  LOG_INTENT, LOG_KEEPS, LOG_LENGTH, LOG_READERS, LOG_READER_STRIDE, LOG_RECORDS, LOG_RECORD_HEADER, LOG_SEQUENCE,
  LOG_TAIL, LOG_TIME_US, LOG_TYPE, READER_ABSENT, READER_HIGH, READER_POSITION, READER_STATE, RING_HEADER_CAPACITY,
  RING_HEADER_OWNER, RING_HEADER_READERS, RING_PADDING, RING_RECORDS_MIN, WRITER_CLAIMED, WRITER_INTENT_BLOCK,
  WRITER_INTENT_END, WRITER_LIFE, WRITER_POSITION, WRITER_PUBLISHED, WRITER_SLOWEST,
} from "../../ring-layout";
import { NONE } from "./spsc";

export { NONE };

/** Becomes the writer, after the last record published before; an earlier one is refused at its next publish. */
export function joinWriter(ring: usize): void {
  store<i32>(ring, atomic.add<i32>(ring, 1, RING_HEADER_OWNER) + 1, WRITER_LIFE);
  const tail = atomic.load<i32>(ring, LOG_TAIL);
  const block = atomic.load<i32>(ring, LOG_INTENT);
  store<i32>(ring, tail, WRITER_POSITION);
  store<i32>(ring, tail, WRITER_PUBLISHED);
  store<i32>(ring, slowestReader(ring), WRITER_SLOWEST);
  store<i32>(ring, 0, WRITER_CLAIMED);
  store<i32>(ring, block, WRITER_INTENT_BLOCK);
  store<i32>(ring, block * blockBytes(ring), WRITER_INTENT_END);
}

/** Opens a record: the address of its payload, or NONE when there is no room and nothing has changed. */
// @ts-ignore: decorator
@inline
export function claim(ring: usize, type: i32, index: i32, sequence: f64, timeUs: f64, payloadBytes: i32): usize {
  const capacity = load<i32>(ring, RING_HEADER_CAPACITY);
  if (load<i32>(ring, WRITER_CLAIMED) != 0 || type == RING_PADDING) unreachable();
  if (<u32>payloadBytes > <u32>(capacity / RING_RECORDS_MIN - LOG_RECORD_HEADER)) unreachable();
  const position = load<i32>(ring, WRITER_POSITION);
  const bytes = (payloadBytes + LOG_RECORD_HEADER + 7) & ~7;
  const place = position & (capacity - 1);
  const untilEnd = capacity - place;
  const skipped = bytes > untilEnd ? untilEnd : 0;
  const end = position + skipped + bytes;
  if (!hasRoom(ring, end - capacity)) return NONE;
  if (end - load<i32>(ring, WRITER_INTENT_END) > 0) raiseIntent(ring, end);
  if (skipped >= LOG_RECORD_HEADER) head(ring + LOG_RECORDS + place, skipped, RING_PADDING, 0, 0, 0);
  const at = ring + LOG_RECORDS + (skipped == 0 ? place : 0);
  // The bytes between the payload and the record's end reach the disk: they must not be those of an older lap.
  if (bytes > LOG_RECORD_HEADER) store<f64>(at + bytes - 8, 0);
  head(at, bytes, type, index, sequence, timeUs);
  store<i32>(ring, skipped + bytes, WRITER_CLAIMED);
  return at + LOG_RECORD_HEADER;
}

/** The claimed record joins the batch; no reader sees it yet. */
// @ts-ignore: decorator
@inline
export function commit(ring: usize): void {
  const claimed = load<i32>(ring, WRITER_CLAIMED);
  if (claimed == 0) unreachable();
  store<i32>(ring, load<i32>(ring, WRITER_POSITION) + claimed, WRITER_POSITION);
  store<i32>(ring, 0, WRITER_CLAIMED);
}

/** Shows the batch to the readers. */
// @ts-ignore: decorator
@inline
export function publish(ring: usize): void {
  const position = load<i32>(ring, WRITER_POSITION);
  if (position == load<i32>(ring, WRITER_PUBLISHED)) return;
  if (load<i32>(ring, RING_HEADER_OWNER) != load<i32>(ring, WRITER_LIFE)) unreachable();
  store<i32>(ring, position, WRITER_PUBLISHED);
  atomic.store<i32>(ring, position, LOG_TAIL);
}

/**
 * Becomes the reader of `slot`, from the first record it has not released; it reads no further than the slowest of the
 * readers whose bits are set in `dependsOn`, all of slots below its own.
 */
export function joinReader(ring: usize, slot: i32, dependsOn: i32): void {
  if (<u32>slot >= <u32>load<i32>(ring, RING_HEADER_READERS) || dependsOn >> slot != 0) unreachable();
  const released = atomic.load<i32>(readerOf(ring, slot), READER_POSITION);
  const keep = keepOf(ring, slot);
  store<i32>(keep, released, KEEP_POSITION);
  store<i32>(keep, released, KEEP_RELEASED);
  store<i32>(keep, released, KEEP_LIMIT);
  store<i32>(keep, dependsOn, KEEP_DEPENDS_ON);
}

/** Consumes the next record: the address of its payload, or NONE. The record stays as it is until release. */
// @ts-ignore: decorator
@inline
export function next(ring: usize, slot: i32): usize {
  const keep = keepOf(ring, slot);
  const position = load<i32>(keep, KEEP_POSITION);
  let ahead = load<i32>(keep, KEEP_LIMIT) - position;
  if (ahead == 0) {
    ahead = lookAhead(ring, slot, position);
    if (ahead == 0) return NONE;
  }
  const capacity = load<i32>(ring, RING_HEADER_CAPACITY);
  const place = position & (capacity - 1);
  const untilEnd = capacity - place;
  let at = ring + LOG_RECORDS + place;
  let skipped = 0;
  if (untilEnd < LOG_RECORD_HEADER || <i32>load<u16>(at, LOG_TYPE) == RING_PADDING) {
    skipped = untilEnd;
    at = ring + LOG_RECORDS;
  }
  const length = load<i32>(at, LOG_LENGTH);
  if (length < LOG_RECORD_HEADER || skipped + length > ahead) unreachable();
  store<i32>(keep, position + skipped + length, KEEP_POSITION);
  return at + LOG_RECORD_HEADER;
}

/** Gives all consumed records up: to the writer, and to the readers that depend on this one. */
// @ts-ignore: decorator
@inline
export function release(ring: usize, slot: i32): void {
  const keep = keepOf(ring, slot);
  const position = load<i32>(keep, KEEP_POSITION);
  if (position == load<i32>(keep, KEEP_RELEASED)) return;
  store<i32>(keep, position, KEEP_RELEASED);
  atomic.store<i32>(readerOf(ring, slot), position, READER_POSITION);
}

/** Loads how far a reader may go; the bytes ahead of it. */
function lookAhead(ring: usize, slot: i32, position: i32): i32 {
  const keep = keepOf(ring, slot);
  let limit = atomic.load<i32>(ring, LOG_TAIL);
  for (let rest = load<i32>(keep, KEEP_DEPENDS_ON); rest != 0; rest &= rest - 1) {
    const other = atomic.load<i32>(readerOf(ring, ctz(rest)), READER_POSITION);
    if (other - limit < 0) limit = other;
  }
  store<i32>(keep, limit, KEEP_LIMIT);
  const waiting = limit - position;
  const reader = readerOf(ring, slot);
  if (waiting > load<i32>(reader, READER_HIGH)) store<i32>(reader, waiting, READER_HIGH);
  return waiting;
}

/** Whether every present reader has released what stands before `oldest`. */
// @ts-ignore: decorator
@inline
function hasRoom(ring: usize, oldest: i32): bool {
  if (load<i32>(ring, WRITER_SLOWEST) - oldest >= 0) return true;
  const slowest = slowestReader(ring);
  store<i32>(ring, slowest, WRITER_SLOWEST);
  return slowest - oldest >= 0;
}

/** The position of the slowest present reader. With none it is the tail: a batch may not overwrite itself. */
function slowestReader(ring: usize): i32 {
  let slowest = atomic.load<i32>(ring, LOG_TAIL);
  for (let slot = 0, readers = load<i32>(ring, RING_HEADER_READERS); slot < readers; ++slot) {
    const reader = readerOf(ring, slot);
    if (atomic.load<i32>(reader, READER_STATE) == READER_ABSENT) continue;
    const position = atomic.load<i32>(reader, READER_POSITION);
    if (position - slowest < 0) slowest = position;
  }
  return slowest;
}

function raiseIntent(ring: usize, end: i32): void {
  const bytes = blockBytes(ring);
  const blocks = (end - load<i32>(ring, WRITER_INTENT_END) + bytes - 1) / bytes;
  const block = load<i32>(ring, WRITER_INTENT_BLOCK) + blocks;
  store<i32>(ring, block, WRITER_INTENT_BLOCK);
  store<i32>(ring, block * bytes, WRITER_INTENT_END);
  atomic.xchg<i32>(ring, block, LOG_INTENT);
}

// @ts-ignore: decorator
@inline
function blockBytes(ring: usize): i32 {
  return load<i32>(ring, RING_HEADER_CAPACITY) / BLOCKS_PER_RING;
}

// @ts-ignore: decorator
@inline
function readerOf(ring: usize, slot: i32): usize {
  return ring + LOG_READERS + slot * LOG_READER_STRIDE;
}

// @ts-ignore: decorator
@inline
function keepOf(ring: usize, slot: i32): usize {
  return ring + LOG_KEEPS + slot * LOG_READER_STRIDE;
}

// @ts-ignore: decorator
@inline
function head(at: usize, length: i32, type: i32, index: i32, sequence: f64, timeUs: f64): void {
  store<i32>(at, 0, LOG_CRC);
  store<i32>(at, length, LOG_LENGTH);
  store<u16>(at, <u16>type, LOG_TYPE);
  store<u16>(at, <u16>index, LOG_INDEX);
  store<i32>(at, 0, LOG_FLAGS);
  store<f64>(at, sequence, LOG_SEQUENCE);
  store<f64>(at, timeUs, LOG_TIME_US);
}
