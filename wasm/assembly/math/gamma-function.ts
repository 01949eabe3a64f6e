/**
 * The logarithm of |Γ(x)|. From ¾ to 2 it is (x − 1)(x − 2) · P(x), which keeps the zeros at 1 and 2 exact; from there
 * to 8 the recurrence Γ(x + 1) = x Γ(x), then Stirling's series; below 0 the reflection formula.
 */
import { chebyshev } from "./chebyshev";
import { CANONICAL_NAN, canonical } from "./number";

// @ts-ignore: decorator
@inline const BETWEEN_TERMS: i32 = 27;
const BETWEEN: usize = memory.data<f64>([
  0.5189402136218837, -0.11067433480196873, 0.0170847143659176, -0.003058125320224664,
  0.0005907368318095997, -0.00011936252773356441, 2.4831699364863964e-05, -5.271760057091129e-06,
  1.1360144563809115e-06, -2.476230302428647e-07, 5.447042772244693e-08, -1.207182983178321e-08,
  2.692142481128988e-09, -6.035769066454788e-10, 1.3594457167564165e-10, -3.074212900083501e-11,
  6.976595270991192e-12, -1.5882564293696409e-12, 3.6259560513094906e-13, -8.299045960362688e-14,
  1.9038544604202833e-14, -4.376728293730088e-15, 1.0080861073000205e-15, -2.3259987709395164e-16,
  5.3755742727579123e-17, -1.2442005513239044e-17, 2.8837560243400794e-18,
]);

// @ts-ignore: decorator
@inline const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
// @ts-ignore: decorator
@inline const LOG_PI: f64 = 1.1447298858494002;
// @ts-ignore: decorator
@inline const STIRLING_FROM: f64 = 8;

/**
 * Measured for x > 0: 4 ulp. Below 0 it has zeros, near which only the absolute error is small: 4 ulp of the larger of
 * the two terms of the reflection formula. Infinite at 0, −1, −2, …
 */
export function lgamma(x: f64): f64 {
  if (x != x) return canonical(x);
  if (abs(x) == Infinity) return Infinity;
  if (x > 0) return ofPositive(x);
  if (x == floor(x)) return Infinity;
  // log|Γ(x)| = log π − log|sin πx| − log Γ(1 − x), and −x Γ(−x) = Γ(1 − x).
  return LOG_PI - NativeMath.log(abs(x * sineOfPi(x))) - ofPositive(-x);
}

function ofPositive(x: f64): f64 {
  if (x < 0.75) return x < 1e-300 ? -NativeMath.log(x) : between(1 + x) - NativeMath.log(x);
  if (x <= 2) return between(x);
  if (x >= STIRLING_FROM) return stirling(x);
  let product: f64 = 1;
  while (x > 2) {
    x -= 1;
    product *= x;
  }
  return NativeMath.log(product) + between(x);
}

// @ts-ignore: decorator
@inline
function between(x: f64): f64 {
  // Plus 0, so that the zero at 1 is not −0.
  return 0 + (x - 1) * (x - 2) * chebyshev(BETWEEN, BETWEEN_TERMS, 1.6 * x - 2.2);
}

/** (x − ½) log x − x + ½ log 2π + 1/12x − 1/360x³ + …; the terms left out are below 1e-17 from 8 on. */
function stirling(x: f64): f64 {
  if (x > 1e15) return x * (NativeMath.log(x) - 1);
  const w = 1 / (x * x);
  const series =
    1 / 12.0 - w * (1 / 360.0 - w * (1 / 1260.0 - w * (1 / 1680.0 - w * (1 / 1188.0 - w * (691 / 360360.0 -
    w * (1 / 156.0 - w * (3617 / 122400.0)))))));
  return (x - 0.5) * (NativeMath.log(x) - 1) - 0.5 + HALF_LOG_TWO_PI + series / x;
}

/** sin πx without the rounding of π x: x is first reduced to its distance from an integer, which is exact. */
function sineOfPi(x: f64): f64 {
  return NativeMath.sin(NativeMath.PI * (x - nearest(x)));
}

/**
 * log of Γ(a + ½) / Γ(a), for a > 0, which the difference of two lgamma would lose for large a. From 16 on
 * ½ log a − 1/8a + 1/192a³ − 1/640a⁵ + …; below, moved up by Γ(a + ½) / Γ(a) = a / (a + ½) · Γ(a + 1½) / Γ(a + 1).
 */
export function logGammaRatio(a: f64): f64 {
  let product: f64 = 1;
  while (a < 16) {
    product *= a / (a + 0.5);
    a += 1;
  }
  const v = 1 / a;
  const w = v * v;
  const series = v * (-1 / 8.0 + w * (1 / 192.0 + w * (-1 / 640.0 + w * (17 / 14336.0 - w * (31 / 18432.0)))));
  return 0.5 * NativeMath.log(a) + series + NativeMath.log(product);
}
