"""Who may do what, as one text that a reader can review: tests/db/privileges.txt.

After a change that is meant, write it anew with UPDATE_SNAPSHOTS=1 and read the difference.
"""

import os
from itertools import groupby
from pathlib import Path

import pytest
from django.db import connection

SNAPSHOT = Path(__file__).parent / "privileges.txt"
LENT = """
SELECT p.oid::regprocedure::text, p.proowner::regrole::text,
       string_agg(DISTINCT g.grantee::regrole::text, ' ' ORDER BY g.grantee::regrole::text)
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
CROSS JOIN LATERAL aclexplode(p.proacl) g
WHERE p.prosecdef AND g.grantee <> p.proowner
GROUP BY 1, 2 ORDER BY 1
"""
ON_TABLES = """
SELECT c.relname, g.grantee::regrole::text, g.privilege_type
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL aclexplode(c.relacl) g
WHERE c.relkind IN ('r', 'p', 'v', 'm')
"""
ON_COLUMNS = """
SELECT c.relname, g.grantee::regrole::text,
       g.privilege_type || '(' || string_agg(a.attname, ', ' ORDER BY a.attname) || ')'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid
CROSS JOIN LATERAL aclexplode(a.attacl) g
GROUP BY 1, 2, g.privilege_type
"""
SET_UP = ("owner", "loader", "postgres")


def snapshot() -> str:
    """A line a table and role; then the functions that lend their owner's eyes."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ON_TABLES} UNION ALL {ON_COLUMNS}")
        granted = sorted(row for row in cursor.fetchall() if row[1] not in SET_UP)
        cursor.execute(LENT)
        lent = cursor.fetchall()
    lines = []
    for table, rows in groupby(granted, key=lambda row: row[0]):
        lines.append(table)
        for role, grants in groupby(rows, key=lambda row: row[1]):
            lines.append(f"    {role}: {' '.join(grant for _, _, grant in grants)}")
    lines.append("")
    lines += [f"{name} runs as {owner} for {roles}" for name, owner, roles in lent]
    return "\n".join(lines) + "\n"


@pytest.mark.django_db
def test_the_privileges_are_those_that_were_reviewed():
    found = snapshot()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(found)

    assert found.splitlines() == SNAPSHOT.read_text().splitlines()


@pytest.mark.django_db
def test_nobody_who_serves_removes_or_rewrites_what_happened():
    """No role may update, delete or truncate an event, a seal, a transfer, a receipt's number."""
    with connection.cursor() as cursor:
        cursor.execute(f"{ON_TABLES} UNION ALL {ON_COLUMNS}")
        granted = [row for row in cursor.fetchall() if row[1] not in SET_UP]
    kept = ("eventlog_", "till_transfer", "till_quoteline", "gateway_attempt", "till_dayclose")
    wrong = [
        row for row in granted if row[0].startswith(kept) and row[2] not in ("SELECT", "INSERT")
        and not row[2].startswith(("SELECT(", "INSERT("))
    ]  # fmt: skip

    assert wrong == []
    assert not [row for row in granted if row[2] in ("TRUNCATE", "REFERENCES", "TRIGGER")]


@pytest.mark.django_db
def test_only_signing_in_sees_a_password_or_a_sessions_key():
    with connection.cursor() as cursor:
        readers = {}
        for table, column in (("accounts_account", "password"), ("accounts_session", "session_key"),
                              ("accounts_session", "session_data")):  # fmt: skip
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolname ~ '^app_'"
                " AND has_column_privilege(rolname, %s, %s, 'SELECT') ORDER BY 1", [table, column],
            )  # fmt: skip
            readers[column] = [role for (role,) in cursor.fetchall()]

    assert readers == {
        "password": ["app_login", "app_system"],
        "session_key": ["app_login"],
        "session_data": ["app_login"],
    }
