/**
 * A fit as a job for a pool of threads: its arguments and its result are plain data that a structured clone carries.
 * The same job gives the same bits on every thread and machine.
 */
import { fit as learn } from "./fit.js";
import type { HmmModel } from "./model.js";

export interface RefitJob {
  /** F numbers each, one observation after the other. */
  readonly observations: Float64Array;
  readonly states: number;
  readonly features: number;
  /** Of the random starts, an integer from 0 to 2^53 − 1. */
  readonly seed: number;
  /** The model in use: one more start, and the order of the states. */
  readonly previous?: HmmModel | undefined;
}

export interface RefitResult {
  readonly model: HmmModel;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly iterations: number;
}

/** `fit` with its defaults. Throws as that does. */
export function refit({ observations, states, features, seed, previous }: RefitJob): RefitResult {
  const options = { states, features, seed, ...(previous && { previous }) };
  const { model, logLikelihood, converged, iterations } = learn(observations, options);
  return { model, logLikelihood, converged, iterations };
}
