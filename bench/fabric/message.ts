/**
 * The message of the fabric benchmarks: eight words of eight bytes, word k of message i being i + k. Senders write and
 * receivers read every word, because a reader that looks at eight bytes of a line flatters any ring. Handlers in
 * JavaScript have doubles for words, handlers in WebAssembly and the peers' have integers; the sums are the same.
 */
export const WORDS = 8;
export const MESSAGE_BYTES = WORDS * 8;
export const MESSAGE_TYPE = 1;
/** The number of the message that ends a run; it is not counted. */
export const END = 0;
/** What its words add up to. */
export const END_SUM = 28;

export function writeWords(f64: Float64Array, first: number, message: number): void {
  f64[first] = message;
  f64[first + 1] = message + 1;
  f64[first + 2] = message + 2;
  f64[first + 3] = message + 3;
  f64[first + 4] = message + 4;
  f64[first + 5] = message + 5;
  f64[first + 6] = message + 6;
  f64[first + 7] = message + 7;
}

/** Their sum, as a tree: eight additions in a chain would take longer than the ring does. */
export function sumWords(f64: Float64Array, first: number): number {
  const low = f64[first] + f64[first + 1] + (f64[first + 2] + f64[first + 3]);
  const high = f64[first + 4] + f64[first + 5] + (f64[first + 6] + f64[first + 7]);
  return low + high;
}

/** What the words of messages 1 to `messages` add up to, modulo 2^64 as an unsigned number. */
export function expectedSum(messages: number): bigint {
  const count = BigInt(messages);
  return BigInt.asUintN(64, 4n * count * count + 32n * count);
}

/** A sum of doubles as the others write it. Throws a RangeError when it is no longer exact. */
export function exactSum(sum: number): bigint {
  if (!Number.isSafeInteger(sum)) throw new RangeError(`the sum passed 2^53 (was ${sum}): measure for less long`);
  return BigInt(sum);
}
