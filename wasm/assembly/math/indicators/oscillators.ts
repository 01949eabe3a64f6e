/**
 * Where a price stands in its recent movement. Quotients whose parts are both 0 are 0, as TA-Lib has them: a flat
 * series has an RSI, a stochastic, a CCI of 0. Sources: TA-Lib 0.6 (unstable period 0); StockCharts ChartSchool.
 */
import { larger, smaller } from "../number";
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { MirrorWindow, placeMirror, sumDistances, sumFrom } from "../parts/mirror-window";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { placeWilder, Wilder } from "../parts/wilder";
import { first, Indicator, positivePart, quotient } from "./indicator";

/**
 * 100 × gain / (gain + loss), Wilder's averages of the rises and falls. Warm-up: period; with averages that begin at 0
 * (p1 = 1) instead of a mean, 1. Error: 4 ulp of the larger average.
 */
export function rsiInit(s: Indicator): void {
  placeStrength(<i32>s.p0, s.p1 == 1);
}

function placeStrength(period: i32, fromZero: bool): void {
  for (let side = 0; side < 2; ++side) {
    const average = placeWilder(period, period);
    if (fromZero) average.count = period;
  }
}

export function rsiPush(s: Indicator): void {
  const rise = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count != 0) s.out0 = strength(first<Wilder>(s), rise);
}

// @ts-ignore: decorator
@inline
function strength(gains: Wilder, rise: f64): f64 {
  const gain = gains.push(positivePart(rise));
  return share(gain, next<Wilder>(gains).push(positivePart(-rise)));
}

// @ts-ignore: decorator
@inline
export function share(gain: f64, loss: f64): f64 {
  const sum = gain + loss;
  return sum == 0 ? 0 : 100 * (gain / sum);
}

/** 100 × (gain − loss) / (gain + loss): Wilder's averages, or (p1 = 1) plain sums. Warm-up: period. */
export function cmoInit(s: Indicator): void {
  const period = <i32>s.p0;
  for (let side = 0; side < 2; ++side) {
    if (s.p1 == 0) placeWilder(period, period);
    else placeSum(period);
  }
}

export function cmoPush(s: Indicator): void {
  const rise = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const up = positivePart(rise);
  const down = positivePart(-rise);
  let gain: f64 = 0;
  let loss: f64 = 0;
  if (s.p1 == 0) {
    const gains = first<Wilder>(s);
    gain = gains.push(up);
    loss = next<Wilder>(gains).push(down);
  } else {
    const gains = first<SumWindow>(s);
    gain = gains.push(up);
    loss = next<SumWindow>(gains).push(down);
  }
  const sum = gain + loss;
  s.out0 = sum == 0 ? 0 : 100 * ((gain - loss) / sum);
}

/** 100 × (x − x(period)) / x(period), 0 where that is 0. Warm-up: period. */
export function lagInit(s: Indicator): void {
  placeLag(<i32>s.p0);
}

export function rocPush(s: Indicator): void {
  const old = first<Lag>(s).push(s.in0);
  if (old == old) s.out0 = 100 * quotient(s.in0 - old, old, 0);
}

/** x − x(period). Warm-up: period. */
export function momentumPush(s: Indicator): void {
  s.out0 = s.in0 - first<Lag>(s).push(s.in0);
}

/**
 * k = SMA(smooth) of 100 × (close − lowest) / (highest − lowest) over the period; d = SMA(signal) of k. The fast
 * stochastic has smooth 1, the slow one 3, the full one any. Warm-up: period + smooth − 2, and signal − 1 more.
 */
export function stochasticInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
  placeSum(<i32>s.p1);
  placeSum(<i32>s.p2);
}

export function stochasticPush(s: Indicator): void {
  const highs = first<HighestWindow>(s);
  const lows = next<HighestWindow>(highs);
  stand(s, highs.push(s.in0), -lows.push(-s.in1), s.in2, next<SumWindow>(lows), 0);
}

// @ts-ignore: decorator
@inline
function stand(s: Indicator, high: f64, low: f64, x: f64, smooth: SumWindow, least: f64): void {
  if (high != high) return;
  const range = high - low;
  const k = smooth.push(100 * quotient(x - low, range > least ? range : 0, 0)) / <f64>smooth.capacity;
  if (k != k) return;
  const signal = next<SumWindow>(smooth);
  s.out0 = k;
  s.out1 = signal.push(k) / <f64>signal.capacity;
}

/**
 * The stochastic of the RSI: parameters RSI period, stochastic period, smooth, signal. A range of the RSI up to 1e-10
 * is rounding, and none. Warm-up: that of the RSI more.
 */
export function stochasticRsiInit(s: Indicator): void {
  placeHighest(<i32>s.p1);
  placeHighest(<i32>s.p1);
  placeSum(<i32>s.p2);
  placeSum(<i32>s.p3);
  placeStrength(<i32>s.p0, s.p4 == 1);
}

export function stochasticRsiPush(s: Indicator): void {
  const rise = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const highs = first<HighestWindow>(s);
  const lows = next<HighestWindow>(highs);
  const smooth = next<SumWindow>(lows);
  const rsi = strength(next<Wilder>(next<SumWindow>(smooth)), rise);
  if (rsi == rsi) stand(s, highs.push(rsi), -lows.push(-rsi), rsi, smooth, 1e-10);
}

/** −100 × (highest − close) / (highest − lowest). Warm-up: period − 1. */
export function rangeInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
}

export function williamsPush(s: Indicator): void {
  const highs = first<HighestWindow>(s);
  const high = highs.push(s.in0);
  const low = -next<HighestWindow>(highs).push(-s.in1);
  if (high == high) s.out0 = -100 * quotient(high - s.in2, high - low, 0);
}

/**
 * (t − mean) / (0.015 × mean |t(i) − mean|), t = (high + low + close) / 3, over the period. Warm-up: period − 1. O(n):
 * the deviations are taken afresh for every mean, which is taken from the newest on so that a flat series has its own.
 */
export function cciInit(s: Indicator): void {
  placeMirror(<i32>s.p0);
}

export function cciPush(s: Indicator): void {
  const typical = (s.in0 + s.in1 + s.in2) / 3;
  const window = first<MirrorWindow>(s);
  if (window.push(typical)) s.out0 = standing(window.oldest, window.capacity, typical);
}

/** Of the newest of `count` typical prices from `at` on. */
export function standing(at: usize, count: i32, typical: f64): f64 {
  const n = <f64>count;
  const offset = sumFrom(at, count, typical) / n;
  return quotient(-offset, (0.015 * sumDistances(at, count, typical, offset)) / n, 0);
}

/**
 * 100 × (4 a + 2 b + c) / 7: a, b, c are Σ (close − min(low, close before)) / Σ true range over the three periods, 0
 * without range. Warm-up: the longest period.
 */
export function ultimateInit(s: Indicator): void {
  for (let window = 0; window < 2; ++window) {
    placeSum(<i32>s.p0);
    placeSum(<i32>s.p1);
    placeSum(<i32>s.p2);
  }
}

export function ultimatePush(s: Indicator): void {
  const before = s.r0;
  s.r0 = s.in2;
  if (s.count == 0) return;
  const low = smaller(s.in1, before);
  const pressure = s.in2 - low;
  const range = larger(s.in0, before) - low;
  let gains = first<SumWindow>(s);
  let ranges = next<SumWindow>(next<SumWindow>(next<SumWindow>(gains)));
  let total: f64 = 0;
  for (let weight: f64 = 4; weight >= 1; weight /= 2) {
    const sum = gains.push(pressure);
    total += weight * quotient(sum, ranges.push(range), 0);
    gains = next<SumWindow>(gains);
    ranges = next<SumWindow>(ranges);
  }
  s.out0 = (100 * total) / 7;
}
