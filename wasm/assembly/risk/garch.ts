/**
 * The Gaussian likelihood of GARCH(1,1) and its gradient. With eₜ = yₜ − μ, the variance of observation t is
 * vₜ = ω + α eₜ₋₁² + β vₜ₋₁, and both terms before the first are the backcast. T. Bollerslev, Generalized
 * autoregressive conditional heteroskedasticity, 1986.
 *
 * A search needs parameters without bounds, so it moves (μ, log ω, logit of α + β, logit of α's share of it), and sees
 * the likelihood of an observation on average, negated.
 */
import { exp, log } from "../math/libm";

/** What a search moves; GRADIENT of it lies as many doubles further. */
export const DIMENSIONS = 4;

@unmanaged
export class Garch {
  mean: f64;
  omega: f64;
  alpha: f64;
  beta: f64;
}

const LOG_TWO_PI: f64 = 1.8378770664093454836;
/** Of the shocks before the first: the newest weighs 1, older ones 0.94 of the one after. */
const BACKCAST_DECAY: f64 = 0.94;
const BACKCAST_MAX = 75;

/** The mean of the first squares about `mean`, the first weighing most. */
export function backcastOf(y: usize, count: i32, mean: f64): f64 {
  let weight: f64 = 1;
  let weights: f64 = 0;
  let sum: f64 = 0;
  for (let index = 0; index < min(count, BACKCAST_MAX); ++index) {
    const e = load<f64>(y + (<usize>index << 3)) - mean;
    sum += weight * e * e;
    weights += weight;
    weight *= BACKCAST_DECAY;
  }
  return sum / weights;
}

/** The parameters of a point of the search. */
export function parametersOf(point: usize, into: Garch): void {
  const persistence = logistic(load<f64>(point, 16));
  const share = logistic(load<f64>(point, 24));
  into.mean = load<f64>(point);
  into.omega = exp(load<f64>(point, 8));
  into.alpha = persistence * share;
  into.beta = persistence * (1 - share);
}

/** The point of the search of parameters inside their bounds. */
export function pointOf(g: Garch, into: usize): void {
  const persistence = g.alpha + g.beta;
  store<f64>(into, g.mean);
  store<f64>(into, log(g.omega), 8);
  store<f64>(into, log(persistence / (1 - persistence)), 16);
  store<f64>(into, log(g.alpha / g.beta), 24);
}

/** Σ log density; the variance of each observation goes to `variances` unless that is 0. */
export function logLikelihood(y: usize, count: i32, backcast: f64, g: Garch, variances: usize): f64 {
  let sum: f64 = 0;
  let square = backcast;
  let variance = backcast;
  for (let index = 0; index < count; ++index) {
    variance = g.omega + g.alpha * square + g.beta * variance;
    const e = load<f64>(y + (<usize>index << 3)) - g.mean;
    square = e * e;
    sum += log(variance) + square / variance;
    if (variances) store<f64>(variances + (<usize>index << 3), variance);
  }
  return -0.5 * (sum + <f64>count * LOG_TWO_PI);
}

/** −Σ log density / count at a point, without the constant; its gradient goes to `gradient`. */
export function cost(y: usize, count: i32, backcast: f64, g: Garch, hasMean: bool, gradient: usize): f64 {
  let sum: f64 = 0;
  let square = backcast;
  let variance = backcast;
  let e: f64 = 0;
  // Derivatives of the variance by μ, ω, α and β, and of the sum by the same.
  let vMean: f64 = 0, vOmega: f64 = 0, vAlpha: f64 = 0, vBeta: f64 = 0;
  let byMean: f64 = 0, byOmega: f64 = 0, byAlpha: f64 = 0, byBeta: f64 = 0;
  for (let index = 0; index < count; ++index) {
    vMean = g.beta * vMean - 2 * g.alpha * e;
    vOmega = g.beta * vOmega + 1;
    vAlpha = g.beta * vAlpha + square;
    vBeta = g.beta * vBeta + variance;
    variance = g.omega + g.alpha * square + g.beta * variance;
    e = load<f64>(y + (<usize>index << 3)) - g.mean;
    square = e * e;
    const standard = square / variance;
    const slope = (1 - standard) / variance;
    sum += log(variance) + standard;
    byMean += slope * vMean - (2 * e) / variance;
    byOmega += slope * vOmega;
    byAlpha += slope * vAlpha;
    byBeta += slope * vBeta;
  }
  const half = 0.5 / <f64>count;
  const persistence = g.alpha + g.beta;
  const share = g.alpha / persistence;
  store<f64>(gradient, hasMean ? half * byMean : 0);
  store<f64>(gradient, half * g.omega * byOmega, 8);
  store<f64>(gradient, half * persistence * (1 - persistence) * (share * byAlpha + (1 - share) * byBeta), 16);
  store<f64>(gradient, half * share * (1 - share) * persistence * (byAlpha - byBeta), 24);
  return half * sum;
}

function logistic(x: f64): f64 {
  return 1 / (1 + exp(-x));
}
