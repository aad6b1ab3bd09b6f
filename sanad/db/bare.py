"""Tables without their indexes and keys, for the length of a bulk load.

Rows go in two to three times as fast, and an index that is made of all rows at once is smaller.
Set-up only, in a database that nobody else uses yet: between the two, nothing is unique.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from sanad.db import sql
from sanad.db.connect import as_administrator

# For sorting millions of entries in memory; two at a time on two cores.
SESSION = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 1"
AT_ONCE = 2
PLAIN = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")


@contextmanager
def bare(tables: Sequence[str], *, url: str | None) -> Iterator[None]:
    """Take keys, indexes and our own triggers off `tables`; put them back, which checks every row.

    After an error they stay off: the caller throws the database away.
    """
    with as_administrator(url=url), connection.cursor() as cursor:
        found = sql.rows("db/dependents", {"tables": list(tables)})
        for row in sorted(found, key=lambda row: -row["step"]):
            cursor.execute(row["take_off"])
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with as_administrator(url=url):
        _put_back(found)
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("VACUUM (ANALYZE)")


def _put_back(found: list[dict[str, Any]]) -> None:
    """Step by step; within a step a table's own are made one after the other."""
    settings = dict(connection.get_connection_params())
    for step in sorted({row["step"] for row in found}):
        by_table: dict[str, list[str]] = {}
        for row in found:
            if row["step"] == step:
                by_table.setdefault(row["on_table"], []).append(row["put_back"])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda statements: _run(settings, statements), by_table.values()))


def _run(settings: dict[str, Any], statements: list[str]) -> None:
    plain = {k: v for k, v in settings.items() if k in PLAIN}
    with psycopg.connect(**plain, autocommit=True) as session:
        session.execute(SESSION)
        for statement in statements:
            session.execute(statement)
