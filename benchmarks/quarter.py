"""Counting at the size of a quarter, on the demonstration that `bin/demo` made last.

    python -m benchmarks.quarter [--rounds 5]

Prints seconds: the announced table from events and from day facts, one day's facts refilled, and
the bytes of the database by table.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import date
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")

SIZES = """
SELECT coalesce(i.inhparent::regclass::text, c.relname), sum(pg_total_relation_size(c.oid))::bigint,
       sum(greatest(c.reltuples, 0))::bigint
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
GROUP BY 1 ORDER BY 2 DESC LIMIT 20
"""


def timed(rounds: int, work: Callable[[], Any]) -> list[float]:
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(round(time.perf_counter() - began, 3))
    return found


def main(rounds: int) -> dict[str, Any]:
    from django.db import connection

    from sanad.cli.installation import database
    from sanad.db.scope import acting, national_scope, system_scope
    from sanad.lib import clock
    from sanad.lib.quarters import Quarter
    from sanad.oversight.actions import refill_day
    from sanad.oversight.quarter import from_events, from_facts

    quarter = Quarter(2025, 3)
    with database():
        with acting(national_scope()):
            events = timed(rounds, lambda: from_events(quarter))
            facts = timed(rounds, lambda: from_facts(quarter))
        with acting(system_scope()):
            day = timed(rounds, lambda: refill_day(date(2025, 9, 15), at=clock.now()))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
            cursor.execute(SIZES)
            tables = {name: {"bytes": b, "rows": rows} for name, b, rows in cursor.fetchall()}
    return {
        "from_events_seconds": events, "from_facts_seconds": facts, "refill_day_seconds": day,
        "database_bytes": size, "tables": tables,
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    import django

    django.setup()
    print(json.dumps(main(parser.parse_args().rounds), indent=1))
