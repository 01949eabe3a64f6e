/**
 * The slow twins of the plans, in integers without a bound: what the definitions say, with no regard for time.
 */

/** Divides lots by largest remainder; equal remainders at the edge are spread evenly. */
export function apportioned(lots: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const quotas = weights.map((weight) => (lots * weight) / whole);
  const remainders = weights.map((weight) => (lots * weight) % whole);
  const left = lots - quotas.reduce((sum, quota) => sum + quota, 0n);
  if (left === 0n) return quotas;
  const edge = remainders.toSorted((a, b) => (a < b ? 1 : -1))[Number(left) - 1]!;
  const above = BigInt(remainders.filter((each) => each > edge).length);
  const tied = BigInt(remainders.filter((each) => each === edge).length);
  let before = 0n;
  return quotas.map((quota, index) => {
    if (remainders[index]! !== edge) return remainders[index]! > edge ? quota + 1n : quota;
    before += 1n;
    return quota + roundedOf(before * (left - above), tied) - roundedOf((before - 1n) * (left - above), tied);
  });
}

/** a / b to the nearest integer, halves up. */
function roundedOf(a: bigint, b: bigint): bigint {
  return (2n * a + b) / (2n * b);
}

/** The weights to 52 binary digits of their sum, as the kernels take them. */
export function wholeWeights(weights: readonly number[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let scale = 1;
  while (sum * scale >= 2 ** 52) scale /= 2;
  while (sum * scale < 2 ** 51) scale *= 2;
  return weights.map((weight) => BigInt(roundedToEven(weight * scale)));
}

function roundedToEven(x: number): number {
  const low = Math.floor(x);
  const over = x - low;
  return over < 0.5 || (over === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** What is below the minimum goes later; a small end is filled up from the child before it, or takes it over. */
export function merged(lots: readonly number[], lotsMin: number): number[] {
  const result = lots.map(() => 0);
  let carried = 0;
  lots.forEach((each, index) => {
    if (each === 0) return;
    carried += each;
    if (carried < lotsMin) return;
    result[index] = carried;
    carried = 0;
  });
  if (carried === 0) return result;
  const end = lots.findLastIndex((each) => each > 0);
  const child = result.findLastIndex((each) => each > 0);
  const missing = lotsMin - carried;
  const moved = result[child]! - missing >= lotsMin ? missing : result[child]!;
  result[child] = result[child]! - moved;
  result[end] = carried + moved;
  return result;
}

/** The k-th output of SplitMix64. */
export function splitMix(seed: bigint, k: bigint): bigint {
  const wrap = (x: bigint): bigint => BigInt.asUintN(64, x);
  let z = wrap(seed + (k + 1n) * 0x9e3779b97f4a7c15n);
  z = wrap((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

/** Its integer from 0 to bound − 1. */
export function drawn(seed: number, k: number, bound: number): number {
  return Number(((splitMix(BigInt(seed), BigInt(k)) >> 11n) * BigInt(bound)) >> 53n);
}
