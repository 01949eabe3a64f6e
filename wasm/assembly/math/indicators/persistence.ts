/**
 * Whether a series returns to its mean or runs on, over the last n steps. Sources: Chan 2013, 2.2, after Ornstein and
 * Uhlenbeck, for the half-life; Hurst 1951 and Mandelbrot and Wallis 1969 for the rescaled range, Anis and Lloyd 1976
 * for its expectation.
 */
import { lgamma } from "../gamma-function";
import { larger, smaller } from "../number";
import { Lag, placeLag } from "../parts/lag";
import { OrderedWindow, placeOrdered } from "../parts/ordered-window";
import { PairWindow, placePairs } from "../parts/pair-window";
import { next } from "../parts/part";
import { first, Indicator, quotient } from "./indicator";

// @ts-ignore: decorator
@inline const LN2: f64 = 0.6931471805599453;
// @ts-ignore: decorator
@inline const PI: f64 = 3.141592653589793;

/** A half-life of a million inputs or more, and that of a series which does not return, read as this many. */
// @ts-ignore: decorator
@inline const HALF_LIFE_MAX: f64 = 1e6;

/**
 * The least-squares line of the changes on the values before them, over n changes: κ = −slope, and ln 2 / κ. Of a flat
 * window κ is 0. Warm-up: n. Error of κ: n × 2⁻⁴² of the deviation of the changes over that of the values.
 */
export function halfLifeInit(s: Indicator): void {
  placePairs(<i32>s.p0);
}

export function halfLifePush(s: Indicator): void {
  const before = s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const window = first<PairWindow>(s);
  if (!window.push(before, s.in0 - before)) return;
  const reversion = -quotient(window.products, window.squaresX, 0);
  s.out0 = reversion > 0 ? smaller(LN2 / reversion, HALF_LIFE_MAX) : HALF_LIFE_MAX;
  s.out1 = reversion;
}

/** The shortest stretch that has a rescaled range here. */
// @ts-ignore: decorator
@inline const STRETCH_MIN = 8;
/** A deviation of logarithmic returns up to this is their rounding, and none. */
// @ts-ignore: decorator
@inline const DEVIATION_MIN: f64 = 1e-12;

/**
 * The slope of ln(R / S) on ln m: the last n logarithmic returns are cut into 1, 2, 4 … stretches of equal length m,
 * down to 8, counted from the newest; R / S is the mean over the stretches of the range of the sums about the mean, 0
 * included, over the population deviation, and 0 without deviation. Corrected: the slope of ln(R / S − E(m) +
 * √(π m / 2)), E(m) being the expectation for independent normal returns, Γ((m − 1) / 2) / (√π Γ(m / 2)) Σ √((m − i) /
 * i) over i = 1 … m − 1, with √(2 / (π m)) for the quotient above m = 340. Where no stretch of some length has a
 * deviation both slopes are 0.5. Warm-up: n. O(n log n). Error: about n × 2⁻⁵³.
 */
export function hurstInit(s: Indicator): void {
  const period = <i32>s.p0;
  placeOrdered(period);
  const lengths = placeLag(2 * lengthsOf(period));
  let total: f64 = 0;
  for (let stretches = 1; period / stretches >= STRETCH_MIN; stretches <<= 1) {
    const length = <f64>(period / stretches);
    lengths.push(NativeMath.log(length));
    lengths.push(sqrt((PI * length) / 2) - expected(period / stretches));
    total += NativeMath.log(length);
  }
  s.r1 = total / <f64>(lengths.capacity / 2);
  for (let index = 0; index < lengths.capacity; index += 2) {
    const distance = lengths.at(index) - s.r1;
    s.r2 += distance * distance;
  }
}

function lengthsOf(period: i32): i32 {
  let count = 0;
  for (let stretches = 1; period / stretches >= STRETCH_MIN; stretches <<= 1) ++count;
  return count;
}

/** E(m) above. */
function expected(length: i32): f64 {
  const m = <f64>length;
  let sum: f64 = 0;
  for (let index = 1; index < length; ++index) sum += sqrt((m - <f64>index) / <f64>index);
  const gammas = length <= 340 ? NativeMath.exp(lgamma((m - 1) / 2) - lgamma(m / 2)) / sqrt(PI) : sqrt(2 / (PI * m));
  return gammas * sum;
}

export function hurstPush(s: Indicator): void {
  const level = NativeMath.log(s.in0);
  const change = level - s.r0;
  s.r0 = level;
  if (s.count == 0) return;
  const window = first<OrderedWindow>(s);
  window.push(change);
  if (!window.isFull) return;
  const lengths = next<Lag>(window);
  let plain: f64 = 0;
  let corrected: f64 = 0;
  let isFlat = false;
  for (let index = 0; index < lengths.capacity; index += 2) {
    const range = rescaledRange(window, 1 << (index >> 1));
    if (range == 0) isFlat = true;
    const weight = lengths.at(index) - s.r1;
    plain += weight * NativeMath.log(range);
    corrected += weight * NativeMath.log(range + lengths.at(index + 1));
  }
  s.out0 = isFlat ? 0.5 : plain / s.r2;
  s.out1 = isFlat ? 0.5 : corrected / s.r2;
}

/** The mean over the stretches; the oldest returns, which do not fill one, are left out. */
function rescaledRange(window: OrderedWindow, stretches: i32): f64 {
  const length = window.capacity / stretches;
  let total: f64 = 0;
  for (let from = window.capacity - length * stretches; from < window.capacity; from += length) {
    total += rangeOver(window, from, length);
  }
  return total / <f64>stretches;
}

function rangeOver(window: OrderedWindow, from: i32, length: i32): f64 {
  let sum: f64 = 0;
  for (let index = 0; index < length; ++index) sum += window.at(from + index);
  const mean = sum / <f64>length;
  let path: f64 = 0;
  let highest: f64 = 0;
  let lowest: f64 = 0;
  let squares: f64 = 0;
  for (let index = 0; index < length; ++index) {
    const distance = window.at(from + index) - mean;
    path += distance;
    highest = larger(highest, path);
    lowest = smaller(lowest, path);
    squares += distance * distance;
  }
  const deviation = sqrt(squares / <f64>length);
  return deviation > DEVIATION_MIN ? (highest - lowest) / deviation : 0;
}
