/**
 * Statistics of returns by themselves, in Node and browsers: hidden Markov models, covariance estimators, GARCH,
 * backtests of a value at risk, and the distributions that they rest on. The same arguments give the same bits
 * everywhere.
 */
import { align } from "../hmm/align.js";
import type { HmmFilter } from "../hmm/filter.js";
import { fit } from "../hmm/fit.js";
import { forward } from "../hmm/forward.js";
import { decode, posterior, score } from "../hmm/inference.js";
import type { HmmModel } from "../hmm/model.js";
import { names } from "../hmm/names.js";
import { christoffersen, conditionalCoverage, exceptionsOf, kupiec, trafficLight } from "../risk/backtests.js";
import { ewmaCovariance, ledoitWolf, nearestCovariance, sampleCovariance } from "../risk/covariance.js";
import { garchFit, garchForecast } from "../risk/garch.js";
import { statsCore } from "./core.js";
import { errorAndGamma, normal, student } from "./distributions.js";

export {
  ArenaFullError,
  MathArgumentError,
  MathInputError,
  MathStateError,
  MathTypeError,
  WebAssemblyMissingError,
} from "../errors.js";
export type { HmmFilter } from "../hmm/filter.js";
export type { Fit, FitOptions } from "../hmm/fit.js";
export type { Decoding } from "../hmm/inference.js";
export type { HmmModel } from "../hmm/model.js";
export type { RegimeName } from "../hmm/names.js";

/**
 * The filter of a model, observation by observation, in an arena of 4 MiB that all filters share. Throws
 * MathTypeError, MathArgumentError or ArenaFullError.
 */
const filter = (model: HmmModel): HmmFilter => statsCore().hmmFilter(model);

export const stats = Object.freeze({
  hmm: Object.freeze({ fit, score, decode, posterior, filter, forward, names, align }),
  covariance: Object.freeze({
    sample: sampleCovariance,
    ewma: ewmaCovariance,
    ledoitWolf,
    nearest: nearestCovariance,
  }),
  garch: Object.freeze({ fit: garchFit, forecast: garchForecast }),
  backtest: Object.freeze({ exceptions: exceptionsOf, kupiec, christoffersen, conditionalCoverage, trafficLight }),
  normal,
  student,
  special: errorAndGamma,
});
