/**
 * Moments and relations over the last n inputs. Those of more than the second order and between inputs of one series
 * are taken afresh for every window, from distances to the newest input, in O(n): nothing drifts. The relative error
 * is about n × 2⁻⁵³ of the sums of magnitudes. What has no spread to divide by is 0. Sources: TA-Lib 0.6 VAR, CORREL,
 * MAX, MIN; Hyndman and Fan 1996, type 7, for the quantile; RiskMetrics 1996 for the exponential variance.
 */
import { larger, smaller } from "../number";
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { MomentsWindow } from "../parts/moments-window";
import { PairWindow, placePairs } from "../parts/pair-window";
import { next } from "../parts/part";
import { first, Indicator, quotient } from "./indicator";

/** Over n, or (p1 = 1) n − 1. Warm-up: n − 1. */
export function variancePush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  s.out0 = s.p1 == 1 && s.p0 > 1 ? window.variance * (s.p0 / (s.p0 - 1)) : window.variance;
}

/** (x − mean) / deviation, over n or (p1 = 1) n − 1. Warm-up: n − 1. */
export function zScorePush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  const variance = s.p1 == 1 && s.p0 > 1 ? window.variance * (s.p0 / (s.p0 - 1)) : window.variance;
  if (variance == variance) s.out0 = quotient(s.in0 - window.mean, sqrt(variance), 0);
}

export function windowInit(s: Indicator): void {
  placeLag(<i32>s.p0);
}

// @ts-ignore: decorator
@inline
function meanDistance(window: Lag, x: f64): f64 {
  let sum: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) sum += window.at(index) - x;
  return sum / <f64>window.capacity;
}

/** m3 / m2^1.5, population moments. Warm-up: n − 1. */
export function skewnessPush(s: Indicator): void {
  const window = first<Lag>(s);
  window.push(s.in0);
  if (!window.isFull) return;
  const mean = meanDistance(window, s.in0);
  const scale = largestDistance(window, s.in0, mean);
  let second: f64 = 0;
  let third: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) {
    const distance = (window.at(index) - s.in0 - mean) * scale;
    second += distance * distance;
    third += distance * distance * distance;
  }
  second /= s.p0;
  s.out0 = quotient(third / s.p0, second * sqrt(second), 0);
}

/** m4 / m2² − 3, population moments. Warm-up: n − 1. */
export function kurtosisPush(s: Indicator): void {
  const window = first<Lag>(s);
  window.push(s.in0);
  if (!window.isFull) return;
  const mean = meanDistance(window, s.in0);
  const scale = largestDistance(window, s.in0, mean);
  let second: f64 = 0;
  let fourth: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) {
    const distance = (window.at(index) - s.in0 - mean) * scale;
    const square = distance * distance;
    second += square;
    fourth += square * square;
  }
  second /= s.p0;
  s.out0 = second == 0 ? 0 : fourth / s.p0 / (second * second) - 3;
}

/** 1 / the largest distance from the mean, 0 if there is none: fourth powers of scaled distances are doubles. */
function largestDistance(window: Lag, x: f64, mean: f64): f64 {
  let largest: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) {
    largest = larger(largest, abs(window.at(index) - x - mean));
  }
  return largest == 0 ? 0 : min(1 / largest, f64.MAX_VALUE);
}

/**
 * The p1 quantile of the window: between the sorted values at ⌊h⌋ and the next, h = (n − 1) p1. The window is kept
 * sorted beside itself; a push moves O(n) values. Warm-up: n − 1. Exact but for the interpolation.
 */
export function quantileInit(s: Indicator): void {
  placeLag(<i32>s.p0);
  placeLag(<i32>s.p0);
}

export function quantilePush(s: Indicator): void {
  const window = first<Lag>(s);
  const sorted = next<Lag>(window);
  const values = changetype<usize>(sorted) + offsetof<Lag>();
  // A state from elsewhere may count wrongly; the copies stay inside the part whatever it says.
  let length = min(sorted.count, window.isFull ? sorted.capacity : sorted.capacity - 1);
  const old = window.push(s.in0);
  if (old == old && length > 0) {
    let place = 0;
    while (place < length - 1 && load<f64>(values + (<usize>place << 3)) != old) ++place;
    --length;
    memory.copy(values + (<usize>place << 3), values + (<usize>(place + 1) << 3), <usize>(length - place) << 3);
  }
  if (length == sorted.capacity) --length;
  let place = length;
  while (place > 0 && load<f64>(values + (<usize>(place - 1) << 3)) > s.in0) {
    store<f64>(values + (<usize>place << 3), load<f64>(values + (<usize>(place - 1) << 3)));
    --place;
  }
  store<f64>(values + (<usize>place << 3), s.in0);
  sorted.count = length + 1;
  if (!window.isFull) return;
  const h = (s.p0 - 1) * s.p1;
  const low = <i32>floor(h);
  const below = load<f64>(values + (<usize>low << 3));
  const above = load<f64>(values + (<usize>min(low + 1, length) << 3));
  s.out0 = below + (h - floor(h)) * (above - below);
}

/** The highest, the lowest and their middle. Warm-up: n − 1. Exact but for the half. */
export function extremesInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
}

export function extremesPush(s: Indicator): void {
  const highs = first<HighestWindow>(s);
  const high = highs.push(s.in0);
  const low = -next<HighestWindow>(highs).push(-s.in0);
  s.out0 = high;
  s.out1 = low;
  s.out2 = (high + low) / 2;
}

export function pairInit(s: Indicator): void {
  placePairs(<i32>s.p0);
}

/** Over n, or (p1 = 1) n − 1. Warm-up: n − 1. */
export function covariancePush(s: Indicator): void {
  const window = first<PairWindow>(s);
  if (window.push(s.in0, s.in1)) s.out0 = window.products / (s.p1 == 1 && s.p0 > 1 ? s.p0 - 1 : s.p0);
}

/** Pearson's, −1 to 1. Warm-up: n − 1. */
export function correlationPush(s: Indicator): void {
  const window = first<PairWindow>(s);
  if (!window.push(s.in0, s.in1)) return;
  const spread = sqrt(window.squaresX) * sqrt(window.squaresY);
  s.out0 = larger(-1, smaller(1, quotient(window.products, spread, 0)));
}

/** The regression of the first series on the second: slope and intercept. Warm-up: n − 1. */
export function betaPush(s: Indicator): void {
  const window = first<PairWindow>(s);
  if (!window.push(s.in0, s.in1)) return;
  s.out0 = quotient(window.products, window.squaresY, 0);
  s.out1 = window.meanX - s.out0 * window.meanY;
}

/** Σ (x(i) − mean)(x(i − lag) − mean) / Σ (x(i) − mean)², lag = p1. Warm-up: n − 1. */
export function autocorrelationPush(s: Indicator): void {
  const window = first<Lag>(s);
  window.push(s.in0);
  if (!window.isFull) return;
  const mean = meanDistance(window, s.in0);
  const lag = <i32>s.p1;
  let products: f64 = 0;
  let squares: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) {
    const distance = window.at(index) - s.in0 - mean;
    squares += distance * distance;
    if (index >= lag) products += distance * (window.at(index - lag) - s.in0 - mean);
  }
  s.out0 = quotient(products, squares, 0);
}

/** v = λ v + (1 − λ) x², begun by the first x². Warm-up: 0. Error: 2 ulp a push, shrunk by λ. */
export function ewmaVariancePush(s: Indicator): void {
  const square = s.in0 * s.in0;
  s.r0 = s.count == 0 ? square : s.p0 * s.r0 + (1 - s.p0) * square;
  s.out0 = s.r0;
}
