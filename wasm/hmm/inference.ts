/**
 * What a hidden Markov model says of observations: how likely they are, which states they came from one by one, and
 * which as a whole. Observations are F numbers each, one after the other, in the units of the model.
 */
import { load, type Series, writeModel } from "./kernels.js";
import { checkModel, type HmmModel } from "./model.js";

export interface Decoding {
  /** The most probable sequence of states: a state's index for each observation. */
  readonly states: Uint8Array;
  /** The natural logarithm of the probability density of these states and the observations. */
  readonly logProbability: number;
}

/**
 * The log-likelihood of the observations, a natural logarithm, by the scaled forward recursion (Rabiner 1989). Throws
 * MathTypeError or MathArgumentError for a model or a length that is not allowed, MathInputError for an observation.
 */
export function score(model: HmmModel, observations: Float64Array): number {
  const series = prepare(model, observations, 0);
  return series.kernels.likelihood(model.states, model.features, series.x, series.length, series.scratch);
}

/**
 * The most probable sequence of states (Viterbi 1967). Of equally probable ones it gives one, the same on every
 * machine. Throws as `score` does.
 */
export function decode(model: HmmModel, observations: Float64Array): Decoding {
  const series = prepare(model, observations, 1);
  const { kernels, x, length, scratch, results, room } = series;
  const logProbability = kernels.path(model.states, model.features, x, length, scratch, results);
  return { states: new Uint8Array(room.buffer, results, length).slice(), logProbability };
}

/**
 * The probability of each state at each observation, given all observations: K of them an observation, one observation
 * after the other (forward–backward, Rabiner 1989). Throws as `score` does.
 */
export function posterior(model: HmmModel, observations: Float64Array): Float64Array {
  const series = prepare(model, observations, 8 * model.states);
  const { kernels, x, length, scratch, results, room } = series;
  kernels.posterior(model.states, model.features, x, length, scratch, results);
  return room.doubles(results, length * model.states).slice();
}

function prepare(model: HmmModel, observations: Float64Array, resultBytesEach: number): Series {
  checkModel(model);
  const series = load(observations, model, { resultBytesEach });
  writeModel(series, model);
  return series;
}
