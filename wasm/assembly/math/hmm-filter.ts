/**
 * The filter of a hidden Markov model with Gaussian emissions of diagonal covariance: after each observation the
 * probability of every state, given all observations so far. Definition: q₀ = start, qⱼ = Σᵢ pᵢ Aᵢⱼ;
 * log fⱼ = −½ Σ (log 2πσ² + (x − μ)² / σ²); pⱼ = qⱼ fⱼ / s with s = Σ qⱼ fⱼ; the log-likelihood grows by log s.
 * Densities are shifted by the largest log density among the states that can be, so that s is at least the smallest
 * of their q and never 0. An observation whose squared distances all leave the doubles tells no states apart: the
 * probabilities are then those predicted, and the log-likelihood falls by 1e290. Work: K² products, K exponentials.
 * Source: Rabiner 1989, section V.A, with the scaling in logs.
 */
import {
  HMM_CAPACITY, HMM_FEATURES, HMM_INPUT, HMM_LENGTH, HMM_LOG_LIKELIHOOD, HMM_MODEL, HMM_MODELLED, HMM_POSITION,
  HMM_PRODUCT, HMM_STATE, HMM_STATES, KIND_HMM_FILTER, STATE_BYTES, STATE_COUNT, STATE_KIND, STATE_PERIOD,
} from "../../layout";
import { exp, log } from "./libm";

const LOG_TWO_PI: f64 = 1.8378770664093454836;
/** Half a squared distance, in deviations, that is as good as any beyond it. */
const HALF_SQUARE_MAX: f64 = 1e290;
/** Factors of the likelihood are multiplied, and their logs taken together, as long as no double can underflow. */
const PRODUCT_MIN: f64 = 1e-100;
const FACTOR_MIN: f64 = 1e-200;

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

function step(state: usize, observation: usize, states: usize, features: usize): void {
  const start = state + HMM_MODEL;
  const means = start + (states + states * states << 3);
  const constants = means + (2 * states * features << 3);
  const halves = constants + (states << 3);
  const probabilities = halves + (states * features << 3);
  const predicted = probabilities + (states << 3);
  if (load<i32>(state, STATE_COUNT)) predict(start + (states << 3), probabilities, predicted, states);
  else memory.copy(predicted, start, states << 3);
  store<i32>(state, 1, STATE_COUNT);

  let shift: f64 = -Infinity;
  for (let j: usize = 0; j < states; ++j) {
    const row = j * features << 3;
    const half = halfSquare(observation, means + row, halves + row, features);
    const density = load<f64>(constants + (j << 3)) - half;
    // The old probabilities are not needed any more: the log densities stand in their place.
    store<f64>(probabilities + (j << 3), density);
    const candidate = select(density, -Infinity, load<f64>(predicted + (j << 3)) > 0);
    shift = select(candidate, shift, candidate > shift);
  }
  let sum = 0.0;
  for (let j: usize = 0; j < states << 3; j += 8) {
    // A state that cannot be may have a density above the shift, and is held at e⁰ for the product with 0.
    const exponent = load<f64>(probabilities + j) - shift;
    const weight = load<f64>(predicted + j) * exp(select(exponent, 0, exponent < 0));
    store<f64>(probabilities + j, weight);
    sum += weight;
  }
  count(state, shift, sum);
  store<i32>(state, normalise(probabilities, states, sum), HMM_STATE);
}

// @ts-ignore: decorator
@inline
function predict(transition: usize, probabilities: usize, predicted: usize, states: usize): void {
  for (let j: usize = 0; j < states; ++j) {
    let sum = 0.0;
    for (let i: usize = 0; i < states; ++i) {
      sum += load<f64>(probabilities + (i << 3)) * load<f64>(transition + (i * states + j << 3));
    }
    store<f64>(predicted + (j << 3), sum);
  }
}

/** ½ Σ (x − μ)² / σ². */
// @ts-ignore: decorator
@inline
function halfSquare(observation: usize, means: usize, halves: usize, features: usize): f64 {
  let sum = 0.0;
  for (let f: usize = 0; f < features << 3; f += 8) {
    const distance = load<f64>(observation + f) - load<f64>(means + f);
    sum += distance * distance * load<f64>(halves + f);
  }
  return sum < HALF_SQUARE_MAX ? sum : HALF_SQUARE_MAX;
}

/** Takes the factor `sum` × e^`shift` into the likelihood. */
// @ts-ignore: decorator
@inline
function count(state: usize, shift: f64, sum: f64): void {
  let logs = load<f64>(state, HMM_LOG_LIKELIHOOD) + shift;
  let product = load<f64>(state, HMM_PRODUCT);
  if (sum < FACTOR_MIN) logs += log(sum);
  else product *= sum;
  if (product < PRODUCT_MIN) {
    logs += log(product);
    product = 1;
  }
  store<f64>(state, logs, HMM_LOG_LIKELIHOOD);
  store<f64>(state, product, HMM_PRODUCT);
}

/** Divides by the sum, and returns the most probable state, of equals the first. */
// @ts-ignore: decorator
@inline
function normalise(probabilities: usize, states: usize, sum: f64): i32 {
  const inverse = 1 / sum;
  let best: usize = 0;
  let highest = -1.0;
  for (let j: usize = 0; j < states; ++j) {
    const probability = load<f64>(probabilities + (j << 3)) * inverse;
    store<f64>(probabilities + (j << 3), probability);
    best = select(j, best, probability > highest);
    highest = select(probability, highest, probability > highest);
  }
  return <i32>best;
}

// @ts-ignore: decorator
@inline
function variancesOf(state: usize, states: usize, features: usize): usize {
  return state + HMM_MODEL + (states + states * states + states * features << 3);
}

/** Behind the model, the constants and halves derived from it, the probabilities and the scratch. */
// @ts-ignore: decorator
@inline
function windowOf(state: usize, states: usize, features: usize): usize {
  return variancesOf(state, states, features) + (3 * states + 2 * states * features << 3);
}
