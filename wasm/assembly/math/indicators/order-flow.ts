/**
 * What trades tell of who made them, and what they cost. Sources: Easley, Lopez de Prado and O'Hara 2012 for VPIN and
 * the classification in bulk; Huang and Stoll 1996 for the realised spread and its parts.
 */
import { erf } from "../error-function";
import { smaller } from "../number";
import { Lag, placeLag } from "../parts/lag";
import { MomentsWindow, placeMoments } from "../parts/moments-window";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator } from "./indicator";

// @ts-ignore: decorator
@inline const SQRT1_2: f64 = 0.7071067811865476;

/**
 * Volume, the magnitude of the second input, runs into buckets of p0; VPIN is the mean of |bought − sold| / p0 over
 * the last p1 full ones or as many as there are, 0 before the first; and how many these are. Each volume is bought less
 * sold by the share 2 Φ(change / deviation of the last p3 changes) − 1, 0 where that deviation is 0, or (p2 = 1) by the
 * sign of its input, and goes into several buckets with the same share. Warm-up: p3, and what comes before does not
 * count; by signs 0. O(p1) for a push that fills a bucket. Error: half an ulp of a bucket for each volume in it, and of
 * VPIN p1 × 2⁻⁵³; which volume fills a bucket turns on that.
 */
export function vpinInit(s: Indicator): void {
  placeLag(<i32>s.p1);
  if (s.p2 == 0) placeMoments(<i32>s.p3);
}

export function vpinPush(s: Indicator): void {
  const buckets = first<Lag>(s);
  const share = s.p2 == 0 ? shareByChange(s, next<MomentsWindow>(buckets)) : sign(s.in1);
  if (share != share) return;
  const volume = abs(s.in1);
  const room = s.p0 - s.r1;
  if (volume < room) {
    s.r1 += volume;
    s.r2 += volume * share;
    if (buckets.count > 0) return;
    s.out0 = 0;
    s.out1 = 0;
  } else {
    fill(s, buckets, volume - room, s.r2 + room * share, share);
  }
}

/** Bought less sold, over the volume, by the change of the price; NaN until its deviation is known. */
function shareByChange(s: Indicator, changes: MomentsWindow): f64 {
  const change = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return NaN;
  changes.push(change);
  const deviation = sqrt(changes.variance);
  if (deviation != deviation) return NaN;
  return deviation > 0 ? erf((change / deviation) * SQRT1_2) : 0;
}

/** The bucket is full with `flow` in it; what is left goes into the next ones. */
function fill(s: Indicator, buckets: Lag, left: f64, flow: f64, share: f64): void {
  buckets.push(abs(flow) / s.p0);
  const rest = left % s.p0;
  const whole = smaller((left - rest) / s.p0, s.p1);
  for (let bucket: f64 = 0.5; bucket < whole; ++bucket) buckets.push(abs(share));
  s.r1 = rest;
  s.r2 = rest * share;
  let sum: f64 = 0;
  for (let bucket = 0; bucket < buckets.capacity; ++bucket) sum += buckets.at(bucket);
  s.out0 = sum / <f64>buckets.count;
  s.out1 = <f64>buckets.count;
}

// @ts-ignore: decorator
@inline
function sign(x: f64): f64 {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/**
 * Of the trade p0 inputs ago, at price p with side d (the sign of the second input) and the middle m of bid and ask:
 * the realised spread 2 d (p − m now) and the effective spread 2 d (p − m then), both as means over the last p1 such
 * trades, and their difference, the price impact. A trade of no side counts 0. Warm-up: p0 + p1 − 1. Error: p1 × 2⁻⁵³
 * of the magnitudes, and half an ulp of a middle.
 */
export function realisedSpreadInit(s: Indicator): void {
  for (let delay = 0; delay < 3; ++delay) placeLag(<i32>s.p0);
  placeSum(<i32>s.p1);
  placeSum(<i32>s.p1);
}

export function realisedSpreadPush(s: Indicator): void {
  const prices = first<Lag>(s);
  const sides = next<Lag>(prices);
  const middles = next<Lag>(sides);
  const middle = (s.in2 + s.in3) / 2;
  const price = prices.push(s.in0);
  const side = sides.push(sign(s.in1));
  const then = middles.push(middle);
  if (then != then) return;
  const realised = next<SumWindow>(middles);
  const kept = realised.push(2 * side * (price - middle)) / s.p1;
  const paid = next<SumWindow>(realised).push(2 * side * (price - then)) / s.p1;
  if (kept != kept) return;
  s.out0 = kept;
  s.out1 = paid;
  s.out2 = paid - kept;
}
