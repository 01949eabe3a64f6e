/**
 * Functions of mathematics and of statistics that no `Math` has, as the math module computes them: the same bits on
 * every machine. The files in assembly/math state the error of each. A NaN argument, or one outside a function's
 * domain, gives NaN.
 */
export interface SpecialFunctions {
  /** The error function. */
  erf(x: number): number;
  /** 1 − erf(x), to full precision where erf is nearly 1. */
  erfc(x: number): number;
  /** The logarithm of |Γ(x)|; infinite at 0, −1, −2, … */
  lgamma(x: number): number;
  /** Density of the standard normal distribution. */
  normalDensity(x: number): number;
  /** The probability of at most x under the standard normal distribution. */
  normalCdf(x: number): number;
  /** The x with normalCdf(x) = p; −∞ at 0, ∞ at 1. */
  normalQuantile(p: number): number;
  /** The probability of at most t under Student's distribution with that many degrees of freedom, 0.01 or more. */
  studentCdf(t: number, freedom: number): number;
  /** The t with studentCdf(t, freedom) = p; −∞ at 0, ∞ at 1. */
  studentQuantile(p: number, freedom: number): number;
}

/** Picks the functions out of the module's exports and freezes them. */
export function specialOf(source: SpecialFunctions): SpecialFunctions {
  const { erf, erfc, lgamma, normalDensity, normalCdf, normalQuantile, studentCdf, studentQuantile } = source;
  return Object.freeze({ erf, erfc, lgamma, normalDensity, normalCdf, normalQuantile, studentCdf, studentQuantile });
}
