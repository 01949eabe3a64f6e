/**
 * Where a fit starts when no model is given. Starts of even number look for states that differ in level: k-means++
 * (Arthur, Vassilvitskii 2007) with distances in units of each feature's deviation, and a few of Lloyd's rounds. Those
 * of odd number take states that differ in turbulence, as returns of markets do: about the same mean, variances a
 * factor of 4 apart. States last ten observations at first.
 */
import { MODEL_START, MODEL_TRANSITION } from "../../hmm/layout";
import { pow } from "../math/libm";
import { MEANS, VARIANCES } from "./moments";
import { seedRandom, uniform } from "./random";
import { FLOORS } from "./sums";
import { meanAt, MODEL, varianceAt } from "./tables";

// @ts-ignore: decorator
@inline const ROUNDS: i32 = 10;
// @ts-ignore: decorator
@inline const STAY: f64 = 0.9;

/** Observations of each cluster, and their sums and squared deviations; K × F doubles but the first. */
const COUNTS: usize = memory.data(48, 16);
const SUMS: usize = memory.data(192, 16);

/** Needs the moments of the series; `scratch` is a double an observation. */
export function start(K: i32, features: i32, x: usize, length: i32, seed: f64, attempt: i32, scratch: usize): void {
  seedRandom(seed, attempt);
  for (let from = 0; from < K; ++from) {
    store<f64>(MODEL + (<usize>from << 3), 1 / <f64>K, MODEL_START);
    for (let to = 0; to < K; ++to) {
      const chance = from == to ? STAY : (1 - STAY) / <f64>(K - 1);
      store<f64>(MODEL + (<usize>(from * K + to) << 3), chance, MODEL_TRANSITION);
    }
  }
  if (attempt & 1) startByTurbulence(K, features);
  else startByLevel(K, features, x, length, scratch);
}

function startByTurbulence(K: i32, features: i32): void {
  for (let state = 0; state < K; ++state) {
    const factor = pow(4, <f64>state - <f64>(K - 1) / 2 + uniform() - 0.5);
    for (let feature = 0; feature < features; ++feature) {
      const variance = variableOf(VARIANCES, feature), spread = 0.2 * (uniform() - 0.5) * sqrt(variance);
      store<f64>(meanAt(features, state, feature), variableOf(MEANS, feature) + spread);
      store<f64>(varianceAt(features, state, feature), max(variance * factor, variableOf(FLOORS, feature)));
    }
  }
}

function startByLevel(K: i32, features: i32, x: usize, length: i32, scratch: usize): void {
  choose(features, 0, x + place(length, features, uniform()));
  for (let index = 0; index < length; ++index) store<f64>(scratch + (<usize>index << 3), Infinity);
  for (let state = 1; state < K; ++state) choose(features, state, draw(features, state, x, length, scratch));
  for (let round = 0; round < ROUNDS; ++round) moveCentres(K, features, x, length);
  for (let state = 0; state < K; ++state) {
    for (let feature = 0; feature < features; ++feature) {
      store<f64>(varianceAt(features, state, feature), variableOf(VARIANCES, feature));
    }
  }
}

function place(length: i32, features: i32, chance: f64): usize {
  return <usize>(<i32>(chance * <f64>length) * features) << 3;
}

// @ts-ignore: decorator
@inline
function variableOf(table: usize, feature: i32): f64 {
  return load<f64>(table + (<usize>feature << 3));
}

function choose(features: i32, state: i32, observation: usize): void {
  memory.copy(meanAt(features, state, 0), observation, <usize>features << 3);
}

/** The next centre: an observation drawn with its squared distance from the nearest centre so far as the weight. */
function draw(features: i32, state: i32, x: usize, length: i32, distances: usize): usize {
  const width = <usize>features << 3;
  let sum: f64 = 0;
  for (let index = 0; index < length; ++index) {
    const at = distances + (<usize>index << 3);
    const nearest = min(load<f64>(at), distanceFrom(features, state - 1, x + <usize>index * width));
    store<f64>(at, nearest);
    sum += nearest;
  }
  let left = uniform() * sum;
  for (let index = 0; index < length - 1; ++index) {
    left -= load<f64>(distances + (<usize>index << 3));
    if (left < 0) return x + <usize>index * width;
  }
  return x + <usize>(length - 1) * width;
}

function distanceFrom(features: i32, state: i32, observation: usize): f64 {
  let sum: f64 = 0;
  for (let feature = 0; feature < features; ++feature) {
    const deviation = load<f64>(observation + (<usize>feature << 3)) - load<f64>(meanAt(features, state, feature));
    sum += (deviation * deviation) / variableOf(VARIANCES, feature);
  }
  return sum;
}

/** Every centre to the mean of the observations nearest to it; one that has none stays. */
function moveCentres(K: i32, features: i32, x: usize, length: i32): void {
  memory.fill(COUNTS, 0, 48);
  memory.fill(SUMS, 0, 192);
  for (let index = 0; index < length; ++index, x += <usize>features << 3) {
    const state = nearestTo(K, features, x);
    addTo(COUNTS, state, 1);
    for (let feature = 0; feature < features; ++feature) {
      addTo(SUMS, state * features + feature, load<f64>(x + (<usize>feature << 3)));
    }
  }
  for (let state = 0; state < K; ++state) {
    const count = load<f64>(COUNTS + (<usize>state << 3));
    if (!(count > 0)) continue;
    for (let feature = 0; feature < features; ++feature) {
      store<f64>(meanAt(features, state, feature), variableOf(SUMS, state * features + feature) / count);
    }
  }
}

function nearestTo(K: i32, features: i32, observation: usize): i32 {
  let nearest = 0, least = distanceFrom(features, 0, observation);
  for (let state = 1; state < K; ++state) {
    const distance = distanceFrom(features, state, observation);
    if (distance < least) {
      nearest = state;
      least = distance;
    }
  }
  return nearest;
}

// @ts-ignore: decorator
@inline
function addTo(table: usize, index: i32, amount: f64): void {
  const at = table + (<usize>index << 3);
  store<f64>(at, load<f64>(at) + amount);
}
