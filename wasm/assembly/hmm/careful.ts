/**
 * The recursions for models in which some transition is impossible or nearly so: a share may then vanish beside the
 * others and yet be the only one that a later observation leaves. Here every share has an exponent of its own, so none
 * vanishes. The sums and the posteriors are those of the quick recursions, in lane 0.
 */
import { log2 } from "../math/libm";
import { logDensityOf } from "./density";
import { addShare, clearSums, EXPECTED, FIRST } from "./sums";
import { startOf, transitionOf, zero } from "./tables";
import { exponentOf, shareOf, wideOf, widePower, wideProduct, wideSum } from "./wide";

/** Transitions, K × K; v at the observation ahead; β at this one; and what is being summed, up to K × K. */
const STEPS: usize = memory.data(576, 16);
const AHEAD: usize = memory.data(96, 16);
const BEHIND: usize = memory.data(96, 16);
const TERMS: usize = memory.data(576, 16);

/** Fills `alphas`, K vectors an observation; returns the logarithm of the likelihood, to base 2. */
export function carefulForward(K: i32, features: i32, x: usize, length: i32, alphas: usize): f64 {
  prepareSteps(K);
  let row = alphas;
  for (let index = 0; index < length; ++index, x += <usize>features << 3, row += <usize>K << 4) {
    for (let state = 0; state < K; ++state) {
      const arrived = index == 0 ? wideOf(startOf(state)) : arrivedIn(K, state, row - (<usize>K << 4));
      v128.store(at(row, state), wideProduct(arrived, densityAt(features, state, x)));
    }
  }
  const likelihood = wideSum(K, row - (<usize>K << 4));
  return exponentOf(likelihood) + log2(f64x2.extract_lane(likelihood, 0));
}

/** Sums what an estimate needs, and replaces each α by the posterior in lane 0. */
export function carefulBackward(K: i32, features: i32, x: usize, length: i32, alphas: usize): void {
  clearSums();
  for (let state = 0; state < K; ++state) v128.store(at(BEHIND, state), wideOf(1));
  for (let index = length - 1; index >= 0; --index) {
    const row = at(alphas, index * K), front = x + (<usize>(index * features) << 3);
    if (index < length - 1) cross(K, row);
    for (let state = 0; state < K; ++state) {
      const behind = v128.load(at(BEHIND, state));
      v128.store(at(row, state), wideProduct(v128.load(at(row, state)), behind));
      v128.store(at(AHEAD, state), wideProduct(behind, densityAt(features, state, front)));
    }
    const whole = wideSum(K, row);
    for (let state = 0; state < K; ++state) {
      const share = f64x2.replace_lane(zero(), 0, shareOf(v128.load(at(row, state)), whole));
      v128.store(at(row, state), share);
      addShare(features, state, front, front, share);
    }
  }
  for (let state = 0; state < K; ++state) store<f64>(FIRST + (<usize>state << 3), load<f64>(at(alphas, state)));
}

/** From v of the observation ahead: the transitions towards it, and β before it. */
function cross(K: i32, row: usize): void {
  for (let from = 0; from < K; ++from) {
    const terms = at(TERMS, from * K), reached = v128.load(at(row, from));
    for (let to = 0; to < K; ++to) {
      v128.store(at(terms, to), wideProduct(v128.load(at(STEPS, from * K + to)), v128.load(at(AHEAD, to))));
    }
    v128.store(at(BEHIND, from), wideSum(K, terms));
    for (let to = 0; to < K; ++to) v128.store(at(terms, to), wideProduct(reached, v128.load(at(terms, to))));
  }
  const whole = wideSum(K * K, TERMS);
  for (let index = 0; index < K * K; ++index) {
    const expected = EXPECTED + (<usize>index << 3);
    store<f64>(expected, load<f64>(expected) + shareOf(v128.load(at(TERMS, index)), whole));
  }
}

function arrivedIn(K: i32, to: i32, before: usize): v128 {
  for (let from = 0; from < K; ++from) {
    v128.store(at(TERMS, from), wideProduct(v128.load(at(before, from)), v128.load(at(STEPS, from * K + to))));
  }
  return wideSum(K, TERMS);
}

function prepareSteps(K: i32): void {
  for (let from = 0; from < K; ++from) {
    for (let to = 0; to < K; ++to) v128.store(at(STEPS, from * K + to), wideOf(transitionOf(K, from, to)));
  }
}

function densityAt(features: i32, state: i32, x: usize): v128 {
  return widePower(f64x2.extract_lane(logDensityOf(features, state, x, x), 0));
}

// @ts-ignore: decorator
@inline
function at(vectors: usize, index: i32): usize {
  return vectors + (<usize>index << 4);
}
