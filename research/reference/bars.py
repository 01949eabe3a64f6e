"""The bars that the comparisons compute over, and what the built checkout gives for them. No comparison of its own."""

import json
import subprocess

import numpy as np

LENGTH = 5000

generator = np.random.default_rng(7)
close = 100 * np.exp(np.cumsum(generator.normal(0, 0.01, LENGTH)))
open_ = close * np.exp(generator.normal(0, 0.004, LENGTH))
high = np.maximum(open_, close) * np.exp(np.abs(generator.normal(0, 0.004, LENGTH)))
low = np.minimum(open_, close) * np.exp(-np.abs(generator.normal(0, 0.004, LENGTH)))
volume = np.round(generator.lognormal(10, 1, LENGTH))
returns = np.diff(np.log(close), prepend=np.log(close[0]))
# Quotes and trades move by ticks, so that many of them stay where they are.
bid = np.round(close, 1)
ask = bid + np.round(0.1 + generator.exponential(0.1, LENGTH), 1)
bid_size = np.round(generator.lognormal(3, 1, LENGTH)) + 1
ask_size = np.round(generator.lognormal(3, 1, LENGTH)) + 1
price = np.round(bid + (ask - bid) * generator.integers(0, 3, LENGTH) / 2, 2)
signed_volume = np.round(generator.normal(0, 100, LENGTH))

SERIES = {
    **{"open": open_, "high": high, "low": low, "close": close, "volume": volume, "value": close, "other": open_},
    **{"bid": bid, "ask": ask, "bidSize": bid_size, "askSize": ask_size, "price": price, "return": returns},
    **{"signedVolume": signed_volume, "side": np.sign(signed_volume)},
}

RUN = """
import { readFileSync } from "node:fs";
import { createIndicators, createMathCore, table } from "./dist/wasm/index.js";
const { series, cases } = JSON.parse(readFileSync(0, "utf8"));
const ta = createIndicators(createMathCore());
const results = cases.map(([name, options, inputs]) => {
  const names = inputs ?? table[name].inputs;
  const result = ta[name](...names.map((input) => Float64Array.from(series[input])), options);
  const outputs = result instanceof Float64Array ? { value: result } : result;
  return Object.fromEntries(Object.entries(outputs).map(([output, values]) => [output, [...values]]));
});
console.log(JSON.stringify(results));
"""


def node(program, given):
    """Runs a module of the built checkout with JSON on its standard input, and reads the JSON that it prints."""
    command = ["node", "--input-type=module", "--eval", program]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def indicators(cases):
    """For each case of a name, options and perhaps inputs, its outputs by name, NaN in the warm-up."""
    series = {name: values.tolist() for name, values in SERIES.items()}
    results = node(RUN, {"series": series, "cases": cases})
    return [{name: array(values) for name, values in outputs.items()} for outputs in results]


def array(values):
    return np.array([np.nan if each is None else each for each in values], dtype=float)


def worst(mine, theirs, least_scale=0.0):
    """The largest difference from their first valid index on, over their largest value; infinite if ours is not there.

    A difference of prices is measured against the prices by `least_scale`: it cannot be more exact than they are.
    """
    first = int(np.argmax(~np.isnan(theirs)))
    valid, ours = theirs[first:], mine[first:]
    if np.isnan(ours).any():
        return float("inf")
    return float(np.abs(ours - valid).max() / max(np.abs(valid).max(), least_scale))
