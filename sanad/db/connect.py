"""Which server, and as whom.

`DATABASE_URL` names a server of yours; without it, our supervisor runs one below `SANAD_VAR`.
Serving always happens as `app_login`, which owns nothing; tables belong to `owner`; bulk history
is written by `loader`. Their passwords lie among the key files (see docs/keys.md); on the
embedded server the socket's folder, closed to other users, stands for them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import OperationalError, connection

from sanad.db.supervisor import SUPERUSER, Supervisor
from sanad.lib.refusal import N_, Refused

APP_LOGIN = "app_login"
OWNER = "owner"
LOADER = "loader"


class BadDatabaseUrl(Refused):
    code = "db.bad_url"
    sentence = N_(
        "DATABASE_URL is not usable: {why}. It should look like "
        "postgresql://user:password@host:5432/database; unset it to use the installed PostgreSQL."
    )


class NoConnection(Refused):
    code = "db.no_connection"
    sentence = N_(
        "The database at {place} does not answer: {why}. Check DATABASE_URL, the server and its "
        "firewall, then try again."
    )


def database_settings(*, var: Path, name: str, url: str | None, passwords: Path) -> dict[str, Any]:
    """Django's settings of the one database, for `app_login`. Raises `BadDatabaseUrl`."""
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "USER": APP_LOGIN,
        "OPTIONS": {"connect_timeout": 10},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    if not url:
        socket = Supervisor(var / "postgres").socket_folder
        return common | {"HOST": str(socket), "NAME": name, "PORT": ""}
    parts = parse_url(url)
    return common | {
        "HOST": parts["HOST"],
        "PORT": parts["PORT"],
        "NAME": parts["NAME"],
        "PASSWORD": _read_password(passwords, APP_LOGIN),
    }


def parse_url(url: str) -> dict[str, str]:
    """The parts of a DATABASE_URL. Raises `BadDatabaseUrl` saying which part is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadDatabaseUrl(why=f"its scheme is '{parts.scheme}', not postgresql")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise BadDatabaseUrl(why="it names no database")
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise BadDatabaseUrl(why="its port is not a number") from error
    return {
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
    }


@contextmanager
def connected_as(user: str, *, database: str | None = None, password: str = "") -> Iterator[None]:
    """The default connection, reopened as another login for the length of the block.

    For set-up work only (`owner`, `loader`, the administrator): never inside a request.
    """
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(USER=user, PASSWORD=password or before.get("PASSWORD", ""))
    if database:
        connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def as_administrator(*, url: str | None, database: str | None = None) -> Iterator[None]:
    """Connected as the server's administrator: the user of DATABASE_URL, or our superuser."""
    parts = parse_url(url) if url else {"USER": SUPERUSER, "PASSWORD": ""}
    with connected_as(parts["USER"], database=database, password=parts["PASSWORD"]):
        yield


@contextmanager
def as_login(login: str, *, passwords: Path) -> Iterator[None]:
    """Connected as `owner` or `loader`."""
    with connected_as(login, password=_read_password(passwords, login)):
        yield


def require_connection() -> None:
    """Raises `NoConnection` in one sentence instead of a driver's traceback."""
    settings = connection.settings_dict
    try:
        connection.ensure_connection()
    except OperationalError as error:
        why = " ".join(str(error).split())
        if settings.get("PASSWORD"):
            why = why.replace(str(settings["PASSWORD"]), "…")
        place = f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        raise NoConnection(place=place, why=why) from error


def password_file(passwords: Path, login: str) -> Path:
    return passwords / f"db-{login}.password"


def _read_password(passwords: Path, login: str) -> str:
    file = password_file(passwords, login)
    return file.read_text().strip() if file.exists() else os.environ.get("PGPASSWORD", "")
