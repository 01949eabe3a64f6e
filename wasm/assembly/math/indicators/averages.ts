/**
 * Averages of one series that are made of plain sums and exponential averages. Each is its parts' definition, and has
 * their errors, added. Sources: TA-Lib 0.6 for SMA, EMA, WMA, DEMA, TEMA, T3, TRIMA (unstable period 0); Wilder 1978
 * for RMA; Hull 2005 for HMA; Ehlers and Way 2010 for ZLEMA.
 */
import { Exponential, placeEma } from "../parts/exponential";
import { Lag, placeLag } from "../parts/lag";
import { MeanWindow, placeMean } from "../parts/mean-window";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { placeWilder, Wilder } from "../parts/wilder";
import { placeWeighted, WeightedWindow, weightsOf } from "../parts/weighted-window";
import { first, Indicator, quotient } from "./indicator";

/** Sum of the last `period` inputs / period. Warm-up: period − 1. */
export function smaInit(s: Indicator): void {
  placeMean(<i32>s.p0);
}

export function smaPush(s: Indicator): void {
  s.out0 = first<MeanWindow>(s).push(s.in0);
}

/** value += 2 / (period + 1) × (x − value); seed: mean of `period` inputs, warm-up period − 1, or the first, 0. */
export function exponentialInit(s: Indicator): void {
  placeEma(<i32>s.p0, s.p1);
}

export function exponentialPush(s: Indicator): void {
  s.out0 = first<Exponential>(s).push(s.in0);
}

/** Wilder's average, with the same seeds. */
export function rmaInit(s: Indicator): void {
  placeWilder(<i32>s.p0, s.p1 == 1 ? 1 : <i32>s.p0);
}

export function rmaPush(s: Indicator): void {
  s.out0 = first<Wilder>(s).push(s.in0);
}

/** Σ i × x(i) / Σ i, the newest weighing `period`. Warm-up: period − 1. */
export function wmaInit(s: Indicator): void {
  placeWeighted(<i32>s.p0);
}

export function wmaPush(s: Indicator): void {
  s.out0 = first<WeightedWindow>(s).push(s.in0) / weightsOf(s.p0);
}

/** The least-squares line through the last `period` inputs, at the newest: 3 WMA − 2 SMA. Warm-up: period − 1. */
export function lsmaPush(s: Indicator): void {
  const window = first<WeightedWindow>(s);
  const weighted = window.push(s.in0);
  s.out0 = 3 * (weighted / weightsOf(s.p0)) - 2 * (window.sum / s.p0);
}

/** Exponential averages of one another: the first with its seed, the later ones with the seed of p2. */
function placeStages(s: Indicator, stages: i32): void {
  placeEma(<i32>s.p0, s.p1);
  for (let stage = 1; stage < stages; ++stage) placeEma(<i32>s.p0, s.p2);
}

/** 2 e1 − e2, where e1 = EMA(x), e2 = EMA(e1). Warm-up: 2 (period − 1). */
export function demaInit(s: Indicator): void {
  placeStages(s, 2);
}

export function demaPush(s: Indicator): void {
  const one = first<Exponential>(s);
  const e1 = one.push(s.in0);
  if (e1 != e1) return;
  const e2 = next<Exponential>(one).push(e1);
  s.out0 = 2 * e1 - e2;
}

/** 3 e1 − 3 e2 + e3. Warm-up: 3 (period − 1). */
export function temaInit(s: Indicator): void {
  placeStages(s, 3);
}

export function temaPush(s: Indicator): void {
  const one = first<Exponential>(s);
  const two = next<Exponential>(one);
  const e1 = one.push(s.in0);
  if (e1 != e1) return;
  const e2 = two.push(e1);
  if (e2 != e2) return;
  s.out0 = 3 * e1 - 3 * e2 + next<Exponential>(two).push(e2);
}

/** −v³ e6 + 3 (v² + v³) e5 − (6 v² + 3 v + 3 v³) e4 + (1 + 3 v + v³ + 3 v²) e3, v = p3. Warm-up: 6 (period − 1). */
export function t3Init(s: Indicator): void {
  placeStages(s, 6);
}

export function t3Push(s: Indicator): void {
  let stage = first<Exponential>(s);
  let x = s.in0;
  let e3: f64 = 0;
  let e4: f64 = 0;
  let e5: f64 = 0;
  for (let index = 1; index <= 6; ++index) {
    x = stage.push(x);
    if (x != x) return;
    if (index == 3) e3 = x;
    else if (index == 4) e4 = x;
    else if (index == 5) e5 = x;
    stage = next<Exponential>(stage);
  }
  const v = s.p3;
  const squared = v * v;
  const cubed = squared * v;
  s.out0 = -cubed * x + 3 * (squared + cubed) * e5 - 3 * (2 * squared + v + cubed) * e4
    + (1 + 3 * v + cubed + 3 * squared) * e3;
}

/** WMA(√n) of 2 WMA(n / 2) − WMA(n), periods rounded down. Warm-up: n + ⌊√n⌋ − 2. */
export function hmaInit(s: Indicator): void {
  placeWeighted(<i32>s.p0 / 2);
  placeWeighted(<i32>s.p0);
  placeWeighted(<i32>sqrt(s.p0));
}

export function hmaPush(s: Indicator): void {
  const half = first<WeightedWindow>(s);
  const whole = next<WeightedWindow>(half);
  const root = next<WeightedWindow>(whole);
  const fast = half.push(s.in0) / weightsOf(<f64>half.capacity);
  const slow = whole.push(s.in0) / weightsOf(s.p0);
  if (slow == slow) s.out0 = root.push(2 * fast - slow) / weightsOf(<f64>root.capacity);
}

/** EMA of 2 x − x(lag), lag = (period − 1) / 2 rounded down. Warm-up: lag + period − 1. */
export function zlemaInit(s: Indicator): void {
  const period = <i32>s.p0;
  placeEma(period, s.p1);
  if (period > 2) placeLag((period - 1) / 2);
}

export function zlemaPush(s: Indicator): void {
  const average = first<Exponential>(s);
  const x = s.in0;
  const old = s.p0 > 2 ? next<Lag>(average).push(x) : x;
  if (old == old) s.out0 = average.push(x + (x - old));
}

/** SMA of an SMA, both of (n + 1) / 2 inputs when n is odd, of n / 2 and n / 2 + 1 when it is even. Warm-up: n − 1. */
export function trimaInit(s: Indicator): void {
  const period = <i32>s.p0;
  placeSum((period + 1) / 2);
  placeSum(period / 2 + 1);
}

export function trimaPush(s: Indicator): void {
  const one = first<SumWindow>(s);
  const two = next<SumWindow>(one);
  const mean = one.push(s.in0) / <f64>one.capacity;
  if (mean == mean) s.out0 = two.push(mean) / <f64>two.capacity;
}

/** Σ price × volume / Σ volume over `period`; the mean price while no volume has come. Warm-up: period − 1. */
export function vwmaInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function vwmaPush(s: Indicator): void {
  const products = first<SumWindow>(s);
  const volumes = next<SumWindow>(products);
  const product = products.push(s.in0 * s.in1);
  const volume = volumes.push(s.in1);
  const price = next<SumWindow>(volumes).push(s.in0);
  if (volume == volume) s.out0 = quotient(product, volume, price / s.p0);
}
