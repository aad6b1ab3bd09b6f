"""Bulk load by COPY, for a domain's `load.py`. The loader's way in, at set-up only.

`copy_rows` takes Python rows, for thousands; `copy_columns` takes whole columns, for millions:
they become an Arrow batch and go to PostgreSQL in its binary format, some 400,000 rows a second.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import StringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql

ROWS_AT_ONCE = 50_000
Column = Any  # a NumPy array or an Arrow one


class Json:
    """Marks a column of text that the table keeps as jsonb."""

    def __init__(self, text: pa.Array) -> None:
        self.text = text


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write `rows` into `table` in one COPY; how many there were."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_statement(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def copy_columns(table: str, columns: Mapping[str, Any]) -> int:
    """Write whole columns of equal length into `table` in one COPY; the number of rows.

    A column is an Arrow array, or of NumPy: numbers and booleans as they are, `datetime64[us]`
    as UTC moments, `datetime64[D]` as dates, and rows of bytes, shape (n, k) of uint8, as a uuid
    (k = 16) or as bytea.
    """
    names = list(columns)
    arrays = [_arrow(c.text if isinstance(c, Json) else c) for c in columns.values()]
    batch = pa.record_batch(arrays, names=names)
    encoder = _encoder(batch, [n for n, c in columns.items() if isinstance(c, Json)])
    with connection.cursor() as cursor, cursor.copy(_statement(table, names, "BINARY")) as copy:
        copy.write(encoder.write_header())
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            copy.write(encoder.write_batch(batch.slice(start, ROWS_AT_ONCE)))
        copy.write(encoder.finish())
    return int(batch.num_rows)


def _statement(table: str, columns: Sequence[str], form: str = "TEXT") -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT {})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(form)
    )


def _encoder(batch: pa.RecordBatch, json: list[str]) -> ArrowToPostgresBinaryEncoder:
    encoders = {f.name: ArrowToPostgresBinaryEncoder.infer_encoder(f) for f in batch.schema}
    for name in json:
        field = batch.schema.field(name)
        encoders[name] = StringEncoderBuilder.new_with_output(field, Jsonb())
    return ArrowToPostgresBinaryEncoder.new_with_encoders(batch.schema, encoders)


def _arrow(column: Column) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    if column.ndim == 2:
        data = np.ascontiguousarray(column)
        kind = pa.binary(data.shape[1])
        return pa.FixedSizeBinaryArray.from_buffers(kind, len(data), [None, pa.py_buffer(data)])
    if column.dtype == np.dtype("datetime64[us]"):
        return pa.array(column.view(np.int64), pa.timestamp("us", "UTC"), mask=np.isnat(column))
    return pa.array(column)
