/**
 * The RSI with a period that follows volatility, and prices against the RSI. Both average rises and falls as Wilder
 * does, seeded by the means of the first `period` changes. Sources: Chande and Kroll 1994 (the dynamic momentum index),
 * with the period neither rounded nor the averages begun anew; Wilder 1978 for divergence.
 */
import { larger, smaller } from "../number";
import { Lag, placeLag } from "../parts/lag";
import { MomentsWindow, placeMoments } from "../parts/moments-window";
import { next } from "../parts/part";
import { PeakWindow, placePeak } from "../parts/peak-window";
import { placeSum, SumWindow } from "../parts/sum-window";
import { placeWilder, Wilder } from "../parts/wilder";
import { first, Indicator, positivePart } from "./indicator";
import { share } from "./oscillators";

/**
 * 100 × gain / (gain + loss), the averages moving by 1 / n, where n = period × mean of the last p4 deviations / the
 * last one, at least p1 and at most p2, a deviation being that of p3 prices: the livelier the market, the shorter. Of
 * no deviation n is p2, and the period where the mean is 0 too or not there yet. Warm-up: max(period, p3 + p4 − 2).
 * Error: 4 ulp of the larger average, and half that of the moments.
 */
export function adaptiveRsiInit(s: Indicator): void {
  placeMoments(<i32>s.p3);
  placeSum(<i32>s.p4);
}

export function adaptiveRsiPush(s: Indicator): void {
  const rise = s.in0 - s.r0;
  s.r0 = s.in0;
  const length = lengthOf(s);
  const changes = <f64>s.count;
  if (s.count == 0) return;
  if (changes <= s.p0) {
    s.r1 += positivePart(rise);
    s.r2 += positivePart(-rise);
    if (changes == s.p0) {
      s.r1 /= s.p0;
      s.r2 /= s.p0;
    }
  } else {
    s.r1 += (positivePart(rise) - s.r1) / length;
    s.r2 += (positivePart(-rise) - s.r2) / length;
  }
  if (s.count + 1 < s.needed) return;
  s.out0 = share(s.r1, s.r2);
  s.out1 = length;
}

function lengthOf(s: Indicator): f64 {
  const moments = first<MomentsWindow>(s);
  moments.push(s.in0);
  const deviation = sqrt(moments.variance);
  if (deviation != deviation) return s.p0;
  const usual = next<SumWindow>(moments).push(deviation) / s.p4;
  if (!(usual > 0)) return s.p0;
  return smaller(s.p2, larger(s.p1, deviation > 0 ? s.p0 * (usual / deviation) : s.p2));
}

/**
 * A high is a price above the p1 before it and not below the p2 after it, and a low the same with signs turned; it is
 * known p2 inputs later, and only then spoken of. −1 when a high is above the one before, and the RSI there below the
 * RSI then by more than 1e-9; 1 when a low is below the one before, and the RSI above; else 0. The one before must have
 * come at most p3 inputs earlier. Warm-up: period + p1 + p2. Exact but for the RSI, whose rounding the 1e-9 is for.
 */
export function divergenceInit(s: Indicator): void {
  placeWilder(<i32>s.p0, <i32>s.p0);
  placeWilder(<i32>s.p0, <i32>s.p0);
  placePeak(<i32>(s.p1 + s.p2) + 1, true);
  placePeak(<i32>(s.p1 + s.p2) + 1, true);
  placeLag(<i32>s.p2);
  placeLag(<i32>s.p2);
  const turns = placeLag(6);
  for (let index = 0; index < 6; ++index) turns.push(index % 3 == AGE ? NEVER : 0);
}

// What is kept of the last high, and then of the last low: price, RSI and inputs since.
// @ts-ignore: decorator
@inline const PRICE = 0;
// @ts-ignore: decorator
@inline const STRENGTH = 1;
// @ts-ignore: decorator
@inline const AGE = 2;
// @ts-ignore: decorator
@inline const NEVER: f64 = 1e9;
// @ts-ignore: decorator
@inline const EQUAL: f64 = 1e-9;

export function divergencePush(s: Indicator): void {
  const rise = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const gains = first<Wilder>(s);
  const losses = next<Wilder>(gains);
  const gain = gains.push(positivePart(rise));
  const loss = losses.push(positivePart(-rise));
  if (gain != gain) return;
  const highs = next<PeakWindow>(losses);
  const lows = next<PeakWindow>(highs);
  const prices = next<Lag>(lows);
  const strengths = next<Lag>(prices);
  const turns = changetype<usize>(next<Lag>(strengths)) + offsetof<Lag>();
  const sinceHigh = highs.push(s.in0);
  const sinceLow = lows.push(-s.in0);
  const price = prices.push(s.in0);
  const strength = strengths.push(share(gain, loss));
  if (sinceHigh < 0) return;
  const after = <i32>s.p2;
  const isBearish = turned(turns, price, strength, sinceHigh == after, s.p3);
  const isBullish = turned(turns + 24, -price, -strength, sinceLow == after, s.p3);
  s.out0 = isBearish ? -1 : isBullish ? 1 : 0;
}

/** Keeps a high, and tells whether it is above the last one and its strength below. Lows come negated. */
function turned(last: usize, price: f64, strength: f64, isTurn: bool, within: f64): bool {
  const age = load<f64>(last, AGE << 3) + 1;
  store<f64>(last, age, AGE << 3);
  if (!isTurn) return false;
  const isHigher = price > load<f64>(last, PRICE << 3);
  const isWeaker = strength < load<f64>(last, STRENGTH << 3) - EQUAL;
  store<f64>(last, price, PRICE << 3);
  store<f64>(last, strength, STRENGTH << 3);
  store<f64>(last, 0, AGE << 3);
  return age <= within && isHigher && isWeaker;
}
