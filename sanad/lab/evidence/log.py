"""The event log in columns.

Times are microseconds since 1970-01-01 UTC; an event stands at its completion. `UNKNOWN` (-1) is a
start that is not known, and a person or group that is not. Events are ordered by case, then time,
then as they stood in the source: a tie in time keeps the log's order.

Size: 16 bytes an event for case, activity and time; 8 more with starts, 4 more for each of
resource and group. 7.8 million events with all are 250 MB, and ordering needs 4 bytes an event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np

from sanad.lab.evidence import kernels, parts
from sanad.lab.evidence.kernels import Int32, Int64
from sanad.lib.refusal import N_, Refused

UNKNOWN: Final = -1
SECOND: Final = 1_000_000  # microseconds
EVENTS_AT_MOST: Final = 2**31 - 1
YEAR_EARLIEST: Final = 1900
YEAR_EARLIEST_START: Final = 1970  # before it a start would be read as not known
EARLIEST: Final = -2_208_988_800 * SECOND  # 1900-01-01


class LogHasNoEvents(Refused):
    code = "evidence.no_events"
    sentence = N_("“{source}” holds no event, so there is nothing to study. Choose another log.")


class CaseMissing(Refused):
    code = "evidence.case_missing"
    sentence = N_(
        "Event {row} of “{source}” names no case. Every event belongs to a case; fill in the case "
        "or leave the event out."
    )


class ActivityMissing(Refused):
    code = "evidence.activity_missing"
    sentence = N_(
        "Event {row} of “{source}” names no activity. Fill in what was done or leave the event out."
    )


class TimeTooEarly(Refused):
    code = "evidence.time_too_early"
    sentence = N_(
        "Event {row} of “{source}” lies before {year}, which is a clock that was not set. Correct "
        "its time or leave the event out."
    )


class StartAfterEnd(Refused):
    code = "evidence.start_after_end"
    sentence = N_(
        "Event {row} of “{source}” starts after it ends. Check which column is the start and which "
        "the end."
    )


class LogTooLong(Refused):
    code = "evidence.log_too_long"
    sentence = N_(
        "“{source}” holds {events} events, more than the {most} that are read at once. Divide it "
        "by period or by centre."
    )


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as codes, int32 [events], and the name of each code; `UNKNOWN` has no name."""

    codes: Int32
    names: Sequence[str]

    @classmethod
    def of(cls, values: Sequence[str | None]) -> Self:
        """Codes in the order in which the names first come; None is `UNKNOWN`."""
        known: dict[str, int] = {}
        codes = np.fromiter(
            (UNKNOWN if value is None else known.setdefault(value, len(known)) for value in values),
            np.int32,
            len(values),
        )
        return cls(codes, tuple(known))

    def name(self, event: int) -> str | None:
        code = int(self.codes[event])
        return None if code == UNKNOWN else str(self.names[code])

    def taken(self, order: Any) -> "Coded":
        return Coded(np.take(self.codes, order), self.names)


@dataclass(frozen=True, eq=False)
class EventLog:
    """A log in order. `offsets` int64 [cases + 1]: case c is the events offsets[c]:offsets[c + 1].

    Make one with :meth:`of`, which checks and orders.
    """

    case: Coded
    activity: Coded
    time: Int64
    offsets: Int64
    start: Int64 | None = None
    resource: Coded | None = None
    group: Coded | None = None

    @classmethod
    def of(
        cls,
        *,
        case: Coded,
        activity: Coded,
        time: Int64,
        start: Int64 | None = None,
        resource: Coded | None = None,
        group: Coded | None = None,
        source: str = "log",
    ) -> Self:
        """The log of these columns, all [events], in any order.

        1. Refuse what is missing or impossible, naming the event (counted from 1).
        2. Count by case, place, and order each case by time: O(events) where cases are in order.

        Every code of `case` must have an event. `source` is the name said in a refusal.
        """
        _refuse_impossible(case, activity, time, start, source)
        alone = start is None and resource is None and group is None
        carried = activity.codes if alone else np.arange(time.size, dtype=np.int32)
        offsets, order, placed = _ordered(case, time, carried)
        return cls(
            case=Coded(
                np.repeat(np.arange(len(case.names), dtype=np.int32), np.diff(offsets)), case.names
            ),
            activity=Coded(order, activity.names) if alone else activity.taken(order),
            time=placed,
            offsets=offsets,
            start=None if start is None else np.take(start, order),
            resource=None if resource is None else resource.taken(order),
            group=None if group is None else group.taken(order),
        )

    def __len__(self) -> int:
        return int(self.time.size)

    @property
    def cases(self) -> int:
        return int(self.offsets.size - 1)

    @property
    def activities(self) -> int:
        return len(self.activity.names)

    @cached_property
    def throughput(self) -> Int64:
        """From the first completion of each case to its last, microseconds: int64 [cases].

        Where the start of the first event is known it counts from there.
        """
        begin = self.time[self.offsets[:-1]]
        if self.start is not None:
            started = self.start[self.offsets[:-1]]
            begin = np.where(started == UNKNOWN, begin, started)
        return self.time[self.offsets[1:] - 1] - begin

    def of_case(self, case: int) -> slice:
        """The events of a case."""
        return slice(int(self.offsets[case]), int(self.offsets[case + 1]))


def log_of_two_events() -> EventLog:
    """To have the kernels compiled, or loaded, before something is timed."""
    same = Coded.of(["a", "a"])
    return EventLog.of(case=same, activity=same, time=np.zeros(2, np.int64))


def _ordered(case: Coded, time: Int64, carried: Int32) -> tuple[Int64, Int32, Int64]:
    """Offsets, and what is carried along and the times in the order of a log.

    Every part of the rows has places of its own in each case, after those of the parts before, so
    the parts are placed at once and the rows of a case stay in the order of the source.
    """
    rows = parts.spans(time.size)
    counts = parts.each(
        kernels.count_by_case, [(case.codes[part], len(case.names)) for part in rows]
    )
    offsets = np.zeros(len(case.names) + 1, np.int64)
    np.cumsum(sum(counts), out=offsets[1:])
    order, placed = np.empty(time.size, np.int32), np.empty(time.size, np.int64)
    free, placing = offsets[:-1].copy(), []
    for part, count in zip(rows, counts, strict=True):
        placing.append((case.codes[part], time[part], carried[part], free, order, placed))
        free = free + count
    parts.each(kernels.place_by_case, placing)
    parts.each(kernels.order_in_cases, [(order, placed, part) for part in parts.of_cases(offsets)])
    return offsets, order, placed


def _refuse_impossible(
    case: Coded, activity: Coded, time: Int64, start: Int64 | None, source: str
) -> None:
    if not time.size:
        raise LogHasNoEvents(source=source)
    if time.size > EVENTS_AT_MOST:
        raise LogTooLong(source=source, events=time.size, most=EVENTS_AT_MOST)
    if case.codes.min() < 0:
        raise CaseMissing(source=source, row=_first(case.codes < 0))
    if activity.codes.min() < 0:
        raise ActivityMissing(source=source, row=_first(activity.codes < 0))
    if time.min() < EARLIEST:
        raise TimeTooEarly(source=source, row=_first(time < EARLIEST), year=YEAR_EARLIEST)
    if start is not None:
        if start.min() < UNKNOWN:
            row = _first(start < UNKNOWN)
            raise TimeTooEarly(source=source, row=row, year=YEAR_EARLIEST_START)
        late = (start > time) & (start != UNKNOWN)
        if late.any():
            raise StartAfterEnd(source=source, row=_first(late))


def _first(wrong: Any) -> int:
    return int(np.argmax(wrong)) + 1
