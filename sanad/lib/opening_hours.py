"""Weekly hours, holidays and working days. All clock times are Muscat's.

The working week of Oman is Sunday to Thursday. Holidays are announced, so they are data that the
ministry edits; nothing here computes one.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Self

from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT, in_muscat
from sanad.lib.refusal import N_, Refused

DAYS_LOOKED_AHEAD: Final = 60  # longer than any run of holidays; a centre shut for longer is shut


class Weekday(IntEnum):
    """Days in the order of Oman's week."""

    SUN = 0
    MON = 1
    TUE = 2
    WED = 3
    THU = 4
    FRI = 5
    SAT = 6

    @classmethod
    def of(cls, day: dt.date) -> "Weekday":
        return cls(day.isoweekday() % 7)


WORKING_WEEK: Final = frozenset({Weekday.SUN, Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU})


class HoursRefused(Refused):
    code = "opening_hours.wrong"
    sentence = N_(
        "The hours of {day} cannot be kept: {opens}-{closes} ends before it begins or overlaps "
        "another span. Give the spans of a day in order."
    )


class HoursUnreadable(Refused):
    code = "opening_hours.unreadable"
    sentence = N_(
        "“{text}” is not a day or a time of opening hours. "
        "Name days sun to sat and write times like 08:00."
    )


class HolidayTwice(Refused):
    code = "opening_hours.holiday_twice"
    sentence = N_("{day} is in the list of holidays twice: “{first}” and “{second}”. Keep one.")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Open from `opens` until just before `closes`, on one day."""

    opens: dt.time
    closes: dt.time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One public holiday: the date and what is celebrated."""

    day: dt.date
    name: Text


@dataclass(frozen=True, slots=True)
class Holidays:
    """The announced holidays; the same date twice is refused."""

    names: Mapping[dt.date, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, holidays: Iterable[Holiday]) -> Self:
        names: dict[dt.date, Text] = {}
        for holiday in holidays:
            if holiday.day in names:
                raise HolidayTwice(
                    day=holiday.day.isoformat(),
                    first=names[holiday.day].en,
                    second=holiday.name.en,
                )
            names[holiday.day] = holiday.name
        return cls(names)

    def __contains__(self, day: dt.date) -> bool:
        return day in self.names

    def name(self, day: dt.date) -> Text | None:
        return self.names.get(day)


NO_HOLIDAYS: Final = Holidays()


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """When a place is open in an ordinary week: for each weekday its spans, in order."""

    days: Mapping[Weekday, tuple[Span, ...]]

    def __post_init__(self) -> None:
        for weekday, spans in self.days.items():
            _refuse_disorder(weekday, spans)

    @classmethod
    def from_json(cls, document: Mapping[str, Iterable[Iterable[str]]]) -> Self:
        """Read {"sun": [["08:00", "14:00"], ["16:00", "20:00"]], ...}; a day left out is shut."""
        return cls(
            {
                _weekday(name): tuple(Span(*map(_time, span)) for span in spans)
                for name, spans in document.items()
            }
        )

    def to_json(self) -> dict[str, list[list[str]]]:
        return {
            weekday.name.lower(): [
                [f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in spans
            ]
            for weekday, spans in sorted(self.days.items())
            if spans
        }

    def spans_on(self, day: dt.date, holidays: Holidays = NO_HOLIDAYS) -> tuple[Span, ...]:
        """The spans of a date: none on a holiday."""
        return () if day in holidays else self.days.get(Weekday.of(day), ())

    def is_open(self, at: dt.datetime, holidays: Holidays = NO_HOLIDAYS) -> bool:
        return self._span_at(at, holidays) is not None

    def closes_at(self, at: dt.datetime, holidays: Holidays = NO_HOLIDAYS) -> dt.datetime | None:
        """When the span that holds `at` ends (Muscat time); None while shut."""
        span = self._span_at(at, holidays)
        if span is None:
            return None
        return dt.datetime.combine(in_muscat(at).date(), span.closes, MUSCAT)

    def closing_soon(
        self, at: dt.datetime, within: dt.timedelta, holidays: Holidays = NO_HOLIDAYS
    ) -> bool:
        """Open at `at`, and shut within that time."""
        closes = self.closes_at(at, holidays)
        return closes is not None and closes - at <= within

    def next_opening(self, at: dt.datetime, holidays: Holidays = NO_HOLIDAYS) -> dt.datetime | None:
        """The first opening after `at` (Muscat time); None when none comes in 60 days."""
        return next((moment for moment in self._openings(at, holidays) if moment > at), None)

    def _openings(self, at: dt.datetime, holidays: Holidays) -> Iterator[dt.datetime]:
        today = in_muscat(at).date()
        for offset in range(DAYS_LOOKED_AHEAD + 1):
            day = today + dt.timedelta(days=offset)
            for span in self.spans_on(day, holidays):
                yield dt.datetime.combine(day, span.opens, MUSCAT)

    def _span_at(self, at: dt.datetime, holidays: Holidays) -> Span | None:
        local = in_muscat(at)
        clock = local.time()
        spans = self.spans_on(local.date(), holidays)
        return next((span for span in spans if span.opens <= clock < span.closes), None)


def is_working_day(day: dt.date, holidays: Holidays = NO_HOLIDAYS) -> bool:
    """Sunday to Thursday and not a holiday."""
    return Weekday.of(day) in WORKING_WEEK and day not in holidays


def add_working_days(at: dt.datetime, days: int, holidays: Holidays = NO_HOLIDAYS) -> dt.datetime:
    """The same clock time on the `days`-th working day after the day of `at` (Muscat time).

    A target of three working days given on a Thursday or a Friday falls on Tuesday. With
    `days=0` the moment itself is returned, whatever the day.
    """
    if days < 0:
        raise ValueError(f"Working days are counted forward, not {days}")
    local = in_muscat(at)
    day, left = local.date(), days
    while left:
        day += dt.timedelta(days=1)
        left -= is_working_day(day, holidays)
    return dt.datetime.combine(day, local.timetz())


def add_working_hours(
    at: dt.datetime, hours: int, weekly: WeeklyHours, holidays: Holidays = NO_HOLIDAYS
) -> dt.datetime:
    """The moment at which a place that keeps `weekly` hours has been open `hours` since `at`.

    A place that never opens counts by the wall clock.
    """
    left, local = dt.timedelta(hours=hours), in_muscat(at)
    for ahead in range(400):
        day = local.date() + dt.timedelta(days=ahead)
        for span in weekly.spans_on(day, holidays):
            opens = max(local, dt.datetime.combine(day, span.opens, local.tzinfo))
            open_for = dt.datetime.combine(day, span.closes, local.tzinfo) - opens
            if open_for >= left:
                return opens + left
            left -= max(open_for, dt.timedelta(0))
    return at + dt.timedelta(hours=hours)


def _refuse_disorder(weekday: Weekday, spans: tuple[Span, ...]) -> None:
    earliest = dt.time.min
    for span in spans:
        if span.opens >= span.closes or span.opens < earliest:
            raise HoursRefused(
                day=weekday.name.lower(),
                opens=f"{span.opens:%H:%M}",
                closes=f"{span.closes:%H:%M}",
            )
        earliest = span.closes


def _weekday(name: str) -> Weekday:
    try:
        return Weekday[name.upper()]
    except KeyError:
        raise HoursUnreadable(text=name) from None


def _time(text: str) -> dt.time:
    try:
        return dt.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a wall clock has no zone
    except (TypeError, ValueError):
        raise HoursUnreadable(text=text) from None
