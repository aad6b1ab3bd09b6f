"""A database of its own with a few busy centres, and the application served from it over HTTP.

Nothing of a demonstration is touched; the database is dropped at the end.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from uuid import UUID

from django.conf import settings
from django.db import connection

from sanad.accounts.load import MemberRow, Post, load_members
from sanad.accounts.roles import Role
from sanad.catalogue.load import load_catalogue
from sanad.centres.load import CentreRow, analyse, load_centres, load_places
from sanad.db.connect import LOADER, as_login
from sanad.db.provision import drop, provision
from sanad.eventlog.actions import ensure_months
from sanad.lib import clock
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id
from sanad.lib.opening_hours import Span, Weekday, WeeklyHours

# A Tuesday, 10:00 in Muscat: every centre is open.
OPENS_AT = datetime(2025, 9, 30, 6, 0, tzinfo=UTC)
PASSWORD = "only-for-this-benchmark"
VILLAGE = 401
HOURS = WeeklyHours({day: (Span(clock_time(0, 0), clock_time(23, 59)),) for day in Weekday})


@dataclass(frozen=True)
class Operator:
    """Somebody who signs in and serves; each sits at a point of their own."""

    username: str
    account: UUID
    centre: int
    point: int


@contextmanager
def busy_centres(*, centres: int, operators: int) -> Iterator[list[Operator]]:
    """The database, current for the length of the block, and who serves in it."""
    name = f"sanad_bench_{os.getpid()}"
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        provision(name=name, url=settings.DATABASE_URL, passwords=settings.SANAD_KEYS)
        staff = [
            Operator(f"operator-{n}", new_id(), n % centres + 1, n // centres + 1)
            for n in range(operators)
        ]
        with as_login(LOADER, passwords=settings.SANAD_KEYS):
            _load(centres, staff)
        yield staff
    finally:
        connection.close()
        drop(name=name, url=settings.DATABASE_URL)
        connection.settings_dict["NAME"] = before


@contextmanager
def served(
    *, workers: int, threads: int, quiet: bool = False
) -> Iterator[tuple[str, int, subprocess.Popen[bytes]]]:
    """The application over HTTP as `bin/sanad serve` starts it: host, port, parent process.

    `quiet` where it is asked for things that it refuses, thousands of times.
    """
    port = free_port()
    said = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(
        web_command(port, workers=workers, threads=threads), env=web_environment(port),
        start_new_session=True, stderr=said,
    )  # fmt: skip
    try:
        wait_for("127.0.0.1", port)
        yield "127.0.0.1", port, process
    finally:
        process.terminate()
        process.wait()


def web_command(port: int, *, workers: int, threads: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--log-level", "warning", "--respawn-failed-workers", "sanad.web.wsgi:application",
    ]  # fmt: skip


def web_environment(port: int) -> dict[str, str]:
    """Of the processes that serve this block's database at ten o'clock."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sanad.settings",
        "SANAD_DATABASE": str(connection.settings_dict["NAME"]),
        "SANAD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        clock.OFFSET_VARIABLE: str(clock.offset_to(OPENS_AT).total_seconds()),
    }


def _load(centres: int, staff: list[Operator]) -> None:
    ensure_months(first=date(2025, 1, 1), last=date(2026, 12, 1))
    load_places()
    load_catalogue(demonstration=True, at=OPENS_AT)
    most_points = max(operator.point for operator in staff)
    load_centres(
        CentreRow(
            id=number, name=Text(f"مركز القياس {number}", f"Benchmark centre {number}"),
            village=VILLAGE, licence_no=f"BENCH-{number:04d}", opened_on=date(2020, 1, 1),
            latitude=23.6, longitude=58.4, position_provenance="made up for a benchmark",
            vat_per_mille=50, hours=HOURS, points=most_points,
        )
        for number in range(1, centres + 1)
    )  # fmt: skip
    load_members(
        [
            MemberRow(o.username, Text("موظف القياس", "Benchmark operator"), "OM",
                      (Post(Role.OPERATOR, o.centre),), PASSWORD, o.account)
            for o in staff
        ],
        at=datetime(2025, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    analyse()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(host: str, port: int, *, patience_seconds: float = 30) -> None:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
