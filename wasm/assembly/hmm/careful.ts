/**
 * The recursions in logarithms, for models in which some transition is impossible or nearly so: a share may then
 * vanish beside the others and yet be the only one that a later observation leaves. Nothing vanishes here; the price
 * is K² exponentials an observation. The sums and the posteriors are those of the quick recursions, in lane 0.
 */
import { log2 } from "../math/libm";
import { logDensityOf } from "./density";
import { exp2Of, EXPONENT_MIN } from "./exp2";
import { addShare, clearSums, EXPECTED, FIRST } from "./sums";
import { LOG_STARTS, LOG_STEPS, vectorAt, zero } from "./tables";

/** Logarithms of v at the observation ahead, of β at this one, and of what is being summed. */
const AHEAD: usize = memory.data(48, 16);
const BEHIND: usize = memory.data(48, 16);
const TERMS: usize = memory.data(288, 16);

/**
 * Fills `alphas`, K doubles an observation, with the logarithms of the filtered probabilities; returns that of the
 * likelihood, to base 2. Every row is made to sum to 1, so that the digits of its logarithms go to their differences.
 */
export function carefulForward(K: i32, features: i32, x: usize, length: i32, alphas: usize): f64 {
  const width = <usize>features << 3;
  let likelihood: f64 = 0;
  for (let index = 0; index < length; ++index, x += width) {
    const row = alphas + (<usize>(index * K) << 3);
    for (let state = 0; state < K; ++state) {
      const arrived = index == 0 ? logStart(state) : arrivedIn(K, state, row - (<usize>K << 3));
      store<f64>(row + (<usize>state << 3), arrived + densityAt(features, state, x));
    }
    likelihood += normalise(K, row);
  }
  return likelihood;
}

/** Sums what an estimate needs and replaces each α by the posterior. */
export function carefulBackward(K: i32, features: i32, x: usize, length: i32, alphas: usize): void {
  clearSums();
  const width = <usize>features << 3;
  memory.fill(BEHIND, 0, 48);
  for (let index = length - 1; index >= 0; --index) {
    const row = alphas + (<usize>(index * K) << 3), front = x + <usize>index * width;
    if (index < length - 1) cross(K, row);
    for (let state = 0; state < K; ++state) {
      const at = <usize>state << 3, behind = load<f64>(BEHIND + at);
      store<f64>(row + at, load<f64>(row + at) + behind);
      store<f64>(AHEAD + at, behind + densityAt(features, state, front));
    }
    normalise(K, row);
    normalise(K, AHEAD);
    for (let state = 0; state < K; ++state) {
      const share = chance(load<f64>(row + (<usize>state << 3)));
      store<f64>(row + (<usize>state << 3), share);
      addShare(features, state, front, front, f64x2.replace_lane(zero(), 0, share));
    }
  }
  memory.copy(FIRST, alphas, <usize>K << 3);
}

/** From v of the observation ahead: the transitions towards it, and β before it. */
function cross(K: i32, row: usize): void {
  for (let from = 0; from < K; ++from) {
    const terms = TERMS + (<usize>(from * K) << 3);
    for (let to = 0; to < K; ++to) {
      store<f64>(terms + (<usize>to << 3), logStep(from, to) + load<f64>(AHEAD + (<usize>to << 3)));
    }
    store<f64>(BEHIND + (<usize>from << 3), logSum(K, terms));
    for (let to = 0; to < K; ++to) {
      const at = terms + (<usize>to << 3);
      store<f64>(at, load<f64>(at) + load<f64>(row + (<usize>from << 3)));
    }
  }
  normalise(K * K, TERMS);
  for (let at: usize = 0; at < <usize>(K * K) << 3; at += 8) {
    store<f64>(EXPECTED + at, load<f64>(EXPECTED + at) + chance(load<f64>(TERMS + at)));
  }
}

/** Shifts logarithms so that what they stand for sums to 1; returns the logarithm of what it summed to. */
function normalise(count: i32, logs: usize): f64 {
  const sum = logSum(count, logs);
  for (let index = 0; index < count; ++index) {
    const at = logs + (<usize>index << 3);
    store<f64>(at, load<f64>(at) - sum);
  }
  return sum;
}

function arrivedIn(K: i32, to: i32, before: usize): f64 {
  for (let from = 0; from < K; ++from) {
    store<f64>(TERMS + (<usize>from << 3), load<f64>(before + (<usize>from << 3)) + logStep(from, to));
  }
  return logSum(K, TERMS);
}

/** The logarithm of the sum of what logarithms stand for; −∞ when each is. */
function logSum(count: i32, logs: usize): f64 {
  let largest: f64 = -Infinity;
  for (let index = 0; index < count; ++index) largest = max(largest, load<f64>(logs + (<usize>index << 3)));
  if (largest == -Infinity) return largest;
  let sum: f64 = 0;
  for (let index = 0; index < count; ++index) sum += chance(load<f64>(logs + (<usize>index << 3)) - largest);
  return largest + log2(sum);
}

// @ts-ignore: decorator
@inline
function chance(log: f64): f64 {
  return log > EXPONENT_MIN ? exp2Of(log) : 0;
}

function logStep(from: i32, to: i32): f64 {
  return f64x2.extract_lane(v128.load(vectorAt(LOG_STEPS, to, from)), 0);
}

function logStart(state: i32): f64 {
  return f64x2.extract_lane(v128.load(vectorAt(LOG_STARTS, 0, state)), 0);
}

function densityAt(features: i32, state: i32, x: usize): f64 {
  return f64x2.extract_lane(logDensityOf(features, state, x, x), 0);
}
