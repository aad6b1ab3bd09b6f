"""How much the availability of servers differs from day to day beyond what is foretold.

A day's level multiplies the staff foretold for it; here levels are logarithms. Each group of
weekdays has a middle, drawn towards that of all days as if `DOUBT` days of these belonged to it;
what is left of each day's level is its deviation, of which chance alone makes a part.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting.learned import Days
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats

DOUBT = 2.0  # days
ENOUGH = 5  # days of a group whose deviations are drawn for it; with fewer, those of all days are


def middles(days: Days, level: Floats, weight: Floats) -> Floats:
    """(G,) the middle level of each group; `weight` (D,) is how often each day counts."""
    big = weight * days.sizes
    if big.sum() == 0:
        return np.zeros(int(days.group_of_weekday.max()) + 1)
    known = np.where(weight > 0, level, 0.0)
    whole = float(big @ known / big.sum())
    found = np.full(int(days.group_of_weekday.max()) + 1, whole)
    for group in np.unique(days.group[weight > 0]):
        own = np.where(days.group == group, big, 0.0)
        count = float(weight[days.group == group].sum())
        found[group] += count / (count + DOUBT) * (float(own @ known / own.sum()) - whole)
    return found


def kept(days: Days, deviation: Floats, noise: Floats) -> Floats:
    """The factor by which deviations (D, ...) shrink when what chance alone makes is taken out."""
    share = days.sizes / days.sizes.sum()
    seen, chance = (np.tensordot(share, one, axes=1) for one in (deviation**2, noise))
    left: Floats = np.sqrt(np.maximum(1 - chance / np.maximum(seen, 1e-12), 0.0))
    return left


@dataclass(frozen=True)
class Levels:
    """Of days drawn, each as often as it was: which, their deviations, and the middles."""

    drawn: Ints  # rows of the days, in order
    group: Ints  # of each drawn day
    deviation: Floats
    middle: Floats  # (G,)

    def draw(self, group: Ints, streams: Streams, name: str) -> tuple[Floats, Ints]:
        """(T,) levels of days of these groups, and of which day each has the deviation."""
        found, like = self.middle[group], np.empty(len(group), dtype=np.int64)
        for one in np.unique(group):
            here = np.flatnonzero(group == one)
            own = np.flatnonzero(self.group == one)
            pool = own if len(own) >= ENOUGH else np.arange(len(self.drawn))
            rows = pool[runs_of(len(pool), len(here), streams, f"{name}/level/{one}")]
            # The middle was fitted to the same days, which takes away a run's worth of spread.
            lost = 1 - length_of(len(pool)) / len(pool)
            found[here] += self.deviation[rows] / np.sqrt(lost)
            like[here] = self.drawn[rows]
        return found, like


def of_drawn(days: Days, level: Floats, drawn: Ints, keep: float) -> Levels:
    """The levels of days drawn; `level` (D,) need only be known of these."""
    weight = np.bincount(drawn, minlength=len(days)).astype(np.float64)
    middle = middles(days, level, weight)
    group = days.group[drawn]
    return Levels(drawn, group, (level[drawn] - middle[group]) * keep, middle)


def length_of(size: int) -> int:
    """Days in a run, of `size` days."""
    return max(round(size ** (1 / 3)), 1)


def runs_of(size: int, count: int, streams: Streams, name: str) -> Ints:
    """`count` of `size` days drawn with replacement, in runs of neighbours.

    Days that follow each other are alike, so they are drawn together: the circular block bootstrap
    (Politis and Romano 1992), with runs of the cube root of `size` (Hall, Horowitz and Jing 1995).
    """
    length = length_of(size)
    starts = streams.below(name, size, -(-count // length))
    places: Ints = (starts[:, None] + np.arange(length)).ravel()[:count] % size
    return places
