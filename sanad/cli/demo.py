"""`bin/demo`: from a clean clone to a served demonstration."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

from sanad.cli.installation import alone, remember, require_free_port, server
from sanad.cli.output import emit, json_option, progress, setup_django
from sanad.db.connect import with_database
from sanad.lib.refusal import N_, Refused

T = TypeVar("T")
BYTES_A_TRANSACTION = 18_000  # rows and indexes, and what the server writes on the way
ROOM_BESIDES = 2 * 1024**3


class TooLittleRoom(Refused):
    code = "cli.too_little_room"
    sentence = N_(
        "A demonstration of {transactions} transactions needs about {needed} GB in {folder}, and "
        "{free} GB are free. Free some room, set SANAD_VAR to a folder on another disk, or build a "
        "smaller story: bin/demo --transactions 20000."
    )


SETUP_STARTED = "SANAD_SETUP_STARTED"
LEAST_TRANSACTIONS = 2000
WHOLE = {"announced": 800_000, "portal": 154_000}


@click.command()
@click.option(
    "--calibration",
    type=click.Choice(["announced", "portal"]),
    default="announced",
    show_default=True,
    help="Which published figures the demonstration follows.",
)
@click.option("--no-serve", is_flag=True, help="Build the database and stop.")
@click.option(
    "--transactions",
    type=click.IntRange(LEAST_TRANSACTIONS, 800_000),
    help="A smaller story than the calibration's: in seconds instead of minutes.",
)
@click.option("--fresh", is_flag=True, help="Throw the demonstration's database away first.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--sandbox-port", default=8765, show_default=True)
@json_option
def demo(
    calibration: str, no_serve: bool, transactions: int | None, fresh: bool, host: str, port: int,
    sandbox_port: int, as_json: bool,
) -> None:  # fmt: skip
    """Build the demonstration network where it is missing, and serve it."""
    name = f"sanad_{calibration}"
    os.environ |= {
        "SANAD_DATABASE": name,
        "SANAD_DEMONSTRATION": calibration,
        "SANAD_SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}",
    }
    os.environ.setdefault("SANAD_PUBLIC_URL", f"http://{_named(host)}:{port}")
    if url := os.environ.get("DATABASE_URL"):
        # A demonstration never touches the database that the URL names, which may be a real one.
        os.environ["DATABASE_URL"] = with_database(url, name)
    setup_django()
    from django.conf import settings

    seconds: dict[str, float] = _set_up_seconds()
    with alone(settings.SANAD_VAR, "set-up"):
        if not no_serve:
            require_free_port(host, port)
            require_free_port("127.0.0.1", sandbox_port)
        started = time.monotonic()
        with server():
            seconds["postgres"] = round(time.monotonic() - started, 2)
            counts = _timed(
                seconds,
                "build",
                lambda: _build(name, calibration, seconds, transactions, fresh=fresh),
            )
            remember(database=name, demonstration=calibration)
            document = {"calibration": calibration, "database": name, "seconds": seconds,
                        "counts": counts}  # fmt: skip
            emit(document, as_json=as_json, lines=_lines(document))
            sys.stdout.flush()
            if no_serve:
                return
            from sanad.cli.serve import serve_all

            serve_all(host=host, port=port, sandbox_port=sandbox_port, workers=2)


def _build(
    name: str, calibration: Any, seconds: dict[str, float], transactions: int | None, *, fresh: bool
) -> dict[str, int]:
    """The database, made beside its place and renamed when whole: Ctrl-C leaves nothing half."""
    from django.conf import settings
    from django.db import connection

    from sanad.cli.building import build_demonstration, write_history
    from sanad.db import provision

    url, keys = settings.DATABASE_URL, settings.SANAD_KEYS
    if fresh:
        provision.drop(name=name, url=url)
    if provision.exists(name=name, url=url):
        progress("The demonstration network is there already; bringing its schema up to date …")
        provision.upgrade(passwords=keys)
        return provision.row_counts(passwords=keys)
    draft = f"{name}_draft"
    try:
        connection.settings_dict["NAME"] = draft
        provision.drop(name=draft, url=url)
        # Of a demonstration that is gone, so that nothing is said of this one by its seals.
        for folder in (settings.SANAD_ANCHOR, settings.SANAD_SNAPSHOTS):
            shutil.rmtree(folder, ignore_errors=True)
        _require_room(transactions or WHOLE[calibration])
        progress("Preparing the database …")
        provision.provision(name=draft, url=url, passwords=keys)
        progress("Loading the official price list and the network of 923 centres …")
        built = build_demonstration(calibration)
        progress("Living the quarter again: simulating, then writing its rows …")
        write_history(built, calibration, seconds, transactions)
        provision.rename(old=draft, new=name, url=url)
    except BaseException:
        provision.drop(name=draft, url=url)
        raise
    finally:
        connection.settings_dict["NAME"] = name
    return provision.row_counts(passwords=keys)


def _require_room(transactions: int) -> None:
    """Raises `TooLittleRoom` before anything is written, on a disk that is ours to look at."""
    from django.conf import settings

    if settings.DATABASE_URL:
        return
    needed = ROOM_BESIDES + transactions * BYTES_A_TRANSACTION
    free = shutil.disk_usage(settings.SANAD_VAR).free
    if free < needed:
        raise TooLittleRoom(
            transactions=f"{transactions:,}", needed=-(-needed // 10**9), free=free // 10**9,
            folder=settings.SANAD_VAR,
        )  # fmt: skip


def _named(host: str) -> str:
    """This machine by its name: browsers offer passkeys on localhost, not on its number."""
    return "localhost" if host == "127.0.0.1" else host


def _set_up_seconds() -> dict[str, float]:
    started = os.environ.get(SETUP_STARTED)
    return {"set_up": round(time.time() - float(started), 1)} if started else {}


def _timed(seconds: dict[str, float], step: str, work: Callable[[], T]) -> T:
    started = time.monotonic()
    result = work()
    seconds[step] = round(time.monotonic() - started, 2)
    return result


def _lines(document: dict[str, Any]) -> list[str]:
    counts = document["counts"]
    size = "{centres_centre} centres, {catalogue_service} services, {catalogue_feeline} fee lines"
    return [
        f"Demonstration ({document['calibration']}), simulated people and transactions.",
        size.format(**counts) + ".",
    ]
