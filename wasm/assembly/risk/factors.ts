/**
 * How many standard deviations below the mean the quantile of a standardised distribution lies, and the mean of what
 * lies at or below it. Student's distribution is scaled to variance 1, so it needs more than two degrees of freedom.
 * Errors are those of the quantile functions: relative 1e-15, 1e-13 for Student's.
 */
import { normalDensity, normalQuantile } from "../math/normal";
import { density as studentDensity, studentQuantile } from "../math/student";

export function normalTail(confidence: f64): f64 {
  return normalQuantile(confidence);
}

/** φ(z) / (1 − c): the mean of the normal distribution beyond its quantile. */
export function normalShortfall(confidence: f64): f64 {
  return normalDensity(normalQuantile(confidence)) / (1 - confidence);
}

export function studentTail(confidence: f64, freedom: f64): f64 {
  return toUnitVariance(freedom) * studentQuantile(confidence, freedom);
}

/** f(t) (ν + t²) / ((ν − 1)(1 − c)): the mean beyond the quantile t. McNeil, Frey and Embrechts, 2005, §2.2.4. */
export function studentShortfall(confidence: f64, freedom: f64): f64 {
  const t = studentQuantile(confidence, freedom);
  const mean = (studentDensity(t, freedom) * (freedom + t * t)) / ((freedom - 1) * (1 - confidence));
  return toUnitVariance(freedom) * mean;
}

// @ts-ignore: decorator
@inline
function toUnitVariance(freedom: f64): f64 {
  return NativeMath.sqrt((freedom - 2) / freedom);
}
