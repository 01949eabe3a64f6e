/**
 * A table of rows as a batch sees it, chunk by chunk: where it lies if that is in the module's memory, else by way of a
 * copy there. A table of fewer series than the widest block always goes by copies, since kernels pass its rows' ends;
 * so does a result that lies upon an input.
 */
import { LANES_OVERRUN } from "../layout.js";
import type { LaneMemory } from "./memory.js";

export class Plane {
  readonly table: Float64Array;
  /** Whether there is no copy. */
  readonly isInPlace: boolean;
  readonly #chunk: Float64Array;

  /** `read` are the tables that are read while this one is written. */
  constructor(
    memory: LaneMemory,
    series: number,
    table: Float64Array,
    chunk: Float64Array,
    read: readonly Float64Array[],
  ) {
    this.table = table;
    this.#chunk = chunk;
    this.isInPlace = memory.holds(table) && series >= LANES_OVERRUN && !read.some((each) => overlap(each, table));
  }

  /** The address of what is at `start`, while its chunk is the current one. */
  addressOf(start: number): number {
    return this.isInPlace ? this.table.byteOffset + 8 * start : this.#chunk.byteOffset;
  }

  /** Begins a chunk of `size` doubles of an input. */
  take(start: number, size: number): void {
    if (this.isInPlace) return;
    this.#chunk.set(this.table.subarray(start, start + size));
    this.#chunk.fill(0, size, size + LANES_OVERRUN);
  }

  /** Ends a chunk of a result. */
  give(start: number, size: number): void {
    if (!this.isInPlace) this.table.set(this.#chunk.subarray(0, size), start);
  }
}

function overlap(a: Float64Array, b: Float64Array): boolean {
  const isApart = a.byteOffset + a.byteLength <= b.byteOffset || b.byteOffset + b.byteLength <= a.byteOffset;
  return a.buffer === b.buffer && !isApart;
}
