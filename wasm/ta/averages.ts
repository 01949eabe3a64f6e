/** The table of averages. Each follows a price with less noise and some delay. */
import {
  KIND_ALMA,
  KIND_DEMA,
  KIND_EXPONENTIAL,
  KIND_HMA,
  KIND_KAMA,
  KIND_LSMA,
  KIND_MAMA,
  KIND_RMA,
  KIND_SMA,
  KIND_T3,
  KIND_TEMA,
  KIND_TRIMA,
  KIND_VWMA,
  KIND_WMA,
  KIND_ZLEMA,
} from "./kinds.js";
import { choice, factor, indicator, longPeriod, period } from "./spec.js";

const close = ["close"] as const;
const TA_LIB = "TA-Lib, unstable period 0";

const seed = choice(["sma", "first"], "begins with the mean of the first period, or with the first input");
const stages = choice(["sma", "first"], "the same of each average of an average");

/** Inputs before an exponential average has a value. */
function seeded(length: number, how: "sma" | "first"): number {
  return how === "first" ? 0 : length - 1;
}

export const averages = {
  sma: indicator({
    kind: KIND_SMA,
    meaning: "Simple moving average",
    inputs: close,
    parameters: { period: longPeriod(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "Σₙ x / n",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  ema: indicator({
    kind: KIND_EXPONENTIAL,
    meaning: "Exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed },
    outputs: { value: (p) => seeded(p.period, p.seed) },
    source: TA_LIB,
    formula: "yₜ = yₜ₋₁ + α (xₜ − yₜ₋₁), α = 2 / (n + 1); begins with SMAₙ, or with x₀",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  rma: indicator({
    kind: KIND_RMA,
    meaning: "Wilder's moving average, also called SMMA",
    inputs: close,
    parameters: { period: longPeriod(14), seed },
    outputs: { value: (p) => seeded(p.period, p.seed) },
    source: "Wilder 1978",
    formula: "yₜ = (1 − 1 / n) yₜ₋₁ + xₜ / n; begins with SMAₙ, or with x₀",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["value"],
  }),
  wma: indicator({
    kind: KIND_WMA,
    meaning: "Linearly weighted moving average",
    inputs: close,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "Σ i xᵢ / Σ i, i = 1 … n, the newest input weighing n",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    prices: ["value"],
  }),
  dema: indicator({
    kind: KIND_DEMA,
    meaning: "Double exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed, stages },
    outputs: { value: (p) => seeded(p.period, p.seed) + seeded(p.period, p.stages) },
    source: TA_LIB,
    formula: "2 e₁ − e₂, e₁ = EMAₙ(x), e₂ = EMAₙ(e₁)",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  tema: indicator({
    kind: KIND_TEMA,
    meaning: "Triple exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed, stages },
    outputs: { value: (p) => seeded(p.period, p.seed) + 2 * seeded(p.period, p.stages) },
    source: TA_LIB,
    formula: "3 e₁ − 3 e₂ + e₃, e₁ = EMAₙ(x), eₖ = EMAₙ(eₖ₋₁)",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  t3: indicator({
    kind: KIND_T3,
    meaning: "Tillson's T3 moving average",
    inputs: close,
    parameters: { period: longPeriod(5), seed, stages, volume: factor(0.7, 0, 1, "how far it overshoots") },
    outputs: { value: (p) => seeded(p.period, p.seed) + 5 * seeded(p.period, p.stages) },
    source: TA_LIB,
    formula:
      "−w³ e₆ + 3 (w² + w³) e₅ − 3 (2 w² + w + w³) e₄ + (1 + 3 w + 3 w² + w³) e₃, e₁ = EMAₙ(x), eₖ = EMAₙ(eₖ₋₁), " +
      "w = volume",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  trima: indicator({
    kind: KIND_TRIMA,
    meaning: "Triangular moving average",
    inputs: close,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    formula: "SMAₐ(SMAₘ(x)); a = m = (n + 1) / 2 for an odd n, m = n / 2 and a = m + 1 for an even one",
    oracle: "TA-Lib",
    prices: ["value"],
  }),
  hma: indicator({
    kind: KIND_HMA,
    meaning: "Hull moving average",
    inputs: close,
    parameters: { period: period(20, 2) },
    outputs: { value: (p) => p.period + Math.floor(Math.sqrt(p.period)) - 2 },
    source: "Hull 2005",
    formula: "WMAₖ(2 WMAₘ(x) − WMAₙ(x)), m = ⌊n / 2⌋, k = ⌊√n⌋",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["value"],
  }),
  kama: indicator({
    kind: KIND_KAMA,
    meaning: "Kaufman's adaptive moving average",
    inputs: close,
    parameters: {
      period: period(10),
      fast: period(2, 1, 10_000, "period of the quickest average"),
      slow: period(30, 1, 10_000, "period of the slowest average"),
      seed: choice(["previous", "own"], "the first value follows from the input before it, or is its own input"),
    },
    outputs: { value: (p) => (p.seed === "own" ? p.period - 1 : p.period) },
    source: TA_LIB,
    formula:
      "yₜ = yₜ₋₁ + c² (xₜ − yₜ₋₁), c = e (f − s) + s, f = 2 / (fast + 1), s = 2 / (slow + 1), e = |xₜ − xₜ₋ₙ| / " +
      "Σₙ |Δx|, 1 where nothing changed; begins with xₙ₋₁",
    oracle: "TA-Lib; Stock.Indicators; ChartSchool's sheet",
    prices: ["value"],
  }),
  zlema: indicator({
    kind: KIND_ZLEMA,
    meaning: "Zero-lag exponential moving average",
    inputs: close,
    parameters: { period: period(20), seed },
    outputs: { value: (p) => Math.floor((p.period - 1) / 2) + seeded(p.period, p.seed) },
    source: "Ehlers and Way 2010",
    formula: "EMAₙ(2 xₜ − xₜ₋ₖ), k = ⌊(n − 1) / 2⌋",
    oracle: "the definition in numpy",
    prices: ["value"],
  }),
  alma: indicator({
    kind: KIND_ALMA,
    meaning: "Arnaud Legoux moving average",
    inputs: close,
    parameters: {
      period: period(9),
      offset: factor(0.85, 0, 1, "where in the window the bell of weights stands, 1 being the newest input"),
      sigma: factor(6, 0.1, 100, "how narrow the bell is"),
    },
    outputs: { value: (p) => p.period - 1 },
    source: "Legoux and Kouzis-Loukas 2009",
    formula: "Σ wᵢ xᵢ / Σ wᵢ, wᵢ = exp(−(i − m)² / (2 d²)), i = 0 … n − 1, m = offset · (n − 1), d = n / sigma",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["value"],
  }),
  vwma: indicator({
    kind: KIND_VWMA,
    meaning: "Volume-weighted moving average",
    inputs: ["close", "volume"],
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: "StockCharts ChartSchool",
    formula: "Σₙ c v / Σₙ v; SMAₙ(c) where no volume came",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["value"],
  }),
  lsma: indicator({
    kind: KIND_LSMA,
    meaning: "Least-squares moving average, the end of a linear regression",
    inputs: close,
    parameters: { period: period(25) },
    outputs: { value: (p) => p.period - 1 },
    source: "TA-Lib LINEARREG",
    formula: "3 WMAₙ(x) − 2 SMAₙ(x): the least-squares line at the newest input",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["value"],
  }),
  mama: indicator({
    kind: KIND_MAMA,
    meaning: "MESA adaptive moving average and its follower",
    inputs: close,
    parameters: {
      fastLimit: factor(0.5, 0.01, 0.99, "the largest share of an input"),
      slowLimit: factor(0.05, 0.01, 0.99, "the smallest share of an input"),
      start: choice(["zero", "mean"], "both begin with 0 after twelve inputs, or with the mean of the first six"),
    },
    outputs: { mama: (p) => (p.start === "mean" ? 5 : 32), fama: (p) => (p.start === "mean" ? 5 : 32) },
    source: `${TA_LIB}; Ehlers 2001`,
    formula:
      "mamaₜ = a xₜ + (1 − a) mamaₜ₋₁; famaₜ = a / 2 · mamaₜ + (1 − a / 2) famaₜ₋₁; a = max(fastLimit / f, " +
      "slowLimit), fastLimit for f ≤ 1; f is the fall, in degrees, of the phase arctan(Q / I) of the Hilbert " +
      "transform of (4 xₜ + 3 xₜ₋₁ + 2 xₜ₋₂ + xₜ₋₃) / 10",
    oracle: "TA-Lib; Stock.Indicators",
    prices: ["mama", "fama"],
  }),
};
