/** A hidden Markov model as one list of numbers, as messages hold it: start, transition, means, variances. */
import type { HmmModel } from "../../wasm/index.js";

/** How many numbers a model is. */
export const numbersIn = (states: number, features: number): number => states + states * states + 2 * states * features;

/** The model that so many numbers are; nothing is checked. */
export function modelOf(states: number, features: number, values: Float64Array): HmmModel {
  const transition = states;
  const means = transition + states * states;
  const variances = means + states * features;
  return {
    states,
    features,
    start: values.slice(0, transition),
    transition: values.slice(transition, means),
    means: values.slice(means, variances),
    variances: values.slice(variances),
  };
}

export function valuesOf({ start, transition, means, variances }: HmmModel): Float64Array {
  return Float64Array.of(...start, ...transition, ...means, ...variances);
}
