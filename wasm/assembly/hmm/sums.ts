/**
 * What an estimate needs of a series, summed over its observations, and the model that follows from the sums. Moments
 * are about the means of the model that gave the posteriors: as an estimate settles these are small, and a variance
 * loses no digits however far its mean is from 0.
 */
import { MODEL, meanAt, transitionOf, varianceAt, vectorAt } from "./tables";
import { MODEL_START, MODEL_TRANSITION } from "../../hmm/layout";

/** A possible transition is never estimated below this, which keeps the quick recursions possible: see `prepare`. */
// @ts-ignore: decorator
@inline const TRANSITION_FLOOR: f64 = 1e-60;

/** Σ γ of each state. */
export const WEIGHTS: usize = memory.data(96, 16);
/** For each feature a line: Σ γ (x − μ) of each state. */
export const SHIFTS: usize = memory.data(384, 16);
/** Σ γ (x − μ)². */
export const SQUARES: usize = memory.data(384, 16);
/** Transitions expected from one state to another: K × K doubles, rows first. */
export const EXPECTED: usize = memory.data(288, 16);
/** γ of the first observation: a double for each state. */
export const FIRST: usize = memory.data(48, 16);
/** The least variance of each feature. */
export const FLOORS: usize = memory.data(32, 16);

/** Where the host writes the least variance of each feature. */
export function floorStart(): usize {
  return FLOORS;
}

export function clearSums(): void {
  memory.fill(WEIGHTS, 0, 96);
  memory.fill(SHIFTS, 0, 384);
  memory.fill(SQUARES, 0, 384);
  memory.fill(EXPECTED, 0, 288);
}

/** Adds one observation with the posterior `share` of a state, in both lanes. */
export function addShare(features: i32, state: i32, front: usize, back: usize, share: v128): void {
  addTo(WEIGHTS, 0, state, share);
  for (let feature = 0; feature < features; ++feature) {
    const x = v128.load_lane<f64>(back + (<usize>feature << 3), v128.load_zero<f64>(front + (<usize>feature << 3)), 1);
    const deviation = f64x2.sub(x, f64x2.splat(load<f64>(meanAt(features, state, feature))));
    const moment = f64x2.mul(share, deviation);
    addTo(SHIFTS, feature, state, moment);
    addTo(SQUARES, feature, state, f64x2.mul(moment, deviation));
  }
}

// @ts-ignore: decorator
@inline
export function addTo(table: usize, line: i32, state: i32, amount: v128): void {
  const at = vectorAt(table, line, state);
  v128.store(at, f64x2.add(v128.load(at), amount));
}

/** Replaces the model by the one under which the sums are most likely. A state that no observation is in stays. */
export function maximise(K: i32, features: i32): void {
  for (let from = 0; from < K; ++from) {
    store<f64>(MODEL + (<usize>from << 3), load<f64>(FIRST + (<usize>from << 3)), MODEL_START);
    maximiseTransitions(K, from);
    const weight = bothLanes(WEIGHTS, 0, from);
    if (weight > 0) maximiseMoments(features, from, weight);
  }
}

function maximiseTransitions(K: i32, from: i32): void {
  const row = MODEL + (<usize>(from * K) << 3);
  let sum: f64 = 0;
  for (let to = 0; to < K; ++to) sum += expected(K, from, to);
  if (!(sum > 0)) return;
  for (let to = 0; to < K; ++to) {
    const possible = transitionOf(K, from, to) > 0;
    const share = possible ? max(expected(K, from, to) / sum, TRANSITION_FLOOR) : 0;
    store<f64>(row + (<usize>to << 3), share, MODEL_TRANSITION);
  }
}

// @ts-ignore: decorator
@inline
function expected(K: i32, from: i32, to: i32): f64 {
  return load<f64>(EXPECTED + (<usize>(from * K + to) << 3));
}

function maximiseMoments(features: i32, state: i32, weight: f64): void {
  for (let feature = 0; feature < features; ++feature) {
    const shift = bothLanes(SHIFTS, feature, state) / weight;
    const variance = bothLanes(SQUARES, feature, state) / weight - shift * shift;
    const mean = meanAt(features, state, feature);
    store<f64>(mean, load<f64>(mean) + shift);
    store<f64>(varianceAt(features, state, feature), max(variance, load<f64>(FLOORS + (<usize>feature << 3))));
  }
}

function bothLanes(table: usize, line: i32, state: i32): f64 {
  const sums = v128.load(vectorAt(table, line, state));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
