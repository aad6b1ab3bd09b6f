"""`bin/demo`: built whole or not at all, once, and by one process at a time."""

import fcntl
import os
import signal
import socket
import time

import psycopg
import pytest

from sanad.db.supervisor import Supervisor
from tests.cli.conftest import SMALL, Demonstration, Installation

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture
def announced(demonstration: Demonstration) -> dict:
    """What was said when it was built for the first time in its folder."""
    return demonstration.announced


@pytest.fixture
def installation(demonstration: Demonstration) -> Installation:
    return demonstration.installation


def databases(installation: Installation) -> set[str]:
    """The databases of the folder's server, asked while nothing else runs."""
    with (
        Supervisor(installation.var / "postgres").running() as server,
        psycopg.connect(
            host=str(server.socket_folder), user="postgres", dbname="postgres"
        ) as connection,
    ):
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^sanad'")
        return {name for (name,) in rows}


def test_the_whole_network_is_there_and_counted(announced):
    counts = announced["counts"]

    assert announced["calibration"] == "announced"
    assert announced["database"] == "sanad_announced"
    assert set(announced["seconds"]) > {"postgres", "build", "simulate", "rows", "indexes", "seal"}
    assert counts["cases_case"] >= 2000
    assert counts["centres_centre"] == 923
    assert counts["catalogue_service"] == 388
    assert counts["catalogue_feeline"] == 324
    assert counts["centres_governorate"] == 11
    assert counts["centres_wilayat"] == 63
    assert counts["catalogue_entity"] == 31
    assert counts["accounts_assignment"] > 2300
    assert "django_migrations" not in counts
    assert not [name for name in counts if name.startswith("eventlog_event_2")]


def test_a_second_run_builds_nothing_anew(installation, announced):
    again = installation.document("demo", *SMALL, "--no-serve")

    assert again["counts"] == announced["counts"]
    assert again["seconds"]["build"] < announced["seconds"]["build"]


@pytest.mark.parametrize("calibration", ["announced", "portal"])
def test_later_commands_find_either_and_it_holds(installation, announced, calibration):
    known = {"SANAD_DATABASE": f"sanad_{calibration}", "SANAD_DEMONSTRATION": calibration}
    found = installation.document("catalogue", "search", "تجديد", "بطاقة", **known)
    assert found["results"]

    checks = installation.document("verify", **known)
    assert {"ledger", "receipts", "seals"} <= set(checks)
    assert checks["seals"]["checked"] > 20_000
    assert all(check["wrong"] in (0, []) for check in checks.values())


def test_the_other_calibration_is_a_database_of_its_own(installation, demonstration):
    portal = demonstration.portal

    assert portal["database"] == "sanad_portal"
    assert portal["counts"]["centres_centre"] == 923
    assert databases(installation) == {"sanad_announced", "sanad_portal"}


def test_nothing_runs_on_when_a_command_has_ended(installation, announced):
    assert not (installation.var / "postgres" / "data" / "postmaster.pid").exists()


def test_a_second_demonstration_on_the_same_folder_is_told_so(installation, announced):
    with (installation.var / "set-up.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _, complained = installation.run("demo", *SMALL, "--no-serve", exits=1)

    arabic, english = complained.strip().splitlines()
    assert english.startswith(f"Another Sanad is running on the folder {installation.var}")
    assert "تعمل نسخة أخرى من سند" in arabic


def test_a_port_that_is_taken_is_said_before_anything_starts(installation, announced):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        _, complained = installation.run("demo", "--port", str(port), exits=1)

    assert f"Port {port} on 127.0.0.1 is already in use." in complained
    assert "المنفذ" in complained
    assert not (installation.var / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "TERM"])
def test_stopped_in_the_middle_of_loading_it_leaves_nothing(tmp_path, number):
    fresh = Installation(tmp_path / "var")
    process = fresh.start("demo", *SMALL, "--no-serve", "--json")
    assert process.stderr
    for line in process.stderr:
        if "Loading" in line:
            break
    time.sleep(0.1)
    os.kill(process.pid, number)
    said, complained = process.communicate(timeout=60)

    assert process.returncode in (1, 128 + number)
    assert said == ""
    assert "Traceback" not in complained
    assert not (fresh.var / "postgres" / "data" / "postmaster.pid").exists()
    assert not (fresh.var / "current.json").exists()
    assert databases(fresh) == set()


def test_a_killed_set_up_leaves_what_the_next_run_clears_away(tmp_path):
    fresh = Installation(tmp_path / "var")
    process = fresh.start("demo", *SMALL, "--no-serve")
    assert process.stderr
    for line in process.stderr:
        if "Loading" in line:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert "sanad_announced" not in databases(fresh)

    assert fresh.document("demo", *SMALL, "--no-serve")["counts"]["centres_centre"] == 923
    assert fresh.document("verify")["seals"]["wrong"] == []
    assert databases(fresh) == {"sanad_announced"}
