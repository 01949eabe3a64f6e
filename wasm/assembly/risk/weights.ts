/**
 * Weights of days: by age, by a condition on the day's profit, and the quantile of a sample whose members do not count
 * alike.
 */
import { dot, sumOfLanes } from "./products";

/** Writes λ^age, the last day's age being 0, and returns the sum. Boudoukh, Richardson and Whitelaw, 1998. */
export function ageWeights(count: i32, decay: f64, into: usize): f64 {
  let weight: f64 = 1;
  for (let day = count - 1; day >= 0; --day) {
    store<f64>(into + (<usize>day << 3), weight);
    weight *= decay;
  }
  // From the smallest up, so that the many small ones are not lost.
  let total: f64 = 0;
  for (let day = 0; day < count; ++day) total += load<f64>(into + (<usize>day << 3));
  return total;
}

/** intoₜ = aₜ bₜ; returns Σ aₜ bₜ². */
export function productInto(a: usize, b: usize, count: i32, into: usize): f64 {
  for (let day = 0; day < count; ++day) {
    const offset = <usize>day << 3;
    store<f64>(into + offset, load<f64>(a + offset) * load<f64>(b + offset));
  }
  return dot(into, b, count);
}

/**
 * Adds to each `into` its day's share of `mass`, spread by the weights over the days whose value lies from `low` to
 * `high`; there must be one of positive weight.
 */
export function conditionalWeights(
  values: usize,
  weights: usize,
  count: i32,
  low: f64,
  high: f64,
  mass: f64,
  into: usize,
): void {
  let total: f64 = 0;
  for (let day = 0; day < count; ++day) {
    const offset = <usize>day << 3;
    if (isBetween(load<f64>(values + offset), low, high)) total += load<f64>(weights + offset);
  }
  for (let day = 0; day < count; ++day) {
    const offset = <usize>day << 3;
    if (!isBetween(load<f64>(values + offset), low, high)) continue;
    store<f64>(into + offset, load<f64>(into + offset) + mass * (load<f64>(weights + offset) / total));
  }
}

/**
 * The smallest value up to which the weights sum to `mass` or more: the inverse of the weighted distribution
 * function. Halves the range of all doubles 64 times, so nothing need be sorted.
 */
export function weightedQuantile(values: usize, weights: usize, count: i32, mass: f64): f64 {
  let below = orderOf(-Infinity);
  let enough = orderOf(Infinity);
  while (below + 1 < enough) {
    const middle = (below & enough) + ((below ^ enough) >> 1);
    if (weightUpTo(values, weights, count, doubleOf(middle)) >= mass) enough = middle;
    else below = middle;
  }
  return doubleOf(enough);
}

function weightUpTo(values: usize, weights: usize, count: i32, bound: f64): f64 {
  const both = f64x2.splat(bound);
  let sum = f64x2.splat(0);
  let offset: usize = 0;
  for (const end = <usize>(count & ~1) << 3; offset < end; offset += 16) {
    const inside = f64x2.le(v128.load(values + offset), both);
    sum = f64x2.add(sum, v128.and(v128.load(weights + offset), inside));
  }
  const isLastInside = (count & 1) == 1 && load<f64>(values + offset) <= bound;
  return sumOfLanes(sum) + (isLastInside ? load<f64>(weights + offset) : 0);
}

// @ts-ignore: decorator
@inline
function isBetween(value: f64, low: f64, high: f64): bool {
  return value >= low && value <= high;
}

/** Integers in the order of the doubles. */
// @ts-ignore: decorator
@inline
function orderOf(value: f64): i64 {
  const bits = reinterpret<i64>(value);
  return bits ^ ((bits >> 63) & i64.MAX_VALUE);
}

// @ts-ignore: decorator
@inline
function doubleOf(order: i64): f64 {
  return reinterpret<f64>(order ^ ((order >> 63) & i64.MAX_VALUE));
}
