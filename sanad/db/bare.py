"""Tables without their indexes and keys, for the length of a bulk load.

Rows go in about twice as fast, and an index that is made of all rows at once is smaller.
Set-up only, in a database that nobody else uses yet: between the two, nothing is unique.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from sanad.db import sql
from sanad.db.connect import as_administrator

# For sorting millions of entries in memory; two at a time on two cores.
SESSION = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0"
AT_ONCE = 2
LOG = "eventlog_event"
FOREIGN = 3  # the step of dependents.sql
PLAIN = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")


@contextmanager
def bare(tables: Sequence[str], *, url: str | None) -> Iterator[dict[str, float]]:
    """Take keys, indexes and our own triggers off `tables`; put them back, which checks every row.

    Gives the seconds of each step of putting back, filled when the block is over. After an error
    they stay off: the caller throws the database away.
    """
    seconds: dict[str, float] = {}
    with as_administrator(url=url), connection.cursor() as cursor:
        found = sql.rows("db/dependents", {"tables": list(tables)})
        for row in sorted(found, key=lambda row: -row["step"]):
            cursor.execute(row["take_off"])
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield seconds
    with as_administrator(url=url):
        _put_back(found, seconds)
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _put_back(found: list[dict[str, Any]], seconds: dict[str, float]) -> None:
    """The steps: 1. keys and indexes; 2. foreign keys, unchecked; 3. what each table has to be
    checked for; 4. its statistics. Only the second locks two tables at once, and takes no time.
    """
    indexes: list[tuple[str, str]] = []
    foreign: list[tuple[str, str]] = []
    for row in found:
        (foreign if row["step"] == FOREIGN else indexes).append((row["on_table"], row["put_back"]))
    steps = {
        "indexes": _by_table(indexes),
        "foreign_keys": {"all": [f"{statement} NOT VALID" for _, statement in foreign]},
        "checks": _by_table([
            (row["on_table"], row["check_it"]) for row in found if row["step"] == FOREIGN
        ]),
        # Counting reads the log's index alone, which asks for its visibility map; autovacuum does
        # the rest in its own time.
        "statistics": {
            table: [f"VACUUM (ANALYZE) {table}" if table == LOG else f"ANALYZE {table}"]
            for table in _by_table(indexes)
        },
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.oid::regclass::text, pg_table_size(c.oid) FROM pg_class c"
                       " WHERE c.relkind = 'r'")  # fmt: skip
        size = dict(cursor.fetchall())
    reached = {k: v for k, v in connection.get_connection_params().items() if k in PLAIN}
    for step, work in steps.items():
        began = time.monotonic()
        # A partitioned table has no size of its own, and the only one is the largest.
        largest = sorted(work, key=lambda table: -size.get(table, 1 << 62))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda table: _run(reached, work[table]), largest))  # noqa: B023
        seconds[step] = round(time.monotonic() - began, 2)


def _by_table(statements: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, statement in statements:
        found.setdefault(table, []).append(statement)
    return found


def _run(reached: dict[str, Any], statements: list[str]) -> None:
    with psycopg.connect(**reached, autocommit=True) as session:
        session.execute(SESSION)
        for statement in statements:
            session.execute(statement)
