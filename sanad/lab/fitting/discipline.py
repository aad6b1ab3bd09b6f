"""Who goes first: the head start of each priority, read from who was called.

A customer with a head start of h seconds is called as if they had come h seconds earlier: none is
first come first served, a very long one goes before everybody. With every call somebody was chosen
among those who waited; the head starts are those under which most choices come out as they were.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from sanad.lab.fitting.queue_log import QueueLog
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

STARTS = (0, 15, 30, 45, 60, 75, 90, 105, 120, 150, 180, 240, 300, 600, 36_000)  # seconds
MOST = 5  # priorities; with more, all are served in the order of coming
RECENT = 7  # days
_GAIN = 0.01  # of the choices, to depart from the order of coming


@dataclass(frozen=True)
class Discipline:
    """`head_start[code + 1]` in seconds by priority, the least being 0; [0] is of who has none."""

    head_start: Floats
    explained: float  # share of choices between priorities that come out as they were
    choices: int

    def of(self, codes: npt.NDArray[np.signedinteger[Any]]) -> Floats:
        return self.head_start[codes + 1]


def fit(log: QueueLog) -> Discipline:
    """The head starts of a log's last days; where priorities tell nothing, all are 0.

    A rule is set by somebody and changes at once, so only the last `RECENT` days are asked.
    """
    log = log.taken(np.isin(log.day, log.days[-RECENT:]))
    codes = log.priority.codes.astype(np.int64) + 1
    seen = np.unique(codes)
    size = len(log.priority.names) + 1
    chosen, other, choice = _choices(log) if 2 <= len(seen) <= MOST else (_NONE, _NONE, _NONE)
    if not len(choice):
        return Discipline(np.zeros(size), 1.0, 0)
    at = log.day * 86_400.0 + log.arrived
    ahead = at[chosen] - at[other]  # negative: the chosen one came first
    a, b = (np.searchsorted(seen, codes[one]) for one in (chosen, other))
    last = int(choice[-1]) + 1

    def explained(starts: Floats) -> float:
        wrong = choice[ahead > starts[a] - starts[b]]
        return 1 - np.count_nonzero(np.diff(wrong, prepend=-1)) / last

    commonest = int(np.argmax(np.bincount(np.searchsorted(seen, codes))))
    start = _search(len(seen), commonest, explained)
    whole = np.zeros(size)
    whole[seen] = start - start.min()
    return Discipline(whole, float(explained(start)), last)


_NONE = np.zeros(0, dtype=np.int64)


def _search(size: int, commonest: int, explained: Callable[[Floats], float]) -> Floats:
    """Head starts against those of the commonest priority, which has none.

    1. Some priorities together, with one head start for all of them.
    2. One after the other, twice.
    """
    start = np.zeros(size)
    best = explained(start) + _GAIN
    others = [one for one in range(size) if one != commonest]
    some = [part for count in range(1, size) for part in combinations(others, count)]
    for part in [*some, *[(one,) for one in others] * 2]:
        for seconds in (sign * value for value in STARTS for sign in (1, -1)):
            tried = start.copy()
            tried[list(part)] = seconds
            if (found := explained(tried)) > best:
                best, start = found, tried
    return start


def _choices(log: QueueLog) -> tuple[Ints, Ints, Ints]:
    """Pairs of who was called and who waited then, of different priority, by number of call."""
    until = log.arrived + np.where(np.isnan(log.wait), np.inf, log.wait)
    pairs: list[tuple[int, Ints]] = []
    for begin, end in zip(*_bounds(log), strict=True):
        arrived, ends = log.arrived[begin:end], until[begin:end]
        # Who came before somebody can still be there only if their own wait reaches so far.
        latest = np.maximum.accumulate(ends)
        for i in np.flatnonzero(log.served[begin:end] & (log.wait[begin:end] > 0)):
            now = ends[i]
            first = int(np.searchsorted(latest, now, side="right"))
            near = np.arange(first, np.searchsorted(arrived, now))
            rivals = begin + near[ends[near] > now]
            rivals = rivals[log.priority.codes[rivals] != log.priority.codes[begin + i]]
            if len(rivals):
                pairs.append((begin + i, rivals))
    if not pairs:
        return _NONE, _NONE, _NONE
    sizes = [len(rivals) for _, rivals in pairs]
    return (
        np.repeat([one for one, _ in pairs], sizes),
        np.concatenate([rivals for _, rivals in pairs]),
        np.repeat(np.arange(len(pairs)), sizes),
    )


def _bounds(log: QueueLog) -> tuple[Ints, Ints]:
    """Where the customers of each day begin and end."""
    begins = np.searchsorted(log.day, log.days)
    return begins, np.append(begins[1:], len(log))
