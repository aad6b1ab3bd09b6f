"""`bin/sanad`: a real network, bad usage, and what is said where something is missing."""

import json
import os
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from sanad.cli import COMMANDS, cli
from sanad.db.supervisor import Supervisor
from tests.cli.conftest import ROOT, Installation

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture(scope="module")
def real(installation: Installation) -> dict:
    """A real, empty network."""
    return installation.document("init", "--username", "khamis")


def test_a_real_network_is_empty_and_has_one_invitation(installation, real):
    assert real["database"] == "sanad"
    assert real["keys"] == str(installation.var / "keys")
    assert "/invitation/" in real["invitation"]
    remembered = json.loads((installation.var / "current.json").read_text())
    assert remembered == {"place": "embedded", "database": "sanad", "demonstration": ""}


def test_it_has_the_catalogue_and_the_places_and_no_centre(installation, real):
    again = installation.document("init")
    assert again["invitation"] is None

    assert installation.document("catalogue", "search", "card")["results"]
    checks = installation.document("verify")
    assert {name: check["wrong"] for name, check in checks.items()} == {name: [] for name in checks}
    assert rows(installation, "SELECT count(*) FROM centres_centre") == [(0,)]
    assert rows(installation, "SELECT count(*) FROM centres_wilayat") == [(63,)]
    assert rows(installation, "SELECT username FROM accounts_account") == [("khamis",)]
    assert rows(installation, "SELECT count(*) FROM beneficiaries_person") == [(0,)]


def test_no_simulated_fee_is_in_a_real_network(installation, real):
    """The price list counts from its own day there, 2026-01-01."""
    found = rows(installation, "SELECT min(lower(valid))::text FROM catalogue_feeline")

    assert found == [("2026-01-01",)]


def test_keys_are_listed_and_turned_over(installation, real):
    listed = installation.document("keys", "list")
    assert {"civil-1.key", "civil-index-1.key", "receipt-1.key"} <= set(listed["keys"])

    assert installation.document("keys", "rotate", "receipt") == {"kind": "receipt", "version": 2}
    assert "receipt-2.key" in installation.document("keys", "list")["keys"]


def test_a_port_that_is_taken(installation, real):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        _, complained = installation.run("serve", "--port", str(port), exits=1)

    assert f"Port {port} on 127.0.0.1 is already in use." in complained


@pytest.mark.parametrize("words", [("verify",), ("catalogue", "search", "x"), ("serve",)])
def test_without_a_database_it_says_how_to_make_one(tmp_path, words):
    _, complained = Installation(tmp_path / "var").run(*words, exits=1)

    assert "There is no database sanad on the server yet. Run bin/demo" in complained
    assert "لا توجد على الخادم قاعدة بيانات" in complained


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")

    for words in (("init",), ("demo", "--no-serve")):
        process = Installation(tmp_path / "file" / "var").start(*words)
        _, complained = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "Set SANAD_VAR to a folder of your own." in complained, complained


def test_binaries_that_cannot_be_used(tmp_path):
    _, complained = Installation(tmp_path / "var").run(
        "init", exits=1, SANAD_POSTGRES_BIN=str(tmp_path)
    )

    assert "Correct SANAD_POSTGRES_BIN" in complained


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["demo", "--calibration", "imagined"],
        ["demo", "--port", "many"],
        ["catalogue", "search"],
        ["keys", "rotate", "django"],
        ["verify", "surplus"],
    ],
)
def test_bad_usage_ends_with_2(words):
    result = CliRunner().invoke(cli, words)

    assert result.exit_code == 2
    assert "Usage:" in result.stderr


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_and_takes_json(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    command = cli.get_command(None, name)
    for leaf in getattr(command, "commands", {name: command}).values():
        assert leaf.help, name
        assert "--json" in {option for p in leaf.params for option in p.opts}, leaf.name


def test_the_scripts_are_executable_and_read_well_by_sh():
    for script in (*ROOT.glob("bin/*"), ROOT / ".ci/run"):
        assert os.access(script, os.X_OK), script
        assert subprocess.run(["sh", "-n", script]).returncode == 0


def test_a_wrong_address_does_not_disturb_the_static_files():
    text = (ROOT / "bin/setup").read_text()

    assert "DATABASE_URL='' .venv/bin/python manage.py collectstatic" in text


def rows(installation: Installation, statement: str) -> list[tuple]:
    with (
        Supervisor(Path(installation.var) / "postgres").running() as server,
        psycopg.connect(
            host=str(server.socket_folder), user="postgres", dbname="sanad"
        ) as connection,
    ):
        return connection.execute(statement).fetchall()
