"""Value at risk by simulation as a user of numpy writes it: correlated normal returns, a portfolio, a quantile."""

import numpy as np

PATHS = 1_000_000
ASSETS = 5
CONFIDENCE = 0.95

# Daily volatilities and one correlation, as the benchmark gives them to all.
VOLATILITY = np.array([0.02, 0.025, 0.03, 0.035, 0.04])
CORRELATION = 0.5
WEIGHTS = np.array([0.3, 0.25, 0.2, 0.15, 0.1])


def covariance():
    correlation = np.full((ASSETS, ASSETS), CORRELATION)
    np.fill_diagonal(correlation, 1.0)
    return correlation * np.outer(VOLATILITY, VOLATILITY)


def lanes():
    generator = np.random.default_rng(7)
    factor = np.linalg.cholesky(covariance())

    def monte_carlo():
        returns = generator.standard_normal((PATHS, ASSETS)) @ factor.T
        losses = -(returns @ WEIGHTS)
        at_risk = np.quantile(losses, CONFIDENCE)
        return np.array([at_risk]), np.array([losses[losses >= at_risk].mean()])

    return {"numpy-monte-carlo": (monte_carlo, PATHS)}
