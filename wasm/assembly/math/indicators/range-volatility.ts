/**
 * Volatility of log returns and of ranges over the last `period` inputs, × √ of the periods in a year (p1). Prices are
 * above 0; the host refuses others. A mean square that rounding, or a bar whose high is not its highest, makes negative
 * is 0. The logarithms are libm's, within 0.51 ulp. Sources: Parkinson 1980; Garman and Klass 1980; Rogers and Satchell
 * 1991; Yang and Zhang 2000.
 */
import { MomentsWindow, placeMoments } from "../parts/moments-window";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator } from "./indicator";

// @ts-ignore: decorator
@inline const LN2: f64 = 0.6931471805599453;

// @ts-ignore: decorator
@inline
function logRatio(a: f64, b: f64): f64 {
  return NativeMath.log(a) - NativeMath.log(b);
}

// @ts-ignore: decorator
@inline
function annual(s: Indicator, variance: f64): f64 {
  return sqrt(variance > 0 ? variance * s.p1 : variance == variance ? 0 : NaN);
}

/** Deviation of ln(x / x before): the sample's about its mean, or (p2 = 1) about 0, over n. Warm-up: period. */
export function realisedInit(s: Indicator): void {
  placeMoments(<i32>s.p0);
}

export function realisedPush(s: Indicator): void {
  const level = NativeMath.log(s.in0);
  const change = level - s.r0;
  s.r0 = level;
  if (s.count == 0) return;
  const window = first<MomentsWindow>(s);
  window.push(change);
  const about = s.p2 == 1 ? window.variance + window.mean * window.mean : window.variance * (s.p0 / (s.p0 - 1));
  s.out0 = annual(s, about);
}

/** √ of the mean of ln²(high / low) / (4 ln 2). Warm-up: period − 1. */
export function sumInit(s: Indicator): void {
  placeSum(<i32>s.p0);
}

export function parkinsonPush(s: Indicator): void {
  const range = logRatio(s.in0, s.in1);
  s.out0 = annual(s, first<SumWindow>(s).push(range * range) / (4 * LN2 * s.p0));
}

/** √ of the mean of ½ ln²(high / low) − (2 ln 2 − 1) ln²(close / open). Warm-up: period − 1. */
export function garmanKlassPush(s: Indicator): void {
  const range = logRatio(s.in1, s.in2);
  const body = logRatio(s.in3, s.in0);
  s.out0 = annual(s, first<SumWindow>(s).push(0.5 * range * range - (2 * LN2 - 1) * body * body) / s.p0);
}

/** ln(high / close) ln(high / open) + ln(low / close) ln(low / open). */
// @ts-ignore: decorator
@inline
function rogersSatchell(open: f64, high: f64, low: f64, close: f64): f64 {
  return (high - close) * (high - open) + (low - close) * (low - open);
}

/** √ of its mean. Warm-up: period − 1. */
export function rogersSatchellPush(s: Indicator): void {
  const open = NativeMath.log(s.in0);
  const high = NativeMath.log(s.in1);
  const low = NativeMath.log(s.in2);
  s.out0 = annual(s, first<SumWindow>(s).push(rogersSatchell(open, high, low, NativeMath.log(s.in3))) / s.p0);
}

/**
 * √ of v(open / close before) + k v(close / open) + (1 − k) × Rogers–Satchell, v the sample variance of the logs and
 * k = 0.34 / (1.34 + (n + 1) / (n − 1)). Warm-up: period.
 */
export function yangZhangInit(s: Indicator): void {
  placeMoments(<i32>s.p0);
  placeMoments(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function yangZhangPush(s: Indicator): void {
  const open = NativeMath.log(s.in0);
  const close = NativeMath.log(s.in3);
  const night = open - s.r0;
  s.r0 = close;
  if (s.count == 0) return;
  const nights = first<MomentsWindow>(s);
  const days = next<MomentsWindow>(nights);
  const n = s.p0;
  nights.push(night);
  days.push(close - open);
  const ranges = next<SumWindow>(days).push(rogersSatchell(open, NativeMath.log(s.in1), NativeMath.log(s.in2), close));
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  const whole = (nights.variance + k * days.variance) * (n / (n - 1)) + ((1 - k) * ranges) / n;
  s.out0 = annual(s, whole);
}
