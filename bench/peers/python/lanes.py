"""TA-Lib's functions over many series, one call a series, as its users do it."""

import numpy as np
import talib

import series

BARS = 10_000
COUNTS = (8, 16, 64)
# Between the seeds of two series.
SEED_STEP = 1000


def lanes():
    """A function for each lane; it returns tables with a row a bar and a column a series, as arrays."""
    single = [series.bars(BARS, index * SEED_STEP) for index in range(max(COUNTS))]
    functions = {
        "sma": lambda bars: talib.SMA(bars["close"], 20),
        "ema": lambda bars: talib.EMA(bars["close"], 20),
        "rsi": lambda bars: talib.RSI(bars["close"], 14),
        "atr": lambda bars: talib.ATR(bars["high"], bars["low"], bars["close"], 14),
        "bollinger": lambda bars: talib.BBANDS(bars["close"], 20, 2.0, 2.0, 0),
    }
    found = {}
    for name, function in functions.items():
        for count in COUNTS:
            call = caller(function, single[:count])
            found[f"lanes-{name}-{count}"] = (call, BARS * count)
    return found


def caller(function, many):
    return lambda: [function(bars) for bars in many]


def rows(results):
    """The tables of a call's results: one, or one an output, each with a row a bar."""
    if isinstance(results[0], tuple):
        return [np.column_stack(output).ravel() for output in zip(*results)]
    return [np.column_stack(results).ravel()]
