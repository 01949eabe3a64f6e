"""Compares covariance estimators, GARCH(1,1) and backtests with numpy, scikit-learn, arch and scipy.

A development check, not a test: `python -m venv V && V/bin/pip install numpy scipy scikit-learn arch`, then
`V/bin/python research/reference/estimators.py` from a built checkout. `--fixture FILE` writes what they gave, for the
tests, over series that the tests make themselves.
"""

import json
import subprocess
import sys

import numpy as np
from arch import arch_model
from scipy import stats
from sklearn.covariance import LedoitWolf

ROWS, ASSETS, DAYS = 60, 4, 2000

RUN = """
import { readFileSync } from "node:fs";
import * as covariance from "./dist/wasm/risk/covariance.js";
import * as garch from "./dist/wasm/risk/garch.js";
import * as backtests from "./dist/wasm/risk/backtests.js";
const { panel, assets, returns, exceptions } = JSON.parse(readFileSync(0, "utf8"));
const matrix = Float64Array.from(panel);
const series = Float64Array.from(returns);
const days = Uint8Array.from(exceptions);
const shrunk = covariance.ledoitWolf(matrix, { assets });
const fit = garch.garchFit(series);
const zero = garch.garchFit(series, { mean: "zero" });
console.log(JSON.stringify({
  sample: [...covariance.sampleCovariance(matrix, { assets })],
  shrunk: [...shrunk.matrix],
  intensity: shrunk.intensity,
  decayed: [...covariance.ewmaCovariance(matrix, { assets })],
  fit: [fit.model.mean, fit.model.omega, fit.model.alpha, fit.model.beta],
  logLikelihood: fit.logLikelihood,
  variances: [...fit.variances],
  forecast: [...garch.garchForecast(fit, 10)],
  zero: [zero.model.omega, zero.model.alpha, zero.model.beta],
  kupiec: Object.values(backtests.kupiec(days, 0.95)),
  independence: Object.values(backtests.christoffersen(days)),
  coverage: Object.values(backtests.conditionalCoverage(days, 0.95)),
  binomial: backtests.trafficLight(days, 0.95).probability,
}));
"""


def uniforms(count, seed):
    state, values = seed, np.empty(count)
    for index in range(count):
        state = state * 48271 % 2147483647
        values[index] = state / 2147483647.0
    return values


def bells(count, seed):
    parts = [uniforms(count, seed + index) for index in range(4)]
    return parts[0] + parts[1] + parts[2] + parts[3] - 2.0


def panel():
    """Four assets with a common part, row after row."""
    common = bells(ROWS, 11)
    own = [bells(ROWS, 21 + 10 * asset) for asset in range(ASSETS)]
    return np.column_stack([0.01 * (common + (1 + asset) * own[asset]) for asset in range(ASSETS)])


def clustered():
    """Returns, in percent, whose variance follows GARCH(1,1) with omega 0.05, alpha 0.08 and beta 0.9."""
    noise = bells(DAYS, 71) * np.sqrt(3.0)
    returns = np.empty(DAYS)
    variance = 2.5
    for day in range(DAYS):
        returns[day] = np.sqrt(variance) * noise[day]
        variance = 0.05 + 0.08 * returns[day] ** 2 + 0.9 * variance
    return returns + 0.03


def exceptions():
    return [1 if value > 0.93 else 0 for value in uniforms(500, 91)]


def decayed(returns):
    weights = 0.94 ** np.arange(len(returns) - 1, -1, -1)
    return (returns * (weights / weights.sum())[:, None]).T @ returns


def log_likelihood(successes, trials, probability):
    return stats.binom.logpmf(successes, trials, probability) - stats.binom.logpmf(successes, trials, successes / trials)


def expected():
    returns, matrix, days = clustered(), panel(), exceptions()
    shrunk = LedoitWolf().fit(matrix)
    fit = arch_model(returns, rescale=False).fit(disp="off", tol=1e-14)
    zero = arch_model(returns, mean="Zero", rescale=False).fit(disp="off", tol=1e-14)
    count, total = sum(days), len(days)
    kupiec = -2 * log_likelihood(count, total, 0.05)
    moves = np.zeros((2, 2))
    for before, after in zip(days, days[1:]):
        moves[before, after] += 1
    pooled = moves[:, 1].sum() / moves.sum()
    independence = -2 * sum(log_likelihood(row[1], row.sum(), pooled) for row in moves)
    return {
        "sample": np.cov(matrix.T).ravel(),
        "shrunk": shrunk.covariance_.ravel(),
        "intensity": shrunk.shrinkage_,
        "decayed": decayed(matrix).ravel(),
        "fit": fit.params.values,
        "logLikelihood": fit.loglikelihood,
        "variances": fit.conditional_volatility**2,
        "forecast": fit.forecast(horizon=10).variance.values[-1],
        "zero": zero.params.values,
        "kupiec": [kupiec, stats.chi2.sf(kupiec, 1)],
        "independence": [independence, stats.chi2.sf(independence, 1)],
        "coverage": [kupiec + independence, stats.chi2.sf(kupiec + independence, 2)],
        "binomial": stats.binom.cdf(count, total, 0.05),
    }


ORACLES = {
    "sample": ("stats.covariance.sample", "numpy", 1e-12),
    "shrunk": ("stats.covariance.ledoitWolf", "scikit-learn", 1e-12),
    "intensity": ("stats.covariance.ledoitWolf, intensity", "scikit-learn", 1e-12),
    "decayed": ("stats.covariance.ewma", "numpy", 1e-12),
    "fit": ("stats.garch.fit", "arch", 1e-4),
    "logLikelihood": ("stats.garch.fit, log-likelihood", "arch", 1e-9),
    "variances": ("stats.garch.fit, variances", "arch", 1e-4),
    "forecast": ("stats.garch.forecast", "arch", 1e-4),
    "zero": ("stats.garch.fit, mean 0", "arch", 1e-4),
    "kupiec": ("stats.backtest.kupiec", "scipy", 1e-12),
    "independence": ("stats.backtest.christoffersen", "scipy", 1e-12),
    "coverage": ("stats.backtest.conditionalCoverage", "scipy", 1e-12),
    "binomial": ("stats.backtest.trafficLight", "scipy", 1e-12),
}


def ours():
    text = json.dumps(
        {"panel": list(panel().ravel()), "assets": ASSETS, "returns": list(clustered()), "exceptions": exceptions()}
    )
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", RUN], input=text, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def rows():
    found = ours()
    for name, values in expected().items():
        function, oracle, limit = ORACLES[name]
        theirs = np.atleast_1d(np.asarray(values, dtype=float))
        mine = np.atleast_1d(np.asarray(found[name], dtype=float))
        error = float(np.max(np.abs(mine - theirs) / np.maximum(np.abs(theirs), 1e-300)))
        yield {"function": function, "oracle": oracle, "error": error, "limit": limit, "note": ""}


def fixture():
    values = {name: np.atleast_1d(np.asarray(value)).tolist() for name, value in expected().items()}
    values["variances"] = values["variances"][:: DAYS // 20]
    return {"made": "research/reference/estimators.py --fixture; numpy, scikit-learn, arch, scipy", **values}


if __name__ == "__main__":
    if "--fixture" in sys.argv:
        with open(sys.argv[sys.argv.index("--fixture") + 1], "w") as file:
            json.dump(fixture(), file, indent=1)
            file.write("\n")
    failed = 0
    for row in rows():
        failed += row["error"] > row["limit"]
        print(f"{row['function']:45} {row['oracle']:14} {row['error']:.1e} (limit {row['limit']:.0e})")
    sys.exit(failed > 0)
