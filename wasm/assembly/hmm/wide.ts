/**
 * Numbers above 0 of any size: a vector (m | e) stands for m · 2^e, with an integer e in the form of a double, and
 * (0 | −∞) for 0. Products add exponents and sums are made at the largest, so that nothing vanishes but beside
 * something 2^1000 times larger in the same sum.
 */
import { exp2Of, EXPONENT_MIN } from "./exp2";

/** Of a double from 0 up, subnormal ones too. */
export function wideOf(x: f64): v128 {
  if (!(x > 0)) return wide(0, -Infinity);
  return x < 1e-200 ? normalised(x * 1.2676506002282294e30, -100) : normalised(x, 0);
}

/** 2^log, whatever its size. */
export function widePower(log: f64): v128 {
  const exponent = nearest(log);
  return wide(exp2Of(log - exponent), exponent);
}

// @ts-ignore: decorator
@inline
export function wideProduct(x: v128, y: v128): v128 {
  return v128.shuffle<f64>(f64x2.mul(x, y), f64x2.add(x, y), 0, 3);
}

/** Of `count` in a row; m of the sum is 1 … 2. */
export function wideSum(count: i32, at: usize): v128 {
  const end = at + (<usize>count << 4);
  let largest: f64 = -Infinity;
  for (let each = at; each < end; each += 16) largest = max(largest, load<f64>(each, 8));
  let sum: f64 = 0;
  for (let each = at; each < end; each += 16) sum += scaledTo(largest, v128.load(each));
  return sum > 0 ? normalised(sum, largest) : wide(0, -Infinity);
}

/** part / whole as a double, where the part is no more than the whole. */
// @ts-ignore: decorator
@inline
export function shareOf(part: v128, whole: v128): f64 {
  return scaledTo(exponentOf(whole), part) / f64x2.extract_lane(whole, 0);
}

/** x / 2^exponent as a double, of an x that is not much larger. */
// @ts-ignore: decorator
@inline
function scaledTo(exponent: f64, x: v128): f64 {
  const difference = exponentOf(x) - exponent;
  return difference > EXPONENT_MIN ? f64x2.extract_lane(x, 0) * powerOf(<i32>difference) : 0;
}

/** Its logarithm to base 2 is this and that of its m. */
// @ts-ignore: decorator
@inline
export function exponentOf(x: v128): f64 {
  return f64x2.extract_lane(x, 1);
}

// @ts-ignore: decorator
@inline
function wide(m: f64, exponent: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(m), 1, exponent);
}

/** Of an m that is no subnormal. */
// @ts-ignore: decorator
@inline
function normalised(m: f64, exponent: f64): v128 {
  const shift = <i32>(reinterpret<u64>(m) >> 52) - 1023;
  return wide(m * powerOf(-shift), exponent + <f64>shift);
}

// @ts-ignore: decorator
@inline
function powerOf(exponent: i32): f64 {
  return reinterpret<f64>((1023 + <i64>exponent) << 52);
}
