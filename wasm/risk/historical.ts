/**
 * Value at risk by historical simulation: the quantile of the profits that today's portfolio would have made on each
 * day of the history, and the mean of those at or below it. Assets share in both by their own returns on those days.
 */
import { decayOf, portfolioOf, type RiskOptions } from "./arguments.js";
import { figuresOf, type RiskFigures } from "./figures.js";
import { History } from "./history.js";
import { rankOf } from "./rank.js";

export interface HistoricalOptions extends RiskOptions {
  /** λ, above 0 and below 1 (0.98 is usual), to weigh days by λ^age; without it all days count alike. */
  readonly decay?: number;
}

/**
 * VaR = −(h μ + √h (q − μ)) with q the quantile of the T profits at 1 − confidence: type 7 of Hyndman and Fan, that is
 * numpy's default, when days count alike; with `decay` the smallest profit up to which the weights of the days reach
 * 1 − confidence (numpy's "inverted_cdf"), and μ weighted too. The shortfall is the mean profit, by the same weights,
 * at or below q. T × N simple returns, a row a day, the newest last. Throws MathTypeError and MathArgumentError.
 * Boudoukh, Richardson and Whitelaw, The Best of Both Worlds, 1998.
 */
export function historical(returns: Float64Array, options: HistoricalOptions): RiskFigures {
  const portfolio = portfolioOf(options, ["decay"]);
  const decay = options.decay === undefined ? 1 : decayOf(options.decay);
  const history = new History(returns, portfolio);
  const total = history.weighAges(decay);
  history.weighBetween(-Infinity, Infinity);
  const mean = weighed(history);
  const bound =
    decay === 1 ? weighRank(history, portfolio.confidence) : weighLevel(history, total * (1 - portfolio.confidence));
  const quantile = weighed(history).assets;
  history.weighBetween(-Infinity, bound);
  const shortfall = weighed(history);
  return figuresOf(portfolio, {
    profit: { mean: mean.profit, quantile: bound, shortfall: shortfall.profit },
    assets: { mean: mean.assets, quantile, shortfall: shortfall.assets },
  });
}

function weighed(history: History): { profit: number; assets: Float64Array } {
  return { profit: history.weighedProfit(), assets: history.weighedReturns("zero") };
}

/** Leaves the weights of the days between which the quantile lies, all days of an equal profit alike. */
function weighRank(history: History, confidence: number): number {
  const { rank, fraction } = rankOf(history.days, confidence);
  const { lower, upper, between } = history.profitAtRank(rank, fraction);
  history.weighBetween(lower, lower, 1 - fraction);
  if (fraction > 0) history.weighBetween(upper, upper, fraction, true);
  return between;
}

function weighLevel(history: History, mass: number): number {
  const { ages, profits } = history.at;
  const level = history.kernels.weightedQuantile(profits, ages, history.days, mass);
  history.weighBetween(level, level);
  return level;
}
