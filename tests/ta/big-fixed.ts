/**
 * Numbers as whole multiples of 2⁻³⁰⁰⁰, for twins of recursions that lose digits in doubles: every double is one, and
 * products and quotients are cut off so far down that nothing is left to see of it. Slow.
 */
const PLACES = 3000n;
const view = new DataView(new ArrayBuffer(8));

/** Exactly; `x` finite. */
export function fixed(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = (bits & 0xf_ffff_ffff_ffffn) | (exponent === 0n ? 0n : 0x10_0000_0000_0000n);
  const size = mantissa << (PLACES + (exponent === 0n ? 1n : exponent) - 1075n);
  return x < 0 ? -size : size;
}

/** Within an ulp. */
export function unfixed(x: bigint): number {
  const size = x < 0n ? -x : x;
  const extra = BigInt(Math.max(0, size.toString(2).length - 64));
  const scale = Number(extra - PLACES);
  const half = Math.trunc(scale / 2);
  return Math.sign(Number(x)) * Number(size >> extra) * 2 ** half * 2 ** (scale - half);
}

export const times = (a: bigint, b: bigint): bigint => (a * b) >> PLACES;
export const over = (a: bigint, b: bigint): bigint => (a << PLACES) / b;
