"""From an empty server to an empty Sanad database, and from one version to the next.

The steps, in their order, each safe to run again:
1. roles and their passwords, the database (as the server's administrator);
2. tables, by migration (as owner);
3. row-level security and grants (as owner);
4. the check that Arabic text can be searched at all.
"""

import secrets
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from psycopg import sql as psql

from sanad.db import own_keys, security, sql
from sanad.db.binaries import OLDEST_MAJOR
from sanad.db.connect import (
    APP_LOGIN,
    LOADER,
    OWNER,
    as_administrator,
    as_login,
    password_file,
    require_connection,
    use_password_of_login,
)
from sanad.lib.refusal import N_, Refused

ARABIC_WORD = "جواز"
CREATE_DATABASE = (
    "CREATE DATABASE {} OWNER owner TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin "
    "BUILTIN_LOCALE 'C.UTF-8' LC_CTYPE 'C.UTF-8' LC_COLLATE 'C.UTF-8'"
)


class BlindSearch(Refused):
    code = "db.blind_search"
    sentence = N_(
        "This PostgreSQL cannot search Arabic: it finds no trigrams in the word {word}, because "
        "the database's LC_CTYPE is {ctype}. Create the database with the locale C.UTF-8 and "
        "load it again."
    )


class ServerTooOld(Refused):
    code = "db.server_too_old"
    sentence = N_(
        "The server is PostgreSQL {version}, and Sanad needs {oldest} or newer. Upgrade it, or "
        "unset DATABASE_URL to use the installed PostgreSQL."
    )


class AdministratorTooWeak(Refused):
    code = "db.administrator_too_weak"
    sentence = N_(
        "The user {user} of DATABASE_URL is not a superuser of the server, so it cannot make the "
        "roles that keep centres apart. Name a superuser while you run init; serving never uses it."
    )


class ServesTooMuch(Refused):
    code = "db.serves_too_much"
    sentence = N_(
        "The login {login} may bypass row-level security, so it must not serve. Run "
        "bin/sanad init again, which makes the login app_login and uses it."
    )


def provision(*, name: str, url: str | None, passwords: Path) -> None:
    """Make the database `name` ready for its first row. Raises what the steps raise."""
    with as_administrator(url=url, database="postgres"):
        _require_able_server()
        _make_roles(passwords, with_passwords=url is not None)
        _make_database(name)
    use_password_of_login(passwords)
    with as_administrator(url=url), connection.cursor() as cursor:
        cursor.execute("GRANT CREATE, USAGE ON SCHEMA public TO owner")
    upgrade(passwords=passwords)


def upgrade(*, passwords: Path) -> None:
    """Steps 2 to 4."""
    with as_login(OWNER, passwords=passwords):
        call_command("migrate", verbosity=0, interactive=False)
        security.apply()
        own_keys.remember(passwords)
    require_connection()
    require_searchable_arabic()


def drop(*, name: str, url: str | None) -> None:
    """Remove the database `name` whole; what a half-done load leaves is nothing."""
    with as_administrator(url=url, database="postgres"), connection.cursor() as cursor:
        statement = psql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        cursor.execute(statement.format(psql.Identifier(name)))


def exists(*, name: str, url: str | None) -> bool:
    """Whether the server has a database of this name."""
    with as_administrator(url=url, database="postgres"), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def rename(*, old: str, new: str, url: str | None) -> None:
    """Put a whole new database in its place."""
    with as_administrator(url=url, database="postgres"), connection.cursor() as cursor:
        statement = psql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(statement.format(psql.Identifier(old), psql.Identifier(new)))


def row_counts(*, passwords: Path) -> dict[str, int]:
    """Rows by table of our rooms, partitions together, as the loader who sees them all."""
    with as_login(LOADER, passwords=passwords), connection.cursor() as cursor:
        cursor.execute(sql.load("db/our_tables"))
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(psql.SQL("SELECT count(*) FROM {}").format(psql.Identifier(table)))
            counts[table] = cursor.fetchone()[0]
        return counts


def require_searchable_arabic() -> None:
    """Raises `BlindSearch` when pg_trgm sees nothing in an Arabic word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT show_trgm(%s), datctype FROM pg_database WHERE datname = current_database()",
            [ARABIC_WORD],
        )
        trigrams, ctype = cursor.fetchone()
    if not trigrams:
        raise BlindSearch(word=ARABIC_WORD, ctype=ctype)


def require_modest_login() -> None:
    """Raises `ServesTooMuch` when the serving login could see past the policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        login, too_much = cursor.fetchone()
    if too_much or login == OWNER:
        raise ServesTooMuch(login=login)


def _require_able_server() -> None:
    """Raises `ServerTooOld` or `AdministratorTooWeak` before anything is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        user, is_superuser = cursor.fetchone()
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
        )
        number, version = cursor.fetchone()
    if number < OLDEST_MAJOR * 10_000:
        raise ServerTooOld(version=version, oldest=OLDEST_MAJOR)
    if not is_superuser:
        raise AdministratorTooWeak(user=user)


def _make_roles(passwords: Path, *, with_passwords: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("db/roles"))
        for login in (OWNER, LOADER, APP_LOGIN) if with_passwords else ():
            statement = psql.SQL("ALTER ROLE {} PASSWORD {}")
            password = psql.Literal(_password(password_file(passwords, login)))
            cursor.execute(statement.format(psql.Identifier(login), password))


def _make_database(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is not None:
            return
        statement = psql.SQL(CREATE_DATABASE)
        cursor.execute(statement.format(psql.Identifier(name)))


def _password(file: Path) -> str:
    """The login's password, made once and readable by us alone."""
    if not file.exists() or not file.read_text().strip():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text().strip()
