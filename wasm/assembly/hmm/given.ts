/**
 * The scaled forward recursion over likelihoods that the caller gives, for emissions of any kind. Each observation's
 * likelihoods are relative to the largest that can be reached, so that neither tiny nor huge ones are lost.
 */
import { log } from "../math/libm";
import { startOf, transitionOf } from "./tables";

/**
 * From K likelihoods an observation: their filtered probabilities, and in `sums` the log-likelihood of all observations
 * up to each. Returns the index of the first observation that no reachable state allows, or −1.
 */
export function filterGiven(K: i32, likelihoods: usize, length: i32, probabilities: usize, sums: usize): i32 {
  const width = <usize>K << 3;
  let logLikelihood: f64 = 0;
  for (let index = 0; index < length; ++index, likelihoods += width, probabilities += width) {
    predict(K, index == 0, probabilities);
    const largest = largestReached(K, likelihoods, probabilities);
    if (!(largest > 0)) return index;
    const sum = condition(K, likelihoods, probabilities, largest);
    logLikelihood += log(largest) + log(sum);
    store<f64>(sums + (<usize>index << 3), logLikelihood);
  }
  return -1;
}

/** The probabilities before the observation. */
function predict(K: i32, first: bool, probabilities: usize): void {
  for (let to = 0; to < K; ++to) {
    let sum: f64 = first ? startOf(to) : 0;
    if (!first) {
      const before = probabilities - (<usize>K << 3);
      for (let from = 0; from < K; ++from) sum += load<f64>(before + (<usize>from << 3)) * transitionOf(K, from, to);
    }
    store<f64>(probabilities + (<usize>to << 3), sum);
  }
}

function largestReached(K: i32, likelihoods: usize, probabilities: usize): f64 {
  let largest: f64 = 0;
  for (let at: usize = 0; at < <usize>K << 3; at += 8) {
    if (load<f64>(probabilities + at) > 0) largest = max(largest, load<f64>(likelihoods + at));
  }
  return largest;
}

/** The probabilities after the observation; returns what they summed to. */
function condition(K: i32, likelihoods: usize, probabilities: usize, largest: f64): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < <usize>K << 3; at += 8) {
    const prior = load<f64>(probabilities + at);
    const share = prior > 0 ? prior * (load<f64>(likelihoods + at) / largest) : 0;
    store<f64>(probabilities + at, share);
    sum += share;
  }
  for (let at: usize = 0; at < <usize>K << 3; at += 8) {
    store<f64>(probabilities + at, load<f64>(probabilities + at) / sum);
  }
  return sum;
}
