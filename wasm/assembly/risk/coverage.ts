/**
 * Likelihood-ratio statistics of exceptions to a value at risk, and tails of the distributions that judge them. An
 * exception is a day that lost more than was said. 0 log 0 is 0 throughout.
 */
import { erfc } from "../math/error-function";
import { lgamma } from "../math/gamma-function";
import { exp, log, log1p } from "../math/libm";

/** P. Kupiec, Techniques for verifying the accuracy of risk measurement models, 1995: proportion of failures. */
export function kupiec(days: f64, exceptions: f64, probability: f64): f64 {
  const found = exceptions / days;
  return atLeast0(2 * (bernoulli(days, exceptions, found) - bernoulli(days, exceptions, probability)));
}

/**
 * P. Christoffersen, Evaluating interval forecasts, 1998: whether an exception depends on the day before. n01 counts
 * the days with an exception after one without, and so on.
 */
export function independence(n00: f64, n01: f64, n10: f64, n11: f64): f64 {
  const pooled = (n01 + n11) / (n00 + n01 + n10 + n11);
  const apart = bernoulli(n00 + n01, n01, ratio(n01, n00 + n01)) + bernoulli(n10 + n11, n11, ratio(n11, n10 + n11));
  return atLeast0(2 * (apart - bernoulli(n00 + n01 + n10 + n11, n01 + n11, pooled)));
}

/** P(χ² > x) with one degree of freedom, or two. */
export function chiSquareTail(x: f64, freedom: i32): f64 {
  return freedom == 1 ? erfc(sqrt(0.5 * x)) : exp(-0.5 * x);
}

/** The probability of at most `successes` of `trials`. Error: some 10⁻¹² of it, for lgamma of large numbers cancels. */
export function binomialCdf(successes: i32, trials: i32, probability: f64): f64 {
  const logOdds = log(probability) - log1p(-probability);
  const whole = lgamma(<f64>trials + 1) + <f64>trials * log1p(-probability);
  let sum: f64 = 0;
  for (let k = 0; k <= successes; ++k) {
    sum += exp(whole - lgamma(<f64>k + 1) - lgamma(<f64>(trials - k) + 1) + <f64>k * logOdds);
  }
  return min(sum, 1);
}

/** The log-likelihood of so many successes of so many trials. */
function bernoulli(trials: f64, successes: f64, probability: f64): f64 {
  const failures = trials - successes;
  const ofSuccesses = successes > 0 ? successes * log(probability) : 0;
  return ofSuccesses + (failures > 0 ? failures * log1p(-probability) : 0);
}

function ratio(part: f64, whole: f64): f64 {
  return whole > 0 ? part / whole : 0;
}

/** Rounding can make a ratio of equal likelihoods negative. */
function atLeast0(x: f64): f64 {
  return x > 0 ? x : 0;
}
