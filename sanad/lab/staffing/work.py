"""How long a visit keeps somebody at a counter: its mean and its spread, from the model."""

import math
from dataclasses import dataclass

import numpy as np

from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.visits import LEAST_SECONDS, mix_of
from sanad.lab.twin.world import Floats


@dataclass(frozen=True)
class Work:
    """Seconds at the counter of a visit of any kind, and how long people wait before they leave."""

    mean: float
    variation: float  # squared coefficient of variation; 1 is the exponential's
    patience: float  # mean seconds of who has a request; 0: nobody leaves


def work_of(model: Model) -> Work:
    """Moments over services, questions, corrections and numbers of requests, as the twin draws.

    A time is lead + max(m x, least), x lognormal with mean 1. Moments of a lognormal above a
    bound are closed (Johnson, Kotz and Balakrishnan 1994, Continuous Univariate Distributions,
    chapter 14).
    """
    mix = mix_of(model)
    of_kind = np.diff(mix.upto, prepend=0.0)
    size_share = model.size_share / model.size_share.sum()
    longer = 1 + mix.further * (mix.sizes - 1.0)
    requests = np.outer(mix.seconds[: mix.services], longer).ravel()
    weights = np.concatenate(
        [np.outer(of_kind[: mix.services], size_share).ravel(), of_kind[mix.services :]]
    )
    means = np.concatenate([requests, mix.seconds[mix.services :]])
    first, second = _at_least(means, model.seconds_sigma)
    mean, square = float(weights @ first), float(weights @ second)
    total = mix.lead + mean
    variation = (square - mean**2) / total**2
    return Work(total, variation, model.patience)


def _at_least(mean: Floats, sigma: float) -> tuple[Floats, Floats]:
    """First and second moment of max(mean x, LEAST_SECONDS)."""
    if sigma == 0:
        longest = np.maximum(mean, LEAST_SECONDS)
        return longest, longest**2
    known = mean > 0
    bound = np.log(LEAST_SECONDS / np.where(known, mean, 1.0)) / sigma
    below = [_normal(bound + sigma * (0.5 - shift)) for shift in range(3)]
    first = LEAST_SECONDS * below[0] + mean * (1 - below[1])
    second = LEAST_SECONDS**2 * below[0] + mean**2 * math.exp(sigma**2) * (1 - below[2])
    return (
        np.where(known, first, LEAST_SECONDS), np.where(known, second, LEAST_SECONDS**2)
    )  # fmt: skip


def _normal(x: Floats) -> Floats:
    """The standard normal distribution function."""
    return np.array([0.5 * math.erfc(-one / math.sqrt(2)) for one in x])
