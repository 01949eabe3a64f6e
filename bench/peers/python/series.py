"""The series that every contestant computes over, the same bits in every language: integers of one generator.

The generator is x -> 48271 x mod 2147483647. Prices walk by whole steps, so they are exact; observations are sums of
four uniform numbers, whose additions and multiplications are written in the same order everywhere.
"""

import numpy as np

MULTIPLIER = 48271
MODULUS = 2147483647


def integers(count, seed):
    """The first `count` states after `seed`."""
    state = seed
    states = np.empty(count, dtype=np.int64)
    for index in range(count):
        state = state * MULTIPLIER % MODULUS
        states[index] = state
    return states


def uniforms(count, seed):
    return integers(count, seed) / float(MODULUS)


def bars(count, seed=0):
    """Open, high, low, close and volume of a walk in whole steps around 100 000; another seed is another walk."""
    close = np.cumsum(np.floor(uniforms(count, seed + 12345) * 5) - 2) + 100_000.0
    high = close + np.floor(uniforms(count, seed + 31) * 4)
    low = close - np.floor(uniforms(count, seed + 37) * 4)
    open_ = low + np.floor(uniforms(count, seed + 41) * (high - low + 1))
    volume = np.floor(uniforms(count, seed + 43) * 1000) + 1
    return {"open": open_, "high": high, "low": low, "close": close, "volume": volume}


def bells(count, seed):
    """Sums of four uniform numbers less 2: mean 0, variance 1/3."""
    parts = [uniforms(count, seed + index) for index in range(4)]
    return parts[0] + parts[1] + parts[2] + parts[3] - 2.0


def regimes(count):
    """Observations of three regimes that follow each other at random: calm, falling and wild."""
    choices = uniforms(count, 4242)
    noise = bells(count, 501)
    stay = (0.98, 0.96, 0.95)
    means = (0.0005, 0.0, -0.0008)
    scales = (0.0035, 0.0087, 0.021)
    state = 0
    observations = np.empty(count)
    for index in range(count):
        if choices[index] > stay[state]:
            state = (state + 1) % 3
        observations[index] = means[state] + scales[state] * noise[index]
    return observations
