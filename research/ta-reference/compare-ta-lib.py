"""Compares every indicator that TA-Lib also has with it, over whole series, and prints the worst error of each.

A development check, not a test: `python -m venv V && V/bin/pip install numpy TA-Lib`, then
`V/bin/python research/ta-reference/compare-ta-lib.py` from a built checkout. The error of an output is the largest
|ours − theirs| from the first valid index on, over the largest |theirs| or, for differences of prices, the largest
price; the first valid indices must be the same. Exits 1 when an error passes 1e-9.
"""

import json
import subprocess
import sys

import numpy as np
import talib

LENGTH = 5000
LIMIT = 1e-9

generator = np.random.default_rng(7)
close = 100 * np.exp(np.cumsum(generator.normal(0, 0.01, LENGTH)))
open_ = close * np.exp(generator.normal(0, 0.004, LENGTH))
high = np.maximum(open_, close) * np.exp(np.abs(generator.normal(0, 0.004, LENGTH)))
low = np.minimum(open_, close) * np.exp(-np.abs(generator.normal(0, 0.004, LENGTH)))
volume = np.round(generator.lognormal(10, 1, LENGTH))
SERIES = {"open": open_, "high": high, "low": low, "close": close, "volume": volume, "value": close, "other": open_}

# Name here, parameters here, outputs here, theirs.
CASES = [
    ("sma", {"period": 20}, ["value"], lambda: talib.SMA(close, 20)),
    ("ema", {"period": 20}, ["value"], lambda: talib.EMA(close, 20)),
    ("wma", {"period": 20}, ["value"], lambda: talib.WMA(close, 20)),
    ("dema", {"period": 20}, ["value"], lambda: talib.DEMA(close, 20)),
    ("tema", {"period": 20}, ["value"], lambda: talib.TEMA(close, 20)),
    ("trima", {"period": 20}, ["value"], lambda: talib.TRIMA(close, 20)),
    ("trima", {"period": 21}, ["value"], lambda: talib.TRIMA(close, 21)),
    ("t3", {"period": 5, "volume": 0.7}, ["value"], lambda: talib.T3(close, 5, 0.7)),
    ("kama", {"period": 10}, ["value"], lambda: talib.KAMA(close, 10)),
    ("mama", {}, ["mama", "fama"], lambda: talib.MAMA(close, 0.5, 0.05)),
    ("lsma", {"period": 14}, ["value"], lambda: talib.LINEARREG(close, 14)),
    ("rsi", {"period": 14}, ["value"], lambda: talib.RSI(close, 14)),
    ("rsi", {"period": 2}, ["value"], lambda: talib.RSI(close, 2)),
    ("macd", {}, ["macd", "signal", "histogram"], lambda: talib.MACD(close, 12, 26, 9)),
    ("ppo", {}, ["ppo"], lambda: talib.PPO(close, 12, 26, 1)),
    ("roc", {"period": 10}, ["value"], lambda: talib.ROC(close, 10)),
    ("momentum", {"period": 10}, ["value"], lambda: talib.MOM(close, 10)),
    ("stochastic", {"period": 5}, ["k", "d"], lambda: talib.STOCH(high, low, close, 5, 3, 0, 3, 0)),
    ("stochastic", {"period": 5, "smooth": 1}, ["k", "d"], lambda: talib.STOCHF(high, low, close, 5, 3, 0)),
    (
        "stochasticRsi",
        {"stochastic": 5},
        ["k", "d"],
        lambda: talib.STOCHRSI(close, 14, 5, 3, 0),
    ),
    ("cci", {"period": 14}, ["value"], lambda: talib.CCI(high, low, close, 14)),
    ("williamsR", {"period": 14}, ["value"], lambda: talib.WILLR(high, low, close, 14)),
    ("cmo", {"period": 14}, ["value"], lambda: talib.CMO(close, 14)),
    ("trix", {"period": 15}, ["value"], lambda: talib.TRIX(close, 15)),
    ("ultimate", {}, ["value"], lambda: talib.ULTOSC(high, low, close, 7, 14, 28)),
    ("aroon", {"period": 14}, ["down", "up"], lambda: talib.AROON(high, low, 14)),
    ("aroon", {"period": 14}, ["oscillator"], lambda: talib.AROONOSC(high, low, 14)),
    ("adx", {"period": 14}, ["adx"], lambda: talib.ADX(high, low, close, 14)),
    ("adx", {"period": 14}, ["adxr"], lambda: talib.ADXR(high, low, close, 14)),
    ("adx", {"period": 14}, ["dx"], lambda: talib.DX(high, low, close, 14)),
    ("adx", {"period": 14}, ["plusDi"], lambda: talib.PLUS_DI(high, low, close, 14)),
    ("adx", {"period": 14}, ["minusDi"], lambda: talib.MINUS_DI(high, low, close, 14)),
    ("trueRange", {}, ["value"], lambda: talib.TRANGE(high, low, close)),
    ("atr", {"period": 14}, ["value"], lambda: talib.ATR(high, low, close, 14)),
    ("natr", {"period": 14}, ["value"], lambda: talib.NATR(high, low, close, 14)),
    ("bollinger", {"period": 20}, ["upper", "middle", "lower"], lambda: talib.BBANDS(close, 20, 2.0, 2.0, 0)),
    ("obv", {}, ["value"], lambda: talib.OBV(close, volume)),
    ("ad", {}, ["value"], lambda: talib.AD(high, low, close, volume)),
    ("chaikin", {}, ["value"], lambda: talib.ADOSC(high, low, close, volume, 3, 10)),
    ("mfi", {"period": 14}, ["value"], lambda: talib.MFI(high, low, close, volume, 14)),
    ("parabolicSar", {}, ["value"], lambda: talib.SAR(high, low, 0.02, 0.2)),
    ("linearRegression", {"period": 14}, ["slope"], lambda: talib.LINEARREG_SLOPE(close, 14)),
    ("linearRegression", {"period": 14}, ["intercept"], lambda: talib.LINEARREG_INTERCEPT(close, 14)),
    ("variance", {"period": 20}, ["value"], lambda: talib.VAR(close, 20, 1.0)),
    ("correlation", {"period": 30}, ["value"], lambda: talib.CORREL(close, open_, 30)),
    ("extremes", {"period": 30}, ["highest"], lambda: talib.MAX(close, 30)),
    ("extremes", {"period": 30}, ["lowest"], lambda: talib.MIN(close, 30)),
    ("extremes", {"period": 30}, ["midpoint"], lambda: talib.MIDPOINT(close, 30)),
    ("deviation", {"period": 20}, ["value"], lambda: talib.STDDEV(close, 20, 1.0)),
]

RUN = """
import { readFileSync } from "node:fs";
import { createIndicators, createMathCore, table } from "./dist/wasm/index.js";
const { series, cases } = JSON.parse(readFileSync(0, "utf8"));
const ta = createIndicators(createMathCore());
const results = cases.map(([name, options]) => {
  const result = ta[name](...table[name].inputs.map((input) => Float64Array.from(series[input])), options);
  const outputs = result instanceof Float64Array ? { value: result } : result;
  return Object.fromEntries(Object.entries(outputs).map(([output, values]) => [output, [...values]]));
});
console.log(JSON.stringify(results));
"""


def ours():
    """What the built checkout gives for every case, None where it has NaN."""
    text = json.dumps(
        {"series": {name: list(values) for name, values in SERIES.items()}, "cases": [case[:2] for case in CASES]}
    )
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", RUN], input=text, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def main():
    failed = 0
    for (name, options, outputs, theirs), results in zip(CASES, ours()):
        expected = theirs()
        expected = [expected] if isinstance(expected, np.ndarray) else expected
        for output, values in zip(outputs, expected):
            mine = np.array([np.nan if each is None else each for each in results[output]])
            first = int(np.argmax(~np.isnan(values)))
            here = int(np.argmax(~np.isnan(mine)))
            # TA-Lib keeps every output back until the last is ready, so it may begin later.
            valid = values[first:]
            scale = max(np.abs(valid).max(), close.max() if name in ("macd", "momentum", "deviation") else 0)
            error = np.abs(mine[first:] - valid).max() / scale
            good = error <= LIMIT and here <= first
            failed += not good
            print(f"{name:14} {output:10} {str(options):44} first {here:3} {first:3}  worst {error:.1e}{'' if good else '  FAILS'}")
    sys.exit(1 if failed else 0)


main()
