"""Who hands requests on to whom, how long that takes, and how much of it the centre was closed.

A hand-over lasts from one party's last step to the next step of another party. Steps of no known
party are passed over: an answer that an entity's system gave has no person behind it. Time outside
opening hours is by the weekly hours of the centre in which the step was; holidays are not counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sanad.cases.stages import MOVES
from sanad.lab.evidence.hours import OpenWeek
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND, UNKNOWN, Coded, EventLog
from sanad.lab.evidence.map import spread_by
from sanad.lab.evidence.quantiles import Spread
from sanad.lab.evidence.waiting import waits
from sanad.lab.procedures import Studied
from sanad.lib.opening_hours import WeeklyHours

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class HandOver:
    """From one party to another; `closed_share` of its whole time lay outside opening hours, None
    where no hours are known."""

    source: str
    target: str
    waiting: Spread
    closed_share: float | None


@dataclass(frozen=True, slots=True)
class SlowMove:
    """A move and the waiting on it: `share` of all waiting in the log."""

    source: str
    target: str
    waiting: Spread
    share: float
    closed_share: float | None


def week_of(hours: WeeklyHours) -> OpenWeek:
    """A centre's weekly hours as minutes of the week."""
    return OpenWeek.of(
        (day * MINUTES_A_DAY + _minute(span.opens), day * MINUTES_A_DAY + _minute(span.closes))
        for day, spans in hours.days.items()
        for span in spans
    )


def weeks_of(hours: Iterable[tuple[int, WeeklyHours]]) -> dict[int, OpenWeek]:
    """The week of each centre that has hours; centres of the same hours share one."""
    made: dict[Any, OpenWeek] = {}
    found = {}
    for centre, weekly in hours:
        key = tuple(sorted(weekly.days.items()))
        if any(spans for _, spans in key):
            found[centre] = made.get(key) or made.setdefault(key, week_of(weekly))
    return found


def hand_overs(
    studied: Studied, parties: Coded, weeks: Mapping[int, OpenWeek] | None = None
) -> tuple[HandOver, ...]:
    """Between the parties of the events, codes [events]; the most frequent first."""
    log = studied.log
    known = np.flatnonzero(parties.codes != UNKNOWN)
    case, codes = log.case.codes[known], parties.codes[known].astype(np.int64)
    moved = np.flatnonzero((case[1:] == case[:-1]) & (codes[1:] != codes[:-1]))
    source, target = known[moved], known[moved + 1]
    begin, end = log.time[source], log.time[target]
    width = max(len(parties.names), 1)
    pairs, of_move = np.unique(codes[moved] * width + codes[moved + 1], return_inverse=True)
    spreads = spread_by(of_move, end - begin, pairs.size) if pairs.size else ()
    closed = _closed(studied, target, begin, end, weeks)
    shares = _closed_shares(closed, of_move, spreads)
    found = [
        HandOver(parties.names[pair // width], parties.names[pair % width], spread, share)
        for pair, spread, share in zip(pairs.tolist(), spreads, shares, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.waiting.count, one.source, one.target)))


def desks(log: EventLog) -> Coded:
    """On whose desk an event laid the request, by holder; only where it went to another desk."""
    holders = sorted({holder.value for holder in MOVES.values()})
    code_of = [
        holders.index(MOVES[name].value) if name in MOVES else UNKNOWN
        for name in log.activity.names
    ]
    codes = np.array(code_of, np.int32)[log.activity.codes]
    known = np.flatnonzero(codes != UNKNOWN)
    case = log.case.codes[known]
    stays = (case[1:] == case[:-1]) & (codes[known][1:] == codes[known][:-1])
    codes[known[1:][stays]] = UNKNOWN
    return Coded(codes, tuple(holders))


def slow_moves(
    studied: Studied, weeks: Mapping[int, OpenWeek] | None = None
) -> tuple[SlowMove, ...]:
    """Every move by the waiting on it in total, the greatest first."""
    log = studied.log
    later = np.flatnonzero(log.case.codes[1:] == log.case.codes[:-1]) + 1
    begin, end = (moment[later] for moment in waits(log))
    width = log.activities
    move = log.activity.codes[later - 1].astype(np.int64) * width + log.activity.codes[later]
    moves, of_move = np.unique(move, return_inverse=True)
    spreads = spread_by(of_move, end - begin, moves.size) if moves.size else ()
    shares = _closed_shares(_closed(studied, later, begin, end, weeks), of_move, spreads)
    total = float((end - begin).sum()) / SECOND
    names = log.activity.names
    found = [
        SlowMove(
            names[one // width], names[one % width], spread,
            spread.seconds_total / total if total else 0.0, share,
        )
        for one, spread, share in zip(moves.tolist(), spreads, shares, strict=True)
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (-one.waiting.seconds_total, one.source, one.target))
    )


def _closed(
    studied: Studied, event: Int64, begin: Int64, end: Int64, weeks: Mapping[int, OpenWeek] | None
) -> Int64 | None:
    """Microseconds of each span outside the hours of the centre of `event`; None without hours."""
    if not weeks or studied.centre is None:
        return None
    centre = studied.centre[event]
    closed = np.zeros(event.size, np.int64)
    of_week: dict[int, list[int]] = {}
    for number in np.unique(centre).tolist():
        if number in weeks:
            of_week.setdefault(id(weeks[number]), []).append(number)
    for numbers in of_week.values():
        here = np.isin(centre, numbers)
        closed[here] = weeks[numbers[0]].closed_within(begin[here], end[here])
    return closed


def _closed_shares(
    closed: Int64 | None, groups: Int64, spreads: tuple[Spread, ...]
) -> list[float | None]:
    if closed is None:
        return [None] * len(spreads)
    seconds = np.bincount(groups, closed, minlength=len(spreads)) / SECOND
    return [
        float(part / spread.seconds_total) if spread.seconds_total else None
        for part, spread in zip(seconds, spreads, strict=True)
    ]


def _minute(at: Any) -> int:
    return int(at.hour * 60 + at.minute)
