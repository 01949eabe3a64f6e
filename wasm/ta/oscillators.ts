/** The table of oscillators, the momentum indicators that say where a price stands in its recent movement. */
import {
  KIND_ADAPTIVE_RSI,
  KIND_CCI,
  KIND_CMO,
  KIND_DIVERGENCE,
  KIND_RSI,
  KIND_STOCHASTIC,
  KIND_STOCHASTIC_RSI,
  KIND_ULTIMATE,
  KIND_WILLIAMS_R,
} from "./kinds.js";
import { choice, indicator, longPeriod, period } from "./spec.js";

const close = ["close"] as const;
const bar = ["high", "low", "close"] as const;
const TA_LIB = "TA-Lib, unstable period 0";

const strengthSeed = choice(["sma", "zero"], "averages of rises and falls begin with their means, or with 0");

export const oscillators = {
  rsi: indicator({
    kind: KIND_RSI,
    meaning: "Relative strength index, 0 to 100",
    inputs: close,
    parameters: { period: longPeriod(14), seed: strengthSeed },
    outputs: { value: (p) => strengthWarmUp(p) },
    source: TA_LIB,
    formula: "100 G / (G + L), G = RMAₙ(max(Δx, 0)), L = RMAₙ(max(−Δx, 0)); 0 where both are 0",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [30, 70],
    lanes: true,
  }),
  stochastic: indicator({
    kind: KIND_STOCHASTIC,
    meaning: "Stochastic oscillator, 0 to 100: fast with smooth 1, slow with 3, full with any",
    inputs: bar,
    parameters: {
      period: period(14),
      smooth: period(3, 1, 10_000, "inputs that k averages"),
      signal: period(3, 1, 10_000, "values of k that d averages"),
    },
    outputs: { k: (p) => p.period + p.smooth - 2, d: (p) => p.period + p.smooth + p.signal - 3 },
    source: "TA-Lib with simple averages",
    formula:
      "k = SMA(100 (c − L) / (H − L), smooth), H the highest high and L the lowest low of n bars, 0 without " +
      "range; d = SMA(k, signal)",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [20, 80],
  }),
  stochasticRsi: indicator({
    kind: KIND_STOCHASTIC_RSI,
    meaning: "Stochastic oscillator of the relative strength index, 0 to 100",
    inputs: close,
    parameters: {
      period: period(14, 1, 10_000, "period of the relative strength index"),
      stochastic: period(14, 1, 10_000, "values of it in the window"),
      smooth: period(1, 1, 10_000, "values that k averages"),
      signal: period(3, 1, 10_000, "values of k that d averages"),
      seed: strengthSeed,
    },
    outputs: {
      k: (p) => strengthWarmUp(p) + p.stochastic + p.smooth - 2,
      d: (p) => strengthWarmUp(p) + p.stochastic + p.smooth + p.signal - 3,
    },
    source: "TA-Lib with simple averages",
    formula:
      "k = SMA(100 (r − L) / (H − L), smooth), r = RSIₙ(x), H and L its highest and lowest of stochastic values, " +
      "0 for a range up to 10⁻¹⁰; d = SMA(k, signal)",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [20, 80],
  }),
  cci: indicator({
    kind: KIND_CCI,
    meaning: "Commodity channel index",
    inputs: bar,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "(p − SMAₙ(p)) / (0.015 · Σₙ |pᵢ − SMAₙ(p)| / n), p = (h + l + c) / 3; 0 without deviation",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [-100, 100],
  }),
  williamsR: indicator({
    kind: KIND_WILLIAMS_R,
    meaning: "Williams' percent range, −100 to 0",
    inputs: bar,
    parameters: { period: period(14) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "−100 (H − c) / (H − L), H the highest high and L the lowest low of n bars; 0 without range",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [-80, -20],
  }),
  cmo: indicator({
    kind: KIND_CMO,
    meaning: "Chande momentum oscillator, −100 to 100",
    inputs: close,
    parameters: {
      period: period(14),
      average: choice(["wilder", "sum"], "rises and falls in Wilder's averages, as in TA-Lib, or in plain sums"),
    },
    outputs: { value: (p) => p.period },
    source: TA_LIB,
    formula: "100 (G − L) / (G + L), G and L the RMAₙ of rises and falls, or their sums over n; 0 where both are 0",
    oracle: "TA-Lib; Stock.Indicators",
    levels: [-50, 50],
  }),
  ultimate: indicator({
    kind: KIND_ULTIMATE,
    meaning: "Ultimate oscillator, 0 to 100",
    inputs: bar,
    parameters: { short: period(7), middle: period(14), long: period(28) },
    outputs: { value: (p) => Math.max(p.short, p.middle, p.long) },
    source: TA_LIB,
    formula: "100 (4 A(short) + 2 A(middle) + A(long)) / 7, A(n) = Σₙ (c − min(l, c₋₁)) / Σₙ TR, 0 without range",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [30, 70],
  }),
  adaptiveRsi: indicator({
    kind: KIND_ADAPTIVE_RSI,
    meaning: "Relative strength index whose period shortens as volatility grows, 0 to 100, and that period",
    inputs: close,
    parameters: {
      period: period(14, 1, 10_000, "the period at the usual volatility"),
      shortest: period(5, 1, 10_000, "the least it becomes"),
      longest: period(30, 1, 10_000, "the most; it wins over the least"),
      deviation: period(5, 2, 10_000, "prices in the deviation that is the volatility"),
      smooth: period(10, 1, 10_000, "deviations whose mean is the usual one"),
    },
    outputs: { rsi: adaptiveWarmUp, effectivePeriod: adaptiveWarmUp },
    source: "Chande and Kroll 1994, with a period that is not rounded",
    formula:
      "nₜ = period × mean(σₜ₋ₛ₊₁ … σₜ) / σₜ within shortest … longest; gₜ = gₜ₋₁ + (max(Δx, 0) − gₜ₋₁) / nₜ, " +
      "lₜ the same of −Δx; 100 g / (g + l)",
    oracle: "the definition in numpy; rsi where shortest = longest = period",
    levels: [30, 70],
  }),
  divergence: indicator({
    kind: KIND_DIVERGENCE,
    meaning:
      "Regular divergence of price and relative strength index, told `right` inputs late: 1 bullish, −1 bearish, 0",
    inputs: close,
    parameters: {
      period: longPeriod(14),
      left: period(5, 1, 10_000, "inputs before a turn that it passes"),
      right: period(5, 1, 10_000, "inputs after a turn that do not pass it; so late it is known"),
      within: period(60, 1, 10_000, "inputs between two turns at most"),
    },
    outputs: { value: (p) => p.period + p.left + p.right },
    source: "Wilder 1978",
    formula:
      "turn at t: x(t) > x(t − left … t − 1) and ≥ x(t + 1 … t + right), lows with signs turned; −1: x(t) > x(t′) " +
      "and RSI(t) < RSI(t′) − 10⁻⁹ for the high t′ before; 1: x(t) < x(t′) and RSI(t) > RSI(t′) + 10⁻⁹ for lows",
    oracle: "scipy.signal.argrelextrema, with TA-Lib's RSI",
    levels: [0],
  }),
};

function strengthWarmUp(p: { readonly period: number; readonly seed: "sma" | "zero" }): number {
  return p.seed === "zero" ? 1 : p.period;
}

interface Adaptive {
  readonly period: number;
  readonly deviation: number;
  readonly smooth: number;
}

function adaptiveWarmUp(p: Adaptive): number {
  return Math.max(p.period, p.deviation + p.smooth - 2);
}
