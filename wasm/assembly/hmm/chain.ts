/**
 * What the two passes of the quick recursions share. The forward shares α and the backward shares v = b ∘ β obey one
 * law, u = A·v or Aᵀ·α and then u ∘ b, so that both chains run in the lanes of the same vectors. Each lane is scaled by
 * powers of two, which round nothing.
 */
import { zero } from "./tables";

/** 2^±200, for both lanes. */
const SHARE_MAX: usize = memory.data<f64>([1.6069380442589903e60, 1.6069380442589903e60], 16);
const SHARE_MIN: usize = memory.data<f64>([6.223015277861142e-61, 6.223015277861142e-61], 16);

/** The shares of both chains after their last observations, a vector for each state. */
export const RUNNING: usize = memory.data(96, 16);
/** The logarithm of the scale of each lane. */
export const SCALE: usize = memory.data(16, 16);

/** Σ rᵢ · coefficient over the first K, the coefficients a stride apart. */
// @ts-ignore: decorator
@inline
export function gathered(
  K: i32, at: usize, stride: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128,
): v128 {
  const p0 = f64x2.mul(r0, v128.load(at)), p1 = f64x2.mul(r1, v128.load(at + stride));
  const p2 = K > 2 ? f64x2.mul(r2, v128.load(at + 2 * stride)) : zero();
  const p3 = K > 3 ? f64x2.mul(r3, v128.load(at + 3 * stride)) : zero();
  const p4 = K > 4 ? f64x2.mul(r4, v128.load(at + 4 * stride)) : zero();
  const p5 = K > 5 ? f64x2.mul(r5, v128.load(at + 5 * stride)) : zero();
  return total(K, p0, p1, p2, p3, p4, p5);
}

/** Of the first K. */
// @ts-ignore: decorator
@inline
export function total(K: i32, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128): v128 {
  let sum = f64x2.add(r0, r1);
  if (K == 3) sum = f64x2.add(sum, r2);
  if (K > 3) sum = f64x2.add(sum, f64x2.add(r2, r3));
  if (K == 5) sum = f64x2.add(sum, r4);
  if (K > 5) sum = f64x2.add(sum, f64x2.add(r4, r5));
  return sum;
}

// @ts-ignore: decorator
@inline
export function loadIf(present: bool, at: usize): v128 {
  return present ? v128.load(at) : zero();
}

/** The first K. */
// @ts-ignore: decorator
@inline
export function storeLine(K: i32, at: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128): void {
  v128.store(at, r0);
  v128.store(at, r1, 16);
  if (K > 2) v128.store(at, r2, 32);
  if (K > 3) v128.store(at, r3, 48);
  if (K > 4) v128.store(at, r4, 64);
  if (K > 5) v128.store(at, r5, 80);
}

/** Whether a lane's shares have left the range in which no product of theirs overflows or vanishes. */
// @ts-ignore: decorator
@inline
export function outgrown(sum: v128): bool {
  return v128.any_true(
    v128.or(f64x2.gt(sum, v128.load(SHARE_MAX)), f64x2.lt(sum, v128.load(SHARE_MIN))),
  );
}

/** The powers of two that bring sums to 1 … 2; what they undo is added to the scale. */
export function rescale(sum: v128): v128 {
  const exponents = i64x2.sub(i64x2.shr_u(sum, 52), i64x2.splat(1023));
  const front = <f64>i64x2.extract_lane(exponents, 0), back = <f64>i64x2.extract_lane(exponents, 1);
  v128.store(SCALE, f64x2.add(v128.load(SCALE), f64x2.replace_lane(f64x2.splat(front), 1, back)));
  return i64x2.shl(i64x2.sub(i64x2.splat(1023), exponents), 52);
}
