/**
 * What every method ends in. A method finds the mean and the tail of one day's profit, and for each asset its share in
 * them a unit held; the horizon, the signs and the decomposition are the same for all and done here.
 */
import type { Portfolio } from "./arguments.js";

/** Losses are positive. All in the unit of the weights, over the whole horizon. */
export interface RiskFigures {
  /** The loss that is exceeded with probability 1 − confidence. */
  readonly valueAtRisk: number;
  /** The mean loss among those that reach the value at risk. */
  readonly expectedShortfall: number;
  /** ∂ valueAtRisk / ∂ weightᵢ: what one more unit of asset i adds. */
  readonly marginal: Float64Array;
  /** weightᵢ · marginalᵢ; they sum to valueAtRisk (Euler). */
  readonly component: Float64Array;
  /** ∂ expectedShortfall / ∂ weightᵢ. */
  readonly shortfallMarginal: Float64Array;
  /** They sum to expectedShortfall. */
  readonly shortfallComponent: Float64Array;
}

/** Of one day's profit, or of one asset's part in it: each is a profit, so a loss is negative. */
interface Day<T> {
  readonly mean: T;
  readonly quantile: T;
  /** The mean at or below the quantile. */
  readonly shortfall: T;
}

export interface Tail {
  readonly profit: Day<number>;
  /** For each asset a unit held: the gradients of the profit's three. */
  readonly assets: Day<Float64Array>;
}

export function figuresOf({ weights, horizon }: Portfolio, { profit, assets }: Tail): RiskFigures {
  const marginal = assets.quantile.map((each, asset) => lossOver(horizon, assets.mean[asset]!, each));
  const shortfallMarginal = assets.shortfall.map((each, asset) => lossOver(horizon, assets.mean[asset]!, each));
  return {
    valueAtRisk: lossOver(horizon, profit.mean, profit.quantile),
    expectedShortfall: lossOver(horizon, profit.mean, profit.shortfall),
    marginal,
    component: marginal.map((each, asset) => weights[asset]! * each),
    shortfallMarginal,
    shortfallComponent: shortfallMarginal.map((each, asset) => weights[asset]! * each),
  };
}

/** −(h · mean + √h · (profit − mean)), arranged so that over one day it is the negative of the profit to the bit. */
export function lossOver(horizon: number, mean: number, profit: number): number {
  const root = Math.sqrt(horizon);
  return 0 - (root * profit + (horizon - root) * mean);
}
