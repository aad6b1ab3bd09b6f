"""Waiting against working, work done again, hand-overs, and where the time goes.

The wait for an event begins at the completion of the event before it in the case and ends at its
start, or at its completion where no start is known (then no working time is told apart). A start
before the event before was complete is no wait. The first event of a case waits for nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from sanad.lab.evidence import kernels
from sanad.lab.evidence.hours import OpenWeek
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND, UNKNOWN, Coded, EventLog
from sanad.lab.evidence.map import most_frequent, spread_by, working_by_activity
from sanad.lab.evidence.moves import later, moves
from sanad.lab.evidence.quantiles import Spread
from sanad.lib.refusal import N_, Refused

PARTIES_AT_MOST = 2_000  # a matrix of this width is 32 MB


class ColumnNotInLog(Refused):
    code = "evidence.column_not_in_log"
    sentence = N_(
        "This log does not say the {column} of its events, so hand-overs cannot be counted. Name "
        "that column when reading the log."
    )


class TooManyParties(Refused):
    code = "evidence.too_many_parties"
    sentence = N_(
        "A matrix of {count} parties is too wide; {most} is the most. Look at groups instead of "
        "people."
    )


@dataclass(frozen=True, slots=True)
class ActivityTime:
    """How long an activity is waited for and worked on; `working` where starts are known.

    `closed_share` is the share of all its waiting that lay outside the opening hours given; None
    without hours.
    """

    activity: str
    waiting: Spread
    working: Spread | None
    closed_share: float | None


@dataclass(frozen=True, slots=True)
class Rework:
    """An activity done again: at once, after something else, and the cases in which it was."""

    activity: str
    self_loops: int
    loops_back: int
    cases: int


@dataclass(frozen=True, slots=True)
class Return:
    """A step from `source` back to a `target` that the case had already been through."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Work that went from one party to another, or stayed: how often, and the waits between."""

    source: str
    target: str
    waiting: Spread


@dataclass(frozen=True)
class HandOvers:
    """Every pair between which work went, the most frequent first; `names` are the parties."""

    names: tuple[str, ...]
    found: tuple[HandOver, ...]

    @property
    def between_parties(self) -> int:
        """Those that changed hands."""
        return sum(one.waiting.count for one in self.found if one.source != one.target)

    @cached_property
    def counts(self) -> Int64:
        """The matrix, int64 [n, n]: [a, b] is from a to b."""
        return self._matrix("count", 0).astype(np.int64)

    @cached_property
    def seconds_waited(self) -> Any:
        """In total, float64 [n, n]."""
        return self._matrix("seconds_total", 0.0)

    @cached_property
    def seconds_median(self) -> Any:
        """The median wait, float64 [n, n]; NaN where no work went."""
        return self._matrix("seconds_median", np.nan)

    def _matrix(self, figure: str, empty: float) -> Any:
        """Raises `TooManyParties`."""
        width = len(self.names)
        if width > PARTIES_AT_MOST:
            raise TooManyParties(count=width, most=PARTIES_AT_MOST)
        place = {name: number for number, name in enumerate(self.names)}
        matrix = np.full((width, width), empty)
        for one in self.found:
            matrix[place[one.source], place[one.target]] = getattr(one.waiting, figure)
        return matrix


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A move and the waiting on it; `share` of all waiting in the log."""

    source: str
    target: str
    waiting: Spread
    share: float


def waits(log: EventLog) -> tuple[Int64, Int64]:
    """When the wait for each event began and ended, microseconds UTC: both int64 [events].

    Both are equal for the first event of a case.
    """
    end = log.time if log.start is None else np.where(log.start == UNKNOWN, log.time, log.start)
    begin = np.empty_like(end)
    begin[1:] = log.time[:-1]
    begin[log.offsets[:-1]] = end[log.offsets[:-1]]
    return np.minimum(begin, end), end


def activity_times(log: EventLog, week: OpenWeek | None = None) -> tuple[ActivityTime, ...]:
    """Waiting and working for each activity, the longest waited for in total first."""
    place = later(log)
    begin, end = (moment[place] for moment in waits(log))
    codes = log.activity.codes[place]
    waiting = spread_by(codes, end - begin, log.activities)
    working = working_by_activity(log)
    closed = None
    if week is not None:
        outside = week.closed_within(begin, end)
        closed = np.bincount(codes, outside, minlength=log.activities) / SECOND
    found = [
        ActivityTime(
            name,
            waiting[code],
            None if working is None else working[code],
            None if closed is None else _share(float(closed[code]), waiting[code].seconds_total),
        )
        for code, name in enumerate(log.activity.names)
    ]
    return tuple(sorted(found, key=lambda one: -one.waiting.seconds_total))


def rework(log: EventLog) -> tuple[tuple[Rework, ...], tuple[Return, ...]]:
    """The activities done again and the returns, the most frequent first."""
    counts, returns = kernels.repeats(log.activity.codes, log.offsets, log.activities)
    names = log.activity.names
    edges, times = np.unique(returns, return_counts=True)
    again = tuple(
        Rework(names[code], *(int(count) for count in counts[:, code]))
        for code in most_frequent(counts[0] + counts[1])
    )
    back = tuple(
        Return(names[edges[one] // len(names)], names[edges[one] % len(names)], int(times[one]))
        for one in most_frequent(times)
    )
    return again, back


def hand_overs(log: EventLog, by: Literal["resource", "group"]) -> HandOvers:
    """From the party of an event to the party of the next in its case, and the wait between.

    The parties are people by the resource; centres or entities by the group, whichever column was
    named as such when the log was read. Moves with an unknown party are left out. Raises
    `ColumnNotInLog`.
    """
    column: Coded | None = log.resource if by == "resource" else log.group
    if column is None:
        raise ColumnNotInLog(column=by)
    width = len(column.names)
    place = later(log)
    source, target = column.codes[place - 1].astype(np.int64), column.codes[place]
    known = (source != UNKNOWN) & (target != UNKNOWN)
    begin, end = waits(log)
    edges, edge = np.unique((source * width + target)[known], return_inverse=True)
    waiting = spread_by(edge.astype(np.int32), (end - begin)[place[known]], edges.size)
    names = tuple(column.names)
    found = (
        HandOver(names[pair // width], names[pair % width], spread)
        for pair, spread in zip(edges.tolist(), waiting, strict=True)
    )
    return HandOvers(names, tuple(sorted(found, key=lambda one: -one.waiting.count)))


def bottlenecks(log: EventLog) -> tuple[Bottleneck, ...]:
    """Every move by the waiting on it in total, the greatest first."""
    _begin, end = waits(log)
    names = log.activity.names
    found = moves(log, log.activity.codes, log.activities, end)
    spreads = found.spreads()
    total = sum(waiting.seconds_total for waiting in spreads)
    source, target = found.source.tolist(), found.target.tolist()
    ranked = [
        Bottleneck(
            names[source[edge]],
            names[target[edge]],
            spreads[edge],
            _share(spreads[edge].seconds_total, total),
        )
        for edge in found.most_frequent().tolist()
    ]
    return tuple(sorted(ranked, key=lambda one: -one.waiting.seconds_total))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
