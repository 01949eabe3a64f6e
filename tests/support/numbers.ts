/**
 * Doubles for numeric tests, made by shifts and exclusive-ors of 32-bit words alone, so that every machine draws the
 * same; and how results are compared: by hash of their bits, or in units in the last place.
 */

/** A seeded xorshift generator of 32-bit words. */
export function wordsFrom(seed: number): () => number {
  let word = seed >>> 0 || 1;
  return () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return word >>> 0;
  };
}

const SPECIAL = [
  ...[0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
  ...[
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2.2250738585072014e-308,
    9007199254740992,
    -9007199254740992,
  ],
];

/**
 * Pairs of doubles: every pair of special values first, then in turn any bits at all, ordinary magnitudes (2^-7 to
 * 2^8), subnormals, and 2^-31 to 2^32. The two arrays hold the first and the second of each pair.
 */
export function drawPairs(length: number, seed: number): readonly [Float64Array, Float64Array] {
  const first = new Float64Array(length);
  const second = new Float64Array(length);
  fill(first, wordsFrom(seed));
  fill(second, wordsFrom(seed ^ 0x5bd1e995));
  for (let index = 0; index < SPECIAL.length ** 2 && index < length; index++) {
    first[index] = SPECIAL[index % SPECIAL.length]!;
    second[index] = SPECIAL[(index / SPECIAL.length) | 0]!;
  }
  return [first, second];
}

function fill(target: Float64Array, next: () => number): void {
  const words = new Uint32Array(target.buffer);
  for (let index = 0; index < target.length; index++) {
    words[2 * index] = next();
    words[2 * index + 1] = shape(index & 3, next());
  }
}

/** Gives the high word of a double the exponent that class `kind` asks for, and keeps its sign and mantissa. */
function shape(kind: number, high: number): number {
  const rest = high & 0x800f_ffff;
  if (kind === 1) return rest | ((1016 + ((high >>> 20) & 15)) << 20);
  if (kind === 2) return rest;
  if (kind === 3) return rest | ((992 + ((high >>> 20) & 63)) << 20);
  return high;
}

/** FNV-1a over the 32-bit words of the results, NaN counted as one value: sixteen hexadecimal digits of two lanes. */
export function hashBits(results: Float64Array): string {
  const words = new Uint32Array(results.buffer, results.byteOffset, 2 * results.length);
  let low = 0x811c9dc5;
  let high = 0x811c9dc5;
  for (let index = 0; index < results.length; index++) {
    const isNumber = !Number.isNaN(results[index]);
    low = Math.imul(low ^ (isNumber ? words[2 * index]! : 0), 0x01000193);
    high = Math.imul(high ^ (isNumber ? words[2 * index + 1]! : 0x7ff80000) ^ (low >>> 15), 0x01000193);
  }
  return [high, low].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}

/** How many doubles lie between two, counting zeros as one place; 0 for two NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

const cell = new DataView(new ArrayBuffer(8));

/** The double whose bits are these sixteen hexadecimal digits. */
export function doubleOf(bits: string): number {
  cell.setBigUint64(0, BigInt(`0x${bits}`));
  return cell.getFloat64(0);
}

function ordinal(x: number): bigint {
  cell.setFloat64(0, x);
  const bits = cell.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}
