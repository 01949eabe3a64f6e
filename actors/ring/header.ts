/**
 * The first 128 bytes of a ring: what it is and which build made it. A ring is created once and joined by both sides;
 * an actor whose schema or build differs is refused here, because nothing later checks the bytes it would exchange.
 */
import {
  CAPACITY_MAX,
  CAPACITY_MIN,
  HEADER_BUILD_HASH,
  HEADER_CAPACITY,
  HEADER_KIND,
  HEADER_MAGIC,
  HEADER_OWNER,
  HEADER_READERS,
  HEADER_SCHEMA_HASH,
  HEADER_VERSION,
  LAYOUT_VERSION,
  LINE_PAIR,
  MAGIC,
  type RingKind,
} from "./layout.js";
import type { SharedViews } from "./views.js";

/** Who may join: the hashes of the schemas and of the build, each taken as an unsigned 32-bit word. */
export interface RingIdentity {
  readonly schemaHash: number;
  readonly buildHash: number;
}

export interface RingOptions {
  /** Bytes for records: a power of two from 4 KiB to 1 GiB. */
  readonly capacity: number;
  readonly identity: RingIdentity;
  /** Position of the first record, a multiple of eight; a test starts near 2^31 with it. */
  readonly startPosition?: number;
}

/** An actor tried to join a ring that is not the one it was built for. */
export class RingJoinError extends Error {
  override readonly name = "RingJoinError";
}

/** Refuses, with a RangeError, a ring that cannot exist: `overheadBytes` is what precedes its records. */
export function checkPlace(views: SharedViews, base: number, capacity: number, overheadBytes: number): void {
  checkCapacity(capacity);
  if (base % LINE_PAIR !== 0 || base < 0) {
    throw new RangeError(`a ring begins at a multiple of ${LINE_PAIR} bytes (was ${base})`);
  }
  const end = base + overheadBytes + capacity;
  if (end > views.buffer.byteLength || end > 2 ** 31) {
    throw new RangeError(
      `a ring that ends at ${end} does not fit: the memory has ${views.buffer.byteLength} bytes, at most 2 GiB usable`,
    );
  }
}

export function checkCapacity(capacity: number): void {
  const isPowerOfTwo = Number.isInteger(Math.log2(capacity));
  if (!isPowerOfTwo || capacity < CAPACITY_MIN || capacity > CAPACITY_MAX) {
    throw new RangeError(
      `a ring's capacity is a power of two from ${CAPACITY_MIN} to ${CAPACITY_MAX} bytes (was ${capacity})`,
    );
  }
}

/** The int32 at which positions begin; refuses one that would leave records unaligned. */
export function startOf(options: RingOptions): number {
  const start = options.startPosition ?? 0;
  if (start % 8 !== 0) throw new RangeError(`a ring's first position is a multiple of 8 (was ${start})`);
  return start | 0;
}

/** Writes the header; the magic goes last, so that a ring half made cannot be joined. Cursors must be set before. */
export function writeHeader(
  views: SharedViews,
  base: number,
  kind: RingKind,
  readers: number,
  options: RingOptions,
): void {
  const { i32, u32 } = views;
  i32[(base + HEADER_VERSION) >> 2] = LAYOUT_VERSION;
  i32[(base + HEADER_KIND) >> 2] = kind;
  i32[(base + HEADER_CAPACITY) >> 2] = options.capacity;
  u32[(base + HEADER_SCHEMA_HASH) >> 2] = options.identity.schemaHash;
  u32[(base + HEADER_BUILD_HASH) >> 2] = options.identity.buildHash;
  i32[(base + HEADER_READERS) >> 2] = readers;
  i32[(base + HEADER_OWNER) >> 2] = 0;
  Atomics.store(i32, (base + HEADER_MAGIC) >> 2, MAGIC);
}

/** Returns the capacity of the ring at `base`, or throws a RingJoinError that names both values of what differs. */
export function joinHeader(views: SharedViews, base: number, kind: RingKind, identity: RingIdentity): number {
  const { i32, u32 } = views;
  expectSame("magic", base, Atomics.load(i32, (base + HEADER_MAGIC) >> 2), MAGIC);
  expectSame("layout version", base, i32[(base + HEADER_VERSION) >> 2], LAYOUT_VERSION);
  expectSame("kind", base, i32[(base + HEADER_KIND) >> 2], kind);
  expectSame("schema hash", base, u32[(base + HEADER_SCHEMA_HASH) >> 2], identity.schemaHash >>> 0);
  expectSame("build hash", base, u32[(base + HEADER_BUILD_HASH) >> 2], identity.buildHash >>> 0);
  return i32[(base + HEADER_CAPACITY) >> 2];
}

/** Gating readers with which the ring was created. */
export function readersOf(views: SharedViews, base: number): number {
  return views.i32[(base + HEADER_READERS) >> 2];
}

function expectSame(what: string, base: number, found: number, expected: number): void {
  if (found === expected) return;
  const hex = (value: number): string => "0x" + (value >>> 0).toString(16);
  throw new RingJoinError(
    `the ring at ${base} has ${what} ${hex(found)}, this actor expects ${hex(expected)}: ` +
      "start every thread from one build",
  );
}
