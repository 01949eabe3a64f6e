/**
 * The optimal trajectory of Almgren and Chriss: of X lots there are left after j of n steps of length τ
 *
 *     xⱼ = X sinh(κτ(n − j)) / sinh(κτ n),   and step j trades  xⱼ₋₁ − xⱼ ∝ cosh(κτ(n − j + ½)),
 *
 * where 2 (cosh(κτ) − 1) = τ² λσ² / η̃. That is sinh(κτ/2) = τ √(λσ²/η̃) / 2, which loses no digits for small κτ.
 * Ratios of hyperbolic functions are taken through exponentials of what is never positive, so nothing overflows: with a
 * large κτ everything goes in the first step.
 *
 * Error: relative 4e-16 (1 + κτ j) of xⱼ, from the rounding of κτ and of the exponential's argument.
 * Source: Almgren and Chriss, Optimal execution of portfolio transactions, 2000, section 2.2.
 */
import { SCHEDULE_TOTALS, SCHEDULE_WEIGHTS } from "../../../exec/layout";
import { asinh, exp, expm1 } from "../libm";

/** Below this κτ n, sinh and cosh are their first terms to the last digit. */
// @ts-ignore: decorator
@inline const STRAIGHT: f64 = 1e-9;

/** κτ of a step of τ days, with volatility σ and impact η̃; in this order nothing overflows. */
export function urgency(lambda: f64, volatility: f64, impact: f64, stepDays: f64): f64 {
  return 2 * asinh(0.5 * stepDays * volatility * sqrt(lambda / impact));
}

/** Writes n weights of trades, the first 1, and n + 1 holdings as fractions of X, for κτ = `step`. */
export function trajectory(count: i32, step: f64): void {
  const whole = step * <f64>count;
  for (let index = 0; index <= count; ++index) {
    const left = <f64>(count - index);
    const offset = <usize>index << 3;
    store<f64>(offset, whole < STRAIGHT ? left / <f64>count : held(step, index, count), SCHEDULE_TOTALS);
    if (index < count) store<f64>(offset, whole < STRAIGHT ? 1 : traded(step, index, count), SCHEDULE_WEIGHTS);
  }
}

/** Plain, in order: all terms are of one sign, so the relative error is at most `count` units in the last place. */
export function sumSquares(address: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const x = load<f64>(address + offset);
    sum += x * x;
  }
  return sum;
}

/** sinh(b − a) / sinh(b) for a = κτ j and b = κτ n. */
// @ts-ignore: decorator
@inline
function held(step: f64, index: i32, count: i32): f64 {
  if (index == 0) return 1;
  const left = step * <f64>(count - index);
  return (exp(-step * <f64>index) * expm1(-2 * left)) / expm1(-2 * step * <f64>count);
}

/** cosh(b − a) / cosh(b) for a = κτ j and b = κτ (n − ½). */
// @ts-ignore: decorator
@inline
function traded(step: f64, index: i32, count: i32): f64 {
  if (index == 0) return 1;
  const first = step * (<f64>count - 0.5);
  const here = step * (<f64>(count - index) - 0.5);
  return (exp(-step * <f64>index) * (1 + exp(-2 * here))) / (1 + exp(-2 * first));
}
