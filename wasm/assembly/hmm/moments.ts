/** What is asked of observations before all else: whether every one is acceptable, and their moments. */
import { INPUT_MAX, isAccepted } from "../math/number";

/** Mean and population variance of each feature, a double each. */
export const MEANS: usize = memory.data(32, 16);
export const VARIANCES: usize = memory.data(32, 16);

/** Where the host reads the variance of each feature after `moments`. */
export function varianceStart(): usize {
  return VARIANCES;
}

/** The index of the first of `count` doubles that is no finite number of magnitude up to 1e150, or −1. */
export function firstRefused(x: usize, count: i32): i32 {
  const end = x + (<usize>count << 3);
  let at = x;
  while (at + 64 <= end) {
    const first = v128.and(accepted(at), accepted(at + 16)), second = v128.and(accepted(at + 32), accepted(at + 48));
    if (!i64x2.all_true(v128.and(first, second))) break;
    at += 64;
  }
  for (; at < end; at += 8) {
    if (!isAccepted(load<f64>(at))) return <i32>((at - x) >> 3);
  }
  return -1;
}

/** All bits of a lane that is, none of one that is not. */
// @ts-ignore: decorator
@inline
function accepted(at: usize): v128 {
  return f64x2.le(f64x2.abs(v128.load(at)), f64x2.splat(INPUT_MAX));
}

/** In two passes: a variance keeps its digits however far the mean is from 0. */
export function moments(features: i32, x: usize, length: i32): void {
  for (let feature = 0; feature < features; ++feature) {
    const first = x + (<usize>feature << 3), width = <usize>features << 3;
    // About the first observation, so that a constant has exactly itself as the mean.
    const origin = load<f64>(first);
    let sum: f64 = 0;
    for (let index = 0; index < length; ++index) sum += load<f64>(first + <usize>index * width) - origin;
    const mean = origin + sum / <f64>length;
    let squares: f64 = 0;
    for (let index = 0; index < length; ++index) {
      const deviation = load<f64>(first + <usize>index * width) - mean;
      squares += deviation * deviation;
    }
    store<f64>(MEANS + (<usize>feature << 3), mean);
    store<f64>(VARIANCES + (<usize>feature << 3), squares / <f64>length);
  }
}
