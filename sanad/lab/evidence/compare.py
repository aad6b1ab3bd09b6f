"""Two groups of cases side by side: variants, moves and throughput time.

Every difference is second less first with a 95 % interval; where the interval holds zero the two
are `NOT_DISTINGUISHABLE`, which is a result and said as one. Intervals are for one difference each
and are not corrected for how many are looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND, EventLog
from sanad.lab.evidence.moves import later
from sanad.lab.evidence.variants import variants
from sanad.lib.refusal import N_, Refused

Z95: Final = 1.959963984540054  # the standard normal's 97.5 % point
ROUNDS: Final = 4_000


class GroupsWrong(Refused):
    code = "evidence.groups_wrong"
    sentence = N_(
        "Two groups cannot be compared: the first holds {first} cases, the second {second}, and "
        "{both} are in both. Each needs a case, and none may be in both."
    )


class Verdict(StrEnum):
    """What the interval says of second less first."""

    LESS = "less"
    MORE = "more"
    NOT_DISTINGUISHABLE = "not distinguishable"


WORDS: Final = {
    Verdict.LESS: N_("less in the second group"),
    Verdict.MORE: N_("more in the second group"),
    Verdict.NOT_DISTINGUISHABLE: N_("not distinguishable"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both groups and second less first, between `low` and `high` (95 %)."""

    name: tuple[str, ...]
    first: float
    second: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        if self.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.high < 0 else Verdict.NOT_DISTINGUISHABLE

    @property
    def words(self) -> str:
        """The verdict in English, for the screen to translate."""
        return WORDS[self.verdict]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares of cases by variant and by edge (cases with the move), the greatest difference first;
    the median throughput time in seconds."""

    variants: tuple[Difference, ...]
    edges: tuple[Difference, ...]
    seconds_median: Difference


def compare(
    log: EventLog, first: Any, second: Any, *, seed: int, rounds: int = ROUNDS
) -> Comparison:
    """Compare the cases where `first` is true with those where `second` is: bool [cases] each.

    Raises `GroupsWrong`. The same seed gives the same interval.
    """
    sizes = int(first.sum()), int(second.sum())
    both = int((first & second).sum())
    if not all(sizes) or both:
        raise GroupsWrong(first=sizes[0], second=sizes[1], both=both)
    return Comparison(
        _by_variant(log, first, second, sizes),
        _by_edge(log, first, second, sizes),
        median_difference(log.throughput[first], log.throughput[second], seed=seed, rounds=rounds),
    )


def median_difference(first: Int64, second: Int64, *, seed: int, rounds: int) -> Difference:
    """The medians of two samples, int64 [n] and [m] microseconds, in seconds, and the bootstrap's
    95 % percentile interval (Efron 1979) of their difference."""
    draws = np.random.default_rng(seed)
    ordered = np.sort(first), np.sort(second)
    one, other = (_medians(sample, draws, rounds) for sample in ordered)
    low, high = np.quantile(other - one, (0.025, 0.975))
    middle = [float(np.median(sample)) / SECOND for sample in ordered]
    return Difference((), middle[0], middle[1], float(low) / SECOND, float(high) / SECOND)


def _medians(ordered: Int64, draws: np.random.Generator, rounds: int) -> Any:
    """The medians of `rounds` resamples of a sample, without drawing them: float64 [rounds].

    The j-th of n uniform draws in order is Beta(j, n + 1 - j), and the one above it lies
    1 - V^(1 / (n - j)) of the rest higher; a uniform u takes the value at floor(n u).
    """
    n = ordered.size
    j = (n + 1) // 2
    lower = draws.beta(j, n + 1 - j, rounds)
    upper = lower
    if n % 2 == 0:
        upper = 1 - (1 - lower) * draws.random(rounds) ** (1 / (n - j))
    taken = [ordered[np.minimum((n * u).astype(np.int64), n - 1)] for u in (lower, upper)]
    return (taken[0] + taken[1]) / 2


def share_difference(
    name: tuple[str, ...], first: int, of_first: int, second: int, of_second: int
) -> Difference:
    """Two shares and Newcombe's hybrid score interval of their difference (1998, method 10)."""
    found = _share_differences([name], [first], of_first, [second], of_second)
    return found[0]


def _share_differences(
    names: Iterable[tuple[str, ...]], first: Any, of_first: int, second: Any, of_second: int
) -> tuple[Difference, ...]:
    """Of many shares at once, the greatest difference first."""
    p, q = np.asarray(first) / of_first, np.asarray(second) / of_second
    (p_low, p_high), (q_low, q_high) = _wilson(p, of_first), _wilson(q, of_second)
    low = (q - p) - np.sqrt((q - q_low) ** 2 + (p_high - p) ** 2)
    high = (q - p) + np.sqrt((q_high - q) ** 2 + (p - p_low) ** 2)
    columns = (column.tolist() for column in (p, q, low, high))
    found = (Difference(*one) for one in zip(names, *columns, strict=True))
    return tuple(sorted(found, key=lambda one: -abs(one.second - one.first)))


def _wilson(share: Any, size: int) -> tuple[Any, Any]:
    centre = share + Z95**2 / (2 * size)
    half = Z95 * np.sqrt(share * (1 - share) / size + Z95**2 / (4 * size**2))
    return (centre - half) / (1 + Z95**2 / size), (centre + half) / (1 + Z95**2 / size)


def _by_variant(
    log: EventLog, first: Any, second: Any, sizes: tuple[int, int]
) -> tuple[Difference, ...]:
    found = variants(log)
    counts = [np.bincount(found.of_case[group], minlength=len(found)) for group in (first, second)]
    there = np.flatnonzero(counts[0] + counts[1])
    names = (found.activities(one) for one in there.tolist())
    return _share_differences(names, counts[0][there], sizes[0], counts[1][there], sizes[1])


def _by_edge(
    log: EventLog, first: Any, second: Any, sizes: tuple[int, int]
) -> tuple[Difference, ...]:
    """Each pair of case and move once, then the pairs of each group counted."""
    width = log.activities
    target = later(log)
    pair = log.activity.codes[target - 1].astype(np.int64) * width + log.activity.codes[target]
    edges, edge = np.unique(pair, return_inverse=True)
    once = np.unique(log.case.codes[target] * np.int64(edges.size) + edge)
    case, edge = np.divmod(once, max(edges.size, 1))
    counts = [np.bincount(edge[group[case]], minlength=edges.size) for group in (first, second)]
    there = np.flatnonzero(counts[0] + counts[1])
    names = (
        (log.activity.names[one // width], log.activity.names[one % width])
        for one in edges[there].tolist()
    )
    return _share_differences(names, counts[0][there], sizes[0], counts[1][there], sizes[1])
