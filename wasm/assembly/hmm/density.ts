/**
 * Densities of two observations under every state, in logarithms to base 2: peak − Σ (x − μ)² · log₂e / 2σ². The
 * squares are of distances from the mean, so a mean far from 0 costs no digits.
 */
import { CENTRES, LINE, NARROWNESS, PEAKS, zero } from "./tables";

// @ts-ignore: decorator
@inline const DISTANCE_MAX: f64 = 1e300;

/** The number at `front` in lane 0, the one at `back` in lane 1. */
// @ts-ignore: decorator
@inline
export function both(front: usize, back: usize): v128 {
  return v128.load_lane<f64>(back, v128.load_zero<f64>(front), 1);
}

/** The part of one feature in the distance from a state's mean; `table` is the feature's line from the first one. */
// @ts-ignore: decorator
@inline
export function distance(x: v128, table: usize, state: usize): v128 {
  const deviation = f64x2.sub(x, v128.load(CENTRES + table + (state << 4)));
  return f64x2.mul(f64x2.mul(deviation, deviation), v128.load(NARROWNESS + table + (state << 4)));
}

/** −∞ when the distance passes all doubles, as beyond 1e154 deviations. */
// @ts-ignore: decorator
@inline
export function logDensity(distance: v128, state: usize): v128 {
  return f64x2.sub(v128.load(PEAKS + (state << 4)), distance);
}

/** The same, but an observation further off than 1e150 deviations counts as that far. */
// @ts-ignore: decorator
@inline
export function finiteLogDensity(distance: v128, state: usize): v128 {
  return logDensity(f64x2.pmin(distance, f64x2.splat(DISTANCE_MAX)), state);
}

/** Of any state and always finite, for observations that are taken one by one. */
export function logDensityOf(features: i32, state: i32, front: usize, back: usize): v128 {
  let sum = zero();
  for (let feature = 0; feature < features; ++feature) {
    const offset = <usize>feature << 3;
    sum = f64x2.add(sum, distance(both(front + offset, back + offset), <usize>feature * LINE, state));
  }
  return finiteLogDensity(sum, state);
}
