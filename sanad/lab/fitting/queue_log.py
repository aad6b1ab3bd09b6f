"""A queue's log, one line a customer: read, checked and laid out in arrays.

Columns: arrived_at, priority, kind, server, service_started_at, service_ended_at, abandoned_at.
Times are ISO 8601, all with a zone or all without; a cell is empty where a thing did not happen.
A customer belongs to the date of their arrival on their own clock, also when they are served after
midnight. Rows may stand in any order; they are sorted by arrival.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import numpy as np

from sanad.lab.evidence.log import Coded
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import DAY_SECONDS, Floats
from sanad.lib.refusal import N_, Refused

COLUMNS = (
    "arrived_at", "priority", "kind", "server", "service_started_at", "service_ended_at",
    "abandoned_at",
)  # fmt: skip
HALF_HOUR = 1800  # seconds
SLOTS = 60  # half hours from the midnight before; the last six belong to who is served after it
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class QueueUnreadable(Refused):
    code = "fitting.unreadable"
    sentence = N_(
        "“{source}” cannot be read as a table of text in UTF-8. Save it as CSV, plain or "
        "compressed with gzip, and try again."
    )


class ColumnMissing(Refused):
    code = "fitting.column_missing"
    sentence = N_(
        "“{source}” has no column “{column}” in line 1. A queue log needs: {columns}. Add the "
        "column; its cells may be empty where a thing did not happen."
    )


class TimeUnreadable(Refused):
    code = "fitting.time_unreadable"
    sentence = N_(
        "Line {line} of “{source}”, column “{column}”: “{text}” is no date with a time. Write it "
        "like 2025-07-01T08:30:00."
    )


class ZonesMixed(Refused):
    code = "fitting.zones_mixed"
    sentence = N_(
        "Line {line} of “{source}”, column “{column}”: some times name their zone and some do not, "
        "so they cannot be compared. Write all of them in one way."
    )


class TimesOutOfOrder(Refused):
    code = "fitting.times_out_of_order"
    sentence = N_(
        "Line {line} of “{source}”: “{later}” lies before “{earlier}”. Correct the two times."
    )


class StartMissing(Refused):
    code = "fitting.start_missing"
    sentence = N_(
        "Line {line} of “{source}”, column “service_started_at”: the service ended and never "
        "began. Fill in when it began, or empty “service_ended_at”."
    )


class ServedAndGone(Refused):
    code = "fitting.served_and_gone"
    sentence = N_(
        "Line {line} of “{source}”, column “abandoned_at”: the customer was served and left "
        "unserved at once. Keep one of the two."
    )


class QueueEmpty(Refused):
    code = "fitting.empty"
    sentence = N_("“{source}” holds no customer, so there is nothing to fit. Choose another log.")


@dataclass(frozen=True, eq=False)
class QueueLog:
    """N customers in the order of arrival."""

    source: str
    day: Ints  # (N,) days since 1970 of the arrival's date
    arrived: Floats  # (N,) seconds since that day's midnight
    wait: Floats  # (N,) seconds until served or gone; NaN for who is still there
    service: Floats  # (N,) seconds; NaN for who was not served or whose end is not known
    served: Flags
    abandoned: Flags
    priority: Coded
    kind: Coded
    server: Coded

    def __len__(self) -> int:
        return len(self.day)

    @property
    def days(self) -> Ints:
        """The days on which anybody came, in order."""
        return np.unique(self.day)

    @property
    def slot(self) -> Ints:
        """The half hour of each arrival."""
        return (self.arrived // HALF_HOUR).astype(np.int64)

    def taken(self, rows: Any) -> Self:
        """The customers chosen, by positions in order or by a mask."""
        at = np.flatnonzero(rows) if np.asarray(rows).dtype == np.bool_ else rows
        kept = {
            one.name: _taken(getattr(self, one.name), at)
            for one in fields(self)
            if one.name != "source"
        }
        return type(self)(source=self.source, **kept)

    def divided(self) -> dict[int, Self]:
        """The customers of each day."""
        bounds = np.searchsorted(self.day, [*self.days, np.iinfo(np.int64).max])
        return {
            int(day): self.taken(np.arange(begin, end))
            for day, begin, end in zip(self.days, bounds[:-1], bounds[1:], strict=True)
        }


def _taken(column: Any, at: Any) -> Any:
    return column.taken(at) if isinstance(column, Coded) else column[at]


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH.date()).days


def weekday_of(day: Ints | int) -> Any:
    """0 is Sunday; 1970 began on a Thursday."""
    return (np.asarray(day) + 4) % 7


def read(path: Path) -> QueueLog:
    """The log of a file, plain or compressed with gzip. Raises the refusals of this module."""
    try:
        text = _text(path)
        rows = list(_Rows(path.name).read(csv.DictReader(io.StringIO(text), strict=True)))
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise QueueUnreadable(source=path.name) from error
    if not rows:
        raise QueueEmpty(source=path.name)
    return _log(path.name, rows)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")


@dataclass(frozen=True)
class _Row:
    """A line: seconds since 1970, NaN where a thing did not happen, and its names."""

    day: int
    midnight: float
    arrived: float
    started: float
    ended: float
    abandoned: float
    priority: str | None
    kind: str | None
    server: str | None


class _Rows:
    """Reads line by line and says of each refusal in which line it is."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.has_zone: bool | None = None

    def read(self, table: "csv.DictReader[str]") -> Iterator[_Row]:
        names = [name.strip() for name in table.fieldnames or []]
        for column in COLUMNS:
            if column not in names:
                raise ColumnMissing(source=self.source, column=column, columns=", ".join(COLUMNS))
        table.fieldnames = names
        for cells in table:
            row = self._row(cells, table.line_num)
            self._check(row, table.line_num)
            yield row

    def _row(self, cells: dict[str, str], line: int) -> _Row:
        arrived = self._time(cells, "arrived_at", line)
        if arrived is None:
            raise TimeUnreadable(source=self.source, line=line, column="arrived_at", text="")
        midnight = arrived.replace(hour=0, minute=0, second=0, microsecond=0)
        started, ended, abandoned = (
            _seconds(self._time(cells, name, line)) for name in COLUMNS[4:]
        )
        priority, kind, server = ((cells[name] or "").strip() or None for name in COLUMNS[1:4])
        return _Row(
            day_number(arrived.date()), _seconds(midnight), _seconds(arrived), started, ended,
            abandoned, priority, kind, server,
        )  # fmt: skip

    def _time(self, cells: dict[str, str], column: str, line: int) -> datetime | None:
        text = (cells[column] or "").strip()
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        # A date alone would be read as its midnight.
        if found is None or ":" not in text or found.year < 1970:
            raise TimeUnreadable(source=self.source, line=line, column=column, text=text)
        has_zone = found.tzinfo is not None
        if self.has_zone not in (None, has_zone):
            raise ZonesMixed(source=self.source, line=line, column=column)
        self.has_zone = has_zone
        return found

    def _check(self, row: _Row, line: int) -> None:
        where = {"source": self.source, "line": line}
        if not np.isnan(row.ended) and np.isnan(row.started):
            raise StartMissing(**where)
        if not np.isnan(row.started) and not np.isnan(row.abandoned):
            raise ServedAndGone(**where)
        for earlier, later in (
            ("arrived_at", "service_started_at"),
            ("service_started_at", "service_ended_at"),
            ("arrived_at", "abandoned_at"),
        ):
            if getattr(row, _FIELD[later]) < getattr(row, _FIELD[earlier]):
                raise TimesOutOfOrder(**where, earlier=earlier, later=later)


_FIELD = {
    "arrived_at": "arrived", "service_started_at": "started", "service_ended_at": "ended",
    "abandoned_at": "abandoned",
}  # fmt: skip


def _seconds(when: datetime | None) -> float:
    """Seconds since 1970; a time without zone is read as if it were UTC."""
    if when is None:
        return float("nan")
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (aware - _EPOCH) / timedelta(seconds=1)


def _log(source: str, rows: list[_Row]) -> QueueLog:
    rows = sorted(rows, key=lambda row: (row.day, row.arrived - row.midnight))
    arrived, started, ended, gone, midnight = (
        np.array([getattr(row, name) for row in rows])
        for name in ("arrived", "started", "ended", "abandoned", "midnight")
    )
    served, abandoned = ~np.isnan(started), ~np.isnan(gone)
    since = arrived - midnight
    assert (since >= 0).all()
    assert (since <= DAY_SECONDS).all()
    return QueueLog(
        source=source,
        day=np.array([row.day for row in rows], dtype=np.int64),
        arrived=since,
        wait=np.where(served, started, gone) - arrived,
        service=ended - started,
        served=served,
        abandoned=abandoned,
        priority=Coded.of([row.priority for row in rows]),
        kind=Coded.of([row.kind for row in rows]),
        server=Coded.of([row.server for row in rows]),
    )
