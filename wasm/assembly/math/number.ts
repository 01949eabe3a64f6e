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
