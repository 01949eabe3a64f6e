"""Compares the indicators that TA-Lib does not have with numpy, scipy, pandas, statsmodels and mpmath.

A development check, not a test: `python -m venv V && V/bin/pip install numpy scipy pandas statsmodels mpmath`, then
`V/bin/python research/reference/indicators.py` from a built checkout. The error of an output is the largest
|ours − theirs| from the first valid index on, over the larger of |theirs| and a unit: 1, or the price where the output is
one. Each oracle is another way to the same definition: whole windows, whole matrices, fifty digits.
"""

import json
import subprocess
import sys

import mpmath
import numpy as np
import pandas as pd
from scipy import special, stats
from statsmodels.tsa.statespace.structural import UnobservedComponents

LENGTH = 1200
LIMIT = 1e-9

generator = np.random.default_rng(41)
close = 100 * np.exp(np.cumsum(generator.normal(0, 0.01, LENGTH) * (1 + (np.arange(LENGTH) // 300) % 2)))
other = 20 + 0.7 * close + np.cumsum(generator.normal(0, 0.2, LENGTH))
high = close * np.exp(np.abs(generator.normal(0, 0.004, LENGTH)))
low = close * np.exp(-np.abs(generator.normal(0, 0.004, LENGTH)))
volume = np.round(generator.lognormal(5, 1, LENGTH))
side = generator.choice([-1.0, 1.0], LENGTH)
bid, ask = close - 0.02, close + 0.03
SERIES = {
    "close": close, "value": close, "price": close, "other": other, "high": high, "low": low, "volume": volume,
    "signedVolume": volume * side, "side": side, "bid": bid, "ask": ask,
}


def windows(values, period):
    """Rows of `period` values, NaN before the first is whole."""
    rows = np.lib.stride_tricks.sliding_window_view(values, period)
    return [None] * (period - 1) + list(rows)


def over(values, period, of):
    return np.array([np.nan if row is None or np.isnan(row).any() else of(row) for row in windows(values, period)])


def cusum(threshold, drift):
    """Lopez de Prado's filter, from the steps alone."""
    up, down, events = 0.0, 0.0, [np.nan]
    for step in np.diff(close):
        up, down = max(0.0, up + step - drift), min(0.0, down + step + drift)
        events.append(1.0 if up > threshold else -1.0 if down < -threshold else 0.0)
        up, down = (0.0 if up > threshold else up), (0.0 if down < -threshold else down)
    return np.array(events)


def kalman_level(ratio, noise):
    model = UnobservedComponents(close, "llevel", use_exact_diffuse=True)
    model.update([noise, ratio * noise])
    found = model.ssm.filter()
    return found.filtered_state[0], found.filtered_state_cov[0, 0]


def hedge_ratio(delta, noise):
    mpmath.mp.dps = 50
    state, spread = mpmath.matrix([0, 0]), mpmath.zeros(2)
    step = mpmath.mpf(delta) / (1 - mpmath.mpf(delta)) * mpmath.eye(2)
    rows = []
    for index in range(LENGTH):
        seen = mpmath.matrix([[1, mpmath.mpf(float(other[index]))]])
        spread = spread + step if index > 0 else spread
        variance = (seen * spread * seen.T)[0] + mpmath.mpf(noise)
        error = mpmath.mpf(float(close[index])) - (seen * state)[0]
        gain = spread * seen.T / variance
        state = state + gain * error
        spread = spread - gain * seen * spread
        rows.append([float(state[1]), float(state[0]), float(error), float(mpmath.sqrt(variance))])
    return np.array(rows).T


def reversion(row):
    design = np.column_stack([np.ones(len(row) - 1), row[:-1] - row[-1]])
    return -np.linalg.lstsq(design, np.diff(row), rcond=None)[0][1]


def rescaled(returns, size):
    count = len(returns) // size
    stretches = returns[len(returns) - count * size :].reshape(count, size)
    paths = np.cumsum(stretches - stretches.mean(axis=1, keepdims=True), axis=1)
    return np.mean((paths.max(axis=1) - paths.min(axis=1)) / stretches.std(axis=1))


def hurst(returns, corrected):
    sizes = [len(returns) >> power for power in range(20) if len(returns) >> power >= 8]
    ranges = []
    for size in sizes:
        steps = np.arange(1, size)
        factor = special.gamma((size - 1) / 2) / special.gamma(size / 2) / np.sqrt(np.pi)
        bias = np.sqrt(np.pi * size / 2) - factor * np.sum(np.sqrt((size - steps) / steps))
        ranges.append(rescaled(returns, size) + (bias if corrected else 0))
    return np.polyfit(np.log(sizes), np.log(ranges), 1)[0]


def vpin(bucket, buckets, shares):
    """From running totals: what lies in a bucket is a difference of the totals at its walls."""
    volumes = np.where(np.isnan(shares), 0, volume)
    ends = np.concatenate([[0], np.cumsum(volumes)])
    flows = np.concatenate([[0], np.cumsum(volumes * np.nan_to_num(shares))])
    walls = np.interp(np.arange(0, ends[-1], bucket), ends, flows)
    full = np.abs(np.diff(walls)) / bucket
    result = []
    for index, end in enumerate(ends[1:]):
        last = int(end // bucket)
        counted = full[max(0, last - buckets) : last]
        result.append(np.nan if np.isnan(shares[index]) else counted.mean() if last else 0.0)
    return np.array(result)


def bulk_shares(period):
    moves = np.concatenate([[np.nan], np.diff(close)])
    return 2 * special.ndtr(moves / over(moves, period, np.std)) - 1


def realised(horizon, period):
    middle = (bid + ask) / 2
    lost = lambda about: 2 * side[:-horizon] * (close[:-horizon] - about)
    both = [pd.Series(lost(about)).rolling(period).mean() for about in (middle[horizon:], middle[:-horizon])]
    pad = np.full(horizon, np.nan)
    kept, paid = (np.concatenate([pad, each]) for each in both)
    return kept, paid, paid - kept


def profile(period, bins, share):
    rows = np.full((LENGTH, 3), np.nan)
    for end in range(period - 1, LENGTH):
        part = slice(end - period + 1, end + 1)
        edges = np.linspace(low[part].min(), high[part].max(), bins + 1)
        reach = np.minimum(high[part, None], edges[1:]) - np.maximum(low[part, None], edges[:-1])
        held = (np.clip(reach, 0, None) / (high[part] - low[part])[:, None] * volume[part, None]).sum(axis=0)
        # Bins within rounding of the fullest are as full, and the lowest of them is it.
        middle = first = last = int(np.argmax(held >= held.max() * (1 - 1e-9)))
        while held[first : last + 1].sum() < share * held.sum():
            above = held[last + 1] if last + 1 < bins else -1
            below = held[first - 1] if first > 0 else -1
            first, last = (first, last + 1) if above >= below else (first - 1, last)
        rows[end] = (edges[middle] + edges[middle + 1]) / 2, edges[last + 1], edges[first]
    return rows.T


def adaptive(period, shortest, longest, deviation, smooth):
    spread = over(close, deviation, np.std)
    usual = over(spread, smooth, np.mean)
    length = np.clip(np.where(np.isnan(usual), period, period * usual / spread), shortest, longest)
    moves = np.diff(close)
    gain, loss = np.clip(moves, 0, None), np.clip(-moves, 0, None)
    up, down, rsi = gain[:period].mean(), loss[:period].mean(), np.full(LENGTH, np.nan)
    for index in range(period, LENGTH):
        weight = 0 if index == period else 1 / (length[index] if not np.isnan(usual[index]) else period)
        up, down = (1 - weight) * up + weight * gain[index - 1], (1 - weight) * down + weight * loss[index - 1]
        rsi[index] = 100 * up / (up + down)
    return rsi


def rank(period, history):
    variances = over(np.concatenate([[np.nan], np.diff(np.log(close))]), period, np.var)
    return over(variances, history, lambda row: (stats.rankdata(row)[-1] - 1) / (history - 1))


def ewm(values, decay):
    return pd.Series(values).ewm(alpha=1 - decay, adjust=False).mean().to_numpy()


# Name, parameters, oracle, the unit of errors, and outputs with what they are to equal.
def cases():
    level, variance = kalman_level(0.3, 2.0)
    beta, alpha, residual, deviation = hedge_ratio(0.0001, 0.001)
    kept, paid, impact = realised(20, 50)
    point, area_high, area_low = profile(50, 24, 0.7)
    speed = over(close, 101, reversion)
    returns = np.concatenate([[np.nan], np.diff(np.log(close))])
    yield "ewmaMean", {"lambda": 0.94}, "pandas", 1, {"value": ewm(close, 0.94)}
    yield "ewmaCovariance", {"lambda": 0.94}, "pandas", 1, {"value": ewm(close * other, 0.94)}
    yield "cusum", {"threshold": 3, "drift": 0.1}, "Python", 1, {"event": cusum(3, 0.1)}
    yield "kalmanLevel", {"ratio": 0.3, "noise": 2}, "statsmodels", 1, {"level": level, "variance": variance}
    yield "hedgeRatio", {}, "mpmath", 1, {"beta": beta, "alpha": alpha, "residual": residual, "deviation": deviation}
    yield "halfLife", {}, "numpy lstsq", 1, {"reversion": speed}
    exponents = {name: over(returns, 100, lambda row: hurst(row, name == "corrected")) for name in ("exponent", "corrected")}
    yield "hurst", {}, "numpy", 1, exponents
    yield "vpin", {"bucket": 500}, "numpy", 1, {"vpin": vpin(500, 50, bulk_shares(50))}
    yield "vpin", {"bucket": 500, "classification": "sign"}, "numpy", 1, {"vpin": vpin(500, 50, side)}
    yield "realisedSpread", {}, "pandas", 1, {"realised": kept, "effective": paid, "impact": impact}
    yield "volumeProfile", {}, "numpy", 1, {"pointOfControl": point, "valueHigh": area_high, "valueLow": area_low}
    yield "adaptiveRsi", {}, "numpy", 1, {"rsi": adaptive(14, 5, 30, 5, 10)}
    yield "volatilityRegime", {}, "scipy rankdata", 1, {"rank": rank(20, 250)}


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


def ours(each):
    series = {name: list(values) for name, values in SERIES.items()}
    text = json.dumps({"series": series, "cases": [case[:2] for case in each]})
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", RUN], input=text, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def rows():
    each = list(cases())
    for (name, options, oracle, unit, outputs), found in zip(each, ours(each)):
        for output, theirs in outputs.items():
            mine = np.array([np.nan if value is None else value for value in found[output]])
            first = int(np.argmax(~np.isnan(theirs)))
            here = int(np.argmax(~np.isnan(mine)))
            gaps = np.abs(mine[first:] - theirs[first:]) / np.maximum(np.abs(theirs[first:]), unit)
            note = " ".join(f"{key} {value}" for key, value in options.items())
            yield {
                "function": f"ta.{name}, {output}",
                "oracle": oracle,
                "error": float(np.max(gaps)) if here == first else float("inf"),
                "limit": LIMIT,
                "note": note if here == first else f"{note} begins at {here}, not {first}",
            }


if __name__ == "__main__":
    failed = 0
    for row in rows():
        failed += not row["error"] <= row["limit"]
        print(f"{row['function']:35} {row['oracle']:15} {row['error']:.1e} (limit {row['limit']:.0e}) {row['note']}")
    sys.exit(failed > 0)
