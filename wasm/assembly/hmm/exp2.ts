/**
 * Powers of two in vectors. 2^x = 2^n · 2^r with n the integer nearest to x, and 2^r a polynomial of degree 11, exact
 * at 0, that meets (2^r − 1) / r at the eleven Chebyshev points of −1/2 … 1/2. The polynomial errs by 2e-17 relatively;
 * measured with its rounding: 1.8 ulp. Plain additions and multiplications, so the bits are those of every machine.
 */

/** What is further below 1 than this counts as this: 2^−1000 is no subnormal, and small enough to weigh nothing. */
// @ts-ignore: decorator
@inline export const EXPONENT_MIN: f64 = -1000;

/** Constants for both lanes: to load one costs less than to make one. */
const CONSTANTS: usize = memory.data<f64>([
  EXPONENT_MIN, EXPONENT_MIN,
  // Added to a double of magnitude below 2^51, this leaves the nearest integer in the low bits of the sum.
  6755399441055744, 6755399441055744,
  1, 1,
  // Coefficients of the polynomial from the first power on.
  0.6931471805599453, 0.6931471805599453,
  0.24022650695910097, 0.24022650695910097,
  0.0555041086648216, 0.0555041086648216,
  0.009618129107606888, 0.009618129107606888,
  0.0013333558146416936, 0.0013333558146416936,
  0.0001540353044173605, 0.0001540353044173605,
  1.525273382983612e-5, 1.525273382983612e-5,
  1.321544258792169e-6, 1.321544258792169e-6,
  1.0178062445845774e-7, 1.0178062445845774e-7,
  7.072585949269223e-9, 7.072585949269223e-9,
  4.4549605981865186e-10, 4.4549605981865186e-10,
], 16);
// @ts-ignore: decorator
@inline const ROUNDER: usize = 16;
/** Where the coefficients begin, with that of the power 0. */
// @ts-ignore: decorator
@inline const POLYNOMIAL: usize = 32;

/** Of exponents up to 1000; those below EXPONENT_MIN count as EXPONENT_MIN. */
// @ts-ignore: decorator
@inline
export function exp2(exponents: v128): v128 {
  const rounder = v128.load(CONSTANTS, ROUNDER);
  const x = f64x2.pmax(exponents, v128.load(CONSTANTS));
  const shifted = f64x2.add(x, rounder);
  const r = f64x2.sub(x, f64x2.sub(shifted, rounder));
  return i64x2.add(polynomial(r), i64x2.shl(shifted, 52));
}

/** 2^r, the terms summed by twos, fours and eights. */
// @ts-ignore: decorator
@inline
function polynomial(r: v128): v128 {
  const r2 = f64x2.mul(r, r), r4 = f64x2.mul(r2, r2);
  const low = join(pair(0, r), pair(2, r), r2), middle = join(pair(4, r), pair(6, r), r2);
  const high = join(pair(8, r), pair(10, r), r2);
  return join(low, join(middle, high, r4), r4);
}

/** The terms of two powers, `from` and the next, over r^from. */
// @ts-ignore: decorator
@inline
function pair(from: usize, r: v128): v128 {
  const at = CONSTANTS + POLYNOMIAL + (from << 4);
  return join(v128.load(at), v128.load(at, 16), r);
}

// @ts-ignore: decorator
@inline
function join(low: v128, high: v128, power: v128): v128 {
  return f64x2.add(low, f64x2.mul(high, power));
}

/** Of one exponent, the same bits. */
export function exp2Of(exponent: f64): f64 {
  return f64x2.extract_lane(exp2(f64x2.splat(exponent)), 0);
}
