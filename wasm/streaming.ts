/**
 * Streaming kernels as their users hold them: a few views on a state in the arena. The object itself remembers
 * nothing, so restoring the bytes restores the indicator. A push moves its input and its result through memory, which
 * keeps doubles off the JavaScript heap wherever the call happens to be compiled.
 */
import { assertSameKernel } from "./arena.js";
import { MathInputError, MathStateError } from "./errors.js";
import { ROLLING_VARIANCE, STATE_BYTES, STATE_COUNT, STATE_INPUT, STATE_PERIOD, STATE_VALUE } from "./layout.js";

/** Inputs above this magnitude are refused: their squares, summed over the longest window, would leave the doubles. */
export const INPUT_MAX = 1e150;

const INPUT = STATE_INPUT >> 3;
const VALUE = STATE_VALUE >> 3;
const VARIANCE = ROLLING_VARIANCE >> 3;
const COUNT = STATE_COUNT >> 2;

export class StreamingIndicator {
  /** Inputs until it is ready, which for averages and windows is their period. */
  readonly period: number;
  /** Its place among the core's indicators, by which a snapshot names it. */
  readonly index: number;
  /** Whether inputs must be above 0. */
  protected readonly positive: boolean;
  protected readonly doubles: Float64Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #pointer: number;
  readonly #pushAt: (pointer: number) => void;

  /** For the core alone: `pointer` is an initialised state in `memory`, `pushAt` the kernel that advances it. */
  constructor(
    memory: WebAssembly.Memory,
    pointer: number,
    index: number,
    pushAt: (pointer: number) => void,
    positive = false,
  ) {
    const words = new Int32Array(memory.buffer, pointer, STATE_INPUT >> 2);
    const bytes = words[STATE_BYTES >> 2]!;
    this.period = words[STATE_PERIOD >> 2]!;
    this.index = index;
    this.positive = positive;
    this.doubles = new Float64Array(memory.buffer, pointer, bytes >> 3);
    this.#words = words;
    this.#bytes = new Uint8Array(memory.buffer, pointer, bytes);
    this.#pointer = pointer;
    this.#pushAt = pushAt;
  }

  /** Takes the next input and returns the value, NaN while warming up. Throws MathInputError, changing nothing. */
  push(x: number): number {
    // 1e150 is INPUT_MAX; a constant of another module is fetched and looked at every time.
    if (typeof x !== "number" || !(Math.abs(x) <= 1e150)) throw new MathInputError(x, -1);
    this.doubles[INPUT] = x;
    this.advance();
    return this.doubles[VALUE]!;
  }

  /** Takes the inputs that lie in the state. */
  protected advance(): void {
    this.#pushAt(this.#pointer);
  }

  /** The value after the last push; NaN while warming up. */
  get value(): number {
    return this.doubles[VALUE]!;
  }

  /** Whether enough inputs have come for a value. */
  get ready(): boolean {
    return this.#words[COUNT]! >= this.period;
  }

  /** A live view of the state, for hashing. */
  get stateBytes(): Uint8Array {
    return this.#bytes;
  }

  /** The part of it on which its results depend, for a hash that is taken often. */
  get briefBytes(): Uint8Array {
    return this.#bytes;
  }

  /** A copy of the state. */
  snapshot(): Uint8Array {
    return this.#bytes.slice();
  }

  /** Takes up a snapshot of an indicator of the same kind and period. Throws MathStateError, changing nothing. */
  restore(snapshot: Uint8Array): void {
    if (snapshot.length !== this.#bytes.length) {
      throw new MathStateError(`the state's bytes were ${snapshot.length}; this kernel keeps ${this.#bytes.length}`);
    }
    assertSameKernel(viewOf(this.#bytes), viewOf(snapshot), 0);
    this.#bytes.set(snapshot);
  }
}

/** Mean and population variance of the last `period` inputs; `value`, and what `push` returns, is the mean. */
export class RollingMoments extends StreamingIndicator {
  get mean(): number {
    return this.value;
  }

  get variance(): number {
    return this.doubles[VARIANCE]!;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
