"""`staffing`: what it prints, and what it refuses."""

import json

import pytest
from click.testing import CliRunner, Result

from sanad.cli.staffing import staffing
from sanad.lab.staffing.demand import CentreUnknown
from sanad.lab.staffing.roster import NotCovered


def run(*given: object) -> Result:
    return CliRunner().invoke(staffing, [*map(str, given)])


def test_the_keys_of_a_centre() -> None:
    done = run(134, "--calibration", "announced", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)

    assert {"slots", "method", "why", "roster", "gap_percent", "seconds", "hours", "assumptions",
            "lived", "rules", "target", "model", "code"} <= set(found)  # fmt: skip
    assert (found["centre"], found["calibration"], found["simulated"]) == (134, "announced", True)
    assert found["gap_percent"] <= 2
    assert len(found["slots"]) == 100
    assert {"weekday", "from", "until", "visits", "needed"} == set(found["slots"][0])
    assert sum(one["people"] for one in found["roster"]["patterns"]) == found["roster"]["people"]


def test_the_target_and_the_people_can_be_given() -> None:
    strict, mean = (
        json.loads(run(134, *given, "--staff", 4, "--json").stdout)
        for given in (("--minutes", 2, "--share", 95), ("--mean", "--minutes", 2))
    )
    assert strict["target"]["share_percent"] == 95
    assert mean["target"]["share_percent"] is None
    assert strict["staff"] == mean["staff"] == 4
    assert strict["needed_hours_a_week"] > mean["needed_hours_a_week"]


def test_lines_for_a_person_say_what_is_assumed_first() -> None:
    lines = run(1, "--calibration", "portal").stdout.splitlines()
    assert lines[0].startswith("افتراض: ")
    assert lines[1].startswith("Assumed: ")
    assert any(line.startswith("sun: ") for line in lines)


def test_what_is_not_known_or_not_covered_is_refused() -> None:
    assert isinstance(run(4000).exception, CentreUnknown)
    assert isinstance(run(1, "--cover-all").exception, NotCovered)


@pytest.mark.parametrize(
    "given", [(), (0,), ("one",), (1, "--mean", "--share", 50), (1, "--staff", 0)]
)
def test_bad_usage_exits_with_2(given: tuple[object, ...]) -> None:
    assert run(*given).exit_code == 2
