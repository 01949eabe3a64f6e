/**
 * The model, and what the recursions read of it, at fixed addresses. The recursions run from both ends of a series at
 * once: lane 0 of a vector belongs to the chain that begins at the first observation, lane 1 to the one that begins at
 * the last. Logarithms are to base 2 throughout, so that shifts of scale are exact.
 */
import { log2 } from "../math/libm";
import { MODEL_MEANS, MODEL_START, MODEL_TRANSITION, MODEL_VARIANCES } from "../../hmm/layout";

// @ts-ignore: decorator
@inline export const STATES_MAX: i32 = 6;
/** Bytes of a vector for each state. */
// @ts-ignore: decorator
@inline export const LINE: usize = 96;
// @ts-ignore: decorator
@inline
export function zero(): v128 {
  return f64x2.splat(0);
}

// @ts-ignore: decorator
@inline const LOG2_E: f64 = 1.4426950408889634;
// @ts-ignore: decorator
@inline const TAU: f64 = 6.283185307179586;

/** Transitions below this, zeros too, are for the careful recursions: see `prepare`. */
// @ts-ignore: decorator
@inline const TRANSITION_MIN: f64 = 6.223015277861142e-61;

export const MODEL: usize = memory.data(720, 16);

/**
 * Lines of the target states, a vector for each source: (aᵢⱼ | aⱼᵢ) in line j at i. Read by columns it is the same with
 * the lanes exchanged.
 */
export const STEPS: usize = memory.data(576, 16);
/** Their logarithms, −∞ for 0. */
export const LOG_STEPS: usize = memory.data(576, 16);
/** Logarithms of the start, in lane 0; lane 1, whose chain may begin in any state, has 0. */
export const LOG_STARTS: usize = memory.data(96, 16);
/** For each feature a line: the mean of each state, in both lanes. */
export const CENTRES: usize = memory.data(384, 16);
/** For each feature a line: log₂e / 2σ² of each state. */
export const NARROWNESS: usize = memory.data(384, 16);
/** The logarithm of each state's density at its mean. */
export const PEAKS: usize = memory.data(96, 16);

// @ts-ignore: decorator
@inline
export function startOf(state: i32): f64 {
  return load<f64>(MODEL + (<usize>state << 3), MODEL_START);
}

// @ts-ignore: decorator
@inline
export function transitionOf(states: i32, from: i32, to: i32): f64 {
  return load<f64>(MODEL + (<usize>(from * states + to) << 3), MODEL_TRANSITION);
}

// @ts-ignore: decorator
@inline
export function meanAt(features: i32, state: i32, feature: i32): usize {
  return MODEL + MODEL_MEANS + (<usize>(state * features + feature) << 3);
}

// @ts-ignore: decorator
@inline
export function varianceAt(features: i32, state: i32, feature: i32): usize {
  return MODEL + MODEL_VARIANCES + (<usize>(state * features + feature) << 3);
}

// @ts-ignore: decorator
@inline
export function vectorAt(table: usize, line: i32, state: i32): usize {
  return table + <usize>line * LINE + (<usize>state << 4);
}

/**
 * Makes the tables of the model. True when the quick recursions hold for it: with every transition at least 2^−200, a
 * share so small that it vanishes beside the largest is dwarfed at the next observation by what comes over from there,
 * so nothing that vanishes can matter later. With smaller ones it can.
 */
export function prepare(states: i32, features: i32): bool {
  let least: f64 = 1;
  for (let from = 0; from < states; ++from) {
    const start = f64x2.replace_lane(zero(), 0, log2(startOf(from)));
    v128.store(vectorAt(LOG_STARTS, 0, from), start);
    for (let to = 0; to < states; ++to) {
      const forth = transitionOf(states, from, to), back = transitionOf(states, to, from);
      least = min(least, forth);
      v128.store(vectorAt(STEPS, to, from), f64x2.replace_lane(f64x2.splat(forth), 1, back));
      v128.store(vectorAt(LOG_STEPS, to, from), f64x2.replace_lane(f64x2.splat(log2(forth)), 1, log2(back)));
    }
    prepareDensity(features, from);
  }
  return least >= TRANSITION_MIN;
}

function prepareDensity(features: i32, state: i32): void {
  let peak: f64 = 0;
  for (let feature = 0; feature < features; ++feature) {
    const variance = load<f64>(varianceAt(features, state, feature));
    peak -= 0.5 * log2(TAU * variance);
    v128.store(vectorAt(CENTRES, feature, state), f64x2.splat(load<f64>(meanAt(features, state, feature))));
    v128.store(vectorAt(NARROWNESS, feature, state), f64x2.splat((0.5 * LOG2_E) / variance));
  }
  v128.store(vectorAt(PEAKS, 0, state), f64x2.splat(peak));
}

/** Where the host writes and reads the model. */
export function modelStart(): usize {
  return MODEL;
}
