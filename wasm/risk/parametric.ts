/**
 * Value at risk of a normal or Student's distribution with the mean and covariance of the returns. The covariance
 * matrix itself is not needed: its product with the weights comes from the portfolio's own profits, day by day.
 */
import {
  type DistributionOptions,
  freedomOf,
  hasDrift,
  type Portfolio,
  portfolioOf,
  type RiskOptions,
} from "./arguments.js";
import { ellipticalTail, type Spread, spreadOf, tailOf, withoutDrift } from "./elliptical.js";
import { figuresOf, type RiskFigures } from "./figures.js";
import { History } from "./history.js";
import { type RiskKernels, Scratch } from "./kernels.js";
import { checkMoments, factorRegions, findFactor, isMoments, type ReturnMoments } from "./moments.js";

export interface ParametricOptions extends RiskOptions, DistributionOptions {
  /** "sample" (the default) or "zero", which leaves the means out but still measures deviations from them. */
  readonly mean?: "sample" | "zero";
}

/**
 * VaR = −h μ + √h k σ with μ = w·mean, σ² = w'Σw and k the quantile of the standardised distribution; Σ is the sample
 * covariance, denominator T − 1. `source`: T × N simple returns, a row a day, or their moments. Throws MathTypeError
 * and MathArgumentError; for a covariance that is not symmetric or not positive semi-definite, with the entry or pivot.
 * McNeil, Frey and Embrechts, Quantitative Risk Management, 2005, §2.2 and §6.3.
 */
export function parametric(source: Float64Array | ReturnMoments, options: ParametricOptions): RiskFigures {
  const portfolio = portfolioOf(options, ["distribution", "freedom", "mean"]);
  const freedom = freedomOf(options);
  const isDrifting = hasDrift(options.mean);
  const { kernels, spread } = isMoments(source) ? fromMoments(source, portfolio) : fromReturns(source, portfolio);
  const [quantile, shortfall] = tailOf(kernels, portfolio.confidence, freedom);
  return figuresOf(portfolio, ellipticalTail(isDrifting ? spread : withoutDrift(spread), quantile, shortfall));
}

interface Found {
  readonly kernels: RiskKernels;
  readonly spread: Spread;
}

function fromMoments(source: ReturnMoments, { weights, assets }: Portfolio): Found {
  const means = checkMoments(source, assets);
  const scratch = new Scratch({ ...factorRegions(assets), weights: assets, products: assets });
  scratch.put("covariance", source.covariance);
  scratch.put("weights", weights);
  findFactor(scratch, assets);
  return { kernels: scratch.kernels, spread: spreadOf(scratch, means) };
}

function fromReturns(source: Float64Array, portfolio: Portfolio): Found {
  const history = new History(source, portfolio);
  const means = history.findMeans();
  const mean = history.mean();
  const [second] = history.centralMoments(mean);
  const deviation = Math.sqrt((second * history.days) / (history.days - 1));
  history.weighByDeviation(mean, deviation === 0 ? 0 : 1 / ((history.days - 1) * deviation));
  const loadings = history.weighedReturns("mean");
  return { kernels: history.kernels, spread: { mean, deviation, means, loadings } };
}
