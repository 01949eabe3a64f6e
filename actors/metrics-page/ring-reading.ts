/** How full a ring is, from its cursors alone: for whoever watches, and takes no part. */
import {
  LINE_PAIR,
  LOG_READERS,
  LOG_READERS_MAX,
  LOG_TAIL,
  READER_HIGH,
  READER_POSITION,
  READER_STATE,
  ReaderState,
  SPSC_HEAD,
  SPSC_HIGH,
  SPSC_TAIL,
} from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

export interface RingReading {
  readonly tail: number;
  /** Bytes that the slowest reader has not released. */
  readonly used: number;
  /** The most that a reader has found before it, bytes. */
  readonly high: number;
  /** The same by reader; null for one that has left. Of a point-to-point ring there is one. */
  readonly behind: readonly (number | null)[];
}

export function readRing(views: SharedViews, kind: "spsc" | "log", base: number): RingReading {
  const word = (offset: number): number => Atomics.load(views.i32, (base + offset) >> 2);
  // Readers first: the tail that is loaded after them is not behind them.
  const positions = kind === "spsc" ? [word(SPSC_HEAD)] : readersOf(word);
  const tail = word(kind === "spsc" ? SPSC_TAIL : LOG_TAIL);
  const behind = positions.map((position) => (position === null ? null : (tail - position) >>> 0));
  const highs = kind === "spsc" ? [word(SPSC_HIGH)] : eachReader((cursor) => word(cursor + READER_HIGH));
  return { tail, behind, used: Math.max(...behind.map((bytes) => bytes ?? 0)), high: Math.max(...highs) };
}

function readersOf(word: (offset: number) => number): (number | null)[] {
  return eachReader((cursor) =>
    word(cursor + READER_STATE) === ReaderState.present ? word(cursor + READER_POSITION) : null,
  );
}

function eachReader<T>(read: (cursor: number) => T): T[] {
  return Array.from({ length: LOG_READERS_MAX }, (_, slot) => read(LOG_READERS + slot * LINE_PAIR));
}
