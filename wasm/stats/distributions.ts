/**
 * The normal distribution, Student's, and the error and gamma functions, of one number at a time, with checked
 * arguments. They are the math module's: the same bits on every machine; the files in assembly/math state their errors.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { statsCore } from "./core.js";

const FREEDOM_MIN = 0.01;

export const normal = Object.freeze({
  /** exp(−x² / 2) / √(2π). */
  density: (x: number): number => statsCore().special.normalDensity(checked("x", x)),
  /** P(X ≤ x) under the standard normal distribution, to full precision in the lower tail. */
  cdf: (x: number): number => statsCore().special.normalCdf(checked("x", x)),
  /** The x with cdf(x) = p; −∞ at 0, ∞ at 1. Throws MathArgumentError for p outside 0 to 1. */
  quantile: (p: number): number => statsCore().special.normalQuantile(probability(p)),
});

export const student = Object.freeze({
  /** P(T ≤ t) with `freedom` degrees of freedom, 0.01 or more. */
  cdf: (t: number, freedom: number): number => statsCore().special.studentCdf(checked("t", t), checkedFreedom(freedom)),
  /** The t with cdf(t, freedom) = p; −∞ at 0, ∞ at 1. */
  quantile: (p: number, freedom: number): number =>
    statsCore().special.studentQuantile(probability(p), checkedFreedom(freedom)),
});

export const errorAndGamma = Object.freeze({
  /** 2 / √π ∫₀ˣ exp(−t²) dt. */
  erf: (x: number): number => statsCore().special.erf(checked("x", x)),
  /** 1 − erf(x), to full precision where erf is nearly 1. */
  erfc: (x: number): number => statsCore().special.erfc(checked("x", x)),
  /** ln |Γ(x)|; infinite at 0, −1, −2, … */
  lgamma: (x: number): number => statsCore().special.lgamma(checked("x", x)),
});

function checked(name: string, value: unknown): number {
  if (typeof value !== "number") throw new MathTypeError(name, value, "a number");
  if (Number.isNaN(value)) throw new MathArgumentError(name, value, "any number");
  return value;
}

function probability(p: unknown): number {
  const value = checked("p", p);
  if (value < 0 || value > 1) throw new MathArgumentError("p", value, "a probability from 0 to 1");
  return value;
}

function checkedFreedom(freedom: unknown): number {
  const value = checked("freedom", freedom);
  if (value < FREEDOM_MIN) throw new MathArgumentError("freedom", value, `a number from ${FREEDOM_MIN} on`);
  return value;
}
