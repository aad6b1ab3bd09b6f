"""Waiting against working, work done again, hand-overs, and where the time goes.

The wait for an event begins at the completion of the event before it in the case and ends at its
start, or at its completion where no start is known (then no working time is told apart). A start
before the event before was complete is no wait. The first event of a case waits for nothing.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sanad.lab.evidence import kernels
from sanad.lab.evidence.hours import OpenWeek
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND, UNKNOWN, Coded, EventLog
from sanad.lab.evidence.map import most_frequent, spread_by, working_by_activity
from sanad.lab.evidence.quantiles import Spread
from sanad.lib.refusal import N_, Refused

PARTIES_AT_MOST = 2_000  # a matrix of this width is two times 32 MB


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
class HandOvers:
    """Work going from one party to another, or staying: rows and columns are `names`.

    `counts` int64 [n, n] and `seconds_waited` float64 [n, n] in total; [a, b] is from a to b.
    """

    names: tuple[str, ...]
    counts: Int64
    seconds_waited: Any

    @property
    def between_parties(self) -> int:
        """Those that changed hands."""
        return int(self.counts.sum() - np.trace(self.counts))


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
    later = _not_first(log)
    begin, end = (moment[later] for moment in waits(log))
    codes = log.activity.codes[later]
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
    again = tuple(
        Rework(names[code], *(int(count) for count in counts[:, code]))
        for code in most_frequent(counts[0] + counts[1])
    )
    back = tuple(
        Return(names[edge // len(names)], names[edge % len(names)], int(returns.flat[edge]))
        for edge in most_frequent(returns.ravel())
    )
    return again, back


def hand_overs(log: EventLog, by: Literal["resource", "group"]) -> HandOvers:
    """From the party of an event to the party of the next in its case, and the wait between.

    Moves with an unknown party are left out. Raises `ColumnNotInLog`, `TooManyParties`.
    """
    column: Coded | None = log.resource if by == "resource" else log.group
    if column is None:
        raise ColumnNotInLog(column=by)
    width = len(column.names)
    if width > PARTIES_AT_MOST:
        raise TooManyParties(count=width, most=PARTIES_AT_MOST)
    later = np.flatnonzero(_not_first(log))
    source, target = column.codes[later - 1].astype(np.int64), column.codes[later]
    known = (source != UNKNOWN) & (target != UNKNOWN)
    begin, end = waits(log)
    edge = (source * width + target)[known]
    waited = (end - begin)[later[known]]
    counts = np.bincount(edge, minlength=width * width)
    seconds = np.bincount(edge, waited, minlength=width * width) / SECOND
    return HandOvers(
        tuple(column.names), counts.reshape(width, width), seconds.reshape(width, width)
    )


def bottlenecks(log: EventLog) -> tuple[Bottleneck, ...]:
    """Every move by the waiting on it in total, the greatest first."""
    begin, end = waits(log)
    waited = end - begin
    counts, _cases = kernels.directly_follows(log.activity.codes, log.offsets, log.activities)
    begins, grouped = kernels.edge_values(log.activity.codes, waited, log.offsets, counts)
    total = float(waited.sum()) / SECOND
    names = log.activity.names
    found = []
    for edge in most_frequent(counts.ravel()):
        waiting = Spread.of(grouped[begins[edge] : begins[edge + 1]])
        source, target = names[edge // len(names)], names[edge % len(names)]
        found.append(Bottleneck(source, target, waiting, _share(waiting.seconds_total, total)))
    return tuple(sorted(found, key=lambda one: -one.waiting.seconds_total))


def _not_first(log: EventLog) -> Any:
    """True for an event that has one before it in its case: bool [events]."""
    later = np.ones(len(log), bool)
    later[log.offsets[:-1]] = False
    return later


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
