/**
 * Checks of what users hand to the risk functions. Errors name the argument, its value and what is allowed; nothing is
 * computed before everything has been checked.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkInteger, checkNumber } from "./estimator-arguments.js";

const ASSETS_MAX = 1000;
const DAYS_MAX = 1_000_000;
/** Doubles in one array of returns: 2 GiB. */
const RETURNS_MAX = 2 ** 28;
/** Beyond it, fourth powers of profits would leave the range of doubles. */
const MAGNITUDE_MAX = 1e15;

export interface RiskOptions {
  /** Positions, one an asset, in units of money or fractions of capital: results are in the same unit. */
  readonly weights: Float64Array;
  /** The share of days on which the loss is smaller, above 0.5 and below 1; default 0.95. */
  readonly confidence?: number;
  /** Days, 1 to 1000; default 1. Means grow with h, deviations from them with √h. */
  readonly horizon?: number;
}

export interface DistributionOptions {
  /** Default "normal". Student's is scaled so that its covariance is that of the returns. */
  readonly distribution?: "normal" | "student";
  /** Degrees of freedom of Student's distribution, above 2 up to 1e6. */
  readonly freedom?: number;
}

/** The options every function has, defaults filled in. */
export interface Portfolio {
  readonly weights: Float64Array;
  readonly assets: number;
  readonly confidence: number;
  readonly horizon: number;
}

const COMMON = ["weights", "confidence", "horizon"];

/** `own` names the options beyond the common ones. */
export function portfolioOf(options: RiskOptions, own: readonly string[] = []): Portfolio {
  const names = [...COMMON, ...own];
  if (typeof options !== "object" || options === null || ArrayBuffer.isView(options)) {
    throw new MathTypeError("options", options, `an object with weights and any of ${names.join(", ")}`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new MathArgumentError("an option", name, `any of ${names.join(", ")}`);
  }
  const { weights, confidence = 0.95, horizon = 1 } = options;
  checkNumbers("weights", weights);
  checkInteger("weights.length", weights.length, 1, ASSETS_MAX);
  if (typeof confidence !== "number") throw new MathTypeError("confidence", confidence, CONFIDENCE);
  if (!(confidence > 0.5 && confidence < 1)) throw new MathArgumentError("confidence", confidence, CONFIDENCE);
  checkNumber("horizon", horizon, 1, 1000);
  return { weights, assets: weights.length, confidence, horizon };
}

const CONFIDENCE = "a number above 0.5 and below 1";

/** The number of days. */
export function daysOf(returns: Float64Array, assets: number): number {
  if (!(returns instanceof Float64Array)) throw new MathTypeError("returns", returns, "a Float64Array, a row a day");
  const { length } = returns;
  if (length % assets !== 0 || length < 2 * assets || length > Math.min(DAYS_MAX * assets, RETURNS_MAX)) {
    const most = Math.min(DAYS_MAX, Math.floor(RETURNS_MAX / assets));
    throw new MathArgumentError("returns.length", length, `2 to ${most} rows of ${assets}, one number for each weight`);
  }
  checkNumbers("returns", returns);
  return length / assets;
}

/** Degrees of freedom, 0 for the normal distribution. */
export function freedomOf({ distribution = "normal", freedom }: DistributionOptions): number {
  if (distribution !== "normal" && distribution !== "student") {
    throw new MathArgumentError("distribution", distribution, '"normal" or "student"');
  }
  if (distribution === "normal") {
    if (freedom !== undefined) throw new MathArgumentError("freedom", freedom, 'it with distribution "student" alone');
    return 0;
  }
  const allowed = "a number above 2 up to 1e6";
  if (typeof freedom !== "number") throw new MathTypeError("freedom", freedom, allowed);
  if (!(freedom > 2 && freedom <= 1e6)) throw new MathArgumentError("freedom", freedom, allowed);
  return freedom;
}

/** Whether profits keep their mean. */
export function hasDrift(mean: unknown = "sample"): boolean {
  if (mean !== "sample" && mean !== "zero") throw new MathArgumentError("mean", mean, '"sample" or "zero"');
  return mean === "sample";
}

export function decayOf(decay: unknown): number {
  const allowed = "a number above 0 and below 1";
  if (typeof decay !== "number") throw new MathTypeError("decay", decay, allowed);
  if (!(decay > 0 && decay < 1)) throw new MathArgumentError("decay", decay, allowed);
  return decay;
}

/** Throws unless `values` is a Float64Array of numbers, of `length` when one is given. */
export function checkNumbers(name: string, values: unknown, length?: number): void {
  if (!(values instanceof Float64Array)) throw new MathTypeError(name, values, "a Float64Array");
  if (length !== undefined && values.length !== length) {
    throw new MathArgumentError(`${name}.length`, values.length, `${length}`);
  }
  for (let at = 0; at < values.length; at++) {
    if (Math.abs(values[at]!) <= MAGNITUDE_MAX) continue;
    throw new MathArgumentError(`${name}[${at}]`, values[at], "a number of magnitude up to 1e15");
  }
}
