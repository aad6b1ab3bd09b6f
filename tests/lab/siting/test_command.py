"""`siting`: what it prints, on which stream, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sanad.cli.siting import siting
from sanad.lab.siting.orlib import WrongEdge
from tests.lab.siting.graphs import graph, text_of

SMALL = "3 3 1\n1 2 4\n2 3 5\n1 3 20\n"


def run(*given: object) -> Result:
    return CliRunner().invoke(siting, [*map(str, given)])


def document(*given: object) -> dict[str, Any]:
    done = run(*given, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(SMALL)
    return path


def test_the_keys_of_an_instance(small: Path) -> None:
    found = document("pmedian", small)

    assert found.pop("seconds") >= 0
    assert found == {
        "cost": 9, "bound": 9, "gap_percent": 0.0, "proven": True, "medians": [2],
    }  # fmt: skip


def test_costs_are_in_the_file_s_unit(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("3 2 1\n1 2 0.5\n2 3 1.25\n")
    found = document("pmedian", tmp_path / "p.txt")
    assert (found["cost"], found["bound"]) == (1.75, 1.75)


def test_what_is_not_proven_in_the_time_says_so_and_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text(text_of(200, 10, graph(200, seed=3)))

    found = document("pmedian", path, "--seconds", "0.000001")

    assert found["proven"] is False
    assert found["bound"] < found["cost"]
    assert found["gap_percent"] > 0


def test_lines_for_a_person(small: Path) -> None:
    done = run("pmedian", small)
    assert done.stdout.startswith("cost: 9\nbound: 9\n")


def test_a_broken_file_is_refused(small: Path) -> None:
    small.write_text("3 1 1\n1 2\n")
    assert isinstance(run("pmedian", small).exception, WrongEdge)


@pytest.mark.parametrize(
    "given",
    [
        ("pmedian", "nowhere.txt"), ("pmedian",), ("network", "--add", "-1"),
        ("network", "--within", "0"), ("network", "--add", "many"),
    ],
)  # fmt: skip
def test_bad_usage_exits_with_2(given: tuple[str, ...]) -> None:
    assert run(*given).exit_code == 2


def test_the_keys_of_the_network() -> None:
    found = document("network", "--add", 3, "--within", 15)

    assert {"recommended", "too_many", "without", "gap_percent", "proven", "seconds"} <= set(found)
    assert (found["add"], found["within_km"], found["illustrative"]) == (3, 15.0, True)
    assert found["proven"] is True
    assert isinstance(found["gap_percent"], float)
    assert set(found["recommended"][0]["wilayat"]) == {"ar", "en"}


def test_the_network_for_a_person_says_what_is_assumed_first() -> None:
    lines = run("network", "--add", 1).stdout.splitlines()

    assert lines[0].startswith("افتراض: ")
    assert lines[1].startswith("Assumed: ")
    assert "مراكز تُضاف · Centres to add: 1" in lines


def test_standard_output_is_one_document_whatever_the_solver_says(tmp_path: Path) -> None:
    """In a process of its own: the solver greets once in each."""
    code = "from sanad.cli.siting import siting; siting()"
    done = subprocess.run(
        [sys.executable, "-c", code, "network", "--add", "1", "--json"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert json.loads(done.stdout)["add"] == 1
