"""Which database a command speaks to, and that it answers.

`var/current.json` remembers what `init` or `demo` made last; the environment wins over it.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sanad.cli.output import setup_django
from sanad.db.connect import NoDatabase, with_database
from sanad.lib import clock
from sanad.lib.refusal import N_, Refused

HOME = Path(__file__).resolve().parents[2]
REMEMBERED = "current.json"


class PortTaken(Refused):
    code = "cli.port_taken"
    sentence = N_(
        "Port {port} on {host} is already in use. Stop what is using it, or choose another one "
        "with --port."
    )


class FolderClosed(Refused):
    code = "cli.folder_closed"
    sentence = N_("Sanad cannot write in {folder}: {why}. Set SANAD_VAR to a folder of your own.")


class AlreadyRunning(Refused):
    code = "cli.already_running"
    sentence = N_(
        "Another Sanad is running on the folder {folder} (process {process}). Stop it first, or "
        "set SANAD_VAR to another folder."
    )


class NoDemonstration(Refused):
    code = "cli.no_demonstration"
    sentence = N_(
        "There is no demonstration with the calibration {calibration} here, so nothing can be "
        "counted in it. Make it with bin/demo --calibration {calibration} --no-serve, or leave "
        "--calibration out to ask the database that is there."
    )


@contextmanager
def speak_to(calibration: str | None) -> Iterator[None]:
    """The demonstration of a calibration for the length of the block, whichever was made last.

    To be entered before the settings are read. Nothing changes for None, or where the environment
    names a database of this calibration itself. Raises `NoDemonstration` for one that is missing.
    """
    ours = os.environ.get("SANAD_DATABASE") and os.environ.get("SANAD_DEMONSTRATION") == calibration
    if calibration is None or ours:
        yield
        return
    name = f"sanad_{calibration}"
    os.environ |= {"SANAD_DATABASE": name, "SANAD_DEMONSTRATION": calibration}
    if url := os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = with_database(url, name)
    try:
        yield
    except NoDatabase as missing:
        raise NoDemonstration(calibration=calibration) from missing


@contextmanager
def database() -> Iterator[None]:
    """Django set up and the database answering, for the length of the block."""
    setup_django()
    with server():
        from django.conf import settings

        from sanad.db import own_keys
        from sanad.db.connect import require_connection
        from sanad.db.provision import require_modest_login, require_searchable_arabic

        require_connection()
        require_modest_login()
        require_searchable_arabic()
        own_keys.require(settings.SANAD_KEYS)
        yield


@contextmanager
def server() -> Iterator[None]:
    """Our PostgreSQL running, unless DATABASE_URL names another."""
    from django.conf import settings

    from sanad.db.supervisor import Supervisor

    own = Supervisor(settings.SANAD_VAR / "postgres", settings.SANAD_POSTGRES_BIN)
    with nullcontext() if settings.DATABASE_URL else own.running():
        yield


@contextmanager
def scratch() -> Iterator[Path]:
    """A server and keys of its own in a folder that is removed afterwards; Django set up on it.

    To be entered before the settings are read. Nothing of an installation is touched: neither the
    folder that SANAD_VAR names nor the server of DATABASE_URL. Static files are borrowed.
    """
    static = Path(os.environ.get("SANAD_VAR", HOME / "var")).absolute() / "static"
    for name in ("DATABASE_URL", "SANAD_DATABASE", "SANAD_DEMONSTRATION", "SANAD_KEYS",
                 "SANAD_ANCHOR", "SANAD_UPLOADS"):  # fmt: skip
        os.environ.pop(name, None)
    with TemporaryDirectory(prefix="sanad-scratch-", ignore_cleanup_errors=True) as folder:
        os.environ["SANAD_VAR"] = folder
        (Path(folder) / "static").symlink_to(static)
        setup_django()
        with server():
            yield Path(folder)


def _opened(file: Path) -> IO[str]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("a+")
    except OSError as error:
        raise FolderClosed(folder=file.parent, why=error.strerror) from error


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """One process at a time in a folder. Raises `AlreadyRunning` naming the other."""
    with _opened(folder / f"{name}.lock") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise AlreadyRunning(folder=folder, process=handle.read().strip() or "?") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def require_free_port(host: str, port: int) -> None:
    """Raises `PortTaken`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port) from error


def remember(*, database: str, demonstration: str) -> None:
    """What the next command should speak to."""
    from django.conf import settings

    from sanad.db.connect import place_of

    facts = {
        "place": place_of(settings.DATABASE_URL),
        "database": database,
        "demonstration": demonstration,
    }
    fresh = settings.SANAD_VAR / f"{REMEMBERED}.new"
    fresh.write_text(json.dumps(facts))
    fresh.replace(settings.SANAD_VAR / REMEMBERED)


def serving_environment(**more: str) -> dict[str, str]:
    """The environment of the processes that serve."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "sanad.settings", **more}


def clock_of_demonstration() -> dict[str, str]:
    """What sets the clock of processes that serve a demonstration."""
    from django.conf import settings

    if not settings.SANAD_DEMONSTRATION:
        return {}
    return {clock.OFFSET_VARIABLE: str(clock.offset_to(present()).total_seconds())}


def present() -> datetime:
    """Now; a demonstration goes on from its start, or from the last thing that happened in it."""
    from django.conf import settings

    if not settings.SANAD_DEMONSTRATION:
        return clock.now()
    from sanad.cli.building import DEMONSTRATION_STARTS
    from sanad.db.scope import acting, system_scope
    from sanad.eventlog.queries import last_moment

    with acting(system_scope()):
        last: datetime | None = last_moment()
    return max(DEMONSTRATION_STARTS, last) if last else DEMONSTRATION_STARTS
