"""Rows in every table, whatever it holds, and what the application roles can do with them.

Runs as the superuser in a transaction that is rolled back: constraints and triggers are out of the
way there, row-level security and privileges are not.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from sanad.db.connect import as_administrator
from tests.network import CHAMBER, KHUWAIR, SOHAR

NO_PRIVILEGE = "42501"
VALUES: dict[str, Callable[[int], Any]] = {
    "integer": lambda n: n,
    "bigint": lambda n: n,
    "smallint": lambda n: n % 30_000,
    "numeric": lambda n: n,
    "double precision": lambda n: n,
    "boolean": lambda n: False,
    "text": lambda n: f"x{n}",
    "character varying": lambda n: f"{n:x}"[-2:],
    "uuid": lambda n: f"00000000-0000-7000-8000-{n:012d}",
    "bytea": lambda n: f"{n}".encode(),
    "jsonb": lambda n: "{}",
    "date": lambda n: "2025-09-30",
    "timestamp with time zone": lambda n: "2025-09-30 06:00Z",
    "time without time zone": lambda n: "10:00",
    "daterange": lambda n: "empty",
    "ARRAY": lambda n: "{}",
    "inet": lambda n: "127.0.0.1",
}


@dataclass(frozen=True)
class Table:
    """A table of the schema public that is no partition."""

    name: str
    columns: dict[str, str]
    is_exempt: bool

    @property
    def has_centre(self) -> bool:
        return "centre_id" in self.columns


def tables(cursor: Any) -> list[Table]:
    cursor.execute(
        "SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') LIKE 'rls-exempt: %',"
        " jsonb_object_agg(i.column_name, i.data_type) FILTER (WHERE i.is_generated = 'NEVER'"
        "   AND (i.is_nullable = 'NO' AND i.column_default IS NULL AND i.is_identity = 'NO'"
        "        OR i.column_name IN ('centre_id', 'entity_id', 'account_id')))"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
        " JOIN information_schema.columns i ON i.table_name = c.relname"
        "  AND i.table_schema = 'public'"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1, 2 ORDER BY 1"
    )
    return [Table(n, json.loads(columns or "{}"), exempt) for n, exempt, columns in cursor]


@contextmanager
def laboratory() -> Iterator[Any]:
    """A superuser's cursor; nothing of what happens here stays."""
    with as_administrator(url=None), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True)


def fill(cursor: Any, chosen: Iterable[Table]) -> None:
    """A row of Khuwair and one of Sohar in each table; one row where there is no centre."""
    numbers = count(900_000)
    for table in chosen:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('c', 'x')", [table.name],
        )  # fmt: skip
        for (constraint,) in cursor.fetchall():
            statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
            cursor.execute(statement.format(sql.Identifier(table.name), sql.Identifier(constraint)))
        for centre in (KHUWAIR, SOHAR) if table.has_centre else (None,):
            insert(cursor, table, centre, next(numbers))


def insert(cursor: Any, table: Table, centre: int | None, number: int) -> None:
    """A row made of values that fit the columns' types and mean nothing."""
    row = {name: VALUES[kind](number) for name, kind in table.columns.items()}
    row |= {"centre_id": centre} if table.has_centre else {}
    row |= {"entity_id": CHAMBER} if "entity_id" in row else {}
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )
    if not row:
        statement = sql.SQL("INSERT INTO {} DEFAULT VALUES").format(sql.Identifier(table.name))
    cursor.execute(statement, list(row.values()))


@contextmanager
def eyes(cursor: Any, role: str, **scope: str) -> Iterator[None]:
    """The eyes of a role and scope, stated as `sanad.db.scope` states them."""
    for name, value in {
        "centres": "{}",
        "entity": "",
        "account": "",
        "person": "",
        **scope,
    }.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [f"sanad.{name}", value])
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    try:
        yield
    finally:
        cursor.execute("RESET ROLE")


def tried(cursor: Any, statement: str, *values: Any) -> int | None:
    """Rows that a statement found or touched; None where the database refuses it."""
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
            return int(cursor.fetchone()[0]) if cursor.description else int(cursor.rowcount)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != NO_PRIVILEGE:
            raise
        return None


def leaks(cursor: Any, table: Table) -> list[str]:
    """What a centre's people at Khuwair could do with Sohar's rows of a table."""
    found = []
    where = f"FROM {table.name} WHERE centre_id = %s"
    with eyes(cursor, "app_centre", centres=f"{{{KHUWAIR}}}"):
        if not table.is_exempt and tried(cursor, f"SELECT count(*) {where}", SOHAR):
            found.append("reads")
        statement = f"UPDATE {table.name} SET centre_id = centre_id WHERE centre_id = %s"
        if tried(cursor, statement, SOHAR):
            found.append("changes")
        if tried(cursor, f"DELETE {where}", SOHAR):
            found.append("removes")
        if _may_add(cursor, table):
            found.append("adds")
    return [f"{table.name}: {what}" for what in found]


def _may_add(cursor: Any, table: Table) -> bool:
    """Whether the policies let a row in; what a constraint says comes after them."""
    try:
        with transaction.atomic():
            insert(cursor, table, SOHAR, 990_000)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") != NO_PRIVILEGE
    return True
