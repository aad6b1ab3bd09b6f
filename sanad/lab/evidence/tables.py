"""CSV and Parquet, as an analyst uploads them, with the columns named.

Times are read as timestamps where the file has them as such, else as ISO 8601 text; one without an
offset is read with `offset_minutes` (minutes east of UTC). A row in a refusal counts the events
from 1, without the heading.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from sanad.lab.evidence.arrow import BLANK, cases, coded, times
from sanad.lab.evidence.arrow import TimeUnreadable as TimeUnreadable
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog, LogHasNoEvents
from sanad.lab.evidence.parquet import Columns as Columns
from sanad.lab.evidence.parquet import Read, read_columns
from sanad.lib.refusal import N_, Refused

HEADING_BYTES_AT_MOST: Final = 1 << 16


class TableUnreadable(Refused):
    code = "evidence.table_unreadable"
    sentence = N_("“{source}” cannot be read as {kind}: {why}. Save it anew and choose it again.")


class ColumnsMissing(Refused):
    code = "evidence.columns_missing"
    sentence = N_(
        "“{source}” has no column {missing}. It has {found}; say which of them holds the case, the "
        "activity and the time."
    )


def read_parquet(path: Path, columns: Columns) -> EventLog:
    """The log in a Parquet file. Only the named columns are read, texts as dictionaries.

    Raises `TableUnreadable`, `ColumnsMissing`, `TimeUnreadable` and what `EventLog.of` refuses.
    """
    try:
        known = pq.read_metadata(path)
        _refuse_missing(path, columns, known.schema.to_arrow_schema().names)
        found = read_columns(path, known, columns)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, "Parquet", error) from error
    return _log(found, columns, path.name)


def read_csv(path: Path, columns: Columns) -> EventLog:
    """The log in a CSV file (.gz too) in UTF-8 with a heading, divided by the sign that the heading
    holds most of: comma, semicolon, tab or bar. Refused as :func:`read_parquet`."""
    text = dict.fromkeys(columns.read, pa.string())
    try:
        heading, parsed = _heading(path)
        _refuse_missing(path, columns, heading)
        converted = pyarrow.csv.ConvertOptions(
            include_columns=columns.read, column_types=text, strings_can_be_null=True,
            null_values=[""],
        )  # fmt: skip
        with _opened(path) as file:
            table = pyarrow.csv.read_csv(file, parse_options=parsed, convert_options=converted)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, "CSV", error) from error
    return _log(Read(table), columns, path.name)


def column_names(path: Path, *, is_csv: bool) -> list[str]:
    """The columns there are. Raises `TableUnreadable`."""
    try:
        return _heading(path)[0] if is_csv else list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, "CSV" if is_csv else "Parquet", error) from error


def _heading(path: Path) -> tuple[list[str], pyarrow.csv.ParseOptions]:
    with _opened(path) as file:
        first = file.read(HEADING_BYTES_AT_MOST).partition(b"\n")[0].decode("utf-8", "replace")
    outside = "".join(first.split('"')[::2])
    sign = max(",;\t|", key=outside.count)
    parsed = pyarrow.csv.ParseOptions(delimiter=sign, newlines_in_values=True)
    with _opened(path) as file, pyarrow.csv.open_csv(file, parse_options=parsed) as opened:
        return opened.schema.names, parsed


def _opened(path: Path) -> Any:
    zipped = "gzip" if path.name.lower().endswith(".gz") else None
    return pa.input_stream(str(path), compression=zipped)


def _log(read: Read, columns: Columns, source: str) -> EventLog:
    """The log of what was read; what the reader has not filled is coded here."""
    table = read.table

    def moments(name: str) -> Int64:
        return times(table[name], name, columns.offset_minutes, source)

    def codes(name: str | None) -> Coded | None:
        return None if name is None else coded(table[name])

    if not read.rows:
        raise LogHasNoEvents(source=source)
    time = read.time if read.time is not None else moments(columns.time)
    if time.min() == BLANK:
        row = int(np.argmin(time)) + 1
        raise TimeUnreadable(source=source, row=row, text="", column=columns.time)
    start = None
    if columns.start is not None:
        begun = moments(columns.start)
        start = np.where(begun == BLANK, UNKNOWN, begun)
    return EventLog.of(
        case=read.case or cases(table[columns.case], source),
        activity=read.activity or coded(table[columns.activity]),
        time=time,
        start=start,
        resource=codes(columns.resource),
        group=codes(columns.group),
        source=source,
    )


def _refuse_missing(path: Path, columns: Columns, found: Iterable[str]) -> None:
    found = list(found)
    missing = [name for name in columns.read if name not in found]
    if missing:
        raise ColumnsMissing(
            source=path.name, missing=", ".join(missing), found=", ".join(found) or "–"
        )


def _unreadable(path: Path, kind: str, error: Exception) -> TableUnreadable:
    return TableUnreadable(source=path.name, kind=kind, why=str(error).partition("\n")[0])
