/**
 * The filter of a hidden Markov model with Gaussian emissions of diagonal covariance: after each observation the
 * probability of every state, given all observations so far. Definition: q₀ = start, qⱼ = Σᵢ pᵢ Aᵢⱼ;
 * log fⱼ = −½ Σ (log 2πσ² + (x − μ)² / σ²); pⱼ = qⱼ fⱼ / s with s = Σ qⱼ fⱼ; the log-likelihood grows by log s.
 * Densities are shifted by the largest log density among the states that can be, so that s is at least that state's q
 * and never 0. An observation whose squared distances all leave the doubles tells no states apart: the probabilities
 * are then those predicted, and the log-likelihood falls by 1e290. Work: K² products, K exponentials. Error: a step
 * adds some ulp to the probabilities, and the chain forgets older ones; measured against the passes of the hmm module
 * over 100 000 observations, the log-likelihood within 2e-14. Source: Rabiner 1989, section V.A, scaled in logs.
 */
import { HMM_LOG_LIKELIHOOD, HMM_MODEL, HMM_PRODUCT, HMM_STATE, STATE_COUNT } from "../../layout";
import { exp, log } from "./libm";

/** Half a squared distance, in deviations, that is as good as any beyond it. */
const HALF_SQUARE_MAX: f64 = 1e290;
/** Factors of the likelihood are multiplied, and their logs taken together, as long as no double can underflow. */
const PRODUCT_MIN: f64 = 1e-100;
const FACTOR_MIN: f64 = 1e-200;

/** One observation, of which the numbers stand at `x`. */
export function step(state: usize, x: usize, states: usize, features: usize): void {
  if (states == 2) stepOfFew(state, x, 2, features);
  else if (states == 3) stepOfFew(state, x, 3, features);
  else if (states == 4) stepOfFew(state, x, 4, features);
  else stepOfMany(state, x, states, features);
}

/**
 * The step of up to four states, a constant: what lies between the memory's reads and writes stays in registers. The
 * sums are those of `stepOfMany`, in the same order.
 */
// @ts-ignore: decorator
@inline
function stepOfFew(state: usize, x: usize, states: usize, features: usize): void {
  const start = state + HMM_MODEL, means = meansOf(state, states), p = probabilitiesOf(state, states, features);
  const p0 = load<f64>(p), p1 = load<f64>(p, 8);
  const p2 = states > 2 ? load<f64>(p, 16) : 0, p3 = states > 3 ? load<f64>(p, 24) : 0;
  let q0 = load<f64>(start), q1 = load<f64>(start, 8);
  let q2 = states > 2 ? load<f64>(start, 16) : 0, q3 = states > 3 ? load<f64>(start, 24) : 0;
  if (load<i32>(state, STATE_COUNT)) {
    q0 = column(start, states, 0, p0, p1, p2, p3);
    q1 = column(start, states, 1, p0, p1, p2, p3);
    if (states > 2) q2 = column(start, states, 2, p0, p1, p2, p3);
    if (states > 3) q3 = column(start, states, 3, p0, p1, p2, p3);
  }
  store<i32>(state, 1, STATE_COUNT);
  const d0 = logDensity(x, means, states, features, 0), d1 = logDensity(x, means, states, features, 1);
  const d2 = states > 2 ? logDensity(x, means, states, features, 2) : 0;
  const d3 = states > 3 ? logDensity(x, means, states, features, 3) : 0;
  const shift = higher(higher(possible(d0, q0), possible(d1, q1)), higher(possible(d2, q2), possible(d3, q3)));
  const w0 = weight(q0, d0 - shift), w1 = weight(q1, d1 - shift);
  const w2 = states > 2 ? weight(q2, d2 - shift) : 0, w3 = states > 3 ? weight(q3, d3 - shift) : 0;
  const sum = w0 + w1 + w2 + w3;
  const inverse = 1 / sum;
  store<f64>(p, w0 * inverse);
  store<f64>(p, w1 * inverse, 8);
  if (states > 2) store<f64>(p, w2 * inverse, 16);
  if (states > 3) store<f64>(p, w3 * inverse, 24);
  const isLow = higher(w0, w1) >= higher(w2, w3);
  store<i32>(state, select(select(1, 0, w1 > w0), select(3, 2, w3 > w2), isLow), HMM_STATE);
  count(state, shift, sum);
}

function stepOfMany(state: usize, x: usize, states: usize, features: usize): void {
  const start = state + HMM_MODEL, means = meansOf(state, states), p = probabilitiesOf(state, states, features);
  const predicted = p + (states << 3);
  if (load<i32>(state, STATE_COUNT)) predict(start + (states << 3), p, predicted, states);
  else memory.copy(predicted, start, states << 3);
  store<i32>(state, 1, STATE_COUNT);
  let shift: f64 = -Infinity;
  for (let j: usize = 0; j < states; ++j) {
    // The old probabilities are not needed any more: the log densities stand in their place.
    const density = logDensity(x, means, states, features, j);
    store<f64>(p + (j << 3), density);
    shift = higher(shift, possible(density, load<f64>(predicted + (j << 3))));
  }
  let sum = 0.0;
  for (let j: usize = 0; j < states << 3; j += 8) {
    const weighed = weight(load<f64>(predicted + j), load<f64>(p + j) - shift);
    store<f64>(p + j, weighed);
    sum += weighed;
  }
  store<i32>(state, normalise(p, states, sum), HMM_STATE);
  count(state, shift, sum);
}

/** Σ pᵢ Aᵢⱼ; the transitions stand behind the start. */
// @ts-ignore: decorator
@inline
function column(start: usize, states: usize, j: usize, p0: f64, p1: f64, p2: f64, p3: f64): f64 {
  const at = start + (states + j << 3);
  let sum = p0 * load<f64>(at) + p1 * load<f64>(at + (states << 3));
  if (states > 2) sum += p2 * load<f64>(at + (2 * states << 3));
  if (states > 3) sum += p3 * load<f64>(at + (3 * states << 3));
  return sum;
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

/** Of state j: its constant less ½ Σ (x − μ)² / σ². */
// @ts-ignore: decorator
@inline
function logDensity(x: usize, means: usize, states: usize, features: usize, j: usize): f64 {
  const constants = means + (2 * states * features << 3);
  const row = j * features << 3;
  const halves = constants + (states << 3) + row;
  let sum = 0.0;
  for (let f: usize = 0; f < features << 3; f += 8) {
    const distance = load<f64>(x + f) - load<f64>(means + row + f);
    sum += distance * distance * load<f64>(halves + f);
  }
  return load<f64>(constants + (j << 3)) - (sum < HALF_SQUARE_MAX ? sum : HALF_SQUARE_MAX);
}

/** The density of a state that can be. */
// @ts-ignore: decorator
@inline
function possible(density: f64, predicted: f64): f64 {
  return select(density, -Infinity, predicted > 0);
}

// @ts-ignore: decorator
@inline
function higher(one: f64, other: f64): f64 {
  return select(other, one, other > one);
}

/** Of a state that cannot be, whose density may be above the shift, e⁰ is taken for the product with 0. */
// @ts-ignore: decorator
@inline
function weight(predicted: f64, exponent: f64): f64 {
  return predicted * exp(select(exponent, 0, exponent < 0));
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
function meansOf(state: usize, states: usize): usize {
  return state + HMM_MODEL + (states + states * states << 3);
}

// @ts-ignore: decorator
@inline
export function variancesOf(state: usize, states: usize, features: usize): usize {
  return meansOf(state, states) + (states * features << 3);
}

/** Behind the variances, the constants and the halves. */
// @ts-ignore: decorator
@inline
function probabilitiesOf(state: usize, states: usize, features: usize): usize {
  return meansOf(state, states) + (states + 3 * states * features << 3);
}

/** Behind the probabilities and the scratch. */
// @ts-ignore: decorator
@inline
export function windowOf(state: usize, states: usize, features: usize): usize {
  return probabilitiesOf(state, states, features) + (2 * states << 3);
}
