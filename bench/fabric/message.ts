/**
 * The message of the fabric benchmarks: 64 bytes, sixteen words that all depend on one number. Senders write and
 * receivers read every word, because a reader that looks at eight bytes of a line flatters any ring.
 */
export const WORDS = 16;
export const MESSAGE_BYTES = WORDS * 4;
export const MESSAGE_TYPE = 1;
/** The number of the message that ends a round; it is not counted. */
export const END = 0;

export function writeWords(i32: Int32Array, first: number, value: number): void {
  for (let word = 0; word < WORDS; word += 1) i32[first + word] = value + word;
}

/** Their sum, modulo 2^32. */
export function sumWords(i32: Int32Array, first: number): number {
  let sum = 0;
  for (let word = 0; word < WORDS; word += 1) sum = (sum + i32[first + word]) | 0;
  return sum;
}

/** What sumWords finds in an undamaged message. */
export function expectedSum(value: number): number {
  return (Math.imul(value, WORDS) + (WORDS * (WORDS - 1)) / 2) | 0;
}
