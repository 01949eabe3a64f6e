"""Compares value at risk and expected shortfall with numpy, scipy and mpmath.

A development check, not a test: `python -m venv V && V/bin/pip install numpy scipy mpmath`, then
`V/bin/python research/reference/risk.py` from a built checkout. The oracles are written from the definitions: quantiles
by numpy, closed forms by scipy, tail means of the Cornish-Fisher cubic and of Student's distribution by quadrature,
gradients by differences with 50 digits. `--fixture FILE` writes the cases of the tests. Exits 1 beyond a limit.
"""

import json
import subprocess
import sys

import mpmath
import numpy as np
from scipy import integrate, stats

mpmath.mp.dps = 50

RUN = """
import { readFileSync } from "node:fs";
const folder = `file://${process.cwd()}/dist/wasm/risk/`;
const files = ["parametric", "cornish-fisher", "historical", "ewma", "monte-carlo", "moments", "normals"];
const modules = Object.assign({}, ...(await Promise.all(files.map((file) => import(`${folder}${file}.js`)))));
const array = (value) => (Array.isArray(value) ? Float64Array.from(value) : value);
const arrays = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, array(value)]));
const plain = (value) => (value instanceof Float64Array ? [...value] : value);
const results = JSON.parse(readFileSync(0, "utf8")).map(([name, source, options]) => {
  const result = modules[name](Array.isArray(source) ? array(source) : arrays(source), arrays(options));
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, plain(value)]));
});
console.log(JSON.stringify(results));
"""


def lcg(count, seed):
    state = seed
    for _ in range(count):
        state = state * 48271 % 2147483647
        yield state / 2147483647


def history(days, assets, seed):
    """Returns with fat tails, a common factor and different scales; six decimals, so that they print exactly."""
    u = np.fromiter(lcg(2 * days * (assets + 1), seed), float).reshape(2, days, assets + 1)
    shock = stats.t.ppf(0.001 + 0.998 * u[0], 4) * 0.006
    scale = 0.5 + np.arange(1, assets + 1) / assets
    return np.round(0.0003 + scale * (0.6 * shock[:, :1] + shock[:, 1:]), 6)


RETURNS = history(250, 4, 2026)
WEIGHTS = np.array([40_000.0, -15_000.0, 30_000.0, 25_000.0])


def scaled(horizon, mean, profit):
    return -(horizon * mean + np.sqrt(horizon) * (profit - mean))


def decomposed(horizon, weights, mean, quantile, shortfall):
    """From the mean, quantile and tail mean of every asset's return a unit held."""
    marginal = scaled(horizon, mean, quantile)
    shortfall_marginal = scaled(horizon, mean, shortfall)
    return {
        "valueAtRisk": float(weights @ marginal),
        "expectedShortfall": float(weights @ shortfall_marginal),
        "marginal": marginal.tolist(),
        "component": (weights * marginal).tolist(),
        "shortfallMarginal": shortfall_marginal.tolist(),
        "shortfallComponent": (weights * shortfall_marginal).tolist(),
    }


def tail_of(confidence, freedom):
    """Quantile and tail mean of the distribution of variance 1."""
    if freedom is None:
        z = stats.norm.ppf(1 - confidence)
        return z, -stats.norm.pdf(z) / (1 - confidence)
    scale = np.sqrt((freedom - 2) / freedom)
    level = mpmath.mpf(1) - mpmath.mpf(confidence)
    t = stats.t.ppf(1 - confidence, freedom)
    nu = mpmath.mpf(freedom)
    constant = mpmath.gamma((nu + 1) / 2) / (mpmath.gamma(nu / 2) * mpmath.sqrt(nu * mpmath.pi))
    density = lambda x: x * constant * (1 + x * x / nu) ** (-(nu + 1) / 2)
    return scale * t, scale * float(mpmath.quad(density, [-mpmath.inf, -30, -10, t]) / level)


def elliptical(mean, covariance, weights, confidence=0.95, horizon=1, freedom=None):
    quantile, shortfall = tail_of(confidence, freedom)
    loading = covariance @ weights / np.sqrt(weights @ covariance @ weights)
    return decomposed(horizon, weights, mean, mean + quantile * loading, mean + shortfall * loading)


def parametric(returns, weights, mean="sample", **options):
    drift = returns.mean(axis=0) if mean == "sample" else np.zeros(returns.shape[1])
    return elliptical(drift, np.atleast_2d(np.cov(returns.T)), weights, **options)


def ewma(returns, weights, decay=0.94, **options):
    ages = decay ** np.arange(len(returns))[::-1]
    covariance = (returns * ages[:, None]).T @ returns / ages.sum()
    return elliptical(np.zeros(returns.shape[1]), covariance, weights, **options)


def historical(returns, weights, confidence=0.95, horizon=1, decay=None):
    profits = returns @ weights
    ages = np.ones(len(returns)) if decay is None else decay ** np.arange(len(returns))[::-1]
    mean = ages @ returns / ages.sum()
    place = (len(returns) - 1) * (1 - confidence)
    place = round(place) if abs(place - round(place)) < 1e-9 else place
    order = np.argsort(profits)
    if decay is None:
        rank, rest = int(place), place - int(place)
        between = returns[order[rank]] * (1 - rest) + returns[order[min(rank + 1, len(order) - 1)]] * rest
        bound = np.quantile(profits, place / (len(returns) - 1))
    else:
        bound = np.quantile(profits, 1 - confidence, weights=ages, method="inverted_cdf")
        between = returns[np.flatnonzero(profits == bound)[0]]
    inside = profits <= bound + 1e-15 * abs(bound)
    shortfall = ages[inside] @ returns[inside] / ages[inside].sum()
    return decomposed(horizon, weights, mean, between, shortfall)


def cornish_fisher(returns, weights, confidence=0.95, horizon=1):
    """Gradients by differences of 10⁻²⁰ in numbers of 50 digits; the tail mean by quadrature over the normal tail."""
    rows = [[mpmath.mpf(float(each)) for each in row] for row in returns]
    level = mpmath.mpf(1) - mpmath.mpf(confidence)
    z = mpmath.sqrt(2) * mpmath.erfinv(2 * level - 1)
    powers = [
        mpmath.quad(lambda x, n=n: x**n * mpmath.npdf(x), [-mpmath.inf, -10, -5, z]) / level for n in range(4)
    ]

    def both(held):
        profits = [mpmath.fdot(row, held) for row in rows]
        count = len(profits)
        mean = mpmath.fsum(profits) / count
        second, third, fourth = (mpmath.fsum((p - mean) ** n for p in profits) / count for n in (2, 3, 4))
        s, k = third / second**1.5, fourth / second**2 - 3
        cubic = lambda one, x, square, cube: (
            x + (square - one) * s / 6 + (cube - 3 * x) * k / 24 - (2 * cube - 5 * x) * s**2 / 36
        )
        deviation = mpmath.sqrt(second * count / (count - 1))
        return mean + deviation * cubic(1, z, z**2, z**3), mean + deviation * cubic(*powers)

    held = [mpmath.mpf(float(each)) for each in weights]
    base, step = both(held), mpmath.mpf(10) ** -20
    gradients = []
    for asset in range(len(held)):
        moved = both([each + (step if index == asset else 0) for index, each in enumerate(held)])
        gradients.append([float((after - before) / step) for after, before in zip(moved, base)])
    quantile, shortfall = np.array(gradients).T
    return decomposed(horizon, weights, returns.mean(axis=0), quantile, shortfall)


def cases():
    """Name of the function, its arguments, the oracle's name, the limit, and what the oracle says."""
    covariance, mean = np.cov(RETURNS.T), RETURNS.mean(axis=0)
    settings = [{}, {"confidence": 0.99}, {"confidence": 0.975, "horizon": 10}]
    for each in settings:
        yield "parametric", RETURNS, each, "numpy, scipy.stats.norm", 1e-12, parametric(RETURNS, WEIGHTS, **each)
        yield "ewma", RETURNS, each, "numpy, scipy.stats.norm", 1e-12, ewma(RETURNS, WEIGHTS, **each)
        yield "historical", RETURNS, each, "numpy.quantile", 1e-12, historical(RETURNS, WEIGHTS, **each)
        aged = {**each, "decay": 0.98}
        yield "historical", RETURNS, aged, "numpy.quantile, weighted", 1e-12, historical(RETURNS, WEIGHTS, **aged)
        yield "cornishFisher", RETURNS, each, "mpmath", 1e-12, cornish_fisher(RETURNS, WEIGHTS, **each)
        for freedom in (2.5, 5, 40):
            oracle = parametric(RETURNS, WEIGHTS, freedom=freedom, **each)
            student = {**each, "distribution": "student", "freedom": freedom}
            yield "parametric", RETURNS, student, "scipy.stats.t, mpmath", 1e-9, oracle
    zero = {"mean": "zero"}
    yield "parametric", RETURNS, zero, "numpy, scipy.stats.norm", 1e-12, parametric(RETURNS, WEIGHTS, **zero)
    moments = {"covariance": covariance, "mean": mean}
    yield "parametric", moments, {}, "numpy, scipy.stats.norm", 1e-12, elliptical(mean, covariance, WEIGHTS)


def listed(source):
    if isinstance(source, dict):
        return {name: values.ravel().tolist() for name, values in source.items()}
    return source.ravel().tolist()


def ours(calls):
    """What the built checkout gives for every call."""
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", RUN],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def worst(result, expected):
    """The largest difference of any figure, relative to the largest of its array."""
    return max(
        float(np.max(np.abs(np.subtract(result[key], value))) / np.max(np.abs(value)))
        for key, value in expected.items()
    )


def rows():
    listing = list(cases())
    calls = [[name, listed(source), {**options, "weights": WEIGHTS.tolist()}] for name, source, options, *_ in listing]
    errors = {}
    for result, (name, _, _, oracle, limit, expected) in zip(ours(calls), listing):
        key = (name, oracle, limit)
        errors[key] = max(errors.get(key, 0), worst(result, expected))
    for (name, oracle, limit), error in errors.items():
        yield {"function": f"stats.var.{name}", "oracle": oracle, "error": error, "limit": limit, "note": ""}
    yield from simulated()
    yield jump()


def simulated():
    """The value at risk of 10⁶ paths, in standard errors of a sample quantile."""
    for freedom in (None, 5):
        expected = parametric(RETURNS, WEIGHTS, freedom=freedom)["valueAtRisk"]
        deviation = np.sqrt(WEIGHTS @ np.cov(RETURNS.T) @ WEIGHTS)
        if freedom is None:
            density, options = stats.norm.pdf(stats.norm.ppf(0.05)) / deviation, {}
        else:
            scale = deviation * np.sqrt((freedom - 2) / freedom)
            density = stats.t.pdf(stats.t.ppf(0.05, freedom), freedom) / scale
            options = {"distribution": "student", "freedom": freedom}
        options = {**options, "weights": WEIGHTS.tolist(), "seed": 7, "paths": 1_000_000}
        result = ours([["monteCarlo", listed(RETURNS), options]])[0]
        error = abs(result["valueAtRisk"] - expected) / (np.sqrt(0.05 * 0.95 / 1e6) / density)
        note = "in standard errors of the quantile"
        yield {"function": "stats.var.monteCarlo", "oracle": "closed form", "error": error, "limit": 3, "note": note}


def jump():
    """Whether the jump polynomial of the generator is 2¹²⁸ steps: the matrix of one step, squared 128 times."""
    mask = 2**64 - 1

    def step(s):
        s0, s1, s2, s3 = (s >> 64 * word & mask for word in range(4))
        shifted = s1 << 17 & mask
        s2, s3 = s2 ^ s0, s3 ^ s1
        s1, s0, s2 = s1 ^ s2, s0 ^ s3, s2 ^ shifted
        return s0 | s1 << 64 | s2 << 128 | (s3 << 45 & mask | s3 >> 19) << 192

    columns = [step(1 << bit) for bit in range(256)]
    apply = lambda matrix, vector: int(np.bitwise_xor.reduce([matrix[b] for b in range(256) if vector >> b & 1] or [0]))
    for _ in range(128):
        columns = [apply(columns, column) for column in columns]
    words = (0x180EC6D33CFD0ABA, 0xD5A61266F0C9392C, 0xA9582618E03FC9AA, 0x39ABDC4529B1661C)
    polynomial = sum(word << 64 * index for index, word in enumerate(words))
    start, state, jumped = 0x0123456789ABCDEF << 100 | 1, 0x0123456789ABCDEF << 100 | 1, 0
    for bit in range(256):
        jumped ^= state if polynomial >> bit & 1 else 0
        state = step(state)
    error = float(jumped != apply(columns, start))
    return {"function": "xoshiro256++ jump", "oracle": "matrix power", "error": error, "limit": 0, "note": "2^128 steps"}


def fixture():
    """The committed cases: few enough to read."""
    return {
        "source": "research/reference/risk.py --fixture; numbers of its own, results by numpy, scipy and mpmath",
        "licence": "Apache-2.0, as the rest of this repository",
        "weights": WEIGHTS.tolist(),
        "returns": RETURNS.ravel().tolist(),
        "cases": [
            {"function": name, "source": listed(source) if isinstance(source, dict) else "returns", "options": options}
            | {"oracle": oracle, "limit": limit, "expected": expected}
            for name, source, options, oracle, limit, expected in cases()
        ],
    }


if __name__ == "__main__":
    if "--fixture" in sys.argv:
        with open(sys.argv[sys.argv.index("--fixture") + 1], "w") as file:
            json.dump(fixture(), file, indent=1)
            file.write("\n")
        sys.exit(0)
    from compare import finish

    finish(rows)
