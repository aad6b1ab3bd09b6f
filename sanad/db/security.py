"""Row-level security and grants, stated whole each time from the rooms' `security.sql`.

What the files say is what the database has: everything is dropped and stated anew in one
transaction, so a policy removed from a file is a policy removed from the database.
"""

from django.apps import apps
from django.db import connection, transaction

from sanad.db import sql
from sanad.lib.refusal import N_, Refused


class UnguardedTables(Refused):
    code = "db.unguarded_tables"
    sentence = N_(
        "The tables {tables} neither force row-level security nor say why they need not. "
        "Add them to the security.sql of their room."
    )


def apply() -> None:
    """State every policy and grant, as owner. Raises `UnguardedTables` and changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.load("db/reset_security"))
        for room in rooms_with_security():
            cursor.execute((sql.ROOMS / room / "security.sql").read_text(encoding="utf-8"))
        open_tables = [row["table"] for row in sql.rows("db/unguarded_tables")]
        if open_tables:
            raise UnguardedTables(tables=", ".join(open_tables))


def rooms_with_security() -> list[str]:
    """The rooms that have tables, in the order in which they are installed."""
    rooms = [app.label for app in apps.get_app_configs() if app.name.startswith("sanad.")]
    return [room for room in rooms if (sql.ROOMS / room / "security.sql").exists()]
