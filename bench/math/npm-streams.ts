/**
 * The indicator libraries of npm, bar by bar as their users call them. Indicatorts has functions over whole arrays
 * alone: to follow a market with it, one computes the last bars anew at each. Each returns its last value.
 */
import * as indicatorts from "indicatorts";
import technicalIndicators from "technicalindicators";
import * as tradingSignals from "trading-signals";
import type { Bars } from "./series.js";

export type Follow = (bars: Bars) => number;
export const FOLLOWED = ["rsi", "macd", "atr", "bollinger"] as const;
export type Followed = (typeof FOLLOWED)[number];

/** Bars that indicatorts is given at each step: enough for the slow average of MACD to settle. */
export const WINDOW = 100;

const TRADING_SIGNALS: Readonly<Record<Followed, Follow>> = {
  rsi: ({ close }) => {
    const rsi = new tradingSignals.RSI(14);
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = rsi.update(close[bar], false) ?? 0;
    return value;
  },
  macd: ({ close }) => {
    const { EMA, MACD } = tradingSignals;
    const macd = new MACD(new EMA(12), new EMA(26), new EMA(9));
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = macd.update(close[bar], false)?.histogram ?? 0;
    return value;
  },
  atr: ({ high, low, close }) => {
    const atr = new tradingSignals.ATR(14);
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1)
      value = atr.update({ high: high[bar], low: low[bar], close: close[bar] }, false) ?? 0;
    return value;
  },
  bollinger: ({ close }) => {
    const bands = new tradingSignals.BollingerBands(20, 2);
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = bands.update(close[bar], false)?.upper ?? 0;
    return value;
  },
};

const TECHNICAL_INDICATORS: Readonly<Record<Followed, Follow>> = {
  rsi: ({ close }) => {
    const rsi = new technicalIndicators.RSI({ period: 14, values: [] });
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = rsi.nextValue(close[bar]) ?? 0;
    return value;
  },
  macd: ({ close }) => {
    const periods = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 };
    const simple = { SimpleMAOscillator: false, SimpleMASignal: false };
    const macd = new technicalIndicators.MACD({ ...periods, ...simple, values: [] });
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = macd.nextValue(close[bar])?.histogram ?? 0;
    return value;
  },
  atr: ({ high, low, close }) => {
    const atr = new technicalIndicators.ATR({ period: 14, high: [], low: [], close: [] });
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1)
      value = atr.nextValue({ high: high[bar], low: low[bar], close: close[bar] }) ?? 0;
    return value;
  },
  bollinger: ({ close }) => {
    const bands = new technicalIndicators.BollingerBands({ period: 20, stdDev: 2, values: [] });
    let value = 0;
    for (let bar = 0; bar < close.length; bar += 1) value = bands.nextValue(close[bar])?.upper ?? 0;
    return value;
  },
};

const INDICATORTS: Readonly<Record<Followed, Follow>> = {
  rsi: ({ close }) => overWindows([close], ([closes]) => indicatorts.rsi(closes, { period: 14 }).at(-1)!),
  macd: ({ close }) =>
    overWindows([close], ([closes]) => indicatorts.macd(closes, { fast: 12, slow: 26, signal: 9 }).macdLine.at(-1)!),
  atr: ({ high, low, close }) =>
    overWindows([high, low, close], ([highs, lows, closes]) => {
      return indicatorts.atr(highs, lows, closes, { period: 14 }).atrLine.at(-1)!;
    }),
  bollinger: ({ close }) => overWindows([close], ([closes]) => indicatorts.bb(closes, { period: 20 }).upper.at(-1)!),
};

/** By library. */
export const LIBRARIES = {
  "trading-signals": TRADING_SIGNALS,
  technicalindicators: TECHNICAL_INDICATORS,
  indicatorts: INDICATORTS,
} as const;
export type Library = keyof typeof LIBRARIES;

function overWindows(series: readonly Float64Array[], compute: (windows: number[][]) => number): number {
  const windows = series.map((values) => Array.from(values.subarray(0, WINDOW)));
  let value = 0;
  for (let bar = WINDOW; bar < series[0].length; bar += 1) {
    for (let index = 0; index < windows.length; index += 1) {
      windows[index].shift();
      windows[index].push(series[index][bar]);
    }
    value = compute(windows);
  }
  return value;
}
