/** What the reference page says of covariance estimators, GARCH and backtests. */
import type { FunctionReference } from "../reference.js";

const RETURNS = "Float64Array of T × N returns, row after row";
const REFUSES = "MathTypeError, MathArgumentError; MathInputError with the place of a return that is not finite";
const EXCEPTIONS = "Uint8Array, 1 for a day whose loss was above its value at risk, else 0; 2 days or more";

export const estimatorReference: readonly FunctionReference[] = [
  {
    name: "stats.covariance.sample",
    meaning: "Sample covariance matrix.",
    formula: "S = Σₜ (xₜ − x̄)(xₜ − x̄)ᵀ / (T − lost)",
    takes: { returns: RETURNS, assets: "N, 1 to 1 000; default 1", lost: "1 (unbiased, default) or 0" },
    returns: "Float64Array of N × N, in the returns' unit squared",
    throws: REFUSES,
    example: `const returns = Float64Array.of(0.01, 0.02, -0.01, 0, 0.03, 0.01);
console.log(stats.covariance.sample(returns, { assets: 2 }).map((value) => value * 1e4));`,
    source: "textbook definition, in two passes",
    oracle: "numpy.cov",
  },
  {
    name: "stats.covariance.ewma",
    meaning: "Covariance matrix whose rows weigh less the older they are; the mean is taken to be 0.",
    formula: "S = Σₜ wₜ xₜ xₜᵀ, wₜ = (1 − λ) λᵀ⁻¹⁻ᵗ / (1 − λᵀ)",
    takes: { returns: RETURNS, assets: "N, 1 to 1 000; default 1", decay: "λ, above 0 and below 1; default 0.94" },
    returns: "Float64Array of N × N",
    throws: REFUSES,
    example: `console.log(Math.sqrt(stats.covariance.ewma(Float64Array.of(0.01, -0.02, 0.015))[0]).toFixed(6));`,
    source: "RiskMetrics, Technical Document, 1996",
    oracle: "numpy",
  },
  {
    name: "stats.covariance.ledoitWolf",
    meaning: "Covariance matrix shrunk towards a multiple of the identity, well conditioned for many assets.",
    formula: "S* = (1 − s) S + s μ I, μ = tr S / N, s = min(b², d²) / d²",
    takes: { returns: RETURNS, assets: "N, 1 to 1 000; default 1" },
    returns: "{ matrix: Float64Array of N × N, intensity: s, 0 to 1 }",
    throws: REFUSES,
    example: `const few = Float64Array.of(0.01, 0.02, 0.03, -0.01, 0, 0.01, 0.02, -0.02, 0.01);
console.log(stats.covariance.ledoitWolf(few, { assets: 3 }).intensity.toFixed(6));`,
    source: "Ledoit and Wolf 2004",
    oracle: "scikit-learn LedoitWolf",
  },
  {
    name: "stats.covariance.nearest",
    meaning: "The nearest positive semidefinite matrix, and the eigenvalues of the one given.",
    formula: "V max(Λ, least) Vᵀ for S = V Λ Vᵀ",
    takes: { matrix: "Float64Array of N × N, symmetric, N up to 200", least: "smallest eigenvalue allowed; default 0" },
    returns: "{ matrix: Float64Array of N × N, eigenvalues: Float64Array, smallest first }",
    throws: "MathTypeError, MathArgumentError, which names the entry that its mirror contradicts",
    example: `const wrong = Float64Array.of(1, 0.9, 0.7, 0.9, 1, -0.9, 0.7, -0.9, 1);
console.log(stats.covariance.nearest(wrong).eigenvalues[0].toFixed(6));`,
    source: "Higham 1988, by Jacobi's rotations",
    oracle: "numpy.linalg.eigvalsh",
  },
  {
    name: "stats.garch.fit",
    meaning: "The likeliest GARCH(1,1) of a series of returns.",
    formula: "vₜ = ω + α eₜ₋₁² + β vₜ₋₁, eₜ = rₜ − μ; maximises −½ Σ (log 2π + log vₜ + eₜ² / vₜ)",
    takes: { returns: "Float64Array of 20 returns or more, in any unit", mean: '"constant" (default) or "zero"' },
    returns: "{ model: { mean, omega, alpha, beta }, logLikelihood, iterations, converged, variances, next }",
    throws: `${REFUSES}; MathArgumentError for returns that are all equal`,
    example: `const size = (day) => (day % 50 > 25 ? 2 : 1);
const returns = Float64Array.from({ length: 300 }, (_, day) => Math.sin(day * day) * size(day));
const { model } = stats.garch.fit(returns);
console.log((model.alpha + model.beta).toFixed(3));`,
    source: "Bollerslev 1986; backcast as in the arch package",
    oracle: "arch",
  },
  {
    name: "stats.garch.forecast",
    meaning: "The variances of the returns to come.",
    formula: "vₜ₊₁ = next; vₜ₊ₕ = ω + (α + β) vₜ₊ₕ₋₁",
    takes: { fit: "what stats.garch.fit returned", horizon: "number of returns, 1 to 1 000 000" },
    returns: "Float64Array of horizon variances; their sum is the variance over all of them",
    throws: "MathTypeError, MathArgumentError",
    example: `const model = { mean: 0, omega: 0.1, alpha: 0.1, beta: 0.8 };
console.log([...stats.garch.forecast({ model, next: 2 }, 3)]);`,
    source: "Bollerslev 1986",
    oracle: "arch",
  },
  {
    name: "stats.backtest.exceptions",
    meaning: "Which days lost more than their value at risk.",
    formula: "1 where loss > value at risk, else 0",
    takes: { losses: "Float64Array, losses positive", valuesAtRisk: "Float64Array of the same length and unit" },
    returns: "Uint8Array",
    throws: "MathTypeError, MathArgumentError",
    example: `console.log([...stats.backtest.exceptions(Float64Array.of(1, 5), Float64Array.of(2, 2))]);`,
    source: "definition",
    oracle: "closed form",
  },
  {
    name: "stats.backtest.kupiec",
    meaning: "Whether exceptions were as frequent as they should be.",
    formula: "LR = 2 (ℓ(x / T) − ℓ(1 − c)), ℓ(p) = x log p + (T − x) log(1 − p); χ² with 1 degree of freedom",
    takes: { exceptions: EXCEPTIONS, confidence: "c, 0.5 to 0.999999; default 0.95" },
    returns: "{ statistic, pValue }",
    throws: "MathTypeError, MathArgumentError",
    example: `const days = Uint8Array.from({ length: 250 }, (_, day) => (day % 25 === 0 ? 1 : 0));
console.log(stats.backtest.kupiec(days, 0.95).pValue.toFixed(4));`,
    source: "Kupiec 1995",
    oracle: "scipy.stats",
  },
  {
    name: "stats.backtest.christoffersen",
    meaning: "Whether an exception makes another on the next day more or less likely.",
    formula: "LR = 2 (ℓ of a chance after each kind of day − ℓ of one chance); χ² with 1 degree of freedom",
    takes: { exceptions: EXCEPTIONS },
    returns: "{ statistic, pValue }",
    throws: "MathTypeError, MathArgumentError",
    example: `const days = Uint8Array.from({ length: 250 }, (_, day) => (day % 100 < 5 ? 1 : 0));
console.log(stats.backtest.christoffersen(days).pValue.toExponential(2));`,
    source: "Christoffersen 1998",
    oracle: "scipy.stats",
  },
  {
    name: "stats.backtest.conditionalCoverage",
    meaning: "Both at once: as frequent as they should be, and independent.",
    formula: "the sum of the two statistics; χ² with 2 degrees of freedom",
    takes: { exceptions: EXCEPTIONS, confidence: "c, 0.5 to 0.999999; default 0.95" },
    returns: "{ statistic, pValue }",
    throws: "MathTypeError, MathArgumentError",
    example: `const days = Uint8Array.from({ length: 250 }, (_, day) => (day % 20 === 0 ? 1 : 0));
console.log(stats.backtest.conditionalCoverage(days).statistic.toFixed(4));`,
    source: "Christoffersen 1998",
    oracle: "scipy.stats",
  },
  {
    name: "stats.backtest.trafficLight",
    meaning: "The Basel committee's zone: green, yellow from a probability of 95 %, red from 99.99 %.",
    formula: "P(X ≤ x), X binomial with T trials and chance 1 − c",
    takes: { exceptions: EXCEPTIONS, confidence: "c, 0.5 to 0.999999; default 0.99" },
    returns: "{ zone, days, exceptions, probability }",
    throws: "MathTypeError, MathArgumentError",
    example: `const days = Uint8Array.from({ length: 250 }, (_, day) => (day < 5 ? 1 : 0));
console.log(stats.backtest.trafficLight(days).zone);`,
    source: "Basel Committee on Banking Supervision 1996",
    oracle: "scipy.stats.binom",
  },
];
