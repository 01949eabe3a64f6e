/**
 * The region of the math memory that holds the states of streaming kernels, one after another in the order they were
 * made. States are never freed or moved. A header of 16 bytes and the states are all there is, so the used bytes are
 * a complete snapshot, and equal histories give equal bytes.
 *
 *     0  magic u32   4  used bytes u32, this header included   8  states u32   12  zero   16  states…
 */
import { ArenaFullError, MathStateError } from "./errors.js";
import { ARENA, KIND_ROLLING, ROLLING_POSITION, STATE_BYTES, STATE_COUNT, STATE_KIND, STATE_PERIOD } from "./layout.js";

const MAGIC = 0x31414c53;
const USED = 4;
const STATES = 8;
const HEADER_BYTES = 16;
const STATE_HEADER_BYTES = 16;

export class Arena {
  readonly capacityBytes: number;
  readonly #bytes: Uint8Array;
  readonly #words: DataView;

  /** Takes everything from ARENA to the end of `memory`, which must not grow afterwards. */
  constructor(memory: WebAssembly.Memory) {
    this.#bytes = new Uint8Array(memory.buffer, ARENA);
    this.#words = new DataView(memory.buffer, ARENA);
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
  if (incoming.getUint32(offset + STATE_KIND, true) === KIND_ROLLING) {
    const position = incoming.getUint32(offset + ROLLING_POSITION, true);
    if (position >= period) throw new MathStateError(`the state's position was ${position}; it is below ${period}`);
  }
}

const WORD_NAMES: Readonly<Record<number, string>> = {
  [STATE_KIND]: "kind",
  [STATE_BYTES]: "size",
  [STATE_PERIOD]: "period",
};
