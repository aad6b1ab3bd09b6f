"""Distributions as tables: the inverse of the distribution function, linear between points.

A table has shape (2, CELLS + 1). Row 0 covers probabilities 0 to 1 in equal cells; row 1 covers
the last of these cells, again in equal parts, so that the tail is followed to one in a million.
A table is scaled to the mean it is given, since linear pieces lie above a curve that bends upward.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.compiled import step

Floats = npt.NDArray[np.float64]
CELLS = 1024
FOREVER = 1e9  # seconds: the patience of who never leaves, the delay of who never comes back
_END = math.exp(-2.0)  # the exponential's mean beyond the last point is kept by ending here


def table(inverse: Callable[[float], float], mean: float | None = None) -> Floats:
    """The table of an inverse distribution function of probabilities from 0 to below 1."""
    body = [inverse(part / CELLS) for part in range(CELLS)]
    tail = [inverse(1 - (CELLS - part) / CELLS**2) for part in range(CELLS)]
    found = np.array([[*body, tail[0]], [*tail, inverse(1 - _END / CELLS**2)]], dtype=np.float64)
    return found if mean is None else found * (mean / mean_of(found))


def exponential(mean: float) -> Floats:
    """Exponential, by its mean (seconds)."""
    return table(lambda p: -mean * math.log1p(-p), mean)


def lognormal(mean: float, sigma: float) -> Floats:
    """Lognormal, by its mean (seconds) and the standard deviation of its logarithm."""
    normal = NormalDist()

    def inverse(p: float) -> float:
        return math.exp(sigma * normal.inv_cdf(p)) if p > 0 else 0.0

    return table(inverse, mean)


def uniform(low: float, high: float) -> Floats:
    """Evenly between two bounds (seconds)."""
    return table(lambda p: low + (high - low) * p, (low + high) / 2)


def constant(value: float) -> Floats:
    """Always the same (seconds); `constant(FOREVER)` is the patience of those who stay."""
    return np.full((2, CELLS + 1), float(value))


def observed(seconds: npt.ArrayLike) -> Floats:
    """What was measured: the quantiles of a sample (seconds), with its mean."""
    sample = np.sort(np.asarray(seconds, dtype=np.float64))
    return table(lambda p: float(np.quantile(sample, p)), float(sample.mean()))


def mean_of(found: Floats) -> float:
    """The mean of a table (seconds)."""
    middles = (found[:, :-1] + found[:, 1:]) / 2
    return float((middles[0, :-1].sum() + middles[1].mean()) / CELLS)


@step
def look_up(flat: Floats, row: int, u: float) -> float:
    """The value at probability `u` in table `row` of tables (T, 2, CELLS + 1) laid out flat."""
    x = u * CELLS
    cell = int(x)
    begin = row * 2 * (CELLS + 1)
    in_tail = cell == CELLS - 1
    x = (x - cell) * CELLS if in_tail else x
    begin = begin + CELLS + 1 if in_tail else begin
    cell = int(x)
    low = flat[begin + cell]
    return low + (flat[begin + cell + 1] - low) * (x - cell)
