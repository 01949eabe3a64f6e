/**
 * Levels that follow a trend. Sources: TA-Lib 0.6 `SAR`, LINEARREG_SLOPE and _INTERCEPT; Seban for SuperTrend, with its
 * bands as Stock.Indicators keeps them; Hosoda for Ichimoku. Errors: comparisons are exact, levels a few ulp.
 */
import { larger, smaller } from "../number";
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { LineWindow, placeLine } from "../parts/line-window";
import { next } from "../parts/part";
import { placeWilder, Wilder } from "../parts/wilder";
import { first, Indicator, quotient } from "./indicator";

/**
 * Wilder's parabolic stop and reverse: sar += a × (extreme − sar), a growing by p0 with each new extreme up to p1, kept
 * out of the last two bars; a bar that touches it turns the side. Begins long unless the second bar moves down more
 * than up, at the first bar's other end. With p2 = 1, as Stock.Indicators has it: begins long at the first bar, a bar
 * must pass the stop to turn the side, and the stop of that bar is the extreme wherever the last two bars lie.
 * Warm-up: 1. Registers: sar, extreme, a with the side as its sign; the last bar lies in the part.
 */
export function sarInit(s: Indicator): void {
  placeLag(2);
}

export function sarPush(s: Indicator): void {
  const bars = first<Lag>(s);
  const high = s.in0;
  const low = s.in1;
  if (s.p2 == 1) {
    if (s.count == 0) beginLong(s);
    else step(s, high, low, bars.at(0), bars.at(1));
  } else if (s.count == 1) {
    begin(s, bars.at(0), bars.at(1));
    step(s, high, low, high, low);
  } else if (s.count > 1) {
    step(s, high, low, bars.at(0), bars.at(1));
  }
  bars.push(high);
  bars.push(low);
}

function begin(s: Indicator, high: f64, low: f64): void {
  const rise = s.in0 - high;
  const fall = low - s.in1;
  const isShort = fall > 0 && fall > rise;
  s.r0 = isShort ? high : low;
  s.r1 = isShort ? s.in1 : s.in0;
  s.r2 = isShort ? -s.p0 : s.p0;
}

function beginLong(s: Indicator): void {
  s.r0 = s.in1 + s.p0 * (s.in0 - s.in1);
  s.r1 = s.in0;
  s.r2 = s.p0;
}

/** The short side is the long one of the negated prices. */
function step(s: Indicator, high: f64, low: f64, highBefore: f64, lowBefore: f64): void {
  const side: f64 = s.r2 > 0 ? 1 : -1;
  const isLong = side > 0;
  const best = side * (isLong ? high : low);
  const worst = side * (isLong ? low : high);
  const worstBefore = side * (isLong ? lowBefore : highBefore);
  const bestBefore = side * (isLong ? highBefore : lowBefore);
  let sar = side * s.r0;
  let extreme = side * s.r1;
  const isStrict = s.p2 == 1;
  if (isStrict ? worst < sar : worst <= sar) {
    const top = larger(bestBefore, best);
    sar = isStrict ? extreme : larger(extreme, top);
    s.out0 = side * sar;
    s.r1 = side * worst;
    s.r2 = -side * s.p0;
    s.r0 = side * larger(sar + s.p0 * (worst - sar), top);
    return;
  }
  s.out0 = side * sar;
  let a = abs(s.r2);
  if (best > extreme) {
    extreme = best;
    a = smaller(a + s.p0, s.p1);
  }
  s.r1 = side * extreme;
  s.r2 = side * a;
  s.r0 = side * smaller(sar + a * (extreme - sar), smaller(worstBefore, worst));
}

/**
 * Bands p1 × ATR about the middle of the bar, the upper one falling and the lower one rising until a close passes it;
 * the value is the band that the close has not passed, the direction 1 above the lower and −1 below the upper.
 * Warm-up: period.
 */
export function superTrendInit(s: Indicator): void {
  placeWilder(<i32>s.p0, <i32>s.p0);
}

export function superTrendPush(s: Indicator): void {
  const before = s.r0;
  const close = s.in2;
  s.r0 = close;
  if (s.count == 0) return;
  const average = first<Wilder>(s).push(larger(s.in0, before) - smaller(s.in1, before));
  if (average != average) return;
  const middle = (s.in0 + s.in1) / 2;
  const upper = middle + s.p1 * average;
  const lower = middle - s.p1 * average;
  const isFirst = s.r3 == 0;
  if (isFirst) s.r3 = close >= middle ? 1 : -1;
  if (isFirst || upper < s.r1 || before > s.r1) s.r1 = upper;
  if (isFirst || lower > s.r2 || before < s.r2) s.r2 = lower;
  s.r3 = close <= (s.r3 > 0 ? s.r2 : s.r1) ? -1 : 1;
  s.out0 = s.r3 > 0 ? s.r2 : s.r1;
  s.out1 = s.r3;
}

/**
 * Middles of the highest high and lowest low over p0, p1 and p2 bars; span A is the middle of the first two, span B the
 * third, both as they stood p3 bars ago. Warm-up: p0 − 1, p1 − 1, the longer of these + p3, p2 − 1 + p3. Exact but for
 * the halves.
 */
export function ichimokuInit(s: Indicator): void {
  for (let line = 0; line < 2; ++line) {
    placeHighest(<i32>s.p0);
    placeHighest(<i32>s.p1);
    placeHighest(<i32>s.p2);
  }
  placeLag(<i32>s.p3);
  placeLag(<i32>s.p3);
}

export function ichimokuPush(s: Indicator): void {
  const high1 = first<HighestWindow>(s);
  const high2 = next<HighestWindow>(high1);
  const high3 = next<HighestWindow>(high2);
  const low1 = next<HighestWindow>(high3);
  const low2 = next<HighestWindow>(low1);
  const low3 = next<HighestWindow>(low2);
  const spanA = next<Lag>(low3);
  const tenkan = (high1.push(s.in0) - low1.push(-s.in1)) / 2;
  const kijun = (high2.push(s.in0) - low2.push(-s.in1)) / 2;
  const third = (high3.push(s.in0) - low3.push(-s.in1)) / 2;
  s.out0 = tenkan;
  s.out1 = kijun;
  const middle = (tenkan + kijun) / 2;
  if (middle == middle) s.out2 = spanA.push(middle);
  if (third == third) s.out3 = next<Lag>(spanA).push(third);
}

/**
 * The least-squares line through the last n inputs at 0 … n − 1: slope, value at 0, and r², 0 of a flat series.
 * Warm-up: n − 1.
 */
export function regressionInit(s: Indicator): void {
  placeLine(<i32>s.p0);
}

export function regressionPush(s: Indicator): void {
  const window = first<LineWindow>(s);
  if (!window.push(s.in0)) return;
  const slope = window.products / squaredPlaces(s.p0);
  s.out0 = slope;
  s.out1 = window.mean - slope * ((s.p0 - 1) / 2);
  s.out2 = smaller(quotient(slope * window.products, window.squares, 0), 1);
}

/** Σ (i − mean i)² of the places 1 … n. */
// @ts-ignore: decorator
@inline
export function squaredPlaces(n: f64): f64 {
  return (n * (n * n - 1)) / 12;
}

/** close = mean of the bar; open = middle of the last open and close, of the first bar its own. Warm-up: 0. */
export function heikinAshiPush(s: Indicator): void {
  const close = (s.in0 + s.in1 + s.in2 + s.in3) / 4;
  const open = s.count == 0 ? (s.in0 + s.in3) / 2 : (s.r0 + s.r1) / 2;
  s.r0 = open;
  s.r1 = close;
  s.out0 = open;
  s.out1 = larger(s.in1, larger(open, close));
  s.out2 = smaller(s.in2, smaller(open, close));
  s.out3 = close;
}
