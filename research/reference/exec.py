"""Compares the Almgren-Chriss trajectory with its closed forms in 60 digits, and writes the fixture of the tests.

A development check, not a test: `python -m venv V && V/bin/pip install mpmath`, then `V/bin/python
research/reference/exec.py` from a built checkout; `--fixture FILE` writes the expected values. Holdings, expected cost
and variance are those of sections 1 and 2 of the paper, computed twice here: by the closed forms and by the sums over
the trades. Nothing of them is shared with the kernels.
"""

import json
import subprocess
import sys

from mpmath import acosh, cosh, mp, mpf, sinh, sqrt, tanh

mp.dps = 60
LIMIT = 1e-12
DAY_US = 86_400_000_000

PAPER = {"lots": 1_000_000, "volatility": 0.95, "temporaryImpact": 2.5e-6, "permanentImpact": 2.5e-7, "fixedCost": 0.0625}
HOUR = {"lots": 4_000, "volatility": 900.0, "temporaryImpact": 3e-5, "permanentImpact": 1e-5, "fixedCost": 0.5}
# Parameters, slices, days, risk aversion.
CASES = (
    [(PAPER, 5, 5, lam) for lam in (0.0, 1e-12, 1e-9, 1e-8, 1e-7, 1e-6, 2e-6, 1e-4, 1.0)]
    + [(PAPER, 50, 5, 1e-6), (PAPER, 1000, 5, 1e-6), (PAPER, 1, 5, 1e-6), (PAPER, 200, 0.25, 1e-3)]
    + [(HOUR, slices, 1 / 24, lam) for slices in (12, 60) for lam in (1e-9, 1e-6, 1e-3)]
)


def closed_form(parameters, slices, days, risk_aversion):
    """κ, holdings, expected cost and variance of the trajectory in fractions of lots."""
    lots, sigma = mpf(parameters["lots"]), mpf(parameters["volatility"])
    eta, gamma, eps = (mpf(parameters[each]) for each in ("temporaryImpact", "permanentImpact", "fixedCost"))
    total = mpf(round(days * DAY_US)) / DAY_US
    tau = total / slices
    tilde = eta - gamma * tau / 2
    kappa = acosh(1 + tau**2 * mpf(risk_aversion) * sigma**2 / tilde / 2) / tau
    if kappa == 0:
        held = [lots * (slices - j) / slices for j in range(slices + 1)]
    else:
        held = [lots * sinh(kappa * (total - j * tau)) / sinh(kappa * total) for j in range(slices + 1)]
    trades = [before - after for before, after in zip(held, held[1:])]
    cost = gamma * lots**2 / 2 + eps * lots + tilde / tau * sum(each**2 for each in trades)
    variance = sigma**2 * tau * sum(each**2 for each in held[1:])
    if kappa != 0:
        check_sums(cost, variance, lots, sigma, gamma, eps, tilde, tau, total, kappa)
    return kappa, held, cost, variance


def check_sums(cost, variance, lots, sigma, gamma, eps, tilde, tau, total, kappa):
    """The paper's closed forms of both sums."""
    squeeze = tanh(kappa * tau / 2) * (tau * sinh(2 * kappa * total) + 2 * total * sinh(kappa * tau))
    closed = gamma * lots**2 / 2 + eps * lots + tilde * lots**2 * squeeze / (2 * tau**2 * sinh(kappa * total) ** 2)
    assert abs(closed / cost - 1) < mpf(10) ** -25
    spread = tau * sinh(kappa * total) * cosh(kappa * (total - tau)) - total * sinh(kappa * tau)
    closed = sigma**2 * lots**2 / 2 * spread / (sinh(kappa * total) ** 2 * sinh(kappa * tau))
    assert variance == 0 or abs(closed / variance - 1) < mpf(10) ** -25


def expected():
    """Each case with its closed form, as doubles."""
    made = []
    for parameters, slices, days, risk_aversion in CASES:
        kappa, held, cost, variance = closed_form(parameters, slices, days, risk_aversion)
        window = {**parameters, "slices": slices, "startUs": 0, "endUs": round(days * DAY_US)}
        kept = held if slices <= 60 else held[:: slices // 20]
        values = {"urgency": float(kappa), "holdings": [float(each) for each in kept]}
        values |= {"expectedCost": float(cost), "variance": float(variance)}
        made.append({"window": window, "riskAversion": risk_aversion, **values})
    return made


RUN = """
import { readFileSync } from "node:fs";
import { exec } from "./dist/wasm/exec/index.js";
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(({ window, riskAversion, holdings }) => {
  const plan = exec.shortfall({ ...window, riskAversion });
  const { expectedCost, variance, urgency } = exec.shortfallFrontier({
    ...window, riskAversions: Float64Array.of(riskAversion),
  });
  const every = (plan.holdings.length - 1) / (holdings.length - 1);
  return {
    holdings: holdings.map((_, at) => plan.holdings[at * every]),
    expectedCost: expectedCost[0], variance: variance[0], urgency: urgency[0],
  };
})));
"""


def ours(cases):
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", RUN], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def relative(mine, theirs):
    return abs(mine - theirs) if theirs == 0 else abs(mine / theirs - 1)


def rows():
    """One row for each quantity: the worst relative error of all cases, holdings down to a millionth of the parent."""
    cases = expected()
    results = ours(cases)
    worst = {"urgency": 0.0, "expectedCost": 0.0, "variance": 0.0, "holdings": 0.0}
    for case, result in zip(cases, results):
        for name in ("urgency", "expectedCost", "variance"):
            worst[name] = max(worst[name], relative(result[name], case[name]))
        for mine, theirs in zip(result["holdings"], case["holdings"]):
            if theirs > 1e-6 * case["window"]["lots"]:
                worst["holdings"] = max(worst["holdings"], relative(mine, theirs))
    for name, error in worst.items():
        function = "exec.shortfall" if name in ("holdings", "urgency") else "exec.shortfallFrontier"
        note = f"{name}, {len(cases)} cases"
        yield {"function": function, "oracle": "closed form, mpmath", "error": error, "limit": LIMIT, "note": note}


def write_fixture(path):
    fixture = {
        "source": "Almgren and Chriss, Optimal execution of portfolio transactions, 2000: closed forms in 60 digits",
        "licence": "values computed by research/reference/exec.py, Apache-2.0 as the project",
        "cases": expected(),
    }
    with open(path, "w", encoding="utf8") as file:
        file.write(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    from compare import finish

    if "--fixture" in sys.argv:
        write_fixture(sys.argv[sys.argv.index("--fixture") + 1])
    else:
        finish(rows)
