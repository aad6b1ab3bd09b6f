"""Which server, and as whom.

`DATABASE_URL` names a server of yours; without it, our supervisor runs one below `SANAD_VAR`.
Serving always happens as `app_login`, which owns nothing; tables belong to `owner`; bulk history
is written by `loader`. Their passwords lie among the key files (see docs/keys.md); on the
embedded server the socket's folder, closed to other users, stands for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from django.db import OperationalError, connection

from sanad.db.supervisor import SUPERUSER, Supervisor
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

APP_LOGIN = "app_login"
OWNER = "owner"
LOADER = "loader"
PORT = "5432"
# Parameters travel apart from their statement, which the server then plans once and not each time:
# a fifth of the counter's whole work (docs/performance.md).
PREPARED: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}
# What may follow the question mark of DATABASE_URL: how to reach the server, and how safely.
URL_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "connect_timeout"}
)


class BadDatabaseUrl(Refused):
    code = "db.bad_url"
    sentence = N_(
        "DATABASE_URL is not usable: {why}. It should look like "
        "postgresql://user:password@host:5432/database; unset it to use the installed PostgreSQL."
    )


NOT_POSTGRESQL = Text(ar="لا يبدأ بـ postgresql://", en="it does not begin with postgresql://")
NO_HOST = Text(ar="لا يذكر خادمًا صحيحًا", en="it names no proper host")
NO_DATABASE = Text(ar="لا يذكر قاعدة بيانات", en="it names no database")
BAD_PORT = Text(ar="منفذه ليس رقمًا بين 1 و65535", en="its port is no number between 1 and 65535")


def _unknown_options(names: list[str]) -> Text:
    said = ", ".join(names)
    return Text(ar=f"فيه خيار غير معروف: {said}", en=f"it has an unknown option: {said}")


class NoConnection(Refused):
    code = "db.no_connection"
    sentence = N_(
        "The database at {place} does not answer: {why}. Check DATABASE_URL, the server and its "
        "firewall, then try again."
    )


class NoDatabase(Refused):
    code = "db.no_database"
    sentence = N_(
        "There is no database {name} on the server yet. Run bin/demo for a demonstration, or "
        "bin/sanad init for a real, empty network."
    )


def database_settings(*, var: Path, name: str, url: str | None, passwords: Path) -> dict[str, Any]:
    """Django's settings of the one database, for `app_login`. Raises `BadDatabaseUrl`."""
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "USER": APP_LOGIN,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    if not url:
        socket = Supervisor(var / "postgres").socket_folder
        reached = {"HOST": str(socket), "NAME": name, "PORT": PORT}
        return common | reached | {"OPTIONS": {"connect_timeout": 10} | PREPARED}
    parts = parse_url(url)
    return common | {
        "HOST": parts.host,
        "PORT": parts.port,
        "NAME": parts.database,
        "PASSWORD": _read_password(passwords, APP_LOGIN),
        "OPTIONS": {"connect_timeout": 10} | PREPARED | parts.options,
    }


@dataclass(frozen=True)
class Url:
    """A DATABASE_URL taken apart. User and password are the administrator's."""

    host: str
    port: str
    database: str
    user: str
    password: str = field(repr=False)
    options: dict[str, str] = field(default_factory=dict)


def parse_url(url: str) -> Url:
    """The parts of a DATABASE_URL. Raises `BadDatabaseUrl` saying which part is wrong."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadDatabaseUrl(why=NO_HOST) from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadDatabaseUrl(why=NOT_POSTGRESQL)
    if not parts.hostname:
        raise BadDatabaseUrl(why=NO_HOST)
    database = unquote(parts.path.lstrip("/"))
    if not database or "/" in database:
        raise BadDatabaseUrl(why=NO_DATABASE)
    try:
        port = str(parts.port or PORT)
    except ValueError as error:
        raise BadDatabaseUrl(why=BAD_PORT) from error
    options = dict(parse_qsl(parts.query))
    if strange := sorted(options.keys() - URL_OPTIONS):
        raise BadDatabaseUrl(why=_unknown_options(strange))
    return Url(
        host=unquote(parts.hostname), port=port, database=database,
        user=unquote(parts.username or SUPERUSER), password=unquote(parts.password or ""),
        options=options,
    )  # fmt: skip


def place_of(url: str | None) -> str:
    """Which database a DATABASE_URL means, without user and password; ours where there is none."""
    if not url:
        return "embedded"
    parts = parse_url(url)
    return f"{parts.host}:{parts.port}/{parts.database}"


def with_database(url: str, database: str) -> str:
    """The same server's other database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database)}"))


@contextmanager
def connected_as(user: str, *, password: str, database: str | None = None) -> Iterator[None]:
    """The default connection, reopened as another login for the length of the block.

    For set-up work only (`owner`, `loader`, the administrator): never inside a request. Raises
    what `require_connection` raises.
    """
    connection.close()
    before = dict(connection.settings_dict)
    # An empty password leaves the choice to the server and to libpq: trust, peer, .pgpass.
    connection.settings_dict.update(USER=user, PASSWORD=password)
    if database:
        connection.settings_dict["NAME"] = database
    try:
        require_connection()
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def as_administrator(*, url: str | None, database: str | None = None) -> Iterator[None]:
    """Connected as the server's administrator: the user of DATABASE_URL, or our superuser."""
    parts = parse_url(url) if url else None
    user, password = (parts.user, parts.password) if parts else (SUPERUSER, "")
    with connected_as(user, password=password, database=database):
        yield


@contextmanager
def as_login(login: str, *, passwords: Path) -> Iterator[None]:
    """Connected as `owner` or `loader`."""
    with connected_as(login, password=_read_password(passwords, login)):
        yield


def require_connection() -> None:
    """Raises `NoDatabase` or `NoConnection`, one sentence instead of a driver's traceback."""
    settings = connection.settings_dict
    try:
        connection.ensure_connection()
    except OperationalError as error:
        why = " ".join(str(error).split())
        missing = (f'database "{settings["NAME"]}"', f'role "{settings["USER"]}"')
        if any(f"{what} does not exist" in why for what in missing):
            raise NoDatabase(name=settings["NAME"]) from error
        if settings.get("PASSWORD"):
            why = why.replace(str(settings["PASSWORD"]), "…")
        place = f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        raise NoConnection(place=place, why=why) from error


def use_password_of_login(passwords: Path) -> None:
    """Serve with the password that set-up has just made: the settings were read before."""
    connection.settings_dict["PASSWORD"] = _read_password(passwords, APP_LOGIN)


def password_file(passwords: Path, login: str) -> Path:
    return passwords / f"db-{login}.password"


def _read_password(passwords: Path, login: str) -> str:
    """The login's password; empty on the embedded server, which asks for none."""
    file = password_file(passwords, login)
    return file.read_text().strip() if file.exists() else ""
