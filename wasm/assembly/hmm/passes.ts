/**
 * The passes over a series as the host calls them: each takes the quick recursions where they hold for the model, the
 * careful ones where they do not. Likelihoods leave as natural logarithms. `rows` is scratch of 2 K doubles for each
 * observation, and as much again for one more.
 */
import { ROW_STATE_BYTES } from "../../hmm/layout";
import { log } from "../math/libm";
import { carefulBackward, carefulForward } from "./careful";
import { inward } from "./inward";
import { outward } from "./outward";
import { maximise } from "./sums";
import { prepare } from "./tables";
import { decode } from "./viterbi";

// @ts-ignore: decorator
@inline const LN_2: f64 = 0.6931471805599453;

/** The log-likelihood of the series. */
export function likelihood(K: i32, features: i32, x: usize, length: i32, rows: usize): f64 {
  return LN_2 * (prepare(K, features) ? inward(K, features, x, length, rows, 0)
    : carefulForward(K, features, x, length, rows));
}

/** Replaces the model by a likelier one (Baum–Welch); returns the log-likelihood under the old. */
export function improve(K: i32, features: i32, x: usize, length: i32, rows: usize): f64 {
  const logLikelihood = smooth(K, features, x, length, rows, prepare(K, features));
  maximise(K, features);
  return logLikelihood;
}

/** The posteriors of the states, K doubles an observation; returns the log-likelihood. */
export function posterior(K: i32, features: i32, x: usize, length: i32, rows: usize, results: usize): f64 {
  const quick = prepare(K, features);
  const logLikelihood = smooth(K, features, x, length, rows, quick);
  if (quick) unfold(K, length, rows, results);
  else gather(K * length, rows, results);
  return logLikelihood;
}

/** The most probable states, a byte each; returns the logarithm of the probability of them and the observations. */
export function path(K: i32, features: i32, x: usize, length: i32, rows: usize, states: usize): f64 {
  prepare(K, features);
  return LN_2 * decode(K, features, x, length, rows, states);
}

/** For information criteria; the host's own logarithm differs between engines. */
export function logarithm(value: f64): f64 {
  return log(value);
}

function smooth(K: i32, features: i32, x: usize, length: i32, rows: usize, quick: bool): f64 {
  if (!quick) {
    const logLikelihood = carefulForward(K, features, x, length, rows);
    carefulBackward(K, features, x, length, rows);
    return LN_2 * logLikelihood;
  }
  const logLikelihood = inward(K, features, x, length, rows, <usize>K * ROW_STATE_BYTES);
  outward(K, features, x, length, rows);
  return LN_2 * logLikelihood;
}

/** Lanes 0, one after the other. */
function gather(count: i32, rows: usize, results: usize): void {
  for (const end = results + (<usize>count << 3); results < end; results += 8, rows += 16) {
    store<f64>(results, load<f64>(rows));
  }
}

/** From rows of two observations to one after the other. */
function unfold(K: i32, length: i32, rows: usize, results: usize): void {
  let front = results, back = results + (<usize>((length - 1) * K) << 3);
  let shares = rows + (<usize>K << 4);
  for (; front <= back; front += <usize>K << 3, back -= <usize>K << 3, shares += <usize>K * ROW_STATE_BYTES) {
    for (let state = 0; state < K; ++state) {
      const offset = <usize>state << 3;
      // In the middle of an odd length both are the same place, and lane 0 holds its share.
      store<f64>(back + offset, load<f64>(shares + 2 * offset, 8));
      store<f64>(front + offset, load<f64>(shares + 2 * offset));
    }
  }
}
