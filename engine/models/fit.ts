/**
 * A fit as whoever makes it sees it: a job in, a result out, and what of it the engine is told. In a running engine a
 * pool of threads makes them, in a backtest the function is called where the request is met.
 */
import { FitOutcome } from "../../schemas/index.js";
import type { HmmModel } from "../../wasm/index.js";

/** All that a fit needs; plain data, which another thread can be sent. */
export interface FitJob {
  /** Rows of a number for each feature, oldest first. */
  readonly observations: Float64Array;
  readonly states: number;
  readonly features: number;
  /** The model so far, after whose states the new one's are ordered. */
  readonly previous?: HmmModel;
  readonly seed: number;
}

export interface FitResult {
  readonly model: HmmModel;
  readonly logLikelihood: number;
  readonly converged: boolean;
  readonly iterations: number;
}

/** Throws for observations of which there is no model. */
export type Fit = (job: FitJob) => FitResult;

/** Which request of which regime is answered. */
export interface FitAddress {
  readonly regime: number;
  /** Sequence of the record that asked. */
  readonly request: number;
}

/** An answer before it is a message; without a model the outcome says why. */
export interface FitAnswer extends FitAddress {
  readonly outcome: FitOutcome;
  readonly model: HmmModel | null;
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly workUs: number;
}

export function answerOf({ regime, request }: FitAddress, result: FitResult, workUs: number): FitAnswer {
  const { model, logLikelihood, converged, iterations } = result;
  const outcome = converged ? FitOutcome.Fitted : FitOutcome.Unconverged;
  return { regime, request, outcome, model, logLikelihood, iterations, workUs };
}

export function withoutModel({ regime, request }: FitAddress, outcome: FitOutcome, workUs = 0): FitAnswer {
  return { regime, request, outcome, model: null, logLikelihood: 0, iterations: 0, workUs };
}
