"""The four figures of a queue, counted in one way in the log, the simulation and the baseline.

Everybody counts who joined the queue and whose wait ended: by service, or by leaving, with the time
they waited until they left. Who is still there when the log or the day ends is not counted. A wait
is positive from one second on, since logs are kept in whole seconds.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

import numpy as np

from sanad.lab.fitting.queue_log import QueueLog
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import Floats

NAMES = ("wait_seconds_mean", "wait_positive_share", "abandoned_share", "wait_seconds_p90")
POSITIVE = 1.0  # seconds
# What is added to both sides before figures are compared by ratio: none is exact below it.
GRAIN: Floats = np.array([1.0, 0.01, 0.01, 5.0])


@dataclass(frozen=True)
class Figures:
    """Seconds and shares."""

    wait_seconds_mean: float
    wait_positive_share: float
    abandoned_share: float
    wait_seconds_p90: float

    def __iter__(self) -> Iterator[float]:
        return iter(astuple(self))


def of_waits(wait: Floats, abandoned: Flags) -> Figures:
    """Of those whose wait ended; without anybody every figure is 0."""
    if not len(wait):
        return Figures(0.0, 0.0, 0.0, 0.0)
    return Figures(
        float(wait.mean()),
        float((wait >= POSITIVE).mean()),
        float(abandoned.mean()),
        float(np.quantile(wait, 0.9)),
    )


def of_log(log: QueueLog) -> Figures:
    """What the log says happened."""
    ended = log.served | log.abandoned
    return of_waits(log.wait[ended], log.abandoned[ended])


def by_session(first: Ints, wait: Floats, abandoned: Flags) -> Floats:
    """(S, 4): the figures of each session; NaN waits are of those still there."""
    session = np.repeat(np.arange(len(first) - 1), np.diff(first))
    ended = ~np.isnan(wait)
    session, wait, abandoned = session[ended], wait[ended], abandoned[ended]
    size = np.bincount(session, minlength=len(first) - 1)
    some = np.maximum(size, 1)
    sums = [
        np.bincount(session, one, minlength=len(size)) / some
        for one in (wait, wait >= POSITIVE, abandoned)
    ]
    # Sorted by session and then by wait; between two customers the quantile is linear.
    apart_by = wait.max(initial=0.0) + 1
    in_order = np.sort(session * apart_by + wait) - session * apart_by
    place = 0.9 * (some - 1)
    low = np.cumsum(size) - size + place.astype(np.int64)
    low = np.clip(low, 0, max(len(in_order) - 1, 0))
    high = np.minimum(low + (place % 1 > 0), max(len(in_order) - 1, 0))
    if not len(in_order):
        return np.zeros((len(size), 4))
    p90 = in_order[low] + (in_order[high] - in_order[low]) * (place % 1)
    return np.stack([*sums, np.where(size > 0, p90, 0.0)], axis=1)


def apart(one: Floats, other: Floats) -> Floats:
    """How far figures (..., 4) are apart, as logarithms of their ratios."""
    found: Floats = np.log((one + GRAIN) / (other + GRAIN))
    return found
