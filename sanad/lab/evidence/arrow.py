"""Columns of Arrow as codes and as microseconds."""

from dataclasses import dataclass
from typing import Any, Final, Self, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.lab.evidence.kernels import Int32, Int64
from sanad.lab.evidence.log import UNKNOWN, CaseMissing, Coded
from sanad.lab.evidence.times import micros
from sanad.lib.refusal import N_, Refused

BLANK: Final = np.iinfo(np.int64).min  # a time that is not there
GAPS_AT_MOST: Final = 4  # whole numbers are their own codes while at most one in this many is used


class TimeUnreadable(Refused):
    code = "evidence.time_unreadable"
    sentence = N_(
        "Row {row} of “{source}”: “{text}” in the column {column} is not a time. Write times like "
        "2026-03-01T08:30:00+04:00."
    )


def cases(column: pa.ChunkedArray, source: str) -> Coded:
    """Codes of cases: whole numbers that lie close together need no table of names."""
    if not pa.types.is_integer(column.type):
        return coded(column)
    if column.null_count:
        missing = pc.index(pc.is_null(column), True).as_py()
        raise CaseMissing(source=source, row=missing + 1)
    low, high = pc.min_max(column).as_py().values()
    if not close_together(low, high, len(column)):
        return coded(column)
    numbers = Numbers.of(len(column), low, high)
    first = 0
    for chunk in column.chunks:  # one by one, so that the whole is not copied first
        numbers.put(first, chunk.to_numpy())
        first += len(chunk)
    return numbers.coded()


def close_together(low: int, high: int, rows: int) -> bool:
    """Whether whole numbers may be their own codes."""
    return high - low < GAPS_AT_MOST * rows and high <= np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Numbers:
    """Whole numbers from `low` to `high` as codes, int32 [rows], put in by pieces."""

    codes: Int32
    used: Any  # bool [high - low + 1]
    low: int
    high: int

    @classmethod
    def of(cls, rows: int, low: int, high: int) -> Self:
        return cls(np.empty(rows, np.int32), np.zeros(high - low + 1, bool), low, high)

    def put(self, first: int, values: Any) -> None:
        """These values from row `first` on; they lie between low and high."""
        place = self.codes[first : first + len(values)]
        np.subtract(values, self.low, out=place, dtype=np.int64, casting="unsafe")
        self.used[place] = True

    def coded(self) -> Coded:
        numbers = np.flatnonzero(self.used) + self.low
        if numbers.size == self.used.size:
            return Coded(self.codes, cast(Any, numbers))
        return Coded((np.cumsum(self.used, dtype=np.int32) - 1)[self.codes], cast(Any, numbers))


def coded(column: pa.ChunkedArray) -> Coded:
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


def times(column: pa.ChunkedArray, name: str, offset_minutes: int, source: str) -> Int64:
    """Microseconds UTC, `BLANK` where the column has nothing: int64 [rows]."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("us"))
    if pa.types.is_timestamp(column.type):
        shift = 0 if column.type.tz else offset_minutes * 60_000_000
        whole = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        if not whole.null_count and not shift:
            return cast(Int64, whole.to_numpy())
        return cast(Int64, pc.fill_null(pc.subtract(whole, shift), BLANK).to_numpy())
    plain = _plain_times(column, offset_minutes) if is_text(column.type) else None
    if plain is not None:
        return plain
    return np.fromiter(
        (
            _time(value, row, name, offset_minutes, source)
            for row, value in enumerate(column.to_pylist(), 1)
        ),
        np.int64,
        len(column),
    )


def _plain_times(column: pa.ChunkedArray, offset_minutes: int) -> Int64 | None:
    """Texts that are all ISO 8601, all with an offset or all without; else None, to read them one
    by one and say which is wrong."""
    for zone in ("UTC", None):
        try:
            read = pc.cast(column, pa.timestamp("us", zone))
        except pa.ArrowInvalid:
            continue
        return times(read, "", offset_minutes, "")
    return None


def _time(value: Any, row: int, column: str, offset_minutes: int, source: str) -> int:
    if value is None or value == "":
        return int(BLANK)
    try:
        return micros(value, offset_minutes=offset_minutes)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise TimeUnreadable(source=source, row=row, text=value, column=column) from None


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
