/**
 * Statistics of returns by themselves, in Node and browsers: hidden Markov models, value at risk and its backtests,
 * covariance estimators, GARCH, and the distributions that they rest on. The same arguments give the same bits
 * everywhere.
 */
import { align } from "../hmm/align.js";
import type { HmmFilter } from "../hmm/filter.js";
import { fit } from "../hmm/fit.js";
import { forward } from "../hmm/forward.js";
import { decode, posterior, score } from "../hmm/inference.js";
import type { HmmModel } from "../hmm/model.js";
import { names } from "../hmm/names.js";
import { select } from "../hmm/select.js";
import { christoffersen, conditionalCoverage, exceptionsOf, kupiec, trafficLight } from "../risk/backtests.js";
import { cornishFisher } from "../risk/cornish-fisher.js";
import { ewmaCovariance, ledoitWolf, nearestCovariance, sampleCovariance } from "../risk/covariance.js";
import { ewma } from "../risk/ewma.js";
import { garchFit, garchForecast } from "../risk/garch.js";
import { historical } from "../risk/historical.js";
import { incremental } from "../risk/incremental.js";
import { monteCarlo } from "../risk/monte-carlo.js";
import { standardNormals } from "../risk/normals.js";
import { parametric } from "../risk/parametric.js";
import { PreTradeRisk } from "../risk/pre-trade.js";
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
export type { RiskOptions } from "../risk/arguments.js";
export type { RiskFigures } from "../risk/figures.js";
export type { ReturnMoments } from "../risk/moments.js";
export type { PreTradeRisk } from "../risk/pre-trade.js";

/**
 * The filter of a model, observation by observation, in an arena of 4 MiB that all filters share. Throws
 * MathTypeError, MathArgumentError or ArenaFullError.
 */
const filter = (model: HmmModel): HmmFilter => statsCore().hmmFilter(model);

export const stats = Object.freeze({
  hmm: Object.freeze({ fit, select, score, decode, posterior, filter, forward, names, align }),
  var: Object.freeze({ parametric, historical, cornishFisher, ewma, monteCarlo, incremental }),
  PreTradeRisk,
  covariance: Object.freeze({
    sample: sampleCovariance,
    ewma: ewmaCovariance,
    ledoitWolf,
    nearest: nearestCovariance,
  }),
  garch: Object.freeze({ fit: garchFit, forecast: garchForecast }),
  backtest: Object.freeze({ exceptions: exceptionsOf, kupiec, christoffersen, conditionalCoverage, trafficLight }),
  standardNormals,
  normal,
  student,
  special: errorAndGamma,
});
