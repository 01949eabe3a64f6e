/** The table of volume indicators. Each weighs the movement of prices by what was traded. */
import {
  KIND_AD,
  KIND_CHAIKIN,
  KIND_CMF,
  KIND_EMV,
  KIND_FORCE,
  KIND_MFI,
  KIND_OBV,
  KIND_ROLLING_VWAP,
  KIND_VOLUME_INDEX,
  KIND_VOLUME_PROFILE,
  KIND_VWAP,
} from "./kinds.js";
import { choice, factor, indicator, longPeriod, period } from "./spec.js";

const bar = ["high", "low", "close", "volume"] as const;
const TA_LIB = "TA-Lib, unstable period 0";
const CHART_SCHOOL = "StockCharts ChartSchool";

export const volume = {
  obv: indicator({
    kind: KIND_OBV,
    meaning: "On-balance volume",
    inputs: ["close", "volume"],
    parameters: { start: choice(["volume", "zero"], "begins with the first volume, or with 0") },
    outputs: { value: () => 0 },
    source: TA_LIB,
    formula: "yₜ = yₜ₋₁ + v where c rose, − v where it fell; y₀ = v₀, or 0",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
  }),
  ad: indicator({
    kind: KIND_AD,
    meaning: "Accumulation and distribution line",
    inputs: bar,
    parameters: {},
    outputs: { value: () => 0 },
    source: TA_LIB,
    formula: "yₜ = yₜ₋₁ + v ((c − l) − (h − c)) / (h − l), y₋₁ = 0; nothing is added without range",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
  }),
  cmf: indicator({
    kind: KIND_CMF,
    meaning: "Chaikin money flow, −1 to 1",
    inputs: bar,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: CHART_SCHOOL,
    formula: "Σₙ v ((c − l) − (h − c)) / (h − l), divided by Σₙ v; 0 without volume",
    oracle: "Stock.Indicators; the definition in numpy",
    levels: [0],
  }),
  chaikin: indicator({
    kind: KIND_CHAIKIN,
    meaning: "Chaikin oscillator: MACD of the accumulation and distribution line",
    inputs: bar,
    parameters: {
      fast: longPeriod(3),
      slow: longPeriod(10),
      seed: choice(["first", "sma"], "averages begin with the first value, or with means"),
    },
    outputs: { value: (p) => (p.seed === "first" ? 0 : Math.max(p.fast, p.slow) - 1) },
    source: TA_LIB,
    formula: "EMA(y, fast) − EMA(y, slow), y the accumulation and distribution line",
    oracle: "TA-Lib; Stock.Indicators",
    levels: [0],
  }),
  mfi: indicator({
    kind: KIND_MFI,
    meaning: "Money flow index, 0 to 100",
    inputs: bar,
    parameters: { period: period(14) },
    outputs: { value: (p) => p.period },
    source: TA_LIB,
    formula:
      "100 U / (U + D), U and D the sums over n of p v where p rose and where it fell, p = (h + l + c) / 3; 0 " +
      "where both are 0",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [20, 80],
  }),
  forceIndex: indicator({
    kind: KIND_FORCE,
    meaning: "Force index: change times volume, averaged",
    inputs: ["close", "volume"],
    parameters: {
      period: longPeriod(13),
      seed: choice(["sma", "first"], "begins with the mean of the first period, or with the first product"),
    },
    outputs: { value: (p) => (p.seed === "first" ? 1 : p.period) },
    source: CHART_SCHOOL,
    formula: "EMAₙ(v Δc)",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
    levels: [0],
  }),
  vwap: indicator({
    kind: KIND_VWAP,
    meaning: "Volume-weighted average price since the first input, with bands; begin a new one for each session",
    inputs: bar,
    parameters: { deviations: factor(1, 0.01, 1000, "deviations from the average to a band") },
    outputs: { vwap: () => 0, upperBand: () => 0, lowerBand: () => 0 },
    source: CHART_SCHOOL,
    formula:
      "vwap = Σ p v / Σ v since the first input, p = (h + l + c) / 3; bands = vwap ± deviations · √(Σ v (p − " +
      "vwap)² / Σ v)",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["vwap", "upperBand", "lowerBand"],
  }),
  rollingVwap: indicator({
    kind: KIND_ROLLING_VWAP,
    meaning: "Volume-weighted average of the typical price over a period",
    inputs: bar,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: CHART_SCHOOL,
    formula: "Σₙ p v / Σₙ v, p = (h + l + c) / 3; SMAₙ(p) without volume",
    oracle: "ChartSchool's sheet; the definition in numpy",
    prices: ["value"],
  }),
  emv: indicator({
    kind: KIND_EMV,
    meaning: "Ease of movement, and its average",
    inputs: ["high", "low", "volume"],
    parameters: { period: period(14), scale: factor(1e8, 1e-9, 1e12, "the volume that counts as 1") },
    outputs: { emv: () => 1, average: (p) => p.period },
    source: CHART_SCHOOL,
    formula: "emv = Δm (h − l) scale / v, m = (h + l) / 2, 0 without volume; average = SMAₙ(emv)",
    oracle: "ChartSchool's sheet; the definition in numpy",
    levels: [0],
  }),
  volumeIndex: indicator({
    kind: KIND_VOLUME_INDEX,
    meaning: "Negative and positive volume index, both from 1000",
    inputs: ["close", "volume"],
    parameters: {},
    outputs: { nvi: () => 0, pvi: () => 0 },
    source: "Fosback 1976",
    formula:
      "nviₜ = nviₜ₋₁ cₜ / cₜ₋₁ where v fell, pviₜ = pviₜ₋₁ cₜ / cₜ₋₁ where v rose, else as before; both begin " +
      "with 1000",
    oracle: "the definition in numpy",
  }),
  volumeProfile: indicator({
    kind: KIND_VOLUME_PROFILE,
    meaning: "Volume profile: the price with the most volume, and the range about it that holds a share of the whole",
    inputs: ["high", "low", "volume"],
    parameters: {
      period: period(50, 1, 10_000, "bars in the window; a trade is a bar whose high is its low"),
      bins: period(24, 1, 1000, "equal parts of the window's range"),
      share: factor(0.7, 0, 1, "what the value area holds of the volume"),
    },
    outputs: { pointOfControl: (p) => p.period - 1, valueHigh: (p) => p.period - 1, valueLow: (p) => p.period - 1 },
    source: "Steidlmayer 1986; Dalton 1990",
    formula:
      "each bar's volume evenly from low to high into bins of (max high − min low) / bins; point of control: middle " +
      "of the fullest bin; value area: from there by the fuller neighbour until Σ ≥ share × whole",
    oracle: "the definition in numpy, bin by bin",
    prices: ["pointOfControl", "valueHigh", "valueLow"],
  }),
};
