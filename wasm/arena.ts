/**
 * The region of the math memory that holds the states of streaming kernels, one after another in the order they were
 * made. States are never freed or moved. A header of 16 bytes and the states are all there is, so the used bytes are
 * a complete snapshot, and equal histories give equal bytes.
 *
 *     0  magic u32   4  used bytes u32, this header included   8  states u32   12  zero   16  states…
 */
import { ArenaFullError, MathStateError } from "./errors.js";
import { assertSameFilter, measureFilter, shapeAt } from "./hmm/filter-state.js";
import {
  ARENA,
  EMA_BYTES,
  INDICATOR_PARAMETERS,
  INDICATOR_PARTS,
  KIND_EMA,
  KIND_HMM_FILTER,
  KIND_ROLLING,
  PARAMETERS_MAX,
  PART_AGE,
  PART_BYTES,
  PART_CAPACITY,
  PART_COUNT,
  PART_HEAD,
  PART_HEADER,
  PART_POSITION,
  PERIOD_MAX,
  ROLLING_POSITION,
  ROLLING_WINDOW,
  STATE_BYTES,
  STATE_COUNT,
  STATE_KIND,
  STATE_PERIOD,
} from "./layout.js";
import { PAGE_BYTES } from "./shared-memory.js";
import { KIND_FIRST } from "./ta/kinds.js";

const MAGIC = 0x31414c53;
const USED = 4;
const STATES = 8;
const HEADER_BYTES = 16;
const STATE_HEADER_BYTES = 16;

export class Arena {
  readonly capacityBytes: number;
  /** All of it, as words; a live view. */
  readonly words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #words: DataView;

  /** Takes `bytes` of `memory` from ARENA on, rounded up to whole pages; the memory must not grow afterwards. */
  constructor(memory: WebAssembly.Memory, bytes: number) {
    const capacity = Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    this.#bytes = new Uint8Array(memory.buffer, ARENA, capacity);
    this.words = new Int32Array(memory.buffer, ARENA, capacity >> 2);
    this.#words = new DataView(memory.buffer, ARENA, capacity);
    this.capacityBytes = this.#bytes.length;
    this.#words.setUint32(0, MAGIC, true);
    this.#words.setUint32(USED, HEADER_BYTES, true);
  }

  get usedBytes(): number {
    return this.#words.getUint32(USED, true);
  }

  /** The address in the math memory of `bytes` zeroed bytes (a multiple of 8). Throws ArenaFullError. */
  take(bytes: number): number {
    const used = this.usedBytes;
    if (bytes > this.capacityBytes - used) throw new ArenaFullError(bytes, used, this.capacityBytes);
    this.#words.setUint32(USED, used + bytes, true);
    this.#words.setUint32(STATES, this.#words.getUint32(STATES, true) + 1, true);
    return ARENA + used;
  }

  /** A live view of the used bytes: hash it, or copy it to keep it. */
  usedView(): Uint8Array {
    return this.#bytes.subarray(0, this.usedBytes);
  }

  /**
   * Puts back bytes that `usedView` gave, here or in another process, after the same kernels were made in the same
   * order. Throws MathStateError, and changes nothing, when the bytes describe any other arena.
   */
  restore(bytes: Uint8Array): void {
    if (bytes.length !== this.usedBytes) {
      throw new MathStateError(
        `the arena's bytes were ${bytes.length}; ${this.usedBytes} are in use here: make the same indicators first`,
      );
    }
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let word = 0; word < HEADER_BYTES; word += 4) this.#assertSameWord(words, word, "header");
    for (let state = HEADER_BYTES; state < bytes.length; state += this.#words.getUint32(state + STATE_BYTES, true)) {
      assertSameKernel(this.#words, words, state);
    }
    this.#bytes.set(bytes);
  }

  #assertSameWord(words: DataView, offset: number, what: string): void {
    const was = words.getUint32(offset, true);
    const expected = this.#words.getUint32(offset, true);
    if (was !== expected)
      throw new MathStateError(`the arena's ${what} word ${offset} was ${was}; here it is ${expected}`);
  }
}

export interface KernelState {
  readonly kind: number;
  /** Of an indicator of the table, the inputs that its last output needs. */
  readonly period: number;
  /** Of an indicator of the table, as its kernel takes them; of a filter, states, features and window; else empty. */
  readonly parameters: readonly number[];
}

/** Bytes of an indicator of the table with these parameters; 0 when there is none. */
export type Measure = (kind: number, parameters: readonly number[]) => number;

/**
 * What kernels the bytes of a whole arena describe, in their order. Throws MathStateError for bytes that no arena of
 * `capacityBytes` can have held; what the states themselves hold is `restore`'s to check.
 */
export function statesIn(bytes: Uint8Array, capacityBytes: number, measure: Measure): KernelState[] {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || bytes.length > capacityBytes) {
    throw new MathStateError(`the arena's bytes were ${bytes.length}; they are ${HEADER_BYTES} to ${capacityBytes}`);
  }
  if (words.getUint32(0, true) !== MAGIC || words.getUint32(USED, true) !== bytes.length) {
    throw new MathStateError("the bytes are not those of an arena, or not all of them");
  }
  const states: KernelState[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const kind = at + STATE_HEADER_BYTES <= bytes.length ? words.getUint32(at + STATE_KIND, true) : 0;
    const period = kind === 0 ? 0 : words.getUint32(at + STATE_PERIOD, true);
    const parameters = parametersAt(words, at, kind);
    const size = kind < KIND_FIRST ? sizeOf(kind, period, parameters) : measure(kind, parameters);
    if (size === 0 || size !== words.getUint32(at + STATE_BYTES, true) || size > bytes.length - at) {
      throw new MathStateError(`the arena's byte ${at} begins no state of a known kind, period and size`);
    }
    states.push({ kind, period, parameters });
    at += size;
  }
  return states;
}

/** None when the bytes end before them. */
function parametersAt(words: DataView, at: number, kind: number): number[] {
  if (kind === KIND_HMM_FILTER) return shapeAt(words, at);
  if (kind < KIND_FIRST || at + INDICATOR_PARTS > words.byteLength) return [];
  return Array.from({ length: PARAMETERS_MAX }, (_, index) =>
    words.getFloat64(at + INDICATOR_PARAMETERS + 8 * index, true),
  );
}

/** Bytes of a kernel's state; 0 when there is no such kernel. */
function sizeOf(kind: number, period: number, parameters: readonly number[]): number {
  if (period < 1 || period > PERIOD_MAX) return 0;
  if (kind === KIND_EMA) return EMA_BYTES;
  if (kind === KIND_HMM_FILTER) return measureFilter(parameters);
  return kind === KIND_ROLLING ? ROLLING_WINDOW + 8 * period : 0;
}

/**
 * Throws MathStateError unless `incoming` holds, at `offset`, a state that the kernel at the same offset of `present`
 * can take up: the same kind, size and period, and indices that stay inside it.
 */
export function assertSameKernel(present: DataView, incoming: DataView, offset: number): void {
  const bytes = present.getUint32(offset + STATE_BYTES, true);
  if (incoming.byteLength - offset < Math.max(bytes, STATE_HEADER_BYTES)) {
    throw new MathStateError(`the state's bytes were ${incoming.byteLength - offset}; this kernel keeps ${bytes}`);
  }
  for (const word of [STATE_KIND, STATE_BYTES, STATE_PERIOD]) {
    const was = incoming.getUint32(offset + word, true);
    const expected = present.getUint32(offset + word, true);
    if (was !== expected) {
      throw new MathStateError(`the state's ${WORD_NAMES[word]} was ${was}; this kernel's is ${expected}`);
    }
  }
  const period = incoming.getUint32(offset + STATE_PERIOD, true);
  const count = incoming.getUint32(offset + STATE_COUNT, true);
  if (count > period) throw new MathStateError(`the state's count was ${count}; it is at most the period, ${period}`);
  const kind = incoming.getUint32(offset + STATE_KIND, true);
  if (kind >= KIND_FIRST) assertSameParts(present, incoming, offset, bytes);
  if (kind === KIND_HMM_FILTER) assertSameFilter(present, incoming, offset);
  if (kind === KIND_ROLLING) {
    const position = incoming.getUint32(offset + ROLLING_POSITION, true);
    if (position >= period) throw new MathStateError(`the state's position was ${position}; it is below ${period}`);
  }
}

/** The same parameters, bit for bit, and the same parts, whose indices stay inside them. */
function assertSameParts(present: DataView, incoming: DataView, offset: number, bytes: number): void {
  for (let at = INDICATOR_PARAMETERS; at < INDICATOR_PARAMETERS + 8 * PARAMETERS_MAX; at += 4) {
    if (present.getUint32(offset + at, true) !== incoming.getUint32(offset + at, true)) {
      throw new MathStateError("the state's parameters were others than this indicator's");
    }
  }
  for (let at = INDICATOR_PARTS; at + PART_HEADER <= bytes; at += present.getUint32(offset + at + PART_BYTES, true)) {
    const word = (name: number) => incoming.getUint32(offset + at + name, true);
    const capacity = present.getUint32(offset + at + PART_CAPACITY, true);
    const isSound =
      word(PART_BYTES) === present.getUint32(offset + at + PART_BYTES, true) &&
      word(PART_CAPACITY) === capacity &&
      word(PART_COUNT) <= capacity &&
      word(PART_POSITION) < capacity &&
      word(PART_HEAD) < capacity &&
      word(PART_AGE) < 2 ** 31;
    if (!isSound) throw new MathStateError(`the state's part at byte ${at} has sizes or places that no push leaves`);
  }
}

const WORD_NAMES: Readonly<Record<number, string>> = {
  [STATE_KIND]: "kind",
  [STATE_BYTES]: "size",
  [STATE_PERIOD]: "period",
};
