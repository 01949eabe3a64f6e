"""Compares the indicators that TA-Lib lacks with their definitions, written plainly in numpy, pandas and scipy.

A development check, not a test: `V/bin/pip install numpy pandas scipy`, then
`V/bin/python research/reference/definitions.py` from a built checkout. Nothing here is taken from the kernels: windows
are cut whole, and every sum is taken afresh.
"""

import numpy as np
import pandas as pd
from bars import ask, ask_size, bid, bid_size, close, high, indicators, low, open_, price, returns, signed_volume
from bars import volume, worst
from numpy.lib.stride_tricks import sliding_window_view
from scipy import stats

LIMIT = 1e-9
typical = (high + low + close) / 3
middle = (high + low) / 2


def over(window, function, *series):
    """The function of every whole window of the series, behind as many NaN as a window lacks."""
    found = function(*[sliding_window_view(each, window) for each in series])
    return np.concatenate([np.full(window - 1, np.nan), found])


def late(function, values, *rest):
    """The function of what follows the leading NaN of a series, in its place."""
    first = int(np.argmax(~np.isnan(values)))
    return np.concatenate([np.full(first, np.nan), function(values[first:], *rest)])


def before(values, count=1):
    return np.concatenate([np.full(count, np.nan), values[:-count]])


def change(values):
    return values - before(values)


def mean(values, window):
    return late(lambda each: over(window, lambda cut: cut.mean(axis=1), each), values)


def total(values, window):
    return late(lambda each: over(window, lambda cut: cut.sum(axis=1), each), values)


def highest(values, window):
    return over(window, lambda cut: cut.max(axis=1), values)


def lowest(values, window):
    return over(window, lambda cut: cut.min(axis=1), values)


def weighted(values, window):
    weights = np.arange(1, window + 1)
    return late(lambda each: over(window, lambda cut: cut @ weights / weights.sum(), each), values)


def smoothed(values, alpha, seed):
    """An exponential average that begins with the mean of `seed` values."""

    def run(each):
        begun = np.concatenate([[each[:seed].mean()], each[seed:]])
        return np.concatenate([np.full(seed - 1, np.nan), pd.Series(begun).ewm(alpha=alpha, adjust=False).mean()])

    return late(run, values)


def ema(values, period):
    return smoothed(values, 2 / (period + 1), period)


def rma(values, period):
    return smoothed(values, 1 / period, period)


def roc(values, period):
    return 100 * (values / before(values, period) - 1)


def true_range():
    ranges = np.maximum(high, before(close)) - np.minimum(low, before(close))
    return np.concatenate([[np.nan], ranges[1:]])


def tsi():
    def twice(values):
        return ema(ema(values, 25), 13)

    line = 100 * twice(change(close)) / twice(np.abs(change(close)))
    return {"tsi": line, "signal": ema(line, 7)}


def kst():
    rates, means = (10, 15, 20, 30), (10, 10, 10, 15)
    line = sum((index + 1) * mean(roc(close, rate), means[index]) for index, rate in enumerate(rates))
    return {"kst": line, "signal": mean(line, 9)}


def vortex():
    ranges = total(true_range(), 14)
    plus, minus = np.abs(high - before(low)), np.abs(low - before(high))
    return {"plus": total(plus, 14) / ranges, "minus": total(minus, 14) / ranges}


def bands():
    center, width = mean(close, 20), 2 * over(20, lambda cut: cut.std(axis=1), close)
    return center - width, center, center + width


def keltner():
    center, width = ema(close, 20), 2 * rma(true_range(), 10)
    return {"upper": center + width, "middle": center, "lower": center - width}


def donchian():
    upper, lower = highest(high, 20), lowest(low, 20)
    return {"upper": upper, "middle": (upper + lower) / 2, "lower": lower}


def choppiness():
    # The first bar has no close before it, and no part.
    top = highest(np.maximum(high, before(close))[1:], 14)
    bottom = lowest(np.minimum(low, before(close))[1:], 14)
    path = total(true_range(), 14)[1:]
    return np.concatenate([[np.nan], 100 * np.log(path / (top - bottom)) / np.log(14)])


def ulcer():
    def depth(cut):
        peaks = np.maximum.accumulate(cut, axis=1)
        return 100 * np.sqrt((((cut - peaks) / peaks) ** 2).mean(axis=1))

    return over(14, depth, close)


def annual(variances):
    return np.sqrt(365 * variances)


def rogers_satchell():
    return np.log(high / close) * np.log(high / open_) + np.log(low / close) * np.log(low / open_)


def yang_zhang():
    def variance(values):
        return late(lambda each: over(20, lambda cut: cut.var(axis=1, ddof=1), each), values)

    k = 0.34 / (1.34 + 21 / 19)
    nights, days = np.log(open_ / before(close)), np.log(close / open_)
    # The first bar has no night, and no part.
    days[0] = np.nan
    ranges = rogers_satchell()
    ranges[0] = np.nan
    return annual(variance(nights) + k * variance(days) + (1 - k) * mean(ranges, 20))


def money_flow():
    return volume * ((close - low) - (high - close)) / (high - low)


def vwap():
    sums = np.cumsum(volume)
    line = np.cumsum(typical * volume) / sums
    squares = [(volume[: at + 1] * (typical[: at + 1] - line[at]) ** 2).sum() for at in range(len(line))]
    spread = np.sqrt(np.array(squares) / sums)
    return {"vwap": line, "upperBand": line + spread, "lowerBand": line - spread}


def ease():
    line = change(middle) * (high - low) * 1e8 / volume
    return {"emv": line, "average": mean(line, 14)}


def volume_indices():
    growth = close / before(close)
    moves = np.sign(change(volume))
    return {name: 1000 * np.cumprod(np.where(moves == side, growth, 1)) for name, side in (("nvi", -1), ("pvi", 1))}


def super_trend():
    width = 3 * rma(true_range(), 10)
    upper, lower = middle + width, middle - width
    line, direction = np.full(len(close), np.nan), np.full(len(close), np.nan)
    for at in range(10, len(close)):
        if at == 10:
            top, bottom, side = upper[at], lower[at], 1 if close[at] >= middle[at] else -1
        else:
            top = upper[at] if upper[at] < top or close[at - 1] > top else top
            bottom = lower[at] if lower[at] > bottom or close[at - 1] < bottom else bottom
        side = -1 if close[at] <= (bottom if side > 0 else top) else 1
        line[at], direction[at] = (bottom if side > 0 else top), side
    return {"superTrend": line, "direction": direction}


def ichimoku():
    def center(window):
        return (highest(high, window) + lowest(low, window)) / 2

    tenkan, kijun = center(9), center(26)
    spans = {"spanA": before((tenkan + kijun) / 2, 26), "spanB": before(center(52), 26)}
    return {"tenkan": tenkan, "kijun": kijun, **spans}


def heikin_ashi():
    closes = (open_ + high + low + close) / 4
    opens = np.empty(len(close))
    opens[0] = (open_[0] + close[0]) / 2
    for at in range(1, len(close)):
        opens[at] = (opens[at - 1] + closes[at - 1]) / 2
    highs, lows = np.maximum(high, np.maximum(opens, closes)), np.minimum(low, np.minimum(opens, closes))
    return {"open": opens, "high": highs, "low": lows, "close": closes}


def z_score():
    return over(20, lambda cut: (cut[:, -1] - cut.mean(axis=1)) / cut.std(axis=1), close)


def covariance():
    def product(one, two):
        return ((one - one.mean(axis=1)[:, None]) * (two - two.mean(axis=1)[:, None])).mean(axis=1)

    return over(20, product, close, open_)


def regression():
    lines = [stats.linregress(open_[at - 19 : at + 1], close[at - 19 : at + 1]) for at in range(19, len(close))]
    gap = np.full(19, np.nan)
    return {
        "beta": np.concatenate([gap, [line.slope for line in lines]]),
        "alpha": np.concatenate([gap, [line.intercept for line in lines]]),
    }


def autocorrelation():
    def share(cut):
        distances = cut - cut.mean(axis=1)[:, None]
        return (distances[:, 1:] * distances[:, :-1]).sum(axis=1) / (distances**2).sum(axis=1)

    return over(50, share, close)


def order_flow():
    bought = (bid >= before(bid)) * bid_size - (bid <= before(bid)) * before(bid_size)
    sold = (ask <= before(ask)) * ask_size - (ask >= before(ask)) * before(ask_size)
    return total(bought - sold, 50)


def amihud():
    return mean(np.abs(change(close) / before(close)) / (close * volume), 20)


def kyle():
    moves = change(price)
    volumes = np.concatenate([[np.nan], signed_volume[1:]])
    return total(moves * volumes, 50) / total(volumes**2, 50)


def tick_rule():
    signs = np.sign(np.nan_to_num(change(price)))
    return pd.Series(np.where(signs == 0, np.nan, signs)).ffill().fillna(0).to_numpy()


def lee_ready():
    center = (bid + ask) / 2
    return np.where(price > center, 1, np.where(price < center, -1, tick_rule()))


def bell():
    places = np.arange(9)
    weights = np.exp(-((places - 0.85 * 8) ** 2) / (2 * (9 / 6) ** 2))
    return over(9, lambda cut: cut @ weights / weights.sum(), close)


def case(name, theirs, oracle="numpy", options=None, inputs=None):
    """What the outputs of an indicator are to be: one series, or several by name. Inputs, where not the usual."""
    expected = theirs if isinstance(theirs, dict) else {"value": theirs}
    return {"name": name, "expected": expected, "oracle": oracle, "call": (name, options or {}, inputs)}


def cases():
    lower, center, upper = bands()
    log_returns = change(np.log(close))
    deviations = late(lambda each: over(20, lambda cut: cut.var(axis=1, ddof=1), each), log_returns)
    ranges, bodies = np.log(high / low) ** 2, np.log(close / open_) ** 2
    garman_klass = 0.5 * ranges - (2 * np.log(2) - 1) * bodies
    squares = pd.Series(returns**2).ewm(alpha=1 - 0.94, adjust=False).mean().to_numpy()
    return [
        case("rma", rma(close, 14), "pandas ewm"),
        case("hma", weighted(2 * weighted(close, 10) - weighted(close, 20), 4)),
        case("zlema", ema(2 * close - before(close, 9), 20), "pandas ewm"),
        case("alma", bell()),
        case("vwma", total(close * volume, 20) / total(volume, 20)),
        case("tsi", tsi(), "pandas ewm"),
        case("awesome", mean(middle, 5) - mean(middle, 34)),
        case("vortex", vortex()),
        case("kst", kst()),
        case("percentB", (close - lower) / (upper - lower)),
        case("bandwidth", (upper - lower) / center),
        case("keltner", keltner(), "pandas ewm"),
        case("donchian", donchian()),
        case("choppiness", choppiness()),
        case("ulcer", ulcer()),
        case("realisedVolatility", annual(deviations)),
        case("parkinson", annual(mean(ranges, 20) / (4 * np.log(2)))),
        case("garmanKlass", annual(mean(garman_klass, 20))),
        case("rogersSatchell", annual(mean(rogers_satchell(), 20))),
        case("yangZhang", yang_zhang()),
        case("cmf", total(money_flow(), 20) / total(volume, 20)),
        case("forceIndex", ema(change(close) * volume, 13), "pandas ewm"),
        case("vwap", vwap()),
        case("rollingVwap", total(typical * volume, 20) / total(volume, 20)),
        case("emv", ease()),
        case("volumeIndex", volume_indices()),
        case("superTrend", super_trend(), "pandas ewm"),
        case("ichimoku", ichimoku()),
        case("heikinAshi", heikin_ashi()),
        case("zScore", z_score()),
        case("skewness", over(20, lambda cut: stats.skew(cut, axis=1), close), "scipy.stats.skew"),
        case("kurtosis", over(20, lambda cut: stats.kurtosis(cut, axis=1), close), "scipy.stats.kurtosis"),
        case("quantile", over(20, lambda cut: np.quantile(cut, 0.3, axis=1), close), "numpy.quantile", {"share": 0.3}),
        case("covariance", covariance()),
        case("beta", regression(), "scipy.stats.linregress"),
        case("autocorrelation", autocorrelation()),
        case("ewmaVariance", squares, "pandas ewm", inputs=["return"]),
        case("imbalance", (bid_size - ask_size) / (bid_size + ask_size)),
        case("microprice", (bid * ask_size + ask * bid_size) / (bid_size + ask_size)),
        case("spread", {"spread": ask - bid, "share": (ask - bid) / ((bid + ask) / 2)}),
        case("orderFlowImbalance", order_flow()),
        case("kyleLambda", kyle()),
        case("amihud", amihud()),
        case("tickRule", tick_rule()),
        case("leeReady", lee_ready()),
    ]


def rows():
    compared = cases()
    for each, mine in zip(compared, indicators([each["call"] for each in compared])):
        error = max(worst(mine[output], values) for output, values in each["expected"].items())
        function, oracle = f"ta.{each['name']}", each["oracle"]
        yield {"function": function, "oracle": oracle, "error": error, "limit": LIMIT, "note": ""}


if __name__ == "__main__":
    from compare import finish

    finish(rows)
