/**
 * The two sides of a point-to-point ring for handlers in WebAssembly: the records and the rules of actors/ring/spsc.ts,
 * to the byte, so a side in JavaScript may stand opposite. Cursors are the atomic instructions themselves, which cost
 * a fraction of JavaScript's Atomics, and what a side remembers stands in the ring, because the module keeps no state.
 *
 * `ring` is the ring's base, whose header the caller has checked. A broken rule traps: a claim while one is open, a
 * payload larger than a quarter of the ring, a record that passes the tail.
 */
import {
  CONSUMER_POSITION, CONSUMER_RELEASED, CONSUMER_TAIL, PRODUCER_CLAIMED, PRODUCER_HEAD, PRODUCER_LIFE,
  PRODUCER_POSITION, PRODUCER_PUBLISHED, RING_HEADER_CAPACITY, RING_HEADER_OWNER, RING_PADDING, RING_RECORDS_MIN,
  SPSC_HEAD, SPSC_HIGH, SPSC_LENGTH, SPSC_RECORDS, SPSC_RECORD_HEADER, SPSC_TAIL, SPSC_TYPE,
} from "../../ring-layout";

/** What claim and next return when there is no room, or no record: no payload can begin there. */
// @ts-ignore: decorator
@inline export const NONE: usize = 0;

/** Becomes the producer, after the last record published before; an earlier one is refused at its next publish. */
export function joinProducer(ring: usize): void {
  store<i32>(ring, atomic.add<i32>(ring, 1, RING_HEADER_OWNER) + 1, PRODUCER_LIFE);
  const tail = atomic.load<i32>(ring, SPSC_TAIL);
  store<i32>(ring, tail, PRODUCER_POSITION);
  store<i32>(ring, tail, PRODUCER_PUBLISHED);
  store<i32>(ring, atomic.load<i32>(ring, SPSC_HEAD), PRODUCER_HEAD);
  store<i32>(ring, 0, PRODUCER_CLAIMED);
}

/** Opens a record: the address of its payload, or NONE when there is no room and nothing has changed. */
// @ts-ignore: decorator
@inline
export function claim(ring: usize, type: i32, payloadBytes: i32): usize {
  const capacity = load<i32>(ring, RING_HEADER_CAPACITY);
  if (load<i32>(ring, PRODUCER_CLAIMED) != 0 || type == RING_PADDING) unreachable();
  if (<u32>payloadBytes > <u32>(capacity / RING_RECORDS_MIN - SPSC_RECORD_HEADER)) unreachable();
  const position = load<i32>(ring, PRODUCER_POSITION);
  const bytes = (payloadBytes + SPSC_RECORD_HEADER + 7) & ~7;
  const index = position & (capacity - 1);
  const untilEnd = capacity - index;
  const skipped = bytes > untilEnd ? untilEnd : 0;
  if (!hasRoom(ring, position + skipped + bytes - capacity)) return NONE;
  if (skipped != 0) head(ring + SPSC_RECORDS + index, skipped, RING_PADDING);
  const at = ring + SPSC_RECORDS + (skipped == 0 ? index : 0);
  head(at, payloadBytes + SPSC_RECORD_HEADER, type);
  store<i32>(ring, skipped + bytes, PRODUCER_CLAIMED);
  return at + SPSC_RECORD_HEADER;
}

/** The claimed record joins the batch; the consumer does not see it yet. */
// @ts-ignore: decorator
@inline
export function commit(ring: usize): void {
  const claimed = load<i32>(ring, PRODUCER_CLAIMED);
  if (claimed == 0) unreachable();
  store<i32>(ring, load<i32>(ring, PRODUCER_POSITION) + claimed, PRODUCER_POSITION);
  store<i32>(ring, 0, PRODUCER_CLAIMED);
}

/** Gives the claimed record up; its room is free again. */
export function abort(ring: usize): void {
  if (load<i32>(ring, PRODUCER_CLAIMED) == 0) unreachable();
  store<i32>(ring, 0, PRODUCER_CLAIMED);
}

/** Shows the batch to the consumer. */
// @ts-ignore: decorator
@inline
export function publish(ring: usize): void {
  const position = load<i32>(ring, PRODUCER_POSITION);
  if (position == load<i32>(ring, PRODUCER_PUBLISHED)) return;
  if (load<i32>(ring, RING_HEADER_OWNER) != load<i32>(ring, PRODUCER_LIFE)) unreachable();
  store<i32>(ring, position, PRODUCER_PUBLISHED);
  atomic.store<i32>(ring, position, SPSC_TAIL);
}

/** Becomes the consumer, from the first record not yet released. */
export function joinConsumer(ring: usize): void {
  const released = atomic.load<i32>(ring, SPSC_HEAD);
  store<i32>(ring, released, CONSUMER_POSITION);
  store<i32>(ring, released, CONSUMER_RELEASED);
  store<i32>(ring, released, CONSUMER_TAIL);
}

/** Consumes the next record: the address of its payload, or NONE. The payload stays as it is until release. */
// @ts-ignore: decorator
@inline
export function next(ring: usize): usize {
  const position = load<i32>(ring, CONSUMER_POSITION);
  const ahead = published(ring, position);
  if (ahead == 0) return NONE;
  const capacity = load<i32>(ring, RING_HEADER_CAPACITY);
  const index = position & (capacity - 1);
  let at = ring + SPSC_RECORDS + index;
  let skipped = 0;
  if (typeOf(at + SPSC_RECORD_HEADER) == RING_PADDING) {
    // Padding is published only together with the record behind it, which begins the ring.
    skipped = capacity - index;
    at = ring + SPSC_RECORDS;
  }
  const length = load<i32>(at, SPSC_LENGTH);
  const bytes = skipped + ((length + 7) & ~7);
  if (length < SPSC_RECORD_HEADER || bytes > ahead) unreachable();
  store<i32>(ring, position + bytes, CONSUMER_POSITION);
  return at + SPSC_RECORD_HEADER;
}

/** Message type of the record whose payload is at `payload`. */
// @ts-ignore: decorator
@inline
export function typeOf(payload: usize): i32 {
  return load<i32>(payload - SPSC_RECORD_HEADER, SPSC_TYPE);
}

// @ts-ignore: decorator
@inline
export function payloadBytesOf(payload: usize): i32 {
  return load<i32>(payload - SPSC_RECORD_HEADER, SPSC_LENGTH) - SPSC_RECORD_HEADER;
}

/** Gives the room of all consumed records back to the producer; their payloads may change from here on. */
// @ts-ignore: decorator
@inline
export function release(ring: usize): void {
  const position = load<i32>(ring, CONSUMER_POSITION);
  if (position == load<i32>(ring, CONSUMER_RELEASED)) return;
  store<i32>(ring, position, CONSUMER_RELEASED);
  atomic.store<i32>(ring, position, SPSC_HEAD);
}

/** Looks for a record up to `looks` times: whether there is one. */
export function awaitRecord(ring: usize, looks: i32): bool {
  const position = load<i32>(ring, CONSUMER_POSITION);
  while (atomic.load<i32>(ring, SPSC_TAIL) == position) if (--looks <= 0) return false;
  return true;
}

/** Bytes published beyond `position`; the tail is loaded again only when none are known. */
// @ts-ignore: decorator
@inline
function published(ring: usize, position: i32): i32 {
  const known = load<i32>(ring, CONSUMER_TAIL);
  if (known != position) return known - position;
  const tail = atomic.load<i32>(ring, SPSC_TAIL);
  store<i32>(ring, tail, CONSUMER_TAIL);
  const waiting = tail - position;
  if (waiting > load<i32>(ring, SPSC_HIGH)) store<i32>(ring, waiting, SPSC_HIGH);
  return waiting;
}

/** Whether what stands at `oldest`, which the record would overwrite the ring up to, has been released. */
// @ts-ignore: decorator
@inline
function hasRoom(ring: usize, oldest: i32): bool {
  if (load<i32>(ring, PRODUCER_HEAD) - oldest >= 0) return true;
  const released = atomic.load<i32>(ring, SPSC_HEAD);
  store<i32>(ring, released, PRODUCER_HEAD);
  return released - oldest >= 0;
}

// @ts-ignore: decorator
@inline
function head(at: usize, length: i32, type: i32): void {
  store<i32>(at, length, SPSC_LENGTH);
  store<i32>(at, type, SPSC_TYPE);
}
