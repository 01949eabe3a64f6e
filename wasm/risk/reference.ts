/** What the reference page says of value at risk and expected shortfall. */
import type { FunctionReference } from "../reference.js";

const RETURNS = "Float64Array of T × N simple returns, a row a day, the newest last; T 2 to 10⁶, N 1 to 1000";
const MOMENTS = `${RETURNS}; or { covariance: Float64Array of N × N, mean: Float64Array of N }`;
const COMMON = {
  weights: "Float64Array of N positions, in money or fractions of capital",
  confidence: "above 0.5 and below 1; default 0.95",
  horizon: "h days, 1 to 1000; default 1. Means grow with h, deviations with √h",
};
const DISTRIBUTION = {
  distribution: '"normal" (default), or "student", scaled to the covariance of the returns',
  freedom: 'degrees of freedom of "student", above 2 up to 10⁶',
};
const MEAN = { mean: '"sample" (default), or "zero" to leave the drift out' };
const FIGURES =
  "{ valueAtRisk, expectedShortfall, marginal, component, shortfallMarginal, shortfallComponent }: losses positive, " +
  "in the unit of the weights; arrays of N; components sum to their whole";
const THROWS = "MathTypeError, MathArgumentError, which name the argument, its value and what is allowed";
const NOT_PSD = `${THROWS}; for a covariance that is not symmetric or positive semi-definite, the entry or pivot`;

const TWO = `const returns = Float64Array.of(0.01, 0.02, -0.02, -0.01, 0.005, 0.01, -0.01, -0.03, 0.015, 0);
const weights = Float64Array.of(6000, 4000);`;

export const riskReference: readonly FunctionReference[] = [
  {
    name: "stats.var.parametric",
    meaning: "Value at risk and expected shortfall of a normal or Student's distribution.",
    formula: "VaR = −h w·μ + √h k √(w'Σw), k the quantile of the standardised distribution; ES with its tail mean",
    takes: { returns: MOMENTS, ...COMMON, ...DISTRIBUTION, ...MEAN },
    returns: FIGURES,
    throws: NOT_PSD,
    example: `${TWO}
console.log(stats.var.parametric(returns, { weights }).valueAtRisk.toFixed(2));`,
    source: "McNeil, Frey and Embrechts 2005, §2.2",
    oracle: "numpy, scipy.stats",
  },
  {
    name: "stats.var.cornishFisher",
    meaning: "Value at risk with the normal quantile corrected for skewness S and excess kurtosis K of the profits.",
    formula: "q = z + (z² − 1) S/6 + (z³ − 3z) K/24 − (2z³ − 5z) S²/36; ES is the mean of q over the normal tail",
    takes: { returns: RETURNS, ...COMMON },
    returns: FIGURES,
    throws: `${THROWS}; also when the expansion falls at or beyond the quantile, with S and K`,
    example: `const daily = Float64Array.of(0.01, -0.02, 0.004, 0.012, -0.03, 0.008, 0.001, -0.006, 0.014, 0.003);
console.log(stats.var.cornishFisher(daily, { weights: Float64Array.of(1000) }).valueAtRisk.toFixed(2));`,
    source: "Cornish and Fisher 1937; Maillard 2012",
    oracle: "mpmath",
  },
  {
    name: "stats.var.historical",
    meaning: "Value at risk by the days as they were: the quantile of the profits, and the mean at or below it.",
    formula: "type 7 (Hyndman and Fan); with decay λ, the smallest profit up to which the weights λ^age reach 1 − c",
    takes: { returns: RETURNS, ...COMMON, decay: "λ, above 0 and below 1; default none: all days alike" },
    returns: FIGURES,
    throws: THROWS,
    example: `${TWO}
const { valueAtRisk, component } = stats.var.historical(returns, { weights, confidence: 0.9 });
console.log(valueAtRisk.toFixed(2), component.map(Math.round));`,
    source: "Hyndman and Fan 1996; Boudoukh, Richardson and Whitelaw 1998",
    oracle: "numpy.quantile",
  },
  {
    name: "stats.var.ewma",
    meaning: "Value at risk under exponentially weighted moments; the mean is taken to be 0.",
    formula: "VaR = √h k σ, σ² = Σ λᵃ p² / Σ λᵃ over the days' profits p of age a",
    takes: { returns: RETURNS, ...COMMON, ...DISTRIBUTION, decay: "λ, above 0 and below 1; default 0.94" },
    returns: FIGURES,
    throws: THROWS,
    example: `${TWO}
console.log(stats.var.ewma(returns, { weights, confidence: 0.99 }).expectedShortfall.toFixed(2));`,
    source: "RiskMetrics, Technical Document, 1996",
    oracle: "numpy, scipy.stats",
  },
  {
    name: "stats.var.monteCarlo",
    meaning: "Value at risk by simulation; the same seed gives the same bits on every machine.",
    formula: "returns μ + s L z, z normal, Σ = L L', s = 1 or √((ν − 2) / χ²); type 7 quantile of the profits",
    takes: {
      returns: MOMENTS,
      ...COMMON,
      seed: "integer, 0 to 2⁵³ − 1",
      paths: "scenarios, 100 to 10⁷; default 10⁵",
      ...DISTRIBUTION,
      ...MEAN,
    },
    returns: `${FIGURES}; shares are those expected given the loss`,
    throws: NOT_PSD,
    example: `const covariance = Float64Array.of(4e-4, 1e-4, 1e-4, 9e-4);
const options = { weights: Float64Array.of(6000, 4000), seed: 1, paths: 10_000 };
console.log(stats.var.monteCarlo({ covariance }, options).valueAtRisk.toFixed(2));`,
    source: "Glasserman 2003; Marsaglia and Tsang 2000; Blackman and Vigna 2021",
    oracle: "closed form, within 3 standard errors; its scenarios one by one",
  },
  {
    name: "stats.var.incremental",
    meaning: "What each position adds to the value at risk as a whole: the risk less that without it.",
    formula: "VaR(w) − VaR(w with wᵢ = 0)",
    takes: {
      figures: "a function from weights to the figures of any method above",
      weights: "Float64Array of N positions",
    },
    returns: "Float64Array of N, in the unit of the weights",
    throws: "what the method throws",
    example: `${TWO}
const added = stats.var.incremental((weights) => stats.var.historical(returns, { weights }), weights);
console.log(added.map(Math.round));`,
    source: "Jorion, Value at Risk, 2007, §7.2",
    oracle: "definition",
  },
  {
    name: "stats.PreTradeRisk",
    meaning: "The value at risk and expected shortfall of a portfolio with one more order, from cached products.",
    formula: "w'Σw + 2Δ (Σw)ᵢ + Δ² Σᵢᵢ; or the quantile of the cached profits + Δ · the returns of asset i",
    takes: {
      options: "{ returns, … } as stats.var.historical, or { covariance, mean, … } as stats.var.parametric",
      asset: "integer from 0 to N − 1",
      change: "Δ, in the unit of the weights",
    },
    returns: "valueAtRisk(asset, change) and expectedShortfall(asset, change); commit(asset, change) makes the change",
    throws: NOT_PSD,
    example: `const gate = new stats.PreTradeRisk({
  covariance: Float64Array.of(4e-4, 1e-4, 1e-4, 9e-4),
  weights: Float64Array.of(6000, 4000),
});
console.log(gate.valueAtRisk().toFixed(2), gate.valueAtRisk(1, -4000).toFixed(2));`,
    source: "McNeil, Frey and Embrechts 2005, §6.3",
    oracle: "stats.var.parametric and stats.var.historical from scratch",
  },
  {
    name: "stats.standardNormals",
    meaning: "Independent standard normal numbers, the same on every machine for a seed.",
    formula: "ziggurat of 1024 layers over two lanes of xoshiro256++",
    takes: { count: "1 to 2²⁷", seed: "integer, 0 to 2⁵³ − 1" },
    returns: "Float64Array of count",
    throws: THROWS,
    example: `console.log(stats.standardNormals(3, { seed: 1 }).map((each) => Number(each.toFixed(3))));`,
    source: "Marsaglia and Tsang 2000; Blackman and Vigna 2021",
    oracle: "the published algorithms in whole numbers; moments, χ² and tails over 10⁷ draws",
  },
];
