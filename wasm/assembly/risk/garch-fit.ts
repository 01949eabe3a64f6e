/**
 * The likeliest GARCH(1,1): a grid of starts, and from the best of them a search by BFGS with the exact gradient. The
 * host hands over observations of variance 1, so that one tolerance suits all. J. Nocedal and S. Wright, Numerical
 * Optimization, algorithm 6.1.
 */
import { backcastOf, cost, DIMENSIONS, Garch, logLikelihood, parametersOf, pointOf } from "./garch";

const ITERATIONS_MAX = 500;
/** Of the largest slope: the likelihood of an observation changes no more in its 12th digit. */
const SLOPE_MIN: f64 = 1e-10;
const HALVINGS_MAX = 40;
const ARMIJO: f64 = 1e-4;
/** Farthest that one step may go; the parameters are logarithms. */
const STEP_MAX: f64 = 2;

const BYTES = DIMENSIONS << 3;
const POINT = memory.data(32);
const GRADIENT = memory.data(32);
const TRIAL = memory.data(32);
const TRIAL_GRADIENT = memory.data(32);
const DIRECTION = memory.data(32);
const INVERSE = memory.data(128);
const WORK = memory.data(32);
const FOUND = memory.data(32);

let observations: usize = 0;
let observationCount: i32 = 0;
let backcast: f64 = 0;
let fitsMean: bool = false;
let iterationCount: i32 = 0;

/** Fits; μ stays at `mean` unless `hasMean`. Writes μ, ω, α, β to `into`; the log-likelihood is returned. */
export function garchFit(y: usize, count: i32, mean: f64, hasMean: bool, into: usize): f64 {
  observations = y;
  observationCount = count;
  fitsMean = hasMean;
  backcast = backcastOf(y, count, mean);
  bestStart(mean);
  search();
  parametersOf(POINT, changetype<Garch>(into));
  return logLikelihood(y, count, backcast, changetype<Garch>(into), 0);
}

/** Of the last fit; negative when it ended without having found a flat place. */
export function garchIterations(): i32 {
  return iterationCount;
}

/** The variance of each observation under given parameters, and their log-likelihood. */
export function garchVariances(y: usize, count: i32, startMean: f64, parameters: usize, into: usize): f64 {
  return logLikelihood(y, count, backcastOf(y, count, startMean), changetype<Garch>(parameters), into);
}

/** Variances of 1: ω is what persistence leaves. */
function bestStart(mean: f64): void {
  const g = changetype<Garch>(FOUND);
  let best = -Infinity;
  for (let persistence = 0; persistence < 4; ++persistence) {
    for (let reaction = 0; reaction < 4; ++reaction) {
      const sum: f64 = persistence == 0 ? 0.5 : persistence == 1 ? 0.7 : persistence == 2 ? 0.9 : 0.98;
      g.alpha = reaction == 0 ? 0.01 : reaction == 1 ? 0.05 : reaction == 2 ? 0.1 : 0.2;
      g.beta = sum - g.alpha;
      g.omega = 1 - sum;
      g.mean = mean;
      const found = logLikelihood(observations, observationCount, backcast, g, 0);
      if (found <= best) continue;
      best = found;
      pointOf(g, POINT);
    }
  }
}

function search(): void {
  let value = evaluate(POINT, GRADIENT);
  resetInverse();
  for (iterationCount = 0; iterationCount < ITERATIONS_MAX; ++iterationCount) {
    if (steepest(GRADIENT) <= SLOPE_MIN) return;
    const slope = aim();
    const next = walk(value, slope);
    // Nowhere lower, as far as doubles can tell.
    if (!(next < value)) {
      if (steepest(GRADIENT) > 1e-6) break;
      return;
    }
    update();
    value = next;
    memory.copy(POINT, TRIAL, BYTES);
    memory.copy(GRADIENT, TRIAL_GRADIENT, BYTES);
  }
  iterationCount = -iterationCount - 1;
}

function evaluate(point: usize, gradient: usize): f64 {
  const g = changetype<Garch>(FOUND);
  parametersOf(point, g);
  return cost(observations, observationCount, backcast, g, fitsMean, gradient);
}

/** The direction of the next step, no longer than STEP_MAX; returns the slope along it. */
function aim(): f64 {
  let slope = multiply();
  if (!(slope < 0)) {
    resetInverse();
    slope = multiply();
  }
  const longest = steepest(DIRECTION);
  if (longest <= STEP_MAX) return slope;
  for (let i = 0; i < DIMENSIONS; ++i) put(DIRECTION, i, get(DIRECTION, i) * (STEP_MAX / longest));
  return slope * (STEP_MAX / longest);
}

/** DIRECTION = −INVERSE × GRADIENT; returns the slope along it. */
function multiply(): f64 {
  let slope: f64 = 0;
  for (let row = 0; row < DIMENSIONS; ++row) {
    let sum: f64 = 0;
    for (let column = 0; column < DIMENSIONS; ++column) {
      sum += get(INVERSE, row * DIMENSIONS + column) * get(GRADIENT, column);
    }
    put(DIRECTION, row, -sum);
    slope -= sum * get(GRADIENT, row);
  }
  return slope;
}

/** Halves the step until it goes low enough; leaves the place in TRIAL and returns the value there. */
function walk(value: f64, slope: f64): f64 {
  let length: f64 = 1;
  let found = value;
  for (let halving = 0; halving < HALVINGS_MAX; ++halving) {
    for (let i = 0; i < DIMENSIONS; ++i) put(TRIAL, i, get(POINT, i) + length * get(DIRECTION, i));
    found = evaluate(TRIAL, TRIAL_GRADIENT);
    if (found <= value + ARMIJO * length * slope) return found;
    length *= 0.5;
  }
  return found;
}

/** The inverse Hessian learns from the step s and the change of slope y; only where it curves upwards. */
function update(): void {
  let curvature: f64 = 0;
  for (let i = 0; i < DIMENSIONS; ++i) curvature += step(i) * change(i);
  if (!(curvature > 1e-300)) return;
  let stretch: f64 = 0;
  for (let row = 0; row < DIMENSIONS; ++row) {
    let sum: f64 = 0;
    for (let column = 0; column < DIMENSIONS; ++column) {
      sum += get(INVERSE, row * DIMENSIONS + column) * change(column);
    }
    put(WORK, row, sum);
    stretch += sum * change(row);
  }
  const factor = (1 + stretch / curvature) / curvature;
  for (let row = 0; row < DIMENSIONS; ++row) {
    for (let column = 0; column < DIMENSIONS; ++column) {
      const cross = get(WORK, row) * step(column) + step(row) * get(WORK, column);
      const at = row * DIMENSIONS + column;
      put(INVERSE, at, get(INVERSE, at) + factor * step(row) * step(column) - cross / curvature);
    }
  }
}

// @ts-ignore: decorator
@inline
function step(i: i32): f64 {
  return get(TRIAL, i) - get(POINT, i);
}

// @ts-ignore: decorator
@inline
function change(i: i32): f64 {
  return get(TRIAL_GRADIENT, i) - get(GRADIENT, i);
}

function resetInverse(): void {
  for (let at = 0; at < DIMENSIONS * DIMENSIONS; ++at) put(INVERSE, at, at % (DIMENSIONS + 1) == 0 ? 1 : 0);
}

/** The largest magnitude among a vector's. */
function steepest(vector: usize): f64 {
  let most: f64 = 0;
  for (let i = 0; i < DIMENSIONS; ++i) most = max(most, abs(get(vector, i)));
  return most;
}

// @ts-ignore: decorator
@inline
function get(vector: usize, index: i32): f64 {
  return load<f64>(vector + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function put(vector: usize, index: i32, value: f64): void {
  store<f64>(vector + (<usize>index << 3), value);
}
