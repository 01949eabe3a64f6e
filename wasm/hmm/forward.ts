/**
 * The forward recursion over likelihoods that the caller gives, so for emissions of any kind. Nothing here knows what
 * was observed.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { load, writeModel } from "./kernels.js";
import { checkCount, checkModel, STATES_MAX, STATES_MIN } from "./model.js";

export interface ForwardArguments {
  /** K probabilities of the state of the first observation. */
  readonly start: Float64Array;
  /** K × K, row i the probabilities of the state after state i. */
  readonly transition: Float64Array;
  /** K likelihoods, 0 to 1e150, for each observation: of it in state 0, in state 1, … */
  readonly likelihoods: Float64Array;
}

export interface Forward {
  /** K for each observation: the probability of each state, given it and those before. */
  readonly probabilities: Float64Array;
  /** For each observation, the natural logarithm of the likelihood of it and those before. */
  readonly logLikelihoods: Float64Array;
  /** Of all of them. */
  readonly logLikelihood: number;
}

/**
 * The scaled forward recursion (Rabiner 1989). What is called the forward matrix α is `probabilities` times the
 * exponential of `logLikelihoods`, which a long series has no doubles for. Throws MathTypeError or MathArgumentError
 * for probabilities or lengths that are not allowed, for a likelihood below 0, and for an observation that no
 * reachable state allows; MathInputError for a likelihood that is not finite.
 */
export function forward({ start, transition, likelihoods }: ForwardArguments): Forward {
  if (!(start instanceof Float64Array)) throw new MathTypeError("start", start, "a Float64Array of K probabilities");
  const states = start.length;
  checkCount("start.length", states, STATES_MIN, STATES_MAX);
  const model = { states, features: 1, start, transition, means: new Float64Array(states), variances: ones(states) };
  checkModel(model);
  const series = load(likelihoods, { states, features: states }, { resultBytesEach: 8 });
  const negative = likelihoods.findIndex((likelihood) => likelihood < 0);
  if (negative >= 0) throw new MathArgumentError(`likelihoods[${negative}]`, likelihoods[negative], "0 or more");
  writeModel(series, model);
  const { kernels, x, length, scratch, results, room } = series;
  const impossible = kernels.filterGiven(states, x, length, scratch, results);
  if (impossible >= 0) throw impossibleAt(likelihoods, impossible, states);
  const logLikelihoods = room.doubles(results, length).slice();
  return {
    probabilities: room.doubles(scratch, length * states).slice(),
    logLikelihoods,
    logLikelihood: logLikelihoods[length - 1]!,
  };
}

function impossibleAt(likelihoods: Float64Array, index: number, states: number): MathArgumentError {
  const row = likelihoods.subarray(index * states, (index + 1) * states);
  return new MathArgumentError(
    `the likelihoods of observation ${index}`,
    [...row].join(", "),
    "one above 0 in a state that can be reached",
  );
}

function ones(length: number): Float64Array {
  return new Float64Array(length).fill(1);
}
