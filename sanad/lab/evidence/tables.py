"""CSV and Parquet, as an analyst uploads them, with the columns named.

Times are read as timestamps where the file has them as such, else as ISO 8601 text; one without an
offset is read with `offset_minutes` (minutes east of UTC). A row in a refusal counts the events
from 1, without the heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, CaseMissing, Coded, EventLog, LogHasNoEvents
from sanad.lab.evidence.times import micros
from sanad.lib.refusal import N_, Refused

_BLANK: Final = np.iinfo(np.int64).min  # a time that is not there
GAPS_AT_MOST: Final = 4  # whole numbers are their own codes while at most one in this many is used


class TableUnreadable(Refused):
    code = "evidence.table_unreadable"
    sentence = N_("“{source}” cannot be read as {kind}: {why}. Save it anew and choose it again.")


class ColumnsMissing(Refused):
    code = "evidence.columns_missing"
    sentence = N_(
        "“{source}” has no column {missing}. It has {found}; say which of them holds the case, the "
        "activity and the time."
    )


class TimeUnreadable(Refused):
    code = "evidence.time_unreadable"
    sentence = N_(
        "Row {row} of “{source}”: “{text}” in the column {column} is not a time. Write times like "
        "2026-03-01T08:30:00+04:00."
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; those left None are not read."""

    case: str
    activity: str
    time: str
    start: str | None = None
    resource: str | None = None
    group: str | None = None
    offset_minutes: int = 0

    @property
    def read(self) -> list[str]:
        """Each column once."""
        named = (self.case, self.activity, self.time, self.start, self.resource, self.group)
        return list(dict.fromkeys(name for name in named if name is not None))


def read_parquet(path: Path, columns: Columns) -> EventLog:
    """The log in a Parquet file. Only the named columns are read, texts as dictionaries.

    Raises `TableUnreadable`, `ColumnsMissing`, `TimeUnreadable` and what `EventLog.of` refuses.
    """
    try:
        schema = pq.read_schema(path)
        _refuse_missing(path, columns, schema.names)
        texts = [name for name in columns.read if _is_text(schema.field(name).type)]
        with pq.ParquetFile(path, read_dictionary=texts, memory_map=True) as file:
            table = file.read(columns=columns.read)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, "Parquet", error) from error
    return _log(table, columns, path.name)


def read_csv(path: Path, columns: Columns) -> EventLog:
    """The log in a CSV file in UTF-8 with a heading; refused as :func:`read_parquet`."""
    text = dict.fromkeys(columns.read, pa.string())
    try:
        with pyarrow.csv.open_csv(path) as opened:
            heading = opened.schema.names
        _refuse_missing(path, columns, heading)
        table = pyarrow.csv.read_csv(
            path,
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=columns.read, column_types=text, strings_can_be_null=True,
                null_values=[""],
            ),
        )  # fmt: skip
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, "CSV", error) from error
    return _log(table, columns, path.name)


def _log(table: pa.Table, columns: Columns, source: str) -> EventLog:
    if not table.num_rows:
        raise LogHasNoEvents(source=source)

    def moments(name: str) -> Int64:
        return _times(table[name], name, columns.offset_minutes, source)

    time = moments(columns.time)
    blank = np.flatnonzero(time == _BLANK)
    if blank.size:
        raise TimeUnreadable(source=source, row=int(blank[0]) + 1, text="", column=columns.time)
    start = None
    if columns.start is not None:
        begun = moments(columns.start)
        start = np.where(begun == _BLANK, UNKNOWN, begun)
    return EventLog.of(
        case=_cases(table[columns.case], source),
        activity=_coded(table[columns.activity]),
        time=time,
        start=start,
        resource=None if columns.resource is None else _coded(table[columns.resource]),
        group=None if columns.group is None else _coded(table[columns.group]),
        source=source,
    )


def _cases(column: pa.ChunkedArray, source: str) -> Coded:
    """Codes of cases: whole numbers that lie close together need no table of names."""
    if not pa.types.is_integer(column.type):
        return _coded(column)
    if column.null_count:
        missing = pc.index(pc.is_null(column), True).as_py()
        raise CaseMissing(source=source, row=missing + 1)
    low, high = pc.min_max(column).as_py().values()
    if high - low >= GAPS_AT_MOST * len(column) or high > np.iinfo(np.int64).max:
        return _coded(column)
    codes = np.empty(len(column), np.int32)
    first = 0
    for chunk in column.chunks:  # one by one, so that the whole is not copied first
        place = codes[first : first + len(chunk)]
        np.subtract(chunk.to_numpy(), low, out=place, dtype=np.int64, casting="unsafe")
        first += len(chunk)
    used = np.zeros(high - low + 1, bool)
    used[codes] = True
    numbers = np.flatnonzero(used) + low
    if numbers.size <= high - low:
        codes = (np.cumsum(used, dtype=np.int32) - np.int32(1))[codes]
    return Coded(codes, cast(Any, numbers))


def _coded(column: pa.ChunkedArray) -> Coded:
    """Codes of a column; an empty text is unknown. Names that no row uses are left out."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    indices = pc.fill_null(whole.indices, UNKNOWN) if whole.null_count else whole.indices
    codes = indices.to_numpy().astype(np.int32, copy=False)
    names = [None if name in (None, "") else str(name) for name in whole.dictionary.to_pylist()]
    used = np.zeros(len(names) + 1, bool)
    used[codes] = True  # -1 marks the last, which is no name's
    kept = used[:-1] & np.array([name is not None for name in names], bool)
    if kept.all():
        return Coded(codes, cast(Any, tuple(names)))
    renamed = np.where(kept, np.cumsum(kept) - 1, UNKNOWN).astype(np.int32)
    renamed = np.append(renamed, np.int32(UNKNOWN))  # -1 looks up the last
    left = tuple(name for name, keep in zip(names, kept, strict=True) if keep)
    return Coded(renamed[codes], cast(Any, left))


def _times(column: pa.ChunkedArray, name: str, offset_minutes: int, source: str) -> Int64:
    """Microseconds UTC, `_BLANK` where the column has nothing: int64 [rows]."""
    if pa.types.is_timestamp(column.type):
        shift = 0 if column.type.tz else offset_minutes * 60_000_000
        whole = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        if not whole.null_count and not shift:
            return cast(Int64, whole.to_numpy())
        return cast(Int64, pc.fill_null(pc.subtract(whole, shift), _BLANK).to_numpy())
    return np.fromiter(
        (
            _time(value, row, name, offset_minutes, source)
            for row, value in enumerate(column.to_pylist(), 1)
        ),
        np.int64,
        len(column),
    )


def _time(value: Any, row: int, column: str, offset_minutes: int, source: str) -> int:
    if value is None or value == "":
        return int(_BLANK)
    try:
        return micros(value, offset_minutes=offset_minutes)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise TimeUnreadable(source=source, row=row, text=value, column=column) from None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refuse_missing(path: Path, columns: Columns, found: Iterable[str]) -> None:
    found = list(found)
    missing = [name for name in columns.read if name not in found]
    if missing:
        raise ColumnsMissing(
            source=path.name, missing=", ".join(missing), found=", ".join(found) or "–"
        )


def _unreadable(path: Path, kind: str, error: Exception) -> TableUnreadable:
    return TableUnreadable(source=path.name, kind=kind, why=str(error).splitlines()[0])
