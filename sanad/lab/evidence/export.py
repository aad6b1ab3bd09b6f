"""A log as a table, for whoever goes on with it elsewhere: CSV or Parquet, one row an event.

Columns are case, activity and time, and start, resource and group where they are known. Read back
with the same columns it is the same log.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog


def as_table(log: EventLog) -> pa.Table:
    """The log in Arrow, in its order; texts as dictionaries and times in UTC."""
    columns = {"case": _texts(log.case), "activity": _texts(log.activity), "time": _times(log.time)}
    if log.start is not None:
        columns["start"] = _times(log.start, log.start == UNKNOWN)
    for name, column in (("resource", log.resource), ("group", log.group)):
        if column is not None:
            columns[name] = _texts(column)
    return pa.table(columns)


def write_parquet(log: EventLog, path: Path) -> None:
    pq.write_table(as_table(log), path, compression="zstd")


def write_csv(log: EventLog, path: Path) -> None:
    """In UTF-8 with a heading; times in ISO 8601 with microseconds and offset."""
    table = as_table(log)
    for place, field in enumerate(table.schema):
        column = table[place]
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(column, "%Y-%m-%dT%H:%M:%S+00:00")
        else:
            text = column.cast(pa.string())
        table = table.set_column(place, field.name, text)
    pyarrow.csv.write_csv(table, path)


def _texts(column: Coded) -> pa.DictionaryArray:
    codes = pa.array(column.codes, mask=column.codes == UNKNOWN)
    return pa.DictionaryArray.from_arrays(codes, pa.array([str(name) for name in column.names]))


def _times(column: Int64, unknown: object = None) -> pa.Array:
    return pa.array(column, pa.int64(), mask=unknown).cast(pa.timestamp("us", "UTC"))
