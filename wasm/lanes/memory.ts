/**
 * An instance of the lanes module and its memory, which is of a fixed size: chunks through which rows are copied that
 * lie elsewhere, then the arena with the states of streams and with matrices, one after another, never freed. Behind
 * the last of them a batch keeps its state while it runs.
 */
import { ArenaFullError } from "../errors.js";
import { lanesWasm } from "../generated/lanes.js";
import { LANES_OVERRUN } from "../layout.js";
import { embeddedModule } from "../module.js";
import { Workspace, type WorkspaceExports } from "../workspace.js";

export interface LanesExports extends WorkspaceExports {
  lanesBytes(kind: number, series: number, period: number): number;
  lanesInit(state: number, kind: number, series: number, needed: number, p0: number, p1: number): void;
  lanesRun(
    state: number,
    bars: number,
    a: number,
    b: number,
    c: number,
    x: number,
    y: number,
    z: number,
    outputs: number,
  ): number;
  /** Takes the rows that lie behind the state, and writes the others there. */
  lanesPush(state: number): void;
  lanesRefused(address: number, length: number): number;
}

/** Inputs and outputs that an indicator over many series has at most. */
export const PLANES_MAX = 3;
/** Doubles in a chunk: 16 bars of the most series. */
export const CHUNK_DOUBLES = 16_384;

/** Added to whatever is taken, so that arrays of one length do not all fall upon the same lines of a cache. */
const STAGGER_BYTES = 320;
const CHUNK_BYTES = 8 * (CHUNK_DOUBLES + LANES_OVERRUN) + STAGGER_BYTES - 64;

const compiled = embeddedModule(lanesWasm);

export class LaneMemory {
  readonly kernels: LanesExports;
  readonly buffer: ArrayBuffer;
  /** One for each input. */
  readonly inputs: readonly Float64Array[];
  /** One for each output. */
  readonly outputs: readonly Float64Array[];
  readonly #start: number;
  readonly #capacity: number;
  #next: number;

  /** Throws WebAssemblyMissingError. */
  constructor(capacity: number) {
    const room = new Workspace<LanesExports>(compiled).room(2 * PLANES_MAX * CHUNK_BYTES + capacity);
    const chunks = Array.from({ length: 2 * PLANES_MAX }, (_, index) =>
      room.doubles(room.start + index * CHUNK_BYTES, CHUNK_DOUBLES + LANES_OVERRUN),
    );
    this.kernels = room.kernels;
    this.buffer = room.buffer;
    this.inputs = chunks.slice(0, PLANES_MAX);
    this.outputs = chunks.slice(PLANES_MAX);
    this.#start = room.start + 2 * PLANES_MAX * CHUNK_BYTES;
    this.#capacity = capacity;
    this.#next = this.#start;
  }

  get usedBytes(): number {
    return this.#next - this.#start;
  }

  /** The address, a multiple of 64, of `bytes` bytes that stay taken. Throws ArenaFullError. */
  take(bytes: number): number {
    const address = this.room(bytes);
    const whole = Math.ceil(bytes / 64) * 64 + STAGGER_BYTES;
    this.#next = Math.min(address + whole, this.#start + this.#capacity);
    return address;
  }

  /** The address of `bytes` bytes that are free until the next call. Throws ArenaFullError. */
  room(bytes: number): number {
    if (bytes > this.#capacity - this.usedBytes) throw new ArenaFullError(bytes, this.usedBytes, this.#capacity);
    return this.#next;
  }

  /** Whether an array lies in this memory. */
  holds(array: Float64Array): boolean {
    return array.buffer === this.buffer;
  }
}
