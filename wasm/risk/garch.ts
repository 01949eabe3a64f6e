/**
 * GARCH(1,1) of a series of returns: vₜ = ω + α eₜ₋₁² + β vₜ₋₁ with eₜ = rₜ − μ, fitted by the Gaussian likelihood, and
 * the variances that it forecasts. Conventions of the `arch` package: the terms before the first are the mean of the
 * first 75 squares, weights falling by 0.94.
 */
import { MathArgumentError } from "../errors.js";
import { checkInteger, checkReturns } from "./estimator-arguments.js";
import { estimators } from "./estimator-module.js";

export interface GarchModel {
  /** μ, in the returns' unit. */
  readonly mean: number;
  /** ω, in that unit squared. */
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
}

export interface GarchFit {
  readonly model: GarchModel;
  readonly logLikelihood: number;
  readonly iterations: number;
  /** False when the search ended before it had found a flat place. */
  readonly converged: boolean;
  /** vₜ of each return. */
  readonly variances: Float64Array;
  /** The variance of the return after the last. */
  readonly next: number;
}

export interface GarchOptions {
  /** Whether μ is fitted too, or is 0. Default constant. */
  readonly mean?: "constant" | "zero";
}

const RETURNS_MIN = 20;
const HORIZON_MAX = 1_000_000;

/**
 * Fits. `returns` are 20 or more, not all equal; multiply small ones as you like, the fit does not depend on the unit.
 * Throws MathTypeError, MathArgumentError and MathInputError.
 */
export function garchFit(returns: Float64Array, { mean = "constant" }: GarchOptions = {}): GarchFit {
  const count = checkReturns(returns, 1, RETURNS_MIN);
  if (mean !== "constant" && mean !== "zero") throw new MathArgumentError("mean", mean, 'one of "constant", "zero"');
  const { start, scale } = scaleOf(returns, mean === "zero");
  const room = estimators.room(8 * (2 * count + 4));
  const y = room.doubles(room.start, count);
  for (let index = 0; index < count; index++) y[index] = returns[index]! / scale;
  const parametersAt = room.start + 8 * count;
  const variancesAt = parametersAt + 32;
  const { kernels } = room;
  kernels.garchFit(room.start, count, start / scale, mean === "zero" ? 0 : 1, parametersAt);
  const iterations = kernels.garchIterations();
  const parameters = room.doubles(parametersAt, 4);
  const [mu, omega, alpha, beta] = parameters as unknown as [number, number, number, number];
  const model = { mean: mu * scale, omega: omega * scale * scale, alpha, beta };
  parameters.set([model.mean, model.omega, alpha, beta]);
  y.set(returns);
  const logLikelihood = kernels.garchVariances(room.start, count, start, parametersAt, variancesAt);
  const variances = room.doubles(variancesAt, count).slice();
  const shock = returns[count - 1]! - model.mean;
  return {
    ...{ model, logLikelihood, variances },
    iterations: iterations < 0 ? -iterations - 1 : iterations,
    converged: iterations >= 0,
    next: model.omega + alpha * shock * shock + beta * variances[count - 1]!,
  };
}

/**
 * The variances of the next `horizon` returns: `next`, and from there towards ω / (1 − α − β). Their sum is the
 * variance of the return over the whole horizon. Throws MathTypeError and MathArgumentError.
 */
export function garchForecast({ model, next }: Pick<GarchFit, "model" | "next">, horizon: number): Float64Array {
  checkInteger("horizon", horizon, 1, HORIZON_MAX);
  const { omega, alpha, beta } = model;
  let variance = next;
  return new Float64Array(horizon).map((_, day) => {
    if (day > 0) variance = omega + (alpha + beta) * variance;
    return variance;
  });
}

/** The search sees numbers of variance 1 about where it starts. */
function scaleOf(returns: Float64Array, isZero: boolean): { readonly start: number; readonly scale: number } {
  const mean = isZero ? 0 : returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
  if (!(variance > 0)) throw new MathArgumentError("returns", "all equal", "returns that vary");
  return { start: mean, scale: Math.sqrt(variance) };
}
