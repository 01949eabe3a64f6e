/**
 * Pivot points: levels at which the next bars may turn, from a finished window. Nothing here looks at the bar that the
 * levels are for. Error: 3 ulp of the largest price. Sources: Person 2004 for the standard levels, with the fourth as
 * charting programs draw it; Scott (Camarilla) 1989; Woodie's with the close of the window weighing twice.
 */
import { HighestWindow, placeHighest } from "../parts/extreme-window";
import { Lag, placeLag } from "../parts/lag";
import { next } from "../parts/part";
import { first, Indicator } from "./indicator";

/**
 * Of the highest high H, the lowest low L and the last close C of the `period` bars that end p1 bars before this one:
 * by p2 the standard (0), Fibonacci (1), Camarilla (2) or Woodie (3) levels. Warm-up: period − 1 + p1. Of a flat window
 * all levels but Woodie's are its price.
 */
export function pivotsInit(s: Indicator): void {
  placeHighest(<i32>s.p0);
  placeHighest(<i32>s.p0);
  if (s.p1 == 0) return;
  for (let delay = 0; delay < 3; ++delay) placeLag(<i32>s.p1);
}

export function pivotsPush(s: Indicator): void {
  const highs = first<HighestWindow>(s);
  const lows = next<HighestWindow>(highs);
  let high = highs.push(s.in0);
  let low = -lows.push(-s.in1);
  let close = s.in2;
  if (high != high) return;
  if (s.p1 > 0) {
    const oldHighs = next<Lag>(lows);
    const oldLows = next<Lag>(oldHighs);
    high = oldHighs.push(high);
    low = oldLows.push(low);
    close = next<Lag>(oldLows).push(close);
    if (high != high) return;
  }
  if (s.p2 == 1) setFibonacci(s, (high + low + close) / 3, high - low);
  else if (s.p2 == 2) setCamarilla(s, (high + low + close) / 3, close, 1.1 * (high - low));
  else setFloor(s, s.p2 == 3 ? (high + low + 2 * close) / 4 : (high + low + close) / 3, high, low);
}

/** P; 2 P − L, P + (H − L), H + 2 (P − L), and the fourth; the same below with H and L changed about. */
function setFloor(s: Indicator, pivot: f64, high: f64, low: f64): void {
  const above = pivot - low;
  const below = high - pivot;
  const range = high - low;
  const isWoodie = s.p2 == 3;
  s.out0 = pivot;
  s.out1 = pivot + above;
  s.out2 = pivot + range;
  s.out3 = high + 2 * above;
  s.out4 = isWoodie ? s.out3 + range : high + 3 * above;
  s.out5 = pivot - below;
  s.out6 = pivot - range;
  s.out7 = low - 2 * below;
  s.out8 = isWoodie ? s.out7 - range : low - 3 * below;
}

/** P ± 0.382, 0.618, 1 and 1.618 ranges. */
function setFibonacci(s: Indicator, pivot: f64, range: f64): void {
  setAround(s, pivot, pivot, 0.382 * range, 0.618 * range, range, 1.618 * range);
}

/** C ± 1.1 ranges / 12, 6, 4 and 2. */
function setCamarilla(s: Indicator, pivot: f64, close: f64, wide: f64): void {
  setAround(s, pivot, close, wide / 12, wide / 6, wide / 4, wide / 2);
}

function setAround(s: Indicator, pivot: f64, middle: f64, one: f64, two: f64, three: f64, four: f64): void {
  s.out0 = pivot;
  s.out1 = middle + one;
  s.out2 = middle + two;
  s.out3 = middle + three;
  s.out4 = middle + four;
  s.out5 = middle - one;
  s.out6 = middle - two;
  s.out7 = middle - three;
  s.out8 = middle - four;
}
