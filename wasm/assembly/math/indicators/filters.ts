/**
 * Filters that keep a number or two: exponential moments, cumulative sums, and the Kalman filter of a level. Sources:
 * RiskMetrics 1996; Page 1954, and Lopez de Prado 2018 (snippet 2.4) for the sums of changes; Kalman 1960, and Durbin
 * and Koopman 2012, 2.2, for the local level with a diffuse start.
 */
import { larger, smaller } from "../number";
import { Indicator } from "./indicator";

/** m = λ m + (1 − λ) x, begun by the first x. Warm-up: 0. Error: 2 ulp a push, shrunk by λ. */
export function ewmaMeanPush(s: Indicator): void {
  s.r0 = s.count == 0 ? s.in0 : s.p0 * s.r0 + (1 - s.p0) * s.in0;
  s.out0 = s.r0;
}

/** c = λ c + (1 − λ) x y, begun by the first x y. Warm-up: 0. Error: 2 ulp of the products a push, shrunk by λ. */
export function ewmaCovariancePush(s: Indicator): void {
  const product = s.in0 * s.in1;
  s.r0 = s.count == 0 ? product : s.p0 * s.r0 + (1 - s.p0) * product;
  s.out0 = s.r0;
}

/**
 * Two sums of the steps d = x − x before or, with p2 = 1, x − p3: up = max(0, up + d − p1), down = min(0, down + d +
 * p1). An up above p0 is event 1 and begins that sum anew, a down below −p0 is event −1. Warm-up: 1, of values 0.
 * Error: half an ulp a push since the sum was last 0; where a sum meets the threshold the event turns upon it.
 */
export function cusumPush(s: Indicator): void {
  const step = s.in0 - (s.p2 == 1 ? s.p3 : s.r0);
  s.r0 = s.in0;
  if (s.count == 0 && s.p2 == 0) return;
  s.r1 = larger(0, s.r1 + step - s.p1);
  s.r2 = smaller(0, s.r2 + step + s.p1);
  s.out0 = 0;
  if (s.r1 > s.p0) {
    s.out0 = 1;
    s.r1 = 0;
  } else if (s.r2 < -s.p0) {
    s.out0 = -1;
    s.r2 = 0;
  }
  s.out1 = s.r1;
  s.out2 = s.r2;
}

/**
 * The level of x = level + noise, level = level before + step, where the steps' variance is p0 times the noise's, p1.
 * With k the gain, which is also the level's variance over the noise's: k = (k + p0) / (k + p0 + 1), level += k (x −
 * level). Nothing is known before the first input, which gives k = 1. Warm-up: 0. Error: 2 ulp a push, shrunk by 1 − k.
 */
export function kalmanLevelPush(s: Indicator): void {
  if (s.count == 0) {
    s.r0 = s.in0;
    s.r1 = 1;
  } else {
    const before = s.r1 + s.p0;
    s.r1 = before / (before + 1);
    s.r0 += s.r1 * (s.in0 - s.r0);
  }
  s.out0 = s.r0;
  s.out1 = s.r1 * s.p1;
  s.out2 = s.r1;
}
