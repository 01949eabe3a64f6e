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
    prices: ["value"],
  }),
  ema: indicator({
    kind: KIND_EXPONENTIAL,
    meaning: "Exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed },
    outputs: { value: (p) => seeded(p.period, p.seed) },
    source: TA_LIB,
    prices: ["value"],
  }),
  rma: indicator({
    kind: KIND_RMA,
    meaning: "Wilder's moving average, also called SMMA",
    inputs: close,
    parameters: { period: longPeriod(14), seed },
    outputs: { value: (p) => seeded(p.period, p.seed) },
    source: "Wilder 1978",
    prices: ["value"],
  }),
  wma: indicator({
    kind: KIND_WMA,
    meaning: "Linearly weighted moving average",
    inputs: close,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    prices: ["value"],
  }),
  dema: indicator({
    kind: KIND_DEMA,
    meaning: "Double exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed, stages },
    outputs: { value: (p) => seeded(p.period, p.seed) + seeded(p.period, p.stages) },
    source: TA_LIB,
    prices: ["value"],
  }),
  tema: indicator({
    kind: KIND_TEMA,
    meaning: "Triple exponential moving average",
    inputs: close,
    parameters: { period: longPeriod(20), seed, stages },
    outputs: { value: (p) => seeded(p.period, p.seed) + 2 * seeded(p.period, p.stages) },
    source: TA_LIB,
    prices: ["value"],
  }),
  t3: indicator({
    kind: KIND_T3,
    meaning: "Tillson's T3 moving average",
    inputs: close,
    parameters: { period: longPeriod(5), seed, stages, volume: factor(0.7, 0, 1, "how far it overshoots") },
    outputs: { value: (p) => seeded(p.period, p.seed) + 5 * seeded(p.period, p.stages) },
    source: TA_LIB,
    prices: ["value"],
  }),
  trima: indicator({
    kind: KIND_TRIMA,
    meaning: "Triangular moving average",
    inputs: close,
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: TA_LIB,
    prices: ["value"],
  }),
  hma: indicator({
    kind: KIND_HMA,
    meaning: "Hull moving average",
    inputs: close,
    parameters: { period: period(20, 2) },
    outputs: { value: (p) => p.period + Math.floor(Math.sqrt(p.period)) - 2 },
    source: "Hull 2005",
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
    prices: ["value"],
  }),
  zlema: indicator({
    kind: KIND_ZLEMA,
    meaning: "Zero-lag exponential moving average",
    inputs: close,
    parameters: { period: period(20), seed },
    outputs: { value: (p) => Math.floor((p.period - 1) / 2) + seeded(p.period, p.seed) },
    source: "Ehlers and Way 2010",
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
    prices: ["value"],
  }),
  vwma: indicator({
    kind: KIND_VWMA,
    meaning: "Volume-weighted moving average",
    inputs: ["close", "volume"],
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period - 1 },
    source: "StockCharts ChartSchool",
    prices: ["value"],
  }),
  lsma: indicator({
    kind: KIND_LSMA,
    meaning: "Least-squares moving average, the end of a linear regression",
    inputs: close,
    parameters: { period: period(25) },
    outputs: { value: (p) => p.period - 1 },
    source: "TA-Lib LINEARREG",
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
    prices: ["mama", "fama"],
  }),
};
