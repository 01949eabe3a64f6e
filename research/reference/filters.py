"""Compares Kalman filters, pivots and turns with other libraries, beside the plain definitions of sequences.py.

A development check, not a test: `V/bin/pip install numpy pandas scipy statsmodels mpmath TA-Lib`, then
`V/bin/python research/reference/filters.py` from a built checkout. Each is another way to the same numbers: a state
space model, matrices of fifty digits, running totals, every method of pivots.
"""

import mpmath
import numpy as np
import pandas as pd
import talib
from bars import LENGTH, close, high, indicators, low, open_, signed_volume, worst
from scipy import signal
from statsmodels.tsa.statespace.structural import UnobservedComponents

LIMIT = 1e-9


def pivots(period, offset):
    bars = pd.DataFrame({"high": high, "low": low}).rolling(period)
    top, bottom, last = (each.shift(offset).to_numpy() for each in (bars.high.max(), bars.low.min(), pd.Series(close)))
    middle, span = (top + bottom + last) / 3, top - bottom
    names = ["r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4"]
    standard = [2 * middle - bottom, 2 * middle - top, middle + span, middle - span]
    standard += [top + 2 * (middle - bottom), bottom - 2 * (top - middle)]
    standard += [3 * middle + top - 3 * bottom, 3 * middle + bottom - 3 * top]
    shares = [0.382, 0.618, 1, 1.618]
    fibonacci = [middle + sign * share * span for share in shares for sign in (1, -1)]
    camarilla = [last + sign * 1.1 / part * span for part in (12, 6, 4, 2) for sign in (1, -1)]
    woodie = standard_from((top + bottom + 2 * last) / 4, top, bottom)
    for method, levels in (("standard", standard), ("fibonacci", fibonacci), ("camarilla", camarilla), ("woodie", woodie)):
        pivot = (top + bottom + 2 * last) / 4 if method == "woodie" else middle
        yield method, {"pivot": pivot, **dict(zip(names, levels))}


def standard_from(pivot, top, bottom):
    """Woodie's levels, whose fourth lies a range beyond the third."""
    span = top - bottom
    third = [2 * pivot - 2 * bottom + top, 2 * pivot - 2 * top + bottom]
    return [2 * pivot - bottom, 2 * pivot - top, pivot + span, pivot - span, *third, third[0] + span, third[1] - span]


def kalman_level(ratio, noise):
    model = UnobservedComponents(close, "llevel", use_exact_diffuse=True)
    model.update([noise, ratio * noise])
    found = model.ssm.filter()
    return {"level": found.filtered_state[0], "variance": found.filtered_state_cov[0, 0]}


def hedge_ratio(delta, noise):
    """By whole matrices of fifty digits."""
    mpmath.mp.dps = 50
    state, spread = mpmath.matrix([0, 0]), mpmath.zeros(2)
    step = mpmath.mpf(delta) / (1 - mpmath.mpf(delta)) * mpmath.eye(2)
    rows = []
    for index in range(LENGTH):
        seen = mpmath.matrix([[1, mpmath.mpf(float(open_[index]))]])
        spread = spread + step if index > 0 else spread
        variance = (seen * spread * seen.T)[0] + mpmath.mpf(noise)
        error = mpmath.mpf(float(close[index])) - (seen * state)[0]
        gain = spread * seen.T / variance
        state = state + gain * error
        spread = spread - gain * seen * spread
        rows.append([float(state[1]), float(state[0]), float(error), float(mpmath.sqrt(variance))])
    return dict(zip(["beta", "alpha", "residual", "deviation"], np.array(rows).T))


def vpin(bucket, buckets, shares):
    """From running totals: what lies in a bucket is the difference of the totals at its walls."""
    volumes = np.where(np.isnan(shares), 0, np.abs(signed_volume))
    ends = np.concatenate([[0], np.cumsum(volumes)])
    flows = np.concatenate([[0], np.cumsum(volumes * np.nan_to_num(shares))])
    full = np.abs(np.diff(np.interp(np.arange(0, ends[-1] + bucket, bucket), ends, flows))) / bucket
    result = []
    for share, end in zip(shares, ends[1:]):
        last = int(end // bucket)
        result.append(np.nan if np.isnan(share) else full[max(0, last - buckets) : last].mean() if last else 0.0)
    return np.array(result)


def divergence(wings, within):
    """Of turns that scipy finds, told as late as they are known."""
    rsi, told = talib.RSI(close, 14), np.zeros(LENGTH)
    for sign in (1, -1):
        turns = signal.argrelextrema(sign * close[14:], np.greater, order=wings, mode="clip")[0] + 14
        turns = turns[(turns >= 14 + wings) & (turns < LENGTH - wings)]
        for before, now in zip(turns, turns[1:]):
            isWeaker = sign * rsi[now] < sign * rsi[before] - 1e-9
            if now - before <= within and sign * close[now] > sign * close[before] and isWeaker:
                told[now + wings] = -sign
    told[: 14 + 2 * wings] = np.nan
    return told


def case(name, expected, oracle="numpy", options=None):
    outputs = expected if isinstance(expected, dict) else {"value": expected}
    return {"name": name, "call": [name, options or {}], "expected": outputs, "oracle": oracle}


def cases():
    by_sign = {"bucket": 500, "classification": "sign"}
    window = {"period": 20, "offset": 1}
    return [
        *[case("pivotPoints", each, "pandas", {**window, "method": method}) for method, each in pivots(20, 1)],
        case("kalmanLevel", kalman_level(0.3, 2), "statsmodels", {"ratio": 0.3, "noise": 2}),
        case("hedgeRatio", hedge_ratio(0.0001, 0.001), "mpmath"),
        case("vpin", {"vpin": vpin(500, 50, np.sign(signed_volume))}, "numpy", by_sign),
        case("divergence", divergence(5, 60), "scipy.signal.argrelextrema"),
    ]


def rows():
    compared = cases()
    for each, mine in zip(compared, indicators([each["call"] for each in compared])):
        error = max(worst(mine[output], values) for output, values in each["expected"].items())
        note = " ".join(f"{key} {value}" for key, value in each["call"][1].items())
        yield {"function": f"ta.{each['name']}", "oracle": each["oracle"], "error": error, "limit": LIMIT, "note": note}


if __name__ == "__main__":
    from compare import finish

    finish(rows)
