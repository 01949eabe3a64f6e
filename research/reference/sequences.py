"""Compares the indicators that go from event to event with their definitions, step by step in plain Python.

A development check, not a test: `V/bin/pip install numpy pandas scipy`, then
`V/bin/python research/reference/sequences.py` from a built checkout. Windows are cut whole and everything is taken
afresh at each step, with the default parameters of each indicator.
"""

import numpy as np
import pandas as pd
from bars import ask, bid, close, high, indicators, low, open_, price, signed_volume, volume, worst
from definitions import before, change, over, rma, total
from scipy import stats
from scipy.special import gammaln

LIMIT = 1e-9
COUNT = len(close)
nan = np.full(COUNT, np.nan)


def adaptive_rsi():
    deviations = over(5, lambda cut: cut.std(axis=1), close)
    usual = np.concatenate([np.full(4, np.nan), over(10, lambda cut: cut.mean(axis=1), deviations[4:])])
    lengths = np.clip(14 * usual / deviations, 5, 30)
    up, down = np.maximum(change(close), 0), np.maximum(-change(close), 0)
    gain, loss = up[1:15].mean(), down[1:15].mean()
    strength = nan.copy()
    for at in range(14, COUNT):
        if at > 14:
            gain += (up[at] - gain) / lengths[at]
            loss += (down[at] - loss) / lengths[at]
        strength[at] = 100 * gain / (gain + loss)
    return {"rsi": strength, "effectivePeriod": np.where(np.isnan(strength), np.nan, lengths)}


def turns(prices, strengths, left, right, within):
    """Where a high above the one before comes with less strength, told `right` inputs later."""
    found, last = np.zeros(COUNT, dtype=bool), None
    for at in range(14 + left, COUNT - right):
        isolated = prices[at] > prices[at - left : at].max() and prices[at] >= prices[at + 1 : at + right + 1].max()
        if not isolated:
            continue
        if last is not None and at - last <= within:
            found[at + right] = prices[at] > prices[last] and strengths[at] < strengths[last] - 1e-9
        last = at
    return found


def divergence():
    up, down = rma(np.maximum(change(close), 0), 14), rma(np.maximum(-change(close), 0), 14)
    strength = 100 * up / (up + down)
    told = np.where(turns(close, strength, 5, 5, 60), -1.0, np.where(turns(-close, -strength, 5, 5, 60), 1.0, 0.0))
    told[:24] = np.nan
    return told


def volatility_regime():
    deviations = over(20, lambda cut: cut.std(axis=1), np.diff(np.log(close), prepend=np.nan))
    regime, rank, state = nan.copy(), nan.copy(), 0
    for at in range(219, COUNT):
        window = deviations[at - 199 : at + 1]
        rank[at] = (stats.rankdata(window)[-1] - 1) / 199
        if state == 0 or (state > 0 and rank[at] < 0.8 - 0.05) or (state < 0 and rank[at] > 0.2 + 0.05):
            state = 1 if rank[at] > 0.8 else -1 if rank[at] < 0.2 else 0
        regime[at] = state
    return {"regime": regime, "rank": rank}


def profile(top, bottom, traded):
    """The bins of one window: each bar's volume over its range, by what it shares with a bin."""
    edges = np.linspace(bottom.min(), top.max(), 25)
    shared = np.minimum(top[:, None], edges[1:]) - np.maximum(bottom[:, None], edges[:-1])
    bins = (traded[:, None] * np.maximum(shared, 0) / (top - bottom)[:, None]).sum(axis=0)
    control = first = last = int(np.argmax(bins))
    held = bins[control]
    while held < 0.7 * bins.sum():
        above = bins[last + 1] if last < 23 else -np.inf
        below = bins[first - 1] if first > 0 else -np.inf
        if above >= below:
            last, held = last + 1, held + above
        else:
            first, held = first - 1, held + below
    return (edges[control] + edges[control + 1]) / 2, edges[last + 1], edges[first]


def volume_profile():
    rows = [np.full(3, np.nan)] * 49
    for at in range(49, COUNT):
        window = slice(at - 49, at + 1)
        rows.append(np.array(profile(high[window], low[window], volume[window])))
    return dict(zip(("pointOfControl", "valueHigh", "valueLow"), np.array(rows).T))


def pivot_points():
    pivot = (high + low + close) / 3
    above, below, reach = pivot - low, high - pivot, high - low
    ups = {"r1": pivot + above, "r2": pivot + reach, "r3": high + 2 * above, "r4": high + 3 * above}
    downs = {"s1": pivot - below, "s2": pivot - reach, "s3": low - 2 * below, "s4": low - 3 * below}
    return {"pivot": pivot, **ups, **downs}


def cusum():
    """Lopez de Prado's snippet 2.4, which keeps both sums."""
    rising = falling = 0.0
    rows = [[np.nan] * 3]
    for step in np.diff(close):
        rising, falling, event = max(0.0, rising + step), min(0.0, falling + step), 0
        if rising > 1:
            rising, event = 0.0, 1
        elif falling < -1:
            falling, event = 0.0, -1
        rows.append([event, rising, falling])
    return dict(zip(("event", "rising", "falling"), np.array(rows).T))


def kalman_level():
    level, variance, rows = close[0], 1.0, [(close[0], 1.0, 1.0)]
    for each in close[1:]:
        predicted = variance + 0.1
        gain = predicted / (predicted + 1)
        level, variance = level + gain * (each - level), (1 - gain) * predicted
        rows.append((level, variance, gain))
    return dict(zip(("level", "variance", "gain"), np.array(rows).T))


def hedge_ratio():
    """The filter as matrices: state, covariance, surprise and its variance."""
    state, spread, rows = np.zeros(2), np.zeros((2, 2)), []
    for at in range(COUNT):
        row = np.array([open_[at], 1.0])
        prior = spread + 1e-4 / (1 - 1e-4) * np.eye(2) if at > 0 else spread
        error, variance = close[at] - row @ state, row @ prior @ row + 1e-3
        gain = prior @ row / variance
        state = state + gain * error
        keep = np.eye(2) - np.outer(gain, row)
        spread = keep @ prior @ keep.T + 1e-3 * np.outer(gain, gain)
        rows.append([*state, error, np.sqrt(variance)])
    return dict(zip(("beta", "alpha", "residual", "deviation"), np.array(rows).T))


def half_life():
    lives, speeds = nan.copy(), nan.copy()
    for at in range(100, COUNT):
        window = close[at - 100 : at + 1]
        speeds[at] = -stats.linregress(window[:-1], np.diff(window)).slope
        lives[at] = min(np.log(2) / speeds[at], 1e6) if speeds[at] > 0 else 1e6
    return {"halfLife": lives, "reversion": speeds}


def rescaled_range(cut):
    """The mean over stretches, a row each, of the range of their sums about the mean over their deviation."""
    sums = np.cumsum(cut - cut.mean(axis=1)[:, None], axis=1)
    return ((sums.max(axis=1) - sums.min(axis=1)) / cut.std(axis=1)).mean()


def expected_range(length):
    steps = np.arange(1, length)
    scale = np.exp(gammaln((length - 1) / 2) - gammaln(length / 2)) / np.sqrt(np.pi)
    return scale * np.sqrt((length - steps) / steps).sum()


def hurst():
    lengths = [100, 50, 25, 12]
    offsets = np.array([np.sqrt(np.pi * length / 2) - expected_range(length) for length in lengths])
    moves = np.diff(np.log(close))
    plain, corrected = nan.copy(), nan.copy()
    for at in range(100, COUNT):
        window = moves[at - 100 : at]
        ranges = []
        for length in lengths:
            count = 100 // length
            ranges.append(rescaled_range(window[-count * length :].reshape(count, length)))
        plain[at] = np.polyfit(np.log(lengths), np.log(ranges), 1)[0]
        corrected[at] = np.polyfit(np.log(lengths), np.log(np.array(ranges) + offsets), 1)[0]
    return {"exponent": plain, "corrected": corrected}


def vpin():
    moves = change(price)
    shares = np.full(COUNT, np.nan)
    for at in range(50, COUNT):
        deviation = moves[at - 49 : at + 1].std()
        shares[at] = 2 * stats.norm.cdf(moves[at] / deviation) - 1 if deviation > 0 else 0
    flows, filled, flow, rows = [], 0.0, 0.0, []
    for at in range(COUNT):
        if np.isnan(shares[at]):
            rows.append([np.nan, np.nan])
            continue
        left = abs(signed_volume[at])
        while left >= 1000 - filled:
            flows.append(abs(flow + (1000 - filled) * shares[at]) / 1000)
            left -= 1000 - filled
            filled = flow = 0.0
        filled, flow = filled + left, flow + left * shares[at]
        newest = flows[-50:]
        rows.append([np.mean(newest) if newest else 0.0, len(newest)])
    return dict(zip(("vpin", "buckets"), np.array(rows).T))


def realised_spread():
    side, middle = np.sign(signed_volume), (bid + ask) / 2
    old_price, old_side, old_middle = before(price, 20), before(side, 20), before(middle, 20)
    kept = 2 * old_side * (old_price - middle)
    paid = 2 * old_side * (old_price - old_middle)
    parts = {"realised": kept, "effective": paid, "impact": paid - kept}
    return {name: total(each, 50) / 50 for name, each in parts.items()}


def weighted(values):
    return pd.Series(values).ewm(alpha=1 - 0.94, adjust=False).mean().to_numpy()


def cases():
    return [
        ("adaptiveRsi", adaptive_rsi(), "numpy"),
        ("divergence", divergence(), "numpy"),
        ("volatilityRegime", volatility_regime(), "scipy.stats.rankdata"),
        ("volumeProfile", volume_profile(), "numpy"),
        ("pivotPoints", pivot_points(), "numpy"),
        ("ewmaMean", weighted(close), "pandas ewm"),
        ("ewmaCovariance", weighted(close * open_), "pandas ewm"),
        ("cusum", cusum(), "snippet 2.4 in Python"),
        ("kalmanLevel", kalman_level(), "numpy"),
        ("hedgeRatio", hedge_ratio(), "numpy"),
        ("halfLife", half_life(), "scipy.stats.linregress"),
        ("hurst", hurst(), "numpy.polyfit"),
        ("vpin", vpin(), "numpy, scipy.stats.norm"),
        ("realisedSpread", realised_spread(), "numpy"),
    ]


def rows():
    compared = cases()
    for (name, theirs, oracle), mine in zip(compared, indicators([(name, {}, None) for name, _, _ in compared])):
        expected = theirs if isinstance(theirs, dict) else {"value": theirs}
        error = max(worst(mine[output], values) for output, values in expected.items())
        yield {"function": f"ta.{name}", "oracle": oracle, "error": error, "limit": LIMIT, "note": ""}


if __name__ == "__main__":
    from compare import finish

    finish(rows)
