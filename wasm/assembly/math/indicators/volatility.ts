/**
 * Ranges and deviations of bars and closes. Errors: those of the windows they are made of. Sources: TA-Lib 0.6 for TR,
 * ATR, NATR, BBANDS, STDDEV; StockCharts ChartSchool for Keltner and Donchian channels and the ulcer index; Dreiss for
 * the choppiness index.
 */
import { CANONICAL_NAN, larger, smaller } from "../number";
import { Exponential, placeEma } from "../parts/exponential";
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { MomentsWindow, placeMoments } from "../parts/moments-window";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { placeWilder, Wilder } from "../parts/wilder";
import { first, Indicator, quotient } from "./indicator";

/** max(high, close before) − min(low, close before). Warm-up: 1; with p0 = 1 the first is high − low, and it is 0. */
// @ts-ignore: decorator
@inline
function trueRange(s: Indicator, option: f64): f64 {
  const before = s.r0;
  s.r0 = s.in2;
  if (s.count == 0) return option == 1 ? s.in0 - s.in1 : NaN;
  return larger(s.in0, before) - smaller(s.in1, before);
}

export function trueRangePush(s: Indicator): void {
  const range = trueRange(s, s.p0);
  if (range == range) s.out0 = range;
}

/** Wilder's average of the true range, p1 as p0 there. Warm-up: period, or period − 1. */
export function atrInit(s: Indicator): void {
  placeWilder(<i32>s.p0, <i32>s.p0);
}

export function atrPush(s: Indicator): void {
  const range = trueRange(s, s.p1);
  if (range == range) s.out0 = first<Wilder>(s).push(range);
}

/** 100 × ATR / close, 0 where that is 0. */
export function natrPush(s: Indicator): void {
  const range = trueRange(s, s.p1);
  if (range != range) return;
  const average = first<Wilder>(s).push(range);
  if (average == average) s.out0 = 100 * quotient(average, s.in2, 0);
}

/** mean ± p1 × population deviation over the period. Warm-up: period − 1. */
export function momentsInit(s: Indicator): void {
  placeMoments(<i32>s.p0);
}

export function bollingerPush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  const width = s.p1 * sqrt(window.variance);
  s.out0 = window.mean + width;
  s.out1 = window.mean;
  s.out2 = window.mean - width;
}

/** (x − lower) / (upper − lower); 0.5 where the bands meet. */
export function percentBPush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  const width = s.p1 * sqrt(window.variance);
  if (width == width) s.out0 = quotient(s.in0 - window.mean + width, 2 * width, 0.5);
}

/** (upper − lower) / middle, 0 where that is 0. */
export function bandwidthPush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  const width = s.p1 * sqrt(window.variance);
  if (width == width) s.out0 = quotient(2 * width, window.mean, 0);
}

/** p1 × the population (p2 = 0) or sample deviation; of one input the sample deviation is 0. Warm-up: period − 1. */
export function deviationPush(s: Indicator): void {
  const window = first<MomentsWindow>(s);
  window.push(s.in0);
  const sample = s.p2 == 1 && s.p0 > 1;
  s.out0 = s.p1 * sqrt(sample ? window.variance * (s.p0 / (s.p0 - 1)) : window.variance);
}

/** EMA of the close, seeded by p3, ± p1 × ATR(p2), p4 as p0 above. Warm-up: the longer of theirs. */
export function keltnerInit(s: Indicator): void {
  placeEma(<i32>s.p0, s.p3);
  placeWilder(<i32>s.p2, <i32>s.p2);
}

export function keltnerPush(s: Indicator): void {
  const average = first<Exponential>(s);
  const middle = average.push(s.in2);
  const range = trueRange(s, s.p4);
  if (range != range) return;
  const width = s.p1 * next<Wilder>(average).push(range);
  if (middle == middle && width == width) {
    s.out0 = middle + width;
    s.out1 = middle;
    s.out2 = middle - width;
  }
}

/**
 * Highest high, lowest low and their middle over the last `period` bars, or (p1 = 1) the `period` bars before. Exact.
 */
export function donchianInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
  s.r0 = CANONICAL_NAN;
  s.r1 = CANONICAL_NAN;
}

export function donchianPush(s: Indicator): void {
  const highs = first<HighestWindow>(s);
  const high = highs.push(s.in0);
  const low = -next<HighestWindow>(highs).push(-s.in1);
  const upper = s.p1 == 0 ? high : s.r0;
  const lower = s.p1 == 0 ? low : s.r1;
  if (high == high) {
    s.r0 = high;
    s.r1 = low;
  }
  if (upper != upper) return;
  s.out0 = upper;
  s.out1 = (upper + lower) / 2;
  s.out2 = lower;
}

/**
 * 100 × log(Σ TR / (highest true high − lowest true low)) / log(period), true ones reaching to the close before; 0
 * without range. Warm-up: period.
 */
export function choppinessInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
}

export function choppinessPush(s: Indicator): void {
  const before = s.r0;
  s.r0 = s.in2;
  if (s.count == 0) return;
  const top = larger(s.in0, before);
  const bottom = smaller(s.in1, before);
  const ranges = first<SumWindow>(s);
  const highs = next<HighestWindow>(ranges);
  const sum = ranges.push(top - bottom);
  const span = highs.push(top) + next<HighestWindow>(highs).push(-bottom);
  if (sum != sum) return;
  const paths = span > 0 ? quotient(sum, span, 0) : 0;
  s.out0 = paths > 0 ? (100 * NativeMath.log(paths)) / NativeMath.log(s.p0) : 0;
}

/**
 * √ of the mean of (100 × (x / highest so far in the window − 1))² over the last `period` inputs; a fall from a highest
 * of 0 counts as 0. Warm-up: period − 1. O(n).
 */
export function ulcerInit(s: Indicator): void {
  placeLag(<i32>s.p0);
}

export function ulcerPush(s: Indicator): void {
  const window = first<Lag>(s);
  window.push(s.in0);
  if (!window.isFull) return;
  let highest = window.at(0);
  let sum: f64 = 0;
  for (let index = 0; index < window.capacity; ++index) {
    const x = window.at(index);
    if (x > highest) highest = x;
    const fall = quotient(x - highest, highest, 0);
    sum += fall * fall;
  }
  s.out0 = 100 * sqrt(sum / s.p0);
}
