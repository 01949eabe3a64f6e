/**
 * Statistics of returns by themselves, in Node and browsers: covariance estimators, GARCH, backtests of a value at risk,
 * and the distributions that they rest on.
 */
import { christoffersen, conditionalCoverage, exceptionsOf, kupiec, trafficLight } from "../risk/backtests.js";
import { ewmaCovariance, ledoitWolf, nearestCovariance, sampleCovariance } from "../risk/covariance.js";
import { garchFit, garchForecast } from "../risk/garch.js";
import { errorAndGamma, normal, student } from "./distributions.js";

export {
  MathArgumentError,
  MathInputError,
  MathTypeError,
  WebAssemblyMissingError,
} from "../errors.js";

export const stats = Object.freeze({
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
