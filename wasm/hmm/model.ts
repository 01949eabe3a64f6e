/**
 * What a Gaussian hidden Markov model is, here and in whatever exchanges models with this code: plain numbers in flat
 * arrays, rows first. Nothing in a model says how it was found. `checkModel` is the one place where a model from
 * outside becomes a trusted one.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";

export const STATES_MIN = 2;
export const STATES_MAX = 6;
export const FEATURES_MAX = 4;

/** How far from 1 a row of probabilities may sum. */
const SUM_TOLERANCE = 1e-9;

export interface HmmModel {
  /** K, 2 to 6. */
  readonly states: number;
  /** F, numbers in an observation, 1 to 4. */
  readonly features: number;
  /** K probabilities of the state of the first observation. */
  readonly start: Float64Array;
  /** K × K: row i holds the probabilities of the state after state i. */
  readonly transition: Float64Array;
  /** K × F, in the units of the observations. */
  readonly means: Float64Array;
  /** K × F, the diagonal of each state's covariance; above 0, in those units squared. */
  readonly variances: Float64Array;
}

/** Throws MathTypeError or MathArgumentError, which name the member, its value and what is allowed. */
export function checkModel(model: HmmModel): void {
  if (typeof model !== "object" || model === null) throw new MathTypeError("model", model, "a hidden Markov model");
  checkCount("model.states", model.states, STATES_MIN, STATES_MAX);
  checkCount("model.features", model.features, 1, FEATURES_MAX);
  const { states, features, start, transition, means, variances } = model;
  checkArray("model.start", start, states);
  checkArray("model.transition", transition, states * states);
  checkArray("model.means", means, states * features);
  checkArray("model.variances", variances, states * features);
  checkProbabilities("model.start", start, 0, states);
  for (let state = 0; state < states; state++) {
    checkProbabilities("model.transition", transition, state * states, states);
  }
  means.forEach((mean, at) => {
    if (!(Math.abs(mean) <= 1e100)) throw new MathArgumentError(`model.means[${at}]`, mean, "a number up to ±1e100");
  });
  variances.forEach((variance, at) => {
    if (!(variance >= 1e-200 && variance <= 1e200)) {
      throw new MathArgumentError(`model.variances[${at}]`, variance, "a number from 1e-200 to 1e200");
    }
  });
}

export function checkCount(name: string, value: unknown, min: number, max: number): void {
  const allowed = `an integer from ${min} to ${max}`;
  if (typeof value !== "number") throw new MathTypeError(name, value, allowed);
  if (!(Number.isInteger(value) && value >= min && value <= max)) throw new MathArgumentError(name, value, allowed);
}

function checkArray(name: string, values: unknown, length: number): void {
  if (!(values instanceof Float64Array)) throw new MathTypeError(name, values, `a Float64Array of ${length}`);
  if (values.length !== length) throw new MathArgumentError(`${name}.length`, values.length, `${length}`);
}

function checkProbabilities(name: string, values: Float64Array, from: number, count: number): void {
  let sum = 0;
  for (let at = from; at < from + count; at++) {
    const value = values[at]!;
    if (!(value >= 0 && value <= 1)) throw new MathArgumentError(`${name}[${at}]`, value, "a probability");
    sum += value;
  }
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new MathArgumentError(`the sum of ${name} from ${from}`, sum, "probabilities that sum to 1 within 1e-9");
  }
}
