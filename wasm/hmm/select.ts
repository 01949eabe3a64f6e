/**
 * How many states a series asks for: a fit with each number, judged by an information criterion, which charges for
 * every parameter. It is a guide; a criterion knows nothing of what the states are for.
 */
import { MathArgumentError } from "../errors.js";
import { type Fit, type FitOptions, fit as learn } from "./fit.js";
import { STATES_MAX, STATES_MIN } from "./model.js";

export interface SelectOptions extends Omit<FitOptions, "states" | "initial" | "previous"> {
  /** The one whose least value wins; default "bic". */
  readonly criterion?: "aic" | "bic";
}

export interface Selection {
  /** The winner, of equals the one of fewer states. */
  readonly best: Fit;
  /** With 2 to 6 states. */
  readonly fits: readonly Fit[];
}

/** Fits with 2 to 6 states; needs 7 observations. Throws as `fit` does, and for a criterion that is none. */
export function select(observations: Float64Array, { criterion = "bic", ...options }: SelectOptions = {}): Selection {
  if (criterion !== "aic" && criterion !== "bic") {
    throw new MathArgumentError("criterion", criterion, '"aic" or "bic"');
  }
  const fits = Array.from({ length: STATES_MAX - STATES_MIN + 1 }, (_, index) => {
    return learn(observations, { ...options, states: STATES_MIN + index });
  });
  return { best: fits.reduce((best, each) => (each[criterion] < best[criterion] ? each : best)), fits };
}
