/** The table of momentum indicators. Each tells how fast, how far or how one-sidedly a price has moved. */
import {
  KIND_ADAPTIVE_RSI,
  KIND_ADX,
  KIND_AROON,
  KIND_AWESOME,
  KIND_CCI,
  KIND_CMO,
  KIND_DIVERGENCE,
  KIND_KST,
  KIND_MACD,
  KIND_MOMENTUM,
  KIND_PPO,
  KIND_ROC,
  KIND_RSI,
  KIND_STOCHASTIC,
  KIND_STOCHASTIC_RSI,
  KIND_TRIX,
  KIND_TSI,
  KIND_ULTIMATE,
  KIND_VORTEX,
  KIND_WILLIAMS_R,
} from "./kinds.js";
import { choice, indicator, longPeriod, period } from "./spec.js";

const close = ["close"] as const;
const bar = ["high", "low", "close"] as const;
const TA_LIB = "TA-Lib, unstable period 0";
const CHART_SCHOOL = "StockCharts ChartSchool";

const convergence = {
  fast: longPeriod(12),
  slow: longPeriod(26),
  signal: longPeriod(9),
  seed: choice(
    ["together", "apart", "first"],
    "averages begin with their means, both at the slow one's, each at its own; or with the first input",
  ),
} as const;

/** TA-Lib begins the averages of this one each on its own. */
const percentConvergence = { ...convergence, seed: { ...convergence.seed, default: "apart" } } as const;

const strengthSeed = choice(["sma", "zero"], "averages of rises and falls begin with their means, or with 0");

interface Convergence {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
  readonly seed: "together" | "apart" | "first";
}

function lineWarmUp({ fast, slow, seed }: Convergence): number {
  return seed === "first" ? 0 : Math.max(fast, slow) - 1;
}

function signalWarmUp(p: Convergence): number {
  return p.seed === "first" ? 0 : lineWarmUp(p) + p.signal - 1;
}

export const momentum = {
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
  macd: indicator({
    kind: KIND_MACD,
    meaning: "Moving average convergence and divergence",
    inputs: close,
    parameters: convergence,
    outputs: { macd: lineWarmUp, signal: signalWarmUp, histogram: signalWarmUp },
    source: TA_LIB,
    formula: "macd = EMA(x, fast) − EMA(x, slow); signal = EMA(macd, signal); histogram = macd − signal",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [0],
  }),
  ppo: indicator({
    kind: KIND_PPO,
    meaning: "Percentage price oscillator: MACD in percent of the slow average",
    inputs: close,
    parameters: percentConvergence,
    outputs: { ppo: lineWarmUp, signal: signalWarmUp, histogram: signalWarmUp },
    source: "TA-Lib with exponential averages",
    formula:
      "ppo = 100 (EMA(x, fast) − s) / s, s = EMA(x, slow), 0 where s is 0; signal = EMA(ppo, signal); histogram = " +
      "ppo − signal",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [0],
  }),
  roc: indicator({
    kind: KIND_ROC,
    meaning: "Rate of change, percent",
    inputs: close,
    parameters: { period: longPeriod(10) },
    outputs: { value: (p) => p.period },
    source: TA_LIB,
    formula: "100 (xₜ − xₜ₋ₙ) / xₜ₋ₙ; 0 where xₜ₋ₙ is 0",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [0],
  }),
  momentum: indicator({
    kind: KIND_MOMENTUM,
    meaning: "Change over a period",
    inputs: close,
    parameters: { period: longPeriod(10) },
    outputs: { value: (p) => p.period },
    source: TA_LIB,
    formula: "xₜ − xₜ₋ₙ",
    oracle: "TA-Lib; Stock.Indicators",
    levels: [0],
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
  tsi: indicator({
    kind: KIND_TSI,
    meaning: "True strength index, −100 to 100",
    inputs: close,
    parameters: { long: longPeriod(25), short: longPeriod(13), signal: longPeriod(7) },
    outputs: { tsi: (p) => p.long + p.short - 1, signal: (p) => p.long + p.short + p.signal - 2 },
    source: CHART_SCHOOL,
    formula:
      "tsi = 100 D(Δx) / D(|Δx|), D(z) = EMA(EMA(z, long), short), 0 of a flat series; signal = EMA(tsi, signal)",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
    levels: [0],
  }),
  trix: indicator({
    kind: KIND_TRIX,
    meaning: "Rate of change of a triple exponential average, percent",
    inputs: close,
    parameters: {
      period: longPeriod(15),
      seed: choice(["sma", "first"], "begins with the mean of the first period, or with the first input"),
      stages: choice(["sma", "first"], "the same of each average of an average"),
    },
    outputs: {
      value: (p) => 1 + (p.seed === "sma" ? p.period - 1 : 0) + (p.stages === "sma" ? 2 * (p.period - 1) : 0),
    },
    source: TA_LIB,
    formula: "100 (eₜ / eₜ₋₁ − 1), e = EMAₙ(EMAₙ(EMAₙ(x)))",
    oracle: "TA-Lib; Stock.Indicators",
    levels: [0],
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
  awesome: indicator({
    kind: KIND_AWESOME,
    meaning: "Awesome oscillator",
    inputs: ["high", "low"],
    parameters: { short: period(5), long: period(34) },
    outputs: { value: (p) => Math.max(p.short, p.long) - 1 },
    source: CHART_SCHOOL,
    formula: "SMA(m, short) − SMA(m, long), m = (h + l) / 2",
    oracle: "Stock.Indicators; the definition in numpy",
    levels: [0],
  }),
  aroon: indicator({
    kind: KIND_AROON,
    meaning: "Aroon: how lately the highest high and the lowest low came, 0 to 100, and their difference",
    inputs: ["high", "low"],
    parameters: { period: period(25), ties: choice(["newest", "oldest"], "which of equal extremes counts") },
    outputs: { up: (p) => p.period, down: (p) => p.period, oscillator: (p) => p.period },
    source: TA_LIB,
    formula:
      "up = 100 (n − bars since the highest high) / n, down = 100 (n − bars since the lowest low) / n, both over " +
      "n + 1 bars; oscillator = up − down",
    oracle: "TA-Lib; Stock.Indicators",
    levels: [0],
  }),
  adx: indicator({
    kind: KIND_ADX,
    meaning: "Average directional index, with +DI, −DI, DX and ADXR, 0 to 100",
    inputs: bar,
    parameters: {
      period: period(14, 2),
      convention: choice(["talib", "wilder"], "how sums begin and how far ADXR looks back; see the kernel"),
    },
    outputs: {
      plusDi: (p) => p.period,
      minusDi: (p) => p.period,
      dx: (p) => p.period,
      adx: (p) => 2 * p.period - 1,
      adxr: (p) => (p.convention === "talib" ? 3 * p.period - 2 : 3 * p.period - 1),
    },
    source: `${TA_LIB}; Wilder 1978`,
    formula:
      "S(z)ₜ = S(z)ₜ₋₁ (1 − 1 / n) + zₜ; plusDi, minusDi = 100 S(±DM) / S(TR); dx = 100 |plusDi − minusDi| / " +
      "(plusDi + minusDi); adx = RMAₙ(dx); adxr = (adxₜ + adxₜ₋ₖ) / 2, k = n − 1, or n in Wilder's convention",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    levels: [25],
  }),
  vortex: indicator({
    kind: KIND_VORTEX,
    meaning: "Vortex indicator",
    inputs: bar,
    parameters: { period: period(14) },
    outputs: { plus: (p) => p.period, minus: (p) => p.period },
    source: "Botes and Siepman 2010",
    formula: "plus = Σₙ |h − l₋₁| / Σₙ TR; minus = Σₙ |l − h₋₁| / Σₙ TR; 0 without range",
    oracle: "Stock.Indicators; ChartSchool's sheet; the definition in numpy",
  }),
  kst: indicator({
    kind: KIND_KST,
    meaning: "Know sure thing: weighted sum of four smoothed rates of change",
    inputs: close,
    parameters: {
      roc1: period(10),
      roc2: period(15),
      roc3: period(20),
      roc4: period(30),
      sma1: period(10),
      sma2: period(10),
      sma3: period(10),
      sma4: period(15),
      signal: period(9),
    },
    outputs: { kst: (p) => kstWarmUp(p), signal: (p) => kstWarmUp(p) + p.signal - 1 },
    source: CHART_SCHOOL,
    formula: "kst = Σ i · SMA(ROC(x, rocᵢ), smaᵢ), i = 1 … 4; signal = SMA(kst, signal)",
    oracle: "the definition in numpy",
    levels: [0],
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

function kstWarmUp(p: Readonly<Record<`${"roc" | "sma"}${1 | 2 | 3 | 4}`, number>>): number {
  return Math.max(p.roc1 + p.sma1, p.roc2 + p.sma2, p.roc3 + p.sma3, p.roc4 + p.sma4) - 1;
}

interface Adaptive {
  readonly period: number;
  readonly deviation: number;
  readonly smooth: number;
}

function adaptiveWarmUp(p: Adaptive): number {
  return Math.max(p.period, p.deviation + p.smooth - 2);
}
