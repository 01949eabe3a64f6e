/**
 * Whether a value at risk was right: tests of the days that lost more than it said, called exceptions. A small p-value
 * speaks against the model; nothing here says from where on it is small.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkInteger, checkNumber } from "./estimator-arguments.js";
import { estimators } from "./estimator-module.js";

export interface LikelihoodRatio {
  /** Twice the log of the ratio; 0 when the days were as expected. */
  readonly statistic: number;
  /** The probability of so large a statistic under a right model, by its χ² distribution. */
  readonly pValue: number;
}

const DAYS_MAX = 10_000_000;

/** 1 for each day whose loss was above the value at risk of that day, else 0; both in one unit, losses positive. */
export function exceptionsOf(losses: Float64Array, valuesAtRisk: Float64Array): Uint8Array {
  for (const [name, values] of Object.entries({ losses, valuesAtRisk })) {
    if (!(values instanceof Float64Array)) throw new MathTypeError(name, values, "a Float64Array");
    const refused = values.findIndex((value) => !Number.isFinite(value));
    if (refused >= 0) throw new MathArgumentError(`${name}[${refused}]`, values[refused], "a finite number");
  }
  if (losses.length !== valuesAtRisk.length) {
    throw new MathArgumentError("valuesAtRisk.length", valuesAtRisk.length, `that of losses, ${losses.length}`);
  }
  return Uint8Array.from(losses, (loss, day) => (loss > valuesAtRisk[day]! ? 1 : 0));
}

/**
 * Kupiec's proportion of failures: whether exceptions were as frequent as 1 − confidence says; χ² with one degree of
 * freedom. Throws MathTypeError and MathArgumentError.
 */
export function kupiec(exceptions: Uint8Array, confidence = 0.95): LikelihoodRatio {
  const { days, count } = tally(exceptions, confidence);
  const { kernels } = estimators.room(0);
  const statistic = kernels.kupiec(days, count, 1 - confidence);
  return { statistic, pValue: kernels.chiSquareTail(statistic, 1) };
}

/**
 * Christoffersen's test of independence: whether an exception makes one on the next day more or less likely; χ² with
 * one degree of freedom. Throws MathTypeError and MathArgumentError.
 */
export function christoffersen(exceptions: Uint8Array): LikelihoodRatio {
  tally(exceptions, 0.5);
  const moves = [0, 0, 0, 0];
  for (let day = 1; day < exceptions.length; day++) {
    const move = 2 * exceptions[day - 1]! + exceptions[day]!;
    moves[move] = moves[move]! + 1;
  }
  const { kernels } = estimators.room(0);
  const statistic = kernels.independence(...(moves as [number, number, number, number]));
  return { statistic, pValue: kernels.chiSquareTail(statistic, 1) };
}

/** Christoffersen's conditional coverage: both at once, the statistics added; χ² with two degrees of freedom. */
export function conditionalCoverage(exceptions: Uint8Array, confidence = 0.95): LikelihoodRatio {
  const statistic = kupiec(exceptions, confidence).statistic + christoffersen(exceptions).statistic;
  return { statistic, pValue: estimators.room(0).kernels.chiSquareTail(statistic, 2) };
}

export interface TrafficLight {
  readonly zone: "green" | "yellow" | "red";
  readonly days: number;
  readonly exceptions: number;
  /** The probability of at most so many exceptions under a right model: yellow from 95 %, red from 99.99 %. */
  readonly probability: number;
}

const YELLOW = 0.95;
const RED = 0.9999;

/**
 * The Basel committee's zones (Supervisory framework for the use of backtesting, 1996): of 250 days at 99 %, five
 * exceptions are yellow and ten are red. Throws MathTypeError and MathArgumentError.
 */
export function trafficLight(exceptions: Uint8Array, confidence = 0.99): TrafficLight {
  const { days, count } = tally(exceptions, confidence);
  const probability = estimators.room(0).kernels.binomialCdf(count, days, 1 - confidence);
  const zone = probability < YELLOW ? "green" : probability < RED ? "yellow" : "red";
  return { zone, days, exceptions: count, probability };
}

function tally(exceptions: Uint8Array, confidence: number): { readonly days: number; readonly count: number } {
  if (!(exceptions instanceof Uint8Array)) throw new MathTypeError("exceptions", exceptions, "a Uint8Array of 0 and 1");
  checkInteger("exceptions.length", exceptions.length, 2, DAYS_MAX);
  checkNumber("confidence", confidence, 0.5, 0.999999);
  const refused = exceptions.findIndex((value) => value > 1);
  if (refused >= 0) throw new MathArgumentError(`exceptions[${refused}]`, exceptions[refused], "0 or 1");
  return { days: exceptions.length, count: exceptions.reduce((sum, value) => sum + value, 0) };
}
