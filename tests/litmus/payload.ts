/**
 * Messages whose every word follows from their number: sender and receiver compute it apart, so that a torn, stale,
 * lost or doubled message shows at its first wrong word. Sizes differ, so that records end everywhere in the ring.
 */
import { mix } from "./random.js";

/** Most bytes of a payload. */
export const PAYLOAD_BYTES_MAX = 128;

/** Payload bytes of message n: 4 to 128. */
export function sizeOf(n: number, seed: number): number {
  return 4 + ((mix(n ^ seed) >>> 3) & 31) * 4;
}

/** Message types cycle, so that a header read with another's payload shows. */
export const typeOf = (n: number): number => 1 + (n % 7);

function wordOf(n: number, place: number): number {
  return place === 0 ? n : Math.imul(n + place, 0x9e37_79b1) ^ n;
}

/** Writes from the last word to the first, which holds the number: the likeliest word to be seen too early is wrong. */
export function fill(i32: Int32Array, at: number, n: number, bytes: number): void {
  for (let place = (bytes >> 2) - 1; place >= 0; place -= 1) i32[(at >> 2) + place] = wordOf(n, place);
}

/** Whether the payload at `at` is message n, each word of it. */
export function isWhole(i32: Int32Array, at: number, n: number, bytes: number): boolean {
  for (let place = 0; place < bytes >> 2; place += 1) {
    if (i32[(at >> 2) + place] !== wordOf(n, place)) return false;
  }
  return true;
}

/** The number that a message claims to be. */
export function numberAt(i32: Int32Array, at: number): number {
  return i32[at >> 2];
}
