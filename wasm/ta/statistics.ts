/** The table of rolling statistics. */
import {
  KIND_AUTOCORRELATION,
  KIND_BETA,
  KIND_CORRELATION,
  KIND_COVARIANCE,
  KIND_EWMA_VARIANCE,
  KIND_EXTREMES,
  KIND_KURTOSIS,
  KIND_QUANTILE,
  KIND_SKEWNESS,
  KIND_VARIANCE,
  KIND_Z_SCORE,
} from "./kinds.js";
import { choice, factor, indicator, period } from "./spec.js";

const values = ["value"] as const;
const pair = ["value", "other"] as const;
const TA_LIB = "TA-Lib, unstable period 0";
const DEFINITION = "the definition";

const of = choice(["population", "sample"], "divided by n, or by n − 1");

/** Inputs before a window is full. */
const whole = (p: { readonly period: number }): number => p.period - 1;

export const statistics = {
  variance: indicator({
    kind: KIND_VARIANCE,
    meaning: "Variance",
    inputs: values,
    parameters: { period: period(20), of },
    outputs: { value: whole },
    source: TA_LIB,
  }),
  zScore: indicator({
    kind: KIND_Z_SCORE,
    meaning: "Distance from the mean in standard deviations",
    inputs: values,
    parameters: { period: period(20), of },
    outputs: { value: whole },
    source: DEFINITION,
    levels: [-2, 0, 2],
  }),
  skewness: indicator({
    kind: KIND_SKEWNESS,
    meaning: "Skewness of the population",
    inputs: values,
    parameters: { period: period(20) },
    outputs: { value: whole },
    source: DEFINITION,
    levels: [0],
  }),
  kurtosis: indicator({
    kind: KIND_KURTOSIS,
    meaning: "Excess kurtosis of the population",
    inputs: values,
    parameters: { period: period(20) },
    outputs: { value: whole },
    source: DEFINITION,
    levels: [0],
  }),
  quantile: indicator({
    kind: KIND_QUANTILE,
    meaning: "Quantile of the window, interpolated",
    inputs: values,
    parameters: { period: period(20), share: factor(0.5, 0, 1, "the share of values below it") },
    outputs: { value: whole },
    source: "Hyndman and Fan 1996, type 7",
    prices: ["value"],
  }),
  extremes: indicator({
    kind: KIND_EXTREMES,
    meaning: "Highest and lowest value, and their middle",
    inputs: values,
    parameters: { period: period(20) },
    outputs: { highest: whole, lowest: whole, midpoint: whole },
    source: TA_LIB,
    prices: ["highest", "lowest", "midpoint"],
  }),
  covariance: indicator({
    kind: KIND_COVARIANCE,
    meaning: "Covariance of two series",
    inputs: pair,
    parameters: { period: period(20), of },
    outputs: { value: whole },
    source: DEFINITION,
  }),
  correlation: indicator({
    kind: KIND_CORRELATION,
    meaning: "Pearson's correlation of two series, −1 to 1",
    inputs: pair,
    parameters: { period: period(20) },
    outputs: { value: whole },
    source: TA_LIB,
    levels: [0],
  }),
  beta: indicator({
    kind: KIND_BETA,
    meaning: "Regression of the first series on the second",
    inputs: pair,
    parameters: { period: period(20) },
    outputs: { beta: whole, alpha: whole },
    source: DEFINITION,
  }),
  autocorrelation: indicator({
    kind: KIND_AUTOCORRELATION,
    meaning: "Correlation of a series with itself some inputs before; 0 for a lag past the window",
    inputs: values,
    parameters: { period: period(50), lag: period(1, 1, 10_000, "inputs between the two") },
    outputs: { value: whole },
    source: DEFINITION,
    levels: [0],
  }),
  ewmaVariance: indicator({
    kind: KIND_EWMA_VARIANCE,
    meaning: "Exponentially weighted mean square, of returns a variance",
    inputs: values,
    parameters: { lambda: factor(0.94, 0, 1, "what is kept of the last value") },
    outputs: { value: () => 0 },
    source: "RiskMetrics 1996",
  }),
};
