/**
 * The table of volatility indicators. Each tells how far prices range or stray, in prices, percent or a year's share.
 */
import {
  KIND_ATR,
  KIND_BANDWIDTH,
  KIND_BOLLINGER,
  KIND_CHOPPINESS,
  KIND_DEVIATION,
  KIND_DONCHIAN,
  KIND_GARMAN_KLASS,
  KIND_KELTNER,
  KIND_NATR,
  KIND_PARKINSON,
  KIND_PERCENT_B,
  KIND_REALISED,
  KIND_ROGERS_SATCHELL,
  KIND_TRUE_RANGE,
  KIND_ULCER,
  KIND_VOLATILITY_REGIME,
  KIND_YANG_ZHANG,
} from "./kinds.js";
import { choice, factor, indicator, longPeriod, period } from "./spec.js";

const close = ["close"] as const;
const bar = ["high", "low", "close"] as const;
const wholeBar = ["open", "high", "low", "close"] as const;
const TA_LIB = "TA-Lib, unstable period 0";
const CHART_SCHOOL = "StockCharts ChartSchool";

const first = choice(["skip", "range"], "the first bar has no true range, or its own high − low");
const deviations = factor(2, 0.01, 1000, "deviations from the middle to a band");
const perYear = factor(365, 0, 1e9, "periods in a year; 1 leaves it a period's");

export const volatility = {
  trueRange: indicator({
    kind: KIND_TRUE_RANGE,
    meaning: "True range",
    inputs: bar,
    parameters: { first },
    outputs: { value: (p) => (p.first === "skip" ? 1 : 0) },
    source: TA_LIB,
    formula: "TR = max(h, c₋₁) − min(l, c₋₁); of the first bar none, or h − l",
    oracle: "TA-Lib; Stock.Indicators",
  }),
  atr: indicator({
    kind: KIND_ATR,
    meaning: "Average true range",
    inputs: bar,
    parameters: { period: longPeriod(14), first },
    outputs: { value: (p) => (p.first === "skip" ? p.period : p.period - 1) },
    source: TA_LIB,
    formula: "RMAₙ(TR)",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    lanes: true,
  }),
  natr: indicator({
    kind: KIND_NATR,
    meaning: "Average true range in percent of the close",
    inputs: bar,
    parameters: { period: longPeriod(14), first },
    outputs: { value: (p) => (p.first === "skip" ? p.period : p.period - 1) },
    source: TA_LIB,
    formula: "100 RMAₙ(TR) / c; 0 where c is 0",
    oracle: "TA-Lib; Stock.Indicators",
  }),
  bollinger: indicator({
    kind: KIND_BOLLINGER,
    meaning: "Bollinger bands",
    inputs: close,
    parameters: { period: period(20), deviations },
    outputs: { upper: (p) => p.period - 1, middle: (p) => p.period - 1, lower: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "middle = SMAₙ(x); upper, lower = middle ± deviations · σ, σ = √(Σₙ (x − middle)² / n)",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    prices: ["upper", "middle", "lower"],
    lanes: true,
  }),
  percentB: indicator({
    kind: KIND_PERCENT_B,
    meaning: "Where the close stands between the Bollinger bands: 0 at the lower, 1 at the upper",
    inputs: close,
    parameters: { period: period(20), deviations },
    outputs: { value: (p) => p.period - 1 },
    source: CHART_SCHOOL,
    formula: "(x − lower) / (upper − lower) of the Bollinger bands; 0.5 where they meet",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
    levels: [0, 1],
  }),
  bandwidth: indicator({
    kind: KIND_BANDWIDTH,
    meaning: "Distance between the Bollinger bands as a share of the middle",
    inputs: close,
    parameters: { period: period(20), deviations },
    outputs: { value: (p) => p.period - 1 },
    source: CHART_SCHOOL,
    formula: "(upper − lower) / middle of the Bollinger bands; 0 where middle is 0",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
  }),
  keltner: indicator({
    kind: KIND_KELTNER,
    meaning: "Keltner channels: an exponential average and multiples of the average true range",
    inputs: bar,
    parameters: {
      period: longPeriod(20),
      multiplier: factor(2, 0.01, 1000, "average true ranges from the middle to a band"),
      atrPeriod: longPeriod(10),
      seed: choice(["sma", "first"], "the middle begins with the mean of the first period, or with the first close"),
      first,
    },
    outputs: { upper: keltnerWarmUp, middle: keltnerWarmUp, lower: keltnerWarmUp },
    source: CHART_SCHOOL,
    formula: "middle = EMA(c, period); upper, lower = middle ± multiplier · RMA(TR, atrPeriod)",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
    prices: ["upper", "middle", "lower"],
  }),
  donchian: indicator({
    kind: KIND_DONCHIAN,
    meaning: "Donchian channels: the highest high, the lowest low and their middle",
    inputs: ["high", "low"],
    parameters: {
      period: period(20),
      window: choice(["current", "previous"], "the period that ends with this bar, or with the bar before"),
    },
    outputs: { upper: donchianWarmUp, middle: donchianWarmUp, lower: donchianWarmUp },
    source: CHART_SCHOOL,
    formula:
      "upper = the highest high, lower = the lowest low of n bars, this one included or not; middle = (upper + " +
      "lower) / 2",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
    prices: ["upper", "middle", "lower"],
  }),
  deviation: indicator({
    kind: KIND_DEVIATION,
    meaning: "Standard deviation",
    inputs: close,
    parameters: {
      period: period(20),
      factor: factor(1, 0.01, 1000, "what it is multiplied by"),
      of: choice(["population", "sample"], "divided by n, or by n − 1"),
    },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "factor · √(Σₙ (x − x̄)² / n), or over n − 1",
    oracle: "TA-Lib; Stock.Indicators",
  }),
  choppiness: indicator({
    kind: KIND_CHOPPINESS,
    meaning: "Choppiness index: 0 in a straight move, 100 going nowhere",
    inputs: bar,
    parameters: { period: period(14, 2) },
    outputs: { value: (p) => p.period },
    source: "Dreiss",
    formula:
      "100 log(Σₙ TR / (max Hᵢ − min Lᵢ)) / log n, Hᵢ = max(h, c₋₁), Lᵢ = min(l, c₋₁) of n bars; 0 without range",
    oracle: "Stock.Indicators; the definition in numpy",
    levels: [38.2, 61.8],
  }),
  ulcer: indicator({
    kind: KIND_ULCER,
    meaning: "Ulcer index: the depth of falls from the highest price, percent",
    inputs: close,
    parameters: { period: period(14) },
    outputs: { value: (p) => p.period - 1 },
    source: "Martin 1987",
    formula: "√(Σₙ fᵢ² / n), fᵢ = 100 (xᵢ − Mᵢ) / Mᵢ, Mᵢ the highest of the window's inputs up to i",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
  }),
  realisedVolatility: indicator({
    kind: KIND_REALISED,
    meaning: "Deviation of the logarithmic returns",
    inputs: close,
    positive: true,
    parameters: {
      period: period(20, 2),
      perYear,
      mean: choice(["sample", "zero"], "about the sample's mean, over n − 1, or about zero, over n"),
    },
    outputs: { value: (p) => p.period },
    source: "the definition",
    formula: "√(perYear · Σₙ (r − r̄)² / (n − 1)), r = ln(xₜ / xₜ₋₁); with mean zero √(perYear · Σₙ r² / n)",
    oracle: "the definition in numpy",
  }),
  parkinson: indicator({
    kind: KIND_PARKINSON,
    meaning: "Parkinson's volatility, from high and low",
    inputs: ["high", "low"],
    positive: true,
    parameters: { period: period(20), perYear },
    outputs: { value: (p) => p.period - 1 },
    source: "Parkinson 1980",
    formula: "√(perYear · Σₙ ln²(h / l) / (4 n ln 2))",
    oracle: "the definition in numpy",
  }),
  garmanKlass: indicator({
    kind: KIND_GARMAN_KLASS,
    meaning: "Garman and Klass' volatility, from whole bars",
    inputs: wholeBar,
    positive: true,
    parameters: { period: period(20), perYear },
    outputs: { value: (p) => p.period - 1 },
    source: "Garman and Klass 1980",
    formula: "√(perYear · Σₙ (½ ln²(h / l) − (2 ln 2 − 1) ln²(c / o)) / n)",
    oracle: "the definition in numpy",
  }),
  rogersSatchell: indicator({
    kind: KIND_ROGERS_SATCHELL,
    meaning: "Rogers and Satchell's volatility, from whole bars, whatever the drift",
    inputs: wholeBar,
    positive: true,
    parameters: { period: period(20), perYear },
    outputs: { value: (p) => p.period - 1 },
    source: "Rogers and Satchell 1991",
    formula: "√(perYear · Σₙ (ln(h / c) ln(h / o) + ln(l / c) ln(l / o)) / n)",
    oracle: "the definition in numpy",
  }),
  yangZhang: indicator({
    kind: KIND_YANG_ZHANG,
    meaning: "Yang and Zhang's volatility, from whole bars and the gaps between them",
    inputs: wholeBar,
    positive: true,
    parameters: { period: period(20, 2), perYear },
    outputs: { value: (p) => p.period },
    source: "Yang and Zhang 2000",
    formula:
      "√(perYear · (V(ln(o / c₋₁)) + k V(ln(c / o)) + (1 − k) R)), V the sample variance over n, R the mean of " +
      "Rogers and Satchell's terms, k = 0.34 / (1.34 + (n + 1) / (n − 1))",
    oracle: "the definition in numpy",
  }),
  volatilityRegime: indicator({
    kind: KIND_VOLATILITY_REGIME,
    meaning: "Volatility against its own past: −1 low, 0 normal, 1 high; and its rank there, 0 to 1",
    inputs: close,
    positive: true,
    parameters: {
      period: period(20, 2, 10_000, "logarithmic returns whose deviation is the volatility"),
      history: period(200, 2, 10_000, "volatilities that it is ranked among"),
      low: factor(0.2, 0, 1, "the rank below which it becomes low"),
      high: factor(0.8, 0, 1, "the rank above which it becomes high"),
      hysteresis: factor(0.05, 0, 1, "how far the rank must come back to end low or high"),
    },
    outputs: { regime: regimeWarmUp, rank: regimeWarmUp },
    source: "the definition",
    formula:
      "rank = (#{σᵢ < σₜ} + ½ #{σᵢ = σₜ, i ≠ t}) / (history − 1); high above `high` until below high − hysteresis, " +
      "low below `low` until above low + hysteresis, else normal",
    oracle: "scipy.stats.rankdata; the definition for the regime",
    levels: [-1, 1],
  }),
};

interface Keltner {
  readonly period: number;
  readonly atrPeriod: number;
  readonly seed: "sma" | "first";
  readonly first: "skip" | "range";
}

function keltnerWarmUp(p: Keltner): number {
  return Math.max(p.seed === "first" ? 0 : p.period - 1, p.first === "skip" ? p.atrPeriod : p.atrPeriod - 1);
}

function donchianWarmUp(p: { readonly period: number; readonly window: "current" | "previous" }): number {
  return p.window === "previous" ? p.period : p.period - 1;
}

function regimeWarmUp(p: { readonly period: number; readonly history: number }): number {
  return p.period + p.history - 1;
}
