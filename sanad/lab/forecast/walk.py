"""A random walk with drift of the logarithm, its spread pooled over governorates.

x[g, t] is the logarithm of governorate g's year t, and a year changes it by

    x[g, t + 1] - x[g, t] = drift[g] + innovation,    innovations alike for all governorates

(Holt 1957 with the level followed wholly; the drift may be damped as in Gardner and McKenzie 1985,
"Forecasting trends in time series", Management Science 31). With T changes known, h years on:

    middle = x[g, T] + k drift[g],                    k = damping + damping^2 + ... h terms
    half   = q sqrt(h s^2 + k^2 s^2 / T)

s is the root mean square of all governorates' innovations. The second term is the drift's own
error, for T years of changes and not for T times the governorates, because a year's change is
mostly common to all of them. Where the drift is not trusted to be subtracted, s is taken around
nought instead and has no second term. q is the normal quantile, or Student's with as many degrees
of freedom as years of changes, one fewer where the drift is subtracted. Bands are of each
governorate by itself.
"""

from dataclasses import dataclass
from itertools import product
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.runs import student
from sanad.lib.refusal import N_, Refused

Floats = npt.NDArray[np.float64]
CONFIDENCE: Final = 0.9
LEAST_YEARS: Final = 2
MOST_HORIZON: Final = 10


class SeriesRefused(Refused):
    code = "forecast.series_refused"
    sentence = N_(
        "A forecast needs at least {least} years of numbers above zero, and looks at most {most} "
        "years ahead. Give it such a series."
    )


@dataclass(frozen=True, order=True)
class Method:
    """One way to go on from what is known."""

    drift: str  # none, pooled, half (between pooled and own), own
    damping: float  # of the drift, year by year; 1 does not damp
    band: str  # normal, student
    around: str  # drift, nought: around which the spread is taken

    @property
    def code(self) -> str:
        return f"{self.drift}/{self.damping:g}/{self.band}/{self.around}"


@dataclass(frozen=True)
class Ahead:
    """(G, H) each, in the unit of the series: the middle and its band of 90 %."""

    middle: Floats
    low: Floats
    high: Floats


DRIFTS: Final = ("none", "pooled", "half", "own")
# What is chosen among; without drift there is nothing to damp or to take the spread around.
METHODS: Final = tuple(
    Method(drift, damping, band, around)
    for drift, damping, band, around in product(
        DRIFTS, (1.0, 0.8, 0.5), ("normal", "student"), ("drift", "nought")
    )
    if drift != "none" or (damping, around) == (1.0, "nought")
)
LAST_VALUE: Final = Method("none", 1.0, "normal", "nought")
DRIFT: Final = Method("own", 1.0, "normal", "drift")
BASELINES: Final = {"last_value": LAST_VALUE, "drift": DRIFT}


def ahead(values: npt.NDArray[np.int64], method: Method, years: int) -> Ahead:
    """The next `years` of (G, T) yearly values. Raises `SeriesRefused`."""
    if values.shape[1] < LEAST_YEARS or not (values > 0).all() or not 1 <= years <= MOST_HORIZON:
        raise SeriesRefused(least=LEAST_YEARS, most=MOST_HORIZON)
    x = np.log(values.astype(np.float64))
    changes = np.diff(x, axis=1)
    known = changes.shape[1]
    drift = drift_of(changes, method.drift)
    steps = np.arange(1, years + 1)
    k = np.cumsum(method.damping**steps)
    middle = x[:, -1:] + drift[:, None] * k
    if method.around == "drift":
        # One year's freedom goes into the drift.
        square = float(((changes - drift[:, None]) ** 2).mean()) * known / max(known - 1, 1)
        half = np.sqrt(square * (steps + k**2 / known))
    else:
        half = np.sqrt(float((changes**2).mean()) * steps)
    half = half * quantile(method, known)
    return Ahead(np.exp(middle), np.exp(middle - half), np.exp(middle + half))


def drift_of(changes: Floats, kind: str) -> Floats:
    """(G,) the yearly change of the logarithm that goes on."""
    own, pooled = changes.mean(axis=1), np.full(len(changes), changes.mean())
    weight = {"none": (0.0, 0.0), "pooled": (0.0, 1.0), "half": (0.5, 0.5), "own": (1.0, 0.0)}
    of_own, of_pooled = weight[kind]
    return of_own * own + of_pooled * pooled


def quantile(method: Method, known: int) -> float:
    """Half of the band in standard deviations."""
    if method.band == "normal":
        return NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return student(CONFIDENCE, known if method.around == "nought" else max(known - 1, 1))
