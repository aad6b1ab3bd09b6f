"""The log as the Lab may see it, out of PostgreSQL in the order of centres and time."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection

from sanad.db import sql

COLUMNS = (
    "occurred_at", "kind", "centre", "seq", "request", "visit", "resource", "service", "entity",
    "outcome", "ticket", "charge_baisa",
)  # fmt: skip


def months() -> list[dict[str, Any]]:
    """Each month of the log with its number of rows and the last transaction that wrote to it."""
    return sql.rows("eventlog/months_of_log")


@contextmanager
def copied(month: str, *, key: bytes) -> Iterator[io.BufferedReader]:
    """The rows of a month, `2025-09`, as CSV in `COLUMNS`; times in microseconds since 1970.

    `key` is what the pseudonyms of people, visits and requests are made with. Within a scope.
    """
    year, number = (int(part) for part in month.split("-"))
    first = date(year, number, 1)
    after = date(year + number // 12, number % 12 + 1, 1)
    columns = ", ".join(COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sanad.study_key', %s, true)", [key.hex()])
        statement = (
            f"COPY (SELECT (extract(epoch FROM occurred_at) * 1000000)::bigint, {columns}"  # noqa: S608
            f" FROM eventlog_studied WHERE occurred_at >= '{first} 00:00+00'"
            f" AND occurred_at < '{after} 00:00+00' ORDER BY centre, occurred_at, request, seq)"
            " TO STDOUT (FORMAT csv)"
        )
        with cursor.copy(statement) as copy:
            yield io.BufferedReader(_Rows(iter(copy)), buffer_size=1 << 20)


class _Rows(io.RawIOBase):
    """Blocks of a COPY as a file that is read."""

    def __init__(self, blocks: Iterator[bytes | memoryview]) -> None:
        self.blocks, self.left = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self.left:
            block = next(self.blocks, None)
            if block is None:
                return 0
            self.left = bytes(block)
        size = min(len(into), len(self.left))
        into[:size], self.left = self.left[:size], self.left[size:]
        return size
