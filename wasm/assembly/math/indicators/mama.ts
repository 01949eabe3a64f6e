/**
 * Ehlers' MESA adaptive average and its follower. The price is smoothed by weights 4, 3, 2, 1, a Hilbert transform of
 * seven taps gives its phase, and value += a (x − value) with a = fast / (fall of the phase in degrees, at least 1), at
 * least `slow`; the follower moves by a / 2. The transform begins with input 13 and both averages with 0, and the
 * warm-up is 32 (TA-Lib); or (p2 = 1) it begins with input 7, both averages with the mean of the inputs before, and the
 * warm-up is 5. There is no error bound. The phase is the arctangent of a quotient whose parts pass through 0 together
 * with their signs, so that half an ulp can turn it by 180 degrees; the share a hangs on its fall, and the gain of the
 * transform on the period that it measures, so the turn is fed back. Only a and the averages stay within their limits.
 * Source: TA-Lib 0.6 `MAMA`; Ehlers 2001.
 */
import { Lag, placeLag } from "../parts/lag";
import { next } from "../parts/part";
import { first, Indicator } from "./indicator";

// @ts-ignore: decorator
@inline const DEGREES: f64 = 57.29577951308232;

/** What moves from input to input, behind the delays. The names are Ehlers'. */
// @ts-ignore: decorator
@inline const PERIOD = 0;
// @ts-ignore: decorator
@inline const PHASE = 1;
// @ts-ignore: decorator
@inline const I2 = 2;
// @ts-ignore: decorator
@inline const Q2 = 3;
// @ts-ignore: decorator
@inline const RE = 4;
// @ts-ignore: decorator
@inline const IM = 5;
// @ts-ignore: decorator
@inline const PHASE_NOW = 6;
// @ts-ignore: decorator
@inline const MOVING = 7;

export function mamaInit(s: Indicator): void {
  placeLag(3);
  for (let delay = 0; delay < 5; ++delay) {
    const lag = placeLag(6);
    for (let index = 0; index < 6; ++index) lag.push(0);
  }
  const moving = placeLag(MOVING);
  for (let index = 0; index < MOVING; ++index) moving.push(0);
}

export function mamaPush(s: Indicator): void {
  const x = s.in0;
  const prices = first<Lag>(s);
  const smooth = (4 * x + 3 * prices.at(2) + 2 * prices.at(1) + prices.at(0)) * 0.1;
  prices.push(x);
  if (s.r0 < (s.p2 == 1 ? 6 : 12)) {
    begin(s, x);
    return;
  }
  const moving = advance(prices, smooth);
  const phase = load<f64>(moving, PHASE_NOW << 3);
  const fall = load<f64>(moving, PHASE << 3) - phase;
  store<f64>(moving, phase, PHASE << 3);
  const a = fall > 1 ? max(s.p0 / fall, s.p1) : s.p0;
  s.r1 = a * x + (1 - a) * s.r1;
  s.r2 = 0.5 * a * s.r1 + (1 - 0.5 * a) * s.r2;
  if (s.count + 1 < s.needed) return;
  s.out0 = s.r1;
  s.out1 = s.r2;
}

/** Counts the inputs that the transform lets pass, and keeps their mean where it is wanted. */
function begin(s: Indicator, x: f64): void {
  s.r0 += 1;
  if (s.p2 != 1) return;
  s.r3 += x;
  s.r1 = s.r3 / s.r0;
  s.r2 = s.r1;
  if (s.r0 < 6) return;
  s.out0 = s.r1;
  s.out1 = s.r1;
}

/** Takes the smoothed price through the transform; returns where the moving numbers lie, the new phase among them. */
function advance(prices: Lag, smooth: f64): usize {
  const smoothed = next<Lag>(prices);
  const detrended = next<Lag>(smoothed);
  const quadrature = next<Lag>(detrended);
  const inPhase = next<Lag>(quadrature);
  const advanced = next<Lag>(inPhase);
  const moving = changetype<usize>(next<Lag>(advanced)) + offsetof<Lag>();
  const gain = 0.075 * load<f64>(moving, PERIOD << 3) + 0.54;

  const i1 = detrended.at(3);
  const detrender = transform(smoothed, smooth) * gain;
  const q1 = transform(detrended, detrender) * gain;
  const ji = transform(inPhase, i1) * gain;
  const jq = transform(quadrature, q1) * gain;
  store<f64>(moving, i1 != 0 ? NativeMath.atan(q1 / i1) * DEGREES : 0, PHASE_NOW << 3);
  turn(moving, i1 - jq, q1 + ji);
  return moving;
}

/** Measures the period by the turn of the phasor since the last input. */
function turn(moving: usize, i: f64, q: f64): void {
  const before = load<f64>(moving, PERIOD << 3);
  const i2Before = load<f64>(moving, I2 << 3);
  const q2Before = load<f64>(moving, Q2 << 3);
  const i2 = 0.2 * i + 0.8 * i2Before;
  const q2 = 0.2 * q + 0.8 * q2Before;
  const re = 0.2 * (i2 * i2Before + q2 * q2Before) + 0.8 * load<f64>(moving, RE << 3);
  const im = 0.2 * (i2 * q2Before - q2 * i2Before) + 0.8 * load<f64>(moving, IM << 3);
  store<f64>(moving, i2, I2 << 3);
  store<f64>(moving, q2, Q2 << 3);
  store<f64>(moving, re, RE << 3);
  store<f64>(moving, im, IM << 3);
  let period = before;
  if (re != 0 && im != 0) period = 360 / (NativeMath.atan(im / re) * DEGREES);
  period = min(period, 1.5 * before);
  period = max(period, 0.67 * before);
  period = min(max<f64>(period, 6), 50);
  store<f64>(moving, 0.2 * period + 0.8 * before, PERIOD << 3);
}

/** Seven taps: this value and those two, four and six back, the odd ones being 0. */
function transform(delay: Lag, x: f64): f64 {
  const result = 0.0962 * x + 0.5769 * delay.at(4) - 0.5769 * delay.at(2) - 0.0962 * delay.at(0);
  delay.push(x);
  return result;
}
