/** Float64 values with one fixed bit pattern, and the range that streaming kernels accept. */

// The sign and payload of a NaN made by arithmetic differ between processors, so one that is returned is replaced by
// this.
// @ts-ignore: decorator
@inline export const CANONICAL_NAN: f64 = reinterpret<f64>(0x7ff8000000000000);

// Squares of accepted inputs, summed over the longest window, stay below the largest double: states are always finite.
// @ts-ignore: decorator
@inline export const INPUT_MAX: f64 = 1e150;

// @ts-ignore: decorator
@inline
export function canonical(x: f64): f64 {
  return x == x ? x : CANONICAL_NAN;
}

// @ts-ignore: decorator
@inline
export function isAccepted(x: f64): bool {
  return abs(x) <= INPUT_MAX;
}

/**
 * The larger of two numbers. By an instruction and not by a branch, which numbers that come at random would make slow;
 * WebAssembly's own max also minds NaN and the sign of zero, and takes several times as long.
 */
// @ts-ignore: decorator
@inline
export function larger(a: f64, b: f64): f64 {
  if (ASC_FEATURE_SIMD) return f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
  return a < b ? b : a;
}

// @ts-ignore: decorator
@inline
export function smaller(a: f64, b: f64): f64 {
  if (ASC_FEATURE_SIMD) return f64x2.extract_lane(f64x2.pmin(f64x2.splat(a), f64x2.splat(b)), 0);
  return b < a ? b : a;
}
