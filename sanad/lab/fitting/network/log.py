"""The log in columns, as the fits read it.

Size: the announced quarter has 12 million events, of which the fits read the columns of 7 million.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import DAY_SECONDS, MUSCAT_SECONDS, Floats
from sanad.lib.opening_hours import WeeklyHours
from sanad.lib.refusal import N_, Refused

Z = NormalDist().inv_cdf(0.975)
Mask = npt.NDArray[np.bool_]


class NothingToFit(Refused):
    code = "lab.nothing_to_fit"
    sentence = N_(
        "The snapshot holds {visits} finished visits on {days} days; a model needs at least "
        "{least_visits} on {least_days} days. Take a snapshot when more has happened."
    )


@dataclass(frozen=True)
class Events:
    """N events. Pseudonyms are 0 where there is none; codes point into the names beside them."""

    at: Floats  # seconds of UTC since 1970
    kind: Ints
    kinds: tuple[str, ...]
    centre: Ints
    request: Ints
    visit: Ints
    resource: Ints
    ticket: Ints
    service: Ints
    services: tuple[str, ...]
    entity: Ints
    outcome: Ints
    outcomes: tuple[str, ...]
    charge_baisa: Ints

    def of(self, kind: str) -> Ints:
        """The rows of a kind of event."""
        if kind not in self.kinds:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.kind == self.kinds.index(kind))


@dataclass(frozen=True)
class Place:
    """What the registry says of a centre."""

    id: int
    village: int
    wilayat: int
    governorate: int
    vat_per_mille: int
    hours: WeeklyHours


@dataclass(frozen=True)
class Finding:
    """A figure that was learned: its value, its 95 % interval, and from how many things."""

    code: str
    value: float
    low: float
    high: float
    of: int


def local_day(at: Floats) -> Ints:
    """Days since 1970 on Muscat's calendar."""
    return np.floor((at + MUSCAT_SECONDS) / DAY_SECONDS).astype(np.int64)


def second_of_day(at: Floats) -> Floats:
    """Seconds since midnight in Muscat."""
    found: Floats = np.mod(at + MUSCAT_SECONDS, DAY_SECONDS)
    return found


def share(code: str, part: int, whole: int) -> Finding:
    """A share with Wilson's interval (1927); nought of nothing may be anything."""
    if whole == 0:
        return Finding(code, 0.0, 0.0, 1.0, 0)
    p = part / whole
    middle = (p + Z**2 / (2 * whole)) / (1 + Z**2 / whole)
    half = Z * np.sqrt(p * (1 - p) / whole + Z**2 / (4 * whole**2)) / (1 + Z**2 / whole)
    return Finding(code, p, float(middle - half), float(middle + half), whole)


def mean(code: str, values: Floats) -> Finding:
    """A mean with its normal interval."""
    if len(values) == 0:
        return Finding(code, 0.0, 0.0, 0.0, 0)
    middle = float(values.mean())
    half = Z * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else np.inf
    return Finding(code, middle, middle - half, middle + half, len(values))


def shrunk(values: Floats, group: Ints, groups: int) -> Floats:
    """(groups,) means drawn towards the mean of all, the more the fewer a group has.

    Empirical Bayes: with a variance w within groups and b between them, a group of n keeps the part
    n / (n + w / b) of its own mean (Efron and Morris 1975).
    """
    count = np.bincount(group, minlength=groups)
    own = np.bincount(group, values, groups) / np.maximum(count, 1)
    overall = float(values.mean())
    within = float(((values - own[group]) ** 2).sum() / max(len(values) - (count > 0).sum(), 1))
    spread = float((count * (own - overall) ** 2).sum() / max(count.sum(), 1))
    between = max(spread - within * (count > 0).sum() / max(count.sum(), 1), 1e-9)
    keeps = count / (count + within / between)
    found: Floats = overall + keeps * (own - overall)
    return found


def positions(values: Ints, known: Sequence[int] | Ints) -> Ints:
    """The place of each value in the sorted `known`, -1 where it is not there."""
    table = np.asarray(known, dtype=np.int64)
    if len(table) == 0:
        return np.full(len(values), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return np.where(table[at] == values, at, -1)
