"""Columns out of Parquet, by row groups, on every processor.

Times, cases that are whole numbers, and activities go from each row group straight into the arrays
of the whole log, so that what a row group takes is used again for the next. Other columns are
handed over as Arrow has them.

Size: 16 bytes an event, and beside it a row group a processor.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sanad.lab.evidence import parts
from sanad.lab.evidence.arrow import Numbers, close_together, coded, is_text, times
from sanad.lab.evidence.kernels import Int32, Int64
from sanad.lab.evidence.log import UNKNOWN, Coded


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


@dataclass(frozen=True, eq=False)
class Read:
    """What was read: a table of columns as they are, and those that are done, None where not."""

    table: pa.Table
    time: Int64 | None = None
    case: Coded | None = None
    activity: Coded | None = None

    @property
    def rows(self) -> int:
        """A table that has no column left says nothing of its rows."""
        return int(self.table.num_rows if self.activity is None else self.activity.codes.size)


@dataclass(frozen=True, eq=False)
class _Filling:
    """The arrays of the whole log. Row groups are put in at places of their own, in any order."""

    columns: Columns
    time: Int64 | None
    case: Numbers | None
    activity: Int32
    names: dict[int, tuple[str, ...]]

    @property
    def left(self) -> list[str]:
        """The columns that are not filled."""
        done = {self.columns.activity}
        done |= {self.columns.time} if self.time is not None else set()
        done |= {self.columns.case} if self.case is not None else set()
        named = (self.columns.start, self.columns.resource, self.columns.group)
        return [name for name in self.columns.read if name not in done or name in named]

    def put(self, first: int, rows: pa.Table) -> None:
        """A row group whose first row is `first` of the file."""
        after = first + rows.num_rows
        column = self.columns
        if self.time is not None:
            self.time[first:after] = times(rows[column.time], "", column.offset_minutes, "")
        if self.case is not None:
            _put_numbers(self.case, first, rows[column.case])
        found = coded(rows[column.activity])
        self.activity[first:after] = found.codes
        self.names[first] = tuple(found.names)

    def activities(self) -> Coded:
        """One code for each name, in the order in which row groups name them."""
        known: dict[str, int] = {}
        places = [*sorted(self.names), self.activity.size]
        for first, after in pairwise(places):
            codes = [known.setdefault(name, len(known)) for name in self.names[first]]
            if codes != list(range(len(codes))):
                here = self.activity[first:after]
                here[:] = np.array([*codes, UNKNOWN], np.int32)[here]  # -1 looks up the last
        return Coded(self.activity, tuple(known))


def read_columns(path: Path, known: pq.FileMetaData, columns: Columns) -> Read:
    """The columns of a file with this footer. Raises what pyarrow does where it is broken."""
    schema = known.schema.to_arrow_schema()
    counts = [known.row_group(group).num_rows for group in range(known.num_row_groups)]
    if not any(counts):
        return Read(schema.empty_table())
    firsts = np.cumsum([0, *counts]).tolist()
    is_time = pa.types.is_timestamp(schema.field(columns.time).type)
    filling = _Filling(
        columns,
        np.empty(known.num_rows, np.int64) if is_time else None,
        _numbers(known, schema, columns.case),
        np.empty(known.num_rows, np.int32),
        {},
    )
    texts = [name for name in columns.read if is_text(schema.field(name).type)]

    def read(groups: range) -> list[pa.Table]:
        left = []
        with pq.ParquetFile(path, metadata=known, read_dictionary=texts, memory_map=True) as file:
            for group in groups:
                if not counts[group]:
                    continue
                rows = file.read_row_group(group, columns=columns.read, use_threads=False)
                filling.put(firsts[group], rows)
                left.append(rows.select(filling.left))
        return left

    divided = parts.groups(known.num_row_groups, known.num_rows)
    found = parts.each(read, [(part,) for part in divided])
    table = pa.concat_tables([rows for part in found for rows in part])
    case = None if filling.case is None else filling.case.coded()
    return Read(table, filling.time, case, filling.activities())


def _put_numbers(into: Numbers, first: int, column: pa.ChunkedArray) -> None:
    bounds = pc.min_max(column).as_py()
    if not into.low <= bounds["min"] <= bounds["max"] <= into.high:
        raise pa.ArrowInvalid("a column is not within its own statistics")
    into.put(first, column.to_numpy())


def _numbers(known: pq.FileMetaData, schema: pa.Schema, column: str) -> Numbers | None:
    """Room for a column of whole numbers, where every row group says that none is missing and
    between which two they lie, and that is narrow enough."""
    if not pa.types.is_integer(schema.field(column).type):
        return None
    place = next(at for at in range(known.num_columns) if known.schema.column(at).path == column)
    said = [known.row_group(g).column(place).statistics for g in range(known.num_row_groups)]
    if any(one is None or not one.has_min_max or one.null_count != 0 for one in said):
        return None
    low, high = min(one.min for one in said), max(one.max for one in said)
    if not close_together(low, high, known.num_rows):
        return None
    return Numbers.of(known.num_rows, low, high)
