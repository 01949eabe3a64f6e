"""Compares the special functions and distributions with mpmath at 40 digits, and the elementary functions too.

A development check, not a test: `V/bin/pip install mpmath scipy`, then `V/bin/python research/reference/special.py`
from a built checkout. The error is relative to the true value; where a function crosses 0 (the logarithm of the gamma
function at 1 and 2) it is relative to 1 near there. A value that is no normal double in truth is left out.
"""

import mpmath as mp
import numpy as np
from bars import array, node
from scipy import stats

mp.mp.dps = 40
CLOSED = 1e-12
SMALLEST = mp.mpf(2) ** -1022

generator = np.random.default_rng(11)
wide = np.concatenate([generator.normal(0, 2, 400), generator.uniform(-30, 30, 400), [0.0, -0.5, 0.5, 1e-9, -1e-9]])
tails = np.concatenate([wide, generator.uniform(-37.5, -5, 200)])
positive = np.concatenate([generator.uniform(0, 5, 300), 10.0 ** generator.uniform(-10, 10, 300)])
shares = np.concatenate([generator.uniform(0, 1, 400), 10.0 ** generator.uniform(-300, -1, 200)])
freedoms = [0.5, 1, 2, 3, 4.5, 10, 30, 200, 1e4]
arguments = np.concatenate([generator.normal(0, 2, 60), generator.uniform(-40, 40, 30)])
probabilities = np.concatenate([generator.uniform(0.001, 0.999, 60), [1e-8, 1e-5, 0.5, 1 - 1e-6]])

RUN = """
import { readFileSync } from "node:fs";
import { createMathCore } from "./dist/wasm/index.js";
const { special, libm } = createMathCore();
const calls = JSON.parse(readFileSync(0, "utf8"));
const all = { ...special, ...libm };
console.log(JSON.stringify(calls.map(([name, columns]) => columns[0].map((_, row) => {
  const value = all[name](...columns.map((column) => column[row]));
  return Number.isFinite(value) ? value : null;
}))));
"""


def normal_quantile(p):
    """The root of the distribution function, from scipy's value on."""
    p, guess = mp.mpf(p), mp.mpf(float(stats.norm.ppf(float(p))))
    for _ in range(4):
        guess -= (mp.ncdf(guess) - p) / mp.npdf(guess)
    return guess


def student_cdf(t, freedom):
    t, freedom = mp.mpf(t), mp.mpf(freedom)
    tail = mp.betainc(freedom / 2, mp.mpf(1) / 2, 0, freedom / (freedom + t * t), regularized=True) / 2
    return tail if t < 0 else 1 - tail


def student_density(t, freedom):
    t, freedom = mp.mpf(t), mp.mpf(freedom)
    scale = mp.gamma((freedom + 1) / 2) / (mp.sqrt(freedom * mp.pi) * mp.gamma(freedom / 2))
    return scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2)


def student_quantile(p, freedom):
    guess = mp.mpf(float(stats.t.ppf(float(p), float(freedom))))
    for _ in range(4):
        guess -= (student_cdf(guess, freedom) - mp.mpf(p)) / student_density(guess, freedom)
    return guess


def pairs(values):
    """Every value with every number of degrees of freedom."""
    return [np.repeat(values, len(freedoms)), np.tile(freedoms, len(values))]


# The function, what it is in truth, its arguments, and the least size that its error is taken relative to.
CASES = [
    ("erf", mp.erf, [wide], 0),
    ("erfc", mp.erfc, [np.concatenate([wide, generator.uniform(5, 26, 200)])], 0),
    ("lgamma", lambda x: mp.log(abs(mp.gamma(x))), [positive], 1),
    ("normalDensity", mp.npdf, [tails], 0),
    ("normalCdf", mp.ncdf, [tails], 0),
    ("normalQuantile", normal_quantile, [shares], 0),
    ("studentCdf", student_cdf, pairs(arguments), 0),
    ("studentQuantile", student_quantile, pairs(probabilities), 0),
    ("exp", mp.exp, [generator.uniform(-700, 700, 400)], 0),
    ("log", mp.log, [positive], 0),
    ("log1p", mp.log1p, [positive], 0),
    ("expm1", mp.expm1, [wide], 0),
    ("sin", mp.sin, [generator.uniform(-1e6, 1e6, 400)], 0),
    ("cos", mp.cos, [generator.uniform(-1e6, 1e6, 400)], 0),
    ("tanh", mp.tanh, [wide], 0),
    ("atan2", mp.atan2, [wide, wide[::-1]], 0),
    ("pow", mp.power, [positive, generator.uniform(-20, 20, len(positive))], 0),
]

# As users call them; the rest are those of a deterministic Math.
NAMES = {
    **{name: f"stats.special.{name}" for name in ("erf", "erfc", "lgamma")},
    **{"normalDensity": "stats.normal.density", "normalCdf": "stats.normal.cdf"},
    **{"normalQuantile": "stats.normal.quantile", "studentCdf": "stats.student.cdf"},
    "studentQuantile": "stats.student.quantile",
}


def relative(mine, theirs, least):
    if np.isnan(mine):
        return float("inf")
    if abs(theirs) < SMALLEST:
        return 0.0
    return float(abs(mp.mpf(float(mine)) - theirs) / max(abs(theirs), least))


def rows():
    found = node(RUN, [(name, [column.tolist() for column in columns]) for name, _, columns, _ in CASES])
    for (name, truth, columns, least), values in zip(CASES, found):
        errors = [
            relative(mine, truth(*[mp.mpf(float(each)) for each in given]), least)
            for mine, given in zip(array(values), zip(*columns))
        ]
        yield {"function": NAMES.get(name, f"Math.{name}"), "oracle": "mpmath", "error": max(errors), "limit": CLOSED, "note": ""}


if __name__ == "__main__":
    from compare import finish

    finish(rows)
