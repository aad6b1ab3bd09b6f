"""DATABASE_URL: what is wrong with it, in one sentence that never shows a password."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from sanad.db import provision
from sanad.db.connect import (
    PREPARED,
    BadDatabaseUrl,
    NoConnection,
    NoDatabase,
    as_administrator,
    connected_as,
    database_settings,
    parse_url,
    place_of,
    with_database,
)
from sanad.db.supervisor import Supervisor
from tests.refusals import said

ROOT = Path(__file__).resolve().parents[2]
SECRET = "hush-hush-7"


@pytest.fixture(scope="module")
def guarded_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server on TCP that asks for passwords, as one of yours would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("guarded") / "pg"
    with Supervisor(folder).running():
        pass
    with (folder / "data/postgresql.conf").open("a") as conf:
        conf.write(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    (folder / "data/pg_hba.conf").write_text(
        "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    )
    server = Supervisor(folder)
    with server.running():
        with psycopg.connect(
            host=str(server.socket_folder), port=port, user="postgres", dbname="postgres"
        ) as admin:
            admin.execute(f"ALTER ROLE postgres PASSWORD 'right-{SECRET}'")
            admin.execute(f"CREATE ROLE clerk LOGIN PASSWORD '{SECRET}'")
        yield port


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"mysql://u:{SECRET}@localhost/x", "it does not begin with postgresql://"),
        ("sanad", "it does not begin with postgresql://"),
        (f"postgresql://u:{SECRET}@localhost", "it names no database"),
        (f"postgresql://u:{SECRET}@localhost/a/b", "it names no database"),
        (f"postgresql://u:{SECRET}@:5432/x", "it names no proper host"),
        ("postgresql:///x", "it names no proper host"),
        (f"postgresql://u:{SECRET}@[::1/x", "it names no proper host"),
        (f"postgresql://u:{SECRET}@localhost:abc/x", "its port is no number"),
        (f"postgresql://u:{SECRET}@localhost:99999/x", "its port is no number"),
        (f"postgresql://u:{SECRET}@localhost/x?sslmod=on", "it has an unknown option: sslmod"),
    ],
)
def test_each_wrong_address_is_named(url, reason):
    with pytest.raises(BadDatabaseUrl) as caught:
        parse_url(url)

    arabic, english = said(caught.value)
    assert f"DATABASE_URL is not usable: {reason}" in english
    assert SECRET not in arabic + english


def test_a_right_address_is_taken_apart():
    url = "postgres://me:p%40ss@db.example:6432/my%20db?sslmode=verify-full"

    found = parse_url(url)

    assert (found.host, found.port, found.database) == ("db.example", "6432", "my db")
    assert (found.user, found.password) == ("me", "p@ss")
    assert found.options == {"sslmode": "verify-full"}
    assert "p@ss" not in repr(found)
    assert place_of(url) == "db.example:6432/my db"
    assert parse_url(with_database(url, "other")).database == "other"


def test_serving_settings_name_the_modest_login_and_its_own_password(tmp_path):
    (tmp_path / "db-app_login.password").write_text("of-the-login\n")
    url = f"postgresql://admin:{SECRET}@db.example/x?sslmode=require"

    found = database_settings(var=tmp_path, name="ignored", url=url, passwords=tmp_path)

    assert (found["USER"], found["PASSWORD"]) == ("app_login", "of-the-login")
    assert (found["NAME"], found["PORT"]) == ("x", "5432")
    assert found["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"} | PREPARED
    assert SECRET not in str(found)


@pytest.fixture
def pointed_at(tmp_path: Path, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """Makes the connection what a DATABASE_URL says, and gives it back."""
    before = dict(connection.settings_dict)

    def point(url: str) -> None:
        connection.close()
        found = database_settings(var=tmp_path, name="", url=url, passwords=tmp_path)
        connection.settings_dict.update(found)

    with django_db_blocker.unblock():
        yield point
        connection.close()
    connection.settings_dict.update(before)


def test_a_server_that_is_down(pointed_at):
    url = f"postgresql://u:{SECRET}@127.0.0.1:1/x"
    pointed_at(url)

    with pytest.raises(NoConnection) as caught, as_administrator(url=url):
        pass

    arabic, english = said(caught.value)
    assert "does not answer" in english
    assert SECRET not in arabic + english


def test_a_database_that_is_not_there_and_the_connection_comes_back(committed):
    before = dict(connection.settings_dict)

    with (
        pytest.raises(NoDatabase) as caught,
        connected_as("postgres", password="", database="nowhere"),
    ):
        pass

    assert "There is no database nowhere on the server yet" in said(caught.value)[1]
    assert dict(connection.settings_dict) == before


def test_a_wrong_password_is_said_without_the_password(guarded_port, pointed_at):
    url = f"postgresql://postgres:{SECRET}@127.0.0.1:{guarded_port}/postgres"
    pointed_at(url)

    with pytest.raises(NoConnection) as caught, as_administrator(url=url):
        pass

    arabic, english = said(caught.value)
    assert 'password authentication failed for user "postgres"' in english
    assert SECRET not in arabic + english


@pytest.mark.parametrize(
    "url", [f"mysql://u:{SECRET}@localhost/x", f"postgresql://u:{SECRET}@127.0.0.1:1/x"]
)
@pytest.mark.parametrize("command", [["init"], ["demo", "--no-serve"], ["verify"]])
def test_on_the_command_line_it_is_a_sentence_in_each_language_and_exit_1(tmp_path, command, url):
    environment = os.environ | {"DATABASE_URL": url, "SANAD_VAR": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE")

    done = subprocess.run(
        [sys.executable, "-m", "sanad", *command, "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout == ""
    arabic, english = done.stderr.strip().splitlines()[-2:]
    assert "DATABASE_URL" in arabic
    assert "DATABASE_URL" in english
    assert SECRET not in done.stderr


def test_a_server_of_yours_is_made_ready_by_its_superuser_and_serves_by_password(
    guarded_port, pointed_at, tmp_path
):
    url = f"postgresql://postgres:right-{SECRET}@127.0.0.1:{guarded_port}/mine"
    pointed_at(url)

    provision.provision(name="mine", url=url, passwords=tmp_path)
    provision.provision(name="mine", url=url, passwords=tmp_path)

    pointed_at(url)
    provision.require_modest_login()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM django_migrations GROUP BY 1")
        login, migrations = cursor.fetchone()
    assert login == "app_login"
    assert migrations > 10
    assert {f.stat().st_mode & 0o777 for f in tmp_path.glob("db-*.password")} == {0o600}
    assert len(list(tmp_path.glob("db-*.password"))) == 3


def test_an_administrator_who_is_none_is_refused(guarded_port, pointed_at, tmp_path):
    url = f"postgresql://clerk:{SECRET}@127.0.0.1:{guarded_port}/other"
    pointed_at(url)

    with pytest.raises(provision.AdministratorTooWeak) as caught:
        provision.provision(name="other", url=url, passwords=tmp_path)

    assert "The user clerk of DATABASE_URL is not a superuser" in said(caught.value)[1]
    assert list(tmp_path.glob("*")) == []


def test_a_server_that_is_too_old_is_refused(committed, monkeypatch, tmp_path):
    monkeypatch.setattr(provision, "OLDEST_MAJOR", 99)

    with pytest.raises(provision.ServerTooOld) as caught:
        provision.provision(name="other", url=None, passwords=tmp_path)

    assert "needs 99 or newer" in said(caught.value)[1]


def test_the_settings_of_these_tests_use_no_server_of_yours():
    assert settings.DATABASE_URL is None
    assert place_of(settings.DATABASE_URL) == "embedded"
