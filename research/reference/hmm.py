"""Compares hidden Markov models with hmmlearn, on models and series drawn here.

A development check, not a test: `python -m venv V && V/bin/pip install numpy hmmlearn mpmath`, then
`V/bin/python research/reference/hmm.py` from a built checkout. hmmlearn runs without its prior on variances, so that it
maximises the likelihood, from the same start and for the same number of rounds. The error of an array is the largest
difference over the largest value. `--write FILE` writes the cases of the committed fixture. Exits 1 beyond a limit.
"""

import json
import logging
import subprocess
import sys
import warnings

import hmmlearn
import mpmath
import numpy as np
from hmmlearn.hmm import GaussianHMM

warnings.filterwarnings("ignore")
logging.getLogger("hmmlearn").setLevel(logging.ERROR)

ROUNDS = 10
LIMIT = 1e-9

RUN = """
import { readFileSync } from "node:fs";
const folder = `file://${process.cwd()}/dist/wasm/hmm/`;
const files = ["inference", "fit", "forward"];
const hmm = Object.assign({}, ...(await Promise.all(files.map((file) => import(`${folder}${file}.js`)))));
const array = (value) => (Array.isArray(value) ? Float64Array.from(value) : value);
const arrays = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, array(value)]));
const plain = (value) => (ArrayBuffer.isView(value) ? [...value] : value);
const results = JSON.parse(readFileSync(0, "utf8")).map(({ model, initial, observations, rounds, likelihoods }) => {
  if (likelihoods) return plain(hmm.forward(arrays({ ...model, likelihoods })).logLikelihoods);
  const [trusted, x] = [arrays(model), array(observations)];
  const { states, features } = trusted;
  const options = { states, features, tolerance: 0, varianceFloor: 0, iterationsMax: rounds };
  const { model: fitted, logLikelihood, logLikelihoods } = hmm.fit(x, { ...options, initial: arrays(initial) });
  const free = hmm.fit(x, { states, features });
  return {
    score: hmm.score(trusted, x),
    posterior: plain(hmm.posterior(trusted, x)),
    decoded: plain(hmm.decode(trusted, x).states),
    logProbability: hmm.decode(trusted, x).logProbability,
    fitted: Object.fromEntries(Object.entries(fitted).map(([name, value]) => [name, plain(value)])),
    logLikelihoods: plain(logLikelihoods),
    free: free.logLikelihood,
  };
});
console.log(JSON.stringify(results));
"""


def run(cases):
    text = json.dumps(cases)
    done = subprocess.run(["node", "--input-type=module", "--eval", RUN], input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def learner(model, implementation="scaling", rounds=ROUNDS):
    states, features = model["states"], model["features"]
    settings = dict(covariance_type="diag", init_params="", covars_prior=0.0, tol=-1e300, n_iter=rounds)
    theirs = GaussianHMM(states, implementation=implementation, **settings)
    theirs.startprob_ = np.array(model["start"])
    theirs.transmat_ = np.array(model["transition"]).reshape(states, states)
    theirs.means_ = np.array(model["means"]).reshape(states, features)
    theirs.covars_ = np.array(model["variances"]).reshape(states, features)
    return theirs


def parameters(theirs):
    return {
        "start": theirs.startprob_.tolist(),
        "transition": theirs.transmat_.ravel().tolist(),
        "means": theirs.means_.ravel().tolist(),
        "variances": np.array([np.diag(each) for each in theirs.covars_]).ravel().tolist(),
    }


def drawn(states, features, length, seed):
    """A model, a start beside it, and a series from it."""
    draw = np.random.default_rng(seed)
    means = draw.normal(0, 1.5, (states, features))
    variances = draw.uniform(0.1, 3, (states, features))
    transition = 0.3 * draw.dirichlet(np.ones(states), states) + 0.7 * np.eye(states)
    model = {
        "states": states,
        "features": features,
        "start": draw.dirichlet(np.ones(states)).tolist(),
        "transition": transition.ravel().tolist(),
        "means": means.ravel().tolist(),
        "variances": variances.ravel().tolist(),
    }
    initial = {**model, "means": (means + 0.1).ravel().tolist(), "variances": (variances * 1.2).ravel().tolist()}
    observations, _ = learner(model).sample(length, random_state=seed)
    return {"model": model, "initial": initial, "observations": observations.ravel().tolist(), "rounds": ROUNDS}


def expected(case, implementation="scaling"):
    model = case["model"]
    x = np.array(case["observations"]).reshape(-1, model["features"])
    theirs = learner(model, implementation)
    log_probability, decoded = theirs.decode(x)
    fitted = learner(case["initial"], implementation).fit(x)
    return {
        "score": float(theirs.score(x)),
        "posterior": theirs.predict_proba(x).ravel().tolist(),
        "decoded": decoded.tolist(),
        "logProbability": float(log_probability),
        "fitted": parameters(fitted),
        "logLikelihoods": [*fitted.monitor_.history, float(fitted.score(x))],
    }


def best_of_theirs(case):
    """The likeliest of ten fits from the starts that hmmlearn makes by itself."""
    states, features = case["model"]["states"], case["model"]["features"]
    x = np.array(case["observations"]).reshape(-1, features)
    settings = dict(covariance_type="diag", covars_prior=0.0, n_iter=200, tol=1e-9 * len(x))
    return max(GaussianHMM(states, random_state=seed, **settings).fit(x).score(x) for seed in range(10))


def worst(mine, theirs):
    mine, theirs = np.atleast_1d(mine), np.atleast_1d(theirs)
    return float(np.abs(mine - theirs).max() / np.abs(theirs).max())


SIZES = [(states, features, length) for states in (2, 3, 4, 5, 6) for features in (1, 2, 4) for length in (400, 1001)]


def umbrella():
    """The exact likelihoods of the weather and umbrella example of the textbooks, by 50 digits."""
    with mpmath.workdps(50):
        seen = [[0.9, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.2], [0.9, 0.2]]
        steps = [[mpmath.mpf(0.7), mpmath.mpf(0.3)], [mpmath.mpf(0.3), mpmath.mpf(0.7)]]
        share, sums = [mpmath.mpf(0.5), mpmath.mpf(0.5)], []
        for index, likelihoods in enumerate(seen):
            if index:
                share = [share[0] * steps[0][to] + share[1] * steps[1][to] for to in (0, 1)]
            share = [before * mpmath.mpf(likelihood) for before, likelihood in zip(share, likelihoods)]
            sums.append(float(mpmath.log(sum(share))))
    model = {"start": [0.5, 0.5], "transition": [0.7, 0.3, 0.3, 0.7]}
    return {"model": model, "likelihoods": [each for row in seen for each in row]}, sums


def row(function, oracle, error, note, limit=LIMIT):
    return {"function": function, "oracle": oracle, "error": error, "limit": limit, "note": note}


def rows():
    cases = [drawn(*size, seed) for seed, size in enumerate(SIZES)]
    example, sums = umbrella()
    *ours, forward = run([*cases, example])
    note = f"K 2 to 6, F 1 to 4, {len(cases)} series of 400 and 1001; hmmlearn {hmmlearn.__version__}, no prior"
    yield row("stats.hmm.forward", "mpmath", worst(forward, sums), "umbrella example", 1e-12)
    for implementation in ("scaling", "log"):
        theirs = [expected(case, implementation) for case in cases]
        oracle = f"hmmlearn {implementation}"
        largest = lambda part: max(worst(part(mine), part(their)) for mine, their in zip(ours, theirs))
        yield row("stats.hmm.score", oracle, largest(lambda each: each["score"]), note)
        yield row("stats.hmm.posterior", oracle, largest(lambda each: each["posterior"]), note)
        yield row("stats.hmm.decode", oracle, largest(lambda each: each["logProbability"]), note)
        yield row("stats.hmm.decode", oracle, largest(lambda each: each["decoded"]), "states")
        likelihoods = largest(lambda each: each["logLikelihoods"])
        yield row("stats.hmm.fit", oracle, likelihoods, f"likelihoods of {ROUNDS} rounds")
        for name in ("start", "transition", "means", "variances"):
            fitted = largest(lambda each: each["fitted"][name])
            yield row("stats.hmm.fit", oracle, fitted, f"{name} after {ROUNDS} rounds")
    few = [pair for pair, (states, features, _) in zip(zip(cases, ours), SIZES) if states <= 3 and features < 4]
    bests = [(best_of_theirs(case), mine["free"]) for case, mine in few]
    short = max(max(0.0, (theirs - mine) / abs(theirs)) for theirs, mine in bests)
    yield row("stats.hmm.fit", "hmmlearn, best of 10 starts", short, "likelihood short of it, starts of our own", 1e-6)


def write(file):
    cases = [drawn(3, 1, 90, 101), drawn(2, 2, 61, 102), drawn(4, 1, 120, 103)]
    source = (
        f"hmmlearn {hmmlearn.__version__} (BSD-3-Clause), numpy {np.__version__}: GaussianHMM, diagonal, "
        f"implementation scaling, covars_prior 0, {ROUNDS} rounds; written by research/reference/hmm.py"
    )
    rounded = [{**case, "observations": [float(f"{x:.9g}") for x in case["observations"]]} for case in cases]
    lines = [json.dumps({**case, "expected": expected(case)}) for case in rounded]
    with open(file, "w") as out:
        out.write(f'{{"source":{json.dumps(source)},\n"cases":[\n' + ",\n".join(lines) + "\n]}\n")


def main():
    if "--write" in sys.argv:
        return write(sys.argv[sys.argv.index("--write") + 1])
    failed = 0
    for each in rows():
        good = each["error"] <= each["limit"]
        failed += not good
        verdict = "" if good else "  FAILS"
        print(f"{each['function']:20} {each['oracle']:28} {each['error']:.1e}  {each['note']}{verdict}")
    return sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
