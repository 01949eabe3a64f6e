/**
 * Streaming indicators over many series: a push takes a row for each input, one double a series, and gives a row for
 * each output. The object itself remembers nothing: the state lies in the module's memory, behind it a row for each
 * output and for each input. A push allocates nothing.
 */
import { MathArgumentError, MathStateError, MathTypeError } from "../errors.js";
import { LANES_FIELDS, LANES_OVERRUN, LANES_PARITY, LANES_POSITION, STATE_COUNT, STATE_PERIOD } from "../layout.js";
import type { AnySpec, Each } from "../ta/spec.js";
import { bytesOf, makeState, type Plan, refuse } from "./arguments.js";
import { type LaneMemory, type LanesExports, PLANES_MAX } from "./memory.js";

/**
 * What a user holds. A push takes a row for each input, in the table's order, and returns the first output; there is a
 * row for each output by its name. The rows are live views, NaN until the stream is ready; the next push overwrites
 * them.
 */
export type LaneStream<S extends AnySpec> = Omit<RowStream, "push"> & {
  push(...rows: Each<S["inputs"], Float64Array>): Float64Array;
} & { readonly [K in keyof S["outputs"]]: Float64Array };

const COUNT = STATE_COUNT >> 2;
const NEEDED = STATE_PERIOD >> 2;
const POSITION = LANES_POSITION >> 2;
const PARITY = LANES_PARITY >> 2;
/** What moves; all other fields stay as they were made. */
const MOVING: readonly number[] = [COUNT, POSITION, PARITY];
const WORDS = LANES_FIELDS >> 2;

/** Makes a stream in the arena. Throws ArenaFullError. */
export function createLaneStream(memory: LaneMemory, plan: Plan): RowStream {
  const { kernels, buffer } = memory;
  const bytes = bytesOf(kernels, plan);
  const row = 8 * Math.max(plan.series, LANES_OVERRUN);
  const state = memory.take(bytes + 2 * PLANES_MAX * row);
  makeState(kernels, state, plan);
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => new Float64Array(buffer, from + index * row, plan.series));
  new Float64Array(buffer, state + bytes, (PLANES_MAX * row) >> 3).fill(Number.NaN);
  new Float64Array(buffer, state + bytes + PLANES_MAX * row, (PLANES_MAX * row) >> 3).fill(0);
  const { inputs, outputs } = plan.spec;
  const results = rows(state + bytes, Object.keys(outputs).length);
  const kept = new Uint8Array(buffer, state, bytes + PLANES_MAX * row);
  return new RowStream(kernels, plan, kept, rows(state + bytes + PLANES_MAX * row, inputs.length), results);
}

class RowStream {
  /** How many numbers a row has. */
  readonly series: number;
  readonly #kernels: LanesExports;
  readonly #plan: Plan;
  readonly #state: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #inputs: readonly Float64Array[];
  readonly #first: Float64Array;

  /** For `createLaneStream` alone. */
  constructor(
    kernels: LanesExports,
    plan: Plan,
    bytes: Uint8Array,
    inputs: readonly Float64Array[],
    outputs: readonly Float64Array[],
  ) {
    this.series = plan.series;
    this.#kernels = kernels;
    this.#plan = plan;
    this.#state = bytes.byteOffset;
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, WORDS);
    this.#inputs = inputs;
    this.#first = outputs[0]!;
    const names = Object.keys(plan.spec.outputs);
    Object.defineProperties(
      this,
      Object.fromEntries(names.map((name, index) => [name, { value: outputs[index], enumerable: true }])),
    );
    Object.freeze(this);
  }

  /** Throws MathTypeError, MathArgumentError or MathInputError, changing nothing. */
  push(a: Float64Array, b?: Float64Array, c?: Float64Array): Float64Array {
    const count = this.#inputs.length;
    this.#take(0, a);
    if (count > 1) this.#take(1, b);
    if (count > 2) this.#take(2, c);
    this.#kernels.lanesPush(this.#state);
    return this.#first;
  }

  /** Whether enough bars have come for values. */
  get ready(): boolean {
    return this.#words[COUNT]! >= this.#words[NEEDED]!;
  }

  /** A copy of the state and of the last outputs. */
  snapshot(): Uint8Array {
    return this.#bytes.slice();
  }

  /** Takes up a snapshot of the same indicator of as many series. Throws MathStateError, changing nothing. */
  restore(snapshot: Uint8Array): void {
    if (snapshot.length !== this.#bytes.length) {
      throw new MathStateError(`the state's bytes were ${snapshot.length}; this stream keeps ${this.#bytes.length}`);
    }
    const words = new Int32Array(snapshot.slice(0, LANES_FIELDS).buffer);
    for (let word = 0; word < WORDS; word++) {
      if (!MOVING.includes(word) && words[word] !== this.#words[word]) {
        throw new MathStateError(`the state's word ${word} was ${words[word]}; this stream's is ${this.#words[word]}`);
      }
    }
    assertAtMost("count", words[COUNT]!, words[NEEDED]!);
    assertAtMost("position", words[POSITION]!, (this.#plan.values.period as number) - 1);
    assertAtMost("parity", words[PARITY]!, 1);
    this.#bytes.set(snapshot);
  }

  /** Takes a row into its slot, which is no part of the state. */
  #take(index: number, row: Float64Array | undefined): void {
    const name = this.#plan.spec.inputs[index]!;
    if (!(row instanceof Float64Array)) throw new MathTypeError(name, row, "a Float64Array");
    if (row.length !== this.series)
      throw new MathArgumentError(`${name}.length`, row.length, `${this.series}, one a series`);
    const slot = this.#inputs[index]!;
    slot.set(row);
    const refused = this.#kernels.lanesRefused(slot.byteOffset, this.series);
    if (refused >= 0) refuse(name, row[refused]!, -1, refused, this.series);
  }
}

function assertAtMost(name: string, value: number, most: number): void {
  if (value < 0 || value > most) throw new MathStateError(`the state's ${name} was ${value}; it is 0 to ${most}`);
}
