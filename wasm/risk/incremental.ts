/** What each position adds to the risk as a whole, and not at the margin: the risk less that without the position. */
import type { RiskFigures } from "./figures.js";

/**
 * For each asset the value at risk of `weights` less that with the asset's weight at zero, by whatever method `figures`
 * computes it: `incremental((weights) => historical(returns, { weights }), weights)`. Calls it N + 1 times; give a
 * simulation one seed for all. Throws what `figures` throws.
 */
export function incremental(
  figures: (weights: Float64Array) => Pick<RiskFigures, "valueAtRisk">,
  weights: Float64Array,
): Float64Array {
  const whole = figures(weights).valueAtRisk;
  return weights.map((_, asset) => whole - figures(weights.with(asset, 0)).valueAtRisk);
}
