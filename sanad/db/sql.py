"""Set-based SQL that lives in named files, `sanad/<room>/sql/<name>.sql`.

Each file starts with a comment that says its grain, its source and its reader.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

ROOMS = Path(__file__).parent.parent


@cache
def load(name: str) -> str:
    """The text of `room/name`. Raises FileNotFoundError for a name that is not there."""
    room, _, file = name.partition("/")
    return (ROOMS / room / "sql" / f"{file}.sql").read_text(encoding="utf-8")


def rows(name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What the named query gives, a dict a row."""
    with connection.cursor() as cursor:
        cursor.execute(load(name), parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def execute(name: str, parameters: dict[str, Any] | None = None) -> int:
    """Run the named statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(load(name), parameters)
        return int(cursor.rowcount)
