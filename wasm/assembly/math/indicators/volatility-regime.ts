/**
 * Whether a market is calm, as usual or wild for its own last while. The volatility is the population variance of the
 * last `period` logarithmic returns; its rank is the share of the last p1 variances below it, equal ones counting half
 * and itself not: (below + ½ equal) / (p1 − 1). Variances within 1e-9 of the largest of them are equal. The regime is
 * high (1) above rank p3 and low (−1) below rank p2; once there it stays until the rank has come back by p4 more. It
 * begins normal (0). Warm-up: period + p1 − 1. O(p1). Error: the rank is exact but for ties that the tolerance does not
 * reach; the variances' is that of their window.
 */
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { MomentsWindow, placeMoments } from "../parts/moments-window";
import { OrderedWindow, placeOrdered } from "../parts/ordered-window";
import { next } from "../parts/part";
import { first, Indicator } from "./indicator";

// @ts-ignore: decorator
@inline const EQUAL: f64 = 1e-9;

export function volatilityRegimeInit(s: Indicator): void {
  placeMoments(<i32>s.p0);
  placeOrdered(<i32>s.p1);
  placeHighest(<i32>s.p1);
}

export function volatilityRegimePush(s: Indicator): void {
  const level = NativeMath.log(s.in0);
  const change = level - s.r0;
  s.r0 = level;
  if (s.count == 0) return;
  const moments = first<MomentsWindow>(s);
  moments.push(change);
  const variance = moments.variance;
  if (variance != variance) return;
  const window = next<OrderedWindow>(moments);
  window.push(variance);
  const largest = next<HighestWindow>(window).push(variance);
  if (largest != largest) return;
  const rank = rankOf(window, variance, EQUAL * largest);
  const isHeld = s.r1 > 0 ? rank >= s.p3 - s.p4 : s.r1 < 0 && rank <= s.p2 + s.p4;
  if (!isHeld) s.r1 = rank > s.p3 ? 1 : rank < s.p2 ? -1 : 0;
  s.out0 = s.r1;
  s.out1 = rank;
}

function rankOf(window: OrderedWindow, variance: f64, equal: f64): f64 {
  let halves = 0;
  const end = window.slots + (<usize>window.capacity << 3);
  for (let slot = window.slots; slot < end; slot += 8) {
    const distance = variance - load<f64>(slot);
    halves += <i32>(distance > equal) + <i32>(distance >= -equal);
  }
  return <f64>(halves - 1) / <f64>(2 * (window.capacity - 1));
}
