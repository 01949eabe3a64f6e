/**
 * Profits of an elliptical distribution, of which the normal and Student's are two: mean and standard deviation say
 * everything, and given the portfolio's profit, that of each asset is expected on a line. So the tail is a number of
 * standard deviations, and what an asset has to do with it is its covariance with the portfolio.
 */
import type { Tail } from "./figures.js";
import type { RiskKernels, Scratch } from "./kernels.js";

/** The distribution of one day's profit. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  /** For each asset its mean return, */
  readonly means: Float64Array;
  /** and its covariance with the profit, over the deviation of the profit. */
  readonly loadings: Float64Array;
}

export function withoutDrift(spread: Spread): Spread {
  return { ...spread, mean: 0, means: new Float64Array(spread.means.length) };
}

/** The tail whose quantile and mean lie so many deviations from the mean. */
export function ellipticalTail(spread: Spread, quantile: number, shortfall: number): Tail {
  const { mean, deviation, means, loadings } = spread;
  return {
    profit: { mean, quantile: mean + quantile * deviation, shortfall: mean + shortfall * deviation },
    assets: {
      mean: means,
      quantile: means.map((each, asset) => each + quantile * loadings[asset]!),
      shortfall: means.map((each, asset) => each + shortfall * loadings[asset]!),
    },
  };
}

/** Both of a distribution of variance 1: where its quantile lies, and the mean at or below that. */
export function tailOf(kernels: RiskKernels, confidence: number, freedom: number): readonly [number, number] {
  if (freedom === 0) return [-kernels.normalTail(confidence), -kernels.normalShortfall(confidence)];
  return [-kernels.studentTail(confidence, freedom), -kernels.studentShortfall(confidence, freedom)];
}

/** The profit's distribution from the covariance of the returns; leaves Σw in `products`. */
export function spreadOf(scratch: Scratch<"covariance" | "weights" | "products">, means: Float64Array): Spread {
  const { kernels, at } = scratch;
  const { length } = means;
  kernels.profits(at.covariance, length, length, at.weights, at.products);
  const deviation = Math.sqrt(Math.max(0, kernels.dot(at.weights, at.products, length)));
  const weights = scratch.view("weights");
  return {
    mean: means.reduce((sum, each, asset) => sum + each * weights[asset]!, 0),
    deviation,
    means,
    loadings: scratch.copy("products").map((each) => (deviation === 0 ? 0 : each / deviation)),
  };
}
