/**
 * The state of a hidden Markov model's filter: the model, the probabilities that `step` moves from one observation to
 * the next, and the newest observations in a circle. An observation is remembered whether there is a model or not.
 */
import {
  HMM_CAPACITY, HMM_FEATURES, HMM_INPUT, HMM_LENGTH, HMM_MODELLED, HMM_POSITION, HMM_PRODUCT, HMM_STATE, HMM_STATES,
  KIND_HMM_FILTER, STATE_BYTES, STATE_KIND, STATE_PERIOD,
} from "../../layout";
import { step, variancesOf, windowOf } from "./hmm-step";
import { log } from "./libm";

const LOG_TWO_PI: f64 = 1.8378770664093454836;

/** A filter without a model, in zeroed memory. */
export function hmmInit(state: usize, bytes: i32, states: i32, features: i32, capacity: i32): void {
  store<i32>(state, KIND_HMM_FILTER, STATE_KIND);
  store<i32>(state, bytes, STATE_BYTES);
  store<i32>(state, 1, STATE_PERIOD);
  store<i32>(state, states, HMM_STATES);
  store<i32>(state, features, HMM_FEATURES);
  store<i32>(state, capacity, HMM_CAPACITY);
  store<i32>(state, -1, HMM_STATE);
  store<f64>(state, 1, HMM_PRODUCT);
}

/** Takes up the model that was written into the state. The first one is run over the observations that are kept. */
export function hmmModel(state: usize): void {
  const states = <usize>load<i32>(state, HMM_STATES);
  const features = <usize>load<i32>(state, HMM_FEATURES);
  for (let j: usize = 0; j < states; ++j) derive(variancesOf(state, states, features), states, features, j);
  const isFirst = load<i32>(state, HMM_MODELLED) == 0;
  store<i32>(state, 1, HMM_MODELLED);
  if (isFirst) runOverWindow(state, states, features);
}

/** Takes the inputs of the state: remembers them, and moves the probabilities on if there is a model. */
export function hmmPush(state: usize): void {
  const states = <usize>load<i32>(state, HMM_STATES);
  const features = <usize>load<i32>(state, HMM_FEATURES);
  if (load<i32>(state, HMM_CAPACITY) > 0) remember(state, states, features);
  if (load<i32>(state, HMM_MODELLED)) step(state, state + HMM_INPUT, states, features);
}

/** The constant term of a state's log density, and ½ / σ² of each of its features. */
function derive(variances: usize, states: usize, features: usize, j: usize): void {
  const constants = variances + (states * features << 3);
  const halves = constants + (states << 3);
  let logs = 0.0;
  for (let f: usize = j * features; f < (j + 1) * features; ++f) {
    const variance = load<f64>(variances + (f << 3));
    logs += LOG_TWO_PI + log(variance);
    store<f64>(halves + (f << 3), 0.5 / variance);
  }
  store<f64>(constants + (j << 3), -0.5 * logs);
}

function remember(state: usize, states: usize, features: usize): void {
  const capacity = load<i32>(state, HMM_CAPACITY);
  const length = load<i32>(state, HMM_LENGTH);
  const position = load<i32>(state, HMM_POSITION);
  const bytes = features << 3;
  memory.copy(windowOf(state, states, features) + <usize>position * bytes, state + HMM_INPUT, bytes);
  store<i32>(state, position + 1 == capacity ? 0 : position + 1, HMM_POSITION);
  if (length < capacity) store<i32>(state, length + 1, HMM_LENGTH);
}

/** Oldest first. */
function runOverWindow(state: usize, states: usize, features: usize): void {
  const length = load<i32>(state, HMM_LENGTH);
  const capacity = load<i32>(state, HMM_CAPACITY);
  const window = windowOf(state, states, features);
  let at = length < capacity ? 0 : load<i32>(state, HMM_POSITION);
  for (let left = length; left > 0; --left) {
    step(state, window + (<usize>at * features << 3), states, features);
    at = at + 1 == capacity ? 0 : at + 1;
  }
}
