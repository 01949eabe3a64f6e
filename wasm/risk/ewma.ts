/**
 * Value at risk under exponentially weighted moments: yesterday counts most. The mean is taken to be zero, as
 * RiskMetrics does, so over h days the figures grow with √h alone.
 */
import { type DistributionOptions, decayOf, freedomOf, portfolioOf, type RiskOptions } from "./arguments.js";
import { ellipticalTail, tailOf } from "./elliptical.js";
import { figuresOf, type RiskFigures } from "./figures.js";
import { History } from "./history.js";

export interface EwmaOptions extends RiskOptions, DistributionOptions {
  /** λ, above 0 and below 1; default 0.94. */
  readonly decay?: number;
}

/**
 * VaR = √h k σ, σ² = Σ λᵃ p² / Σ λᵃ over the days' profits p of age a, the last row's being 0. T × N simple returns, a
 * row a day, the newest last. Throws MathTypeError and MathArgumentError.
 * RiskMetrics Technical Document, 1996, §5.2, with weights that sum to 1.
 */
export function ewma(returns: Float64Array, options: EwmaOptions): RiskFigures {
  const portfolio = portfolioOf(options, ["distribution", "freedom", "decay"]);
  const freedom = freedomOf(options);
  const decay = decayOf(options.decay ?? 0.94);
  const history = new History(returns, portfolio);
  const total = history.weighAges(decay);
  const deviation = Math.sqrt(history.weighByAgedProfit() / total);
  const means = new Float64Array(portfolio.assets);
  const loadings = history.weighedReturns("zero").map((each) => (deviation === 0 ? 0 : each / (deviation * total)));
  const [quantile, shortfall] = tailOf(history.kernels, portfolio.confidence, freedom);
  return figuresOf(portfolio, ellipticalTail({ mean: 0, deviation, means, loadings }, quantile, shortfall));
}
