"""Compares every indicator that TA-Lib also has with it, over whole series.

A development check, not a test: `V/bin/pip install numpy TA-Lib`, then `V/bin/python research/reference/ta.py` from a
built checkout. Where TA-Lib keeps every output back until the last is ready, ours may begin sooner, never later.
"""

import numpy as np
import talib
from bars import close, high, indicators, low, open_, volume, worst

LIMIT = 1e-9
DIFFERENCES_OF_PRICES = ("macd", "momentum", "deviation")

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
    ("stochasticRsi", {"stochastic": 5}, ["k", "d"], lambda: talib.STOCHRSI(close, 14, 5, 3, 0)),
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


def rows():
    """One for each function: the worst of its cases and outputs."""
    errors = {}
    for (name, _, outputs, theirs), mine in zip(CASES, indicators([case[:2] for case in CASES])):
        expected = theirs()
        expected = [expected] if isinstance(expected, np.ndarray) else expected
        scale = close.max() if name in DIFFERENCES_OF_PRICES else 0.0
        found = [worst(mine[output], values, scale) for output, values in zip(outputs, expected)]
        errors[name] = max([errors.get(name, 0.0), *found])
    for name, error in errors.items():
        yield {"function": f"ta.{name}", "oracle": "TA-Lib", "error": error, "limit": LIMIT, "note": ""}


if __name__ == "__main__":
    from compare import finish

    finish(rows)
