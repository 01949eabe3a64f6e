/**
 * Direction read from bars: who extended the range, and how long ago. Sources: TA-Lib 0.6 for ADX and Aroon (unstable
 * period 0); Wilder 1978; Botes and Siepman 2010 for the vortex.
 */
import { larger, smaller } from "../number";
import { Lag, placeLag } from "../parts/lag";
import { next } from "../parts/part";
import { PeakWindow, placePeak } from "../parts/peak-window";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator, positivePart, quotient } from "./indicator";

/**
 * 100 × (period − inputs since the highest high) / period over period + 1 bars, the same of the lowest low, and their
 * difference. Of equal extremes the newest counts, or (p1 = 1) the oldest. Warm-up: period. Exact but for the quotient.
 */
export function aroonInit(s: Indicator): void {
  placePeak(<i32>s.p0 + 1, s.p1 == 1);
  placePeak(<i32>s.p0 + 1, s.p1 == 1);
}

export function aroonPush(s: Indicator): void {
  const highs = first<PeakWindow>(s);
  const sinceHigh = highs.push(s.in0);
  const sinceLow = next<PeakWindow>(highs).push(-s.in1);
  if (sinceHigh < 0) return;
  s.out0 = (100 * (s.p0 - <f64>sinceHigh)) / s.p0;
  s.out1 = (100 * (s.p0 - <f64>sinceLow)) / s.p0;
  s.out2 = s.out0 - s.out1;
}

/**
 * Wilder's sums S of +DM, −DM and true range: S' = S − S / n + x, begun by the plain sum of the first n − 1 (p1 = 0,
 * TA-Lib, whose first value is one step later) or n (p1 = 1, Wilder). DI = 100 × S(DM) / S(TR), 0 without range; DX =
 * 100 |+DI − −DI| / (+DI + −DI), the one before where both are 0; ADX = Wilder's average of DX seeded by the mean of n,
 * in which bars where both are 0 have no part; ADXR = the mean of ADX and the one n − 1 (TA-Lib) or n inputs before.
 * Warm-up: n for DI and DX, 2 n − 1 for ADX, 3 n − 2 or 3 n − 1 for ADXR. Error: a few n ulp. Registers: 1 / n and
 * 1 − 1 / n.
 */
export function adxInit(s: Indicator): void {
  const period = <i32>s.p0;
  const sums = placeLag(7);
  for (let index = 0; index < 7; ++index) sums.push(0);
  placeLag(s.p1 == 0 ? period - 1 : period);
  s.r0 = 1 / s.p0;
  s.r1 = 1 - s.r0;
}

// Where the lag of seven keeps the numbers that move: the three sums, the last bar, and the sum of the seed.
// @ts-ignore: decorator
@inline export const PLUS: usize = 0;
// @ts-ignore: decorator
@inline export const MINUS: usize = 8;
// @ts-ignore: decorator
@inline export const RANGE: usize = 16;
// @ts-ignore: decorator
@inline export const HIGH: usize = 24;
// @ts-ignore: decorator
@inline export const LOW: usize = 32;
// @ts-ignore: decorator
@inline export const CLOSE: usize = 40;
// @ts-ignore: decorator
@inline const SEED: usize = 48;

export function adxPush(s: Indicator): void {
  const numbers = first<Lag>(s);
  const at = changetype<usize>(numbers) + offsetof<Lag>();
  const high = s.in0;
  const low = s.in1;
  const rise = high - load<f64>(at, HIGH);
  const fall = load<f64>(at, LOW) - low;
  const before = load<f64>(at, CLOSE);
  store<f64>(at, high, HIGH);
  store<f64>(at, low, LOW);
  store<f64>(at, s.in2, CLOSE);
  const bar = s.count;
  if (bar == 0) return;
  const n = s.p0;
  const range = larger(high, before) - smaller(low, before);
  const decay = bar < <i32>n + (s.p1 == 0 ? 0 : 1) ? 1 : s.r1;
  const plus = load<f64>(at, PLUS) * decay + movement(rise, fall);
  const minus = load<f64>(at, MINUS) * decay + movement(fall, rise);
  const ranges = load<f64>(at, RANGE) * decay + range;
  store<f64>(at, plus, PLUS);
  store<f64>(at, minus, MINUS);
  store<f64>(at, ranges, RANGE);
  if (bar < <i32>n) return;
  s.out0 = 100 * quotient(plus, ranges, 0);
  s.out1 = 100 * quotient(minus, ranges, 0);
  const both = plus + minus;
  if (both > 0) s.out2 = 100 * (abs(plus - minus) / both);
  else if (s.out2 != s.out2) s.out2 = 0;
  average(s, at, next<Lag>(numbers), bar, both > 0);
}

/** `a` if it is above 0 and above `b`, else 0: by the signs and not by branches, since those come at random. */
// @ts-ignore: decorator
@inline
function movement(a: f64, b: f64): f64 {
  return reinterpret<f64>(reinterpret<i64>(positivePart(a)) & (reinterpret<i64>(b - a) >> 63));
}

/** The DX of this bar into the ADX, and that into the ADXR. */
function average(s: Indicator, at: usize, lag: Lag, bar: i32, moved: bool): void {
  const n = s.p0;
  const last = 2 * <i32>n - 1;
  if (bar <= last) {
    const seed = load<f64>(at, SEED) + (moved ? s.out2 : 0);
    store<f64>(at, seed, SEED);
    if (bar < last) return;
    s.out3 = seed / n;
  } else if (moved) {
    s.out3 = s.r1 * s.out3 + s.r0 * s.out2;
  }
  const old = lag.push(s.out3);
  if (old == old) s.out4 = (s.out3 + old) / 2;
}

/** Σ |high − low before| / Σ true range, Σ |low − high before| / Σ true range; 0 without range. Warm-up: period. */
export function vortexInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function vortexPush(s: Indicator): void {
  const up = abs(s.in0 - s.r1);
  const down = abs(s.in1 - s.r0);
  const range = larger(s.in0, s.r2) - smaller(s.in1, s.r2);
  s.r0 = s.in0;
  s.r1 = s.in1;
  s.r2 = s.in2;
  if (s.count == 0) return;
  const ups = first<SumWindow>(s);
  const downs = next<SumWindow>(ups);
  const rises = ups.push(up);
  const falls = downs.push(down);
  const ranges = next<SumWindow>(downs).push(range);
  if (ranges != ranges) return;
  s.out0 = quotient(rises, ranges, 0);
  s.out1 = quotient(falls, ranges, 0);
}
