/** The table of momentum indicators. Each tells how fast, how far or how one-sidedly a price has moved. */
import {
  KIND_ADX,
  KIND_AROON,
  KIND_AWESOME,
  KIND_KST,
  KIND_MACD,
  KIND_MOMENTUM,
  KIND_PPO,
  KIND_ROC,
  KIND_TRIX,
  KIND_TSI,
  KIND_VORTEX,
} from "./kinds.js";
import { oscillators } from "./oscillators.js";
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
  ...oscillators,
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
};

function kstWarmUp(p: Readonly<Record<`${"roc" | "sma"}${1 | 2 | 3 | 4}`, number>>): number {
  return Math.max(p.roc1 + p.sma1, p.roc2 + p.sma2, p.roc3 + p.sma3, p.roc4 + p.sma4) - 1;
}
