"""Who comes: rates by group of weekdays and half hour, the factor of each day, and their spread.

Weekdays whose hours and numbers are alike are one group, so that few weeks tell more. A rate has
the interval of a gamma-Poisson model: before anything was counted every rate is as likely as by
Jeffreys' prior, Gamma(1/2, 0), and a count k in n days makes it Gamma(k + 1/2, n).
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sanad.lab.fitting.queue_log import SLOTS, QueueLog, weekday_of
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

_TIMES = 1.6  # two weekdays of one group differ by no more in their numbers
_APART = 0.2  # nor by more of their customers in other parts of the day, beyond chance
_COARSE = 4  # half hours in a part of the day


@dataclass(frozen=True)
class Rates:
    """G groups of weekdays, D days, SLOTS half hours. Rates are customers a half hour."""

    group: Ints  # (7,) of each weekday, 0 is Sunday
    mean: Floats  # (G, SLOTS)
    low: Floats
    high: Floats
    day: Ints  # (D,) days since 1970
    factor: Floats  # (D,) the day's customers over those expected of its group
    overdispersion: float  # variance of days over that of Poisson days; 1 is Poisson
    factor_spread: float  # standard deviation of the factor beyond chance


def counts(log: QueueLog, days: Ints) -> Floats:
    """Customers by day and half hour, (D, SLOTS)."""
    found = np.zeros((len(days), SLOTS))
    np.add.at(found, (np.searchsorted(days, log.day), log.slot), 1.0)
    return found


def groups(found: Floats, days: Ints) -> Ints:
    """The group of each weekday (7,): weekdays that are alike, joined by chains of likeness.

    A weekday that never came belongs to the group with the most days.
    """
    weekday = weekday_of(days)
    seen = [one for one in range(7) if (weekday == one).any()]
    group = np.full(7, -1)
    for one in seen:
        alike = [
            other
            for other in seen
            if other < one and _alike(found[weekday == one], found[weekday == other])
        ]
        joined = {int(group[other]) for other in alike}
        group[one] = min(joined, default=one)
        group[np.isin(group, list(joined))] = group[one]
    names = [int(name) for name in np.unique(group[seen])]
    days_of = [int((group[weekday] == name).sum()) for name in names]
    group[group < 0] = names[int(np.argmax(days_of))]
    return np.array([names.index(int(name)) for name in group], dtype=np.int64)


def _alike(one: Floats, other: Floats) -> bool:
    sums = [days.sum(axis=0).reshape(-1, _COARSE).sum(axis=1) for days in (one, other)]
    totals = [float(each.sum()) for each in sums]
    a, b = totals[0] / len(one), totals[1] / len(other)
    if max(a, b) > _TIMES * min(a, b) + 2 * np.sqrt(a / len(one) + b / len(other)):
        return False
    first, second = sums[0] / totals[0], sums[1] / totals[1]
    parts = max(int(((first + second) > 0).sum()), 1)
    # The mean distance of two samples of one distribution over `parts` cells, at most.
    chance = np.sqrt(parts / (2 * np.pi)) * np.sqrt(1 / totals[0] + 1 / totals[1])
    return bool(np.abs(first - second).sum() / 2 <= _APART + chance)


def fit(log: QueueLog, *, confidence: float = 0.9) -> Rates:
    """Rates of a log; days on which nobody came are not counted as open."""
    days = log.days
    found = counts(log, days)
    group = groups(found, days)
    of_day = group[weekday_of(days)]
    size = int(group.max()) + 1
    total = np.stack([found[of_day == g].sum(axis=0) for g in range(size)])
    number = np.array([(of_day == g).sum() for g in range(size)], dtype=np.float64)
    mean = total / np.maximum(number, 1)[:, None]
    low, high = gamma_interval(total, number[:, None], confidence)
    expected = mean.sum(axis=1)[of_day]
    came = found.sum(axis=1)
    freedom = max(len(days) - size, 1)
    dispersion = float((((came - expected) ** 2) / expected).sum() / freedom)
    # The variance of days is expected + spread squared times expected squared.
    spread = np.sqrt(max(dispersion - 1, 0) / float(expected.mean()))
    return Rates(group, mean, low, high, days, came / expected, dispersion, float(spread))


def gamma_interval(
    count: npt.ArrayLike, days: npt.ArrayLike, confidence: float
) -> tuple[Floats, Floats]:
    """The interval of rates with `count` in `days`, by quantiles of Gamma(count + 1/2, days).

    Wilson and Hilferty (1931): the cube root of a gamma variable is nearly normal; below the
    normal's reach the lower bound is 0.
    """
    k, n = np.asarray(count, dtype=np.float64) + 0.5, np.asarray(days, dtype=np.float64)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    middle, spread = 1 - 1 / (9 * k), z / np.sqrt(9 * k)
    low, high = (k * np.maximum(middle + sign * spread, 0) ** 3 / n for sign in (-1, 1))
    return low, high
