"""hmmlearn's Gaussian models from a given start, without the prior that would keep it from the likeliest model."""

import logging

import numpy as np
from hmmlearn.hmm import GaussianHMM

import series

COUNT = 100_000
ITERATIONS = 10

logging.getLogger("hmmlearn").setLevel(logging.ERROR)


def start(states, implementation, iterations):
    """The start that the benchmark gives to all: means spread evenly, variances growing fourfold."""
    model = GaussianHMM(
        states,
        covariance_type="diag",
        n_iter=iterations,
        tol=-1e300,
        init_params="",
        params="stmc",
        implementation=implementation,
        covars_prior=0.0,
    )
    model.startprob_ = np.full(states, 1 / states)
    transition = np.full((states, states), 0.1 / (states - 1))
    np.fill_diagonal(transition, 0.9)
    model.transmat_ = transition
    model.means_ = np.array([[0.001 - 0.002 * index / (states - 1)] for index in range(states)])
    model.covars_ = np.array([[1e-6 * 4.0**index] for index in range(states)])
    return model


def lanes():
    observations = series.regimes(COUNT).reshape(-1, 1)
    found = {}

    def add(states, implementation):
        def fit():
            model = start(states, implementation, ITERATIONS).fit(observations)
            return np.concatenate([model.means_.ravel(), model.transmat_.ravel()])

        scored = start(states, implementation, 1)

        def score():
            return np.array([scored.score(observations)])

        found[f"hmmlearn-{implementation}-fit-{states}"] = (fit, COUNT * ITERATIONS)
        found[f"hmmlearn-{implementation}-score-{states}"] = (score, COUNT)

    for states in (2, 3, 4):
        for implementation in ("scaling", "log"):
            add(states, implementation)
    return found
