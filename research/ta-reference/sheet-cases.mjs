/**
 * Which columns of the ChartSchool sheets which indicator is to equal. `from` is the first row to compare, where the
 * sheet prints numbers before its own have settled: its MACD signal begins otherwise. `off` is how far a sheet
 * strays: that of the TSI rounds its smoothing factors to four digits.
 */
const bar = ["High", "Low", "Close"];
const first = { seed: "first" };

export const sheetCases = [
  { file: "cs-wma", indicator: "wma", options: { period: 9 }, inputs: ["Close"], outputs: { value: "WMA" }, from: 8 },
  { file: "cs-kama", indicator: "kama", options: { seed: "own" }, inputs: ["Close"], outputs: { value: "KAMA" } },
  { file: "cs-rsi", indicator: "rsi", options: { seed: "zero" }, inputs: ["Close"], outputs: { value: "RSI" } },
  {
    file: "cs-stochrsi",
    indicator: "stochasticRsi",
    options: { seed: "zero" },
    inputs: ["Close"],
    outputs: { k: "StochRSI(14)" },
    factor: 0.01,
  },
  {
    file: "cs-macd",
    indicator: "macd",
    options: first,
    inputs: ["Close"],
    outputs: { macd: "MACD_line" },
  },
  {
    file: "cs-macd",
    indicator: "macd",
    options: first,
    inputs: ["Close"],
    outputs: { signal: "MACD_signal", histogram: "MACD_diff" },
    from: 110,
  },
  {
    file: "cs-ppo",
    indicator: "ppo",
    options: first,
    inputs: ["Close"],
    outputs: { ppo: "PPO", signal: "PPO_Signal_Line", histogram: "PPO_Histogram" },
  },
  {
    file: "cs-pvo",
    indicator: "ppo",
    options: first,
    inputs: ["Volume"],
    outputs: { ppo: "PVO", signal: "PVO_Signal_Line", histogram: "PVO_Histogram" },
  },
  { file: "cs-roc", indicator: "roc", options: { period: 12 }, inputs: ["Close"], outputs: { value: "ROC" } },
  { file: "cs-percentr", indicator: "williamsR", inputs: bar, outputs: { value: "Williams_%R" } },
  { file: "cs-soo", indicator: "stochastic", options: { smooth: 1 }, inputs: bar, outputs: { k: "SO", d: "SO_SIG" } },
  { file: "cs-cci", indicator: "cci", inputs: bar, outputs: { value: "CCI" } },
  { file: "cs-tsi", indicator: "tsi", inputs: ["Close"], outputs: { tsi: "TSI" }, off: 0.02 },
  { file: "cs-ultosc", indicator: "ultimate", inputs: bar, outputs: { value: "Ult_Osc" } },
  {
    file: "cs-adx",
    indicator: "adx",
    options: { convention: "wilder" },
    inputs: bar,
    outputs: { plusDi: "+DI14", minusDi: "-DI14", dx: "DX", adx: "ADX" },
  },
  { file: "cs-vortex", indicator: "vortex", inputs: bar, outputs: { plus: "+VI14", minus: "-VI14" } },
  { file: "cs-atr", indicator: "atr", options: { first: "range" }, inputs: bar, outputs: { value: "ATR" }, from: 13 },
  {
    file: "cs-atr2",
    indicator: "atr",
    options: { period: 10, first: "range" },
    inputs: bar,
    outputs: { value: "ATR" },
    from: 9,
  },
  {
    file: "cs-bbands",
    indicator: "bollinger",
    inputs: ["Close"],
    outputs: { upper: "HighBand", middle: "MiddleBand", lower: "LowBand" },
  },
  { file: "cs-bbands", indicator: "percentB", inputs: ["Close"], outputs: { value: "PercentageBand" } },
  { file: "cs-bbands", indicator: "bandwidth", inputs: ["Close"], outputs: { value: "WidthBand" }, factor: 100 },
  {
    file: "cs-kc",
    indicator: "keltner",
    options: { ...first, first: "range" },
    inputs: bar,
    outputs: { upper: "upper_band", middle: "middle_band", lower: "lower_band" },
    from: 9,
  },
  {
    file: "cs-dc",
    indicator: "donchian",
    inputs: ["high", "low"],
    outputs: { upper: "upper_band", middle: "middle_band", lower: "lower_band" },
  },
  { file: "cs-ui", indicator: "ulcer", inputs: ["Close"], outputs: { value: "ulcer_index" } },
];
