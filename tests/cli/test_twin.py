"""`bin/sanad twin` and `bin/sanad evidence`: the documents that others build on."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from sanad.cli import cli
from sanad.lab import calibration
from sanad.lab.twin.network.measures import MEASURES
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import Refused


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of few transactions: the documents are the same."""
    whole = calibration.calibrated

    def small(name: str, quarter: Quarter | None = None) -> Any:
        return whole(name, quarter, transactions=3000)

    monkeypatch.setattr(calibration, "calibrated", small)


def said(*arguments: str) -> Any:
    result = CliRunner().invoke(cli, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_run_says_its_kpis_with_bands_and_a_hash_that_threads_do_not_change() -> None:
    asked = ("twin", "run", "--quarter", "2025Q3", "--replications", "4", "--seed", "3")
    one = said(*asked, "--calibration", "announced", "--scenario", "baseline", "--threads", "1")
    two = said(*asked, "--threads", "2")
    other = said(*asked, "--seed", "4")

    assert set(one["kpis"]) == set(MEASURES)
    assert all(set(band) == {"mean", "low", "high"} for band in one["kpis"].values())
    assert one["kpis"]["transactions"]["low"] <= 3000 <= one["kpis"]["transactions"]["high"]
    assert one["customers_per_second"] > 0
    assert one["seconds"] > 0
    assert one["hash"] == two["hash"] != other["hash"]
    assert one["kpis"] == two["kpis"]
    assert one["simulated"] is True


def test_of_one_life_there_is_no_band() -> None:
    kpis = said("twin", "run", "--replications", "1")["kpis"]
    assert kpis["transactions"]["mean"] > 0
    assert kpis["transactions"]["low"] is None


def test_scenarios_are_listed_composed_and_compared() -> None:
    codes = {one["code"] for one in said("twin", "scenarios")["scenarios"]}
    assert {"baseline", "appointments", "pooled", "labour_withdrawn"} <= codes
    both = said("twin", "run", "--scenario", "growth+appointments", "--replications", "2")
    assert [one["lever"] for one in both["scenario"]["levers"]] == ["growth", "appointments"]
    found = said("twin", "compare", "--scenarios", "growth,appointments", "--replications", "4")
    growth, _ = found["scenarios"]
    assert growth["difference"]["visits"]["distinguishable"]
    assert growth["difference"]["visits"]["low"] > 0


def test_what_is_not_known_is_refused() -> None:
    for wrong in (["--scenario", "magic"], ["--quarter", "2031Q1"], ["--replications", "0"],
                  ["--scenario", "growth+decline"]):  # fmt: skip
        with pytest.raises(Refused):
            CliRunner().invoke(cli, ["twin", "run", *wrong], catch_exceptions=False)
    bad = CliRunner().invoke(cli, ["twin", "run", "--calibration", "guess"])
    assert bad.exit_code == 2


def test_the_events_of_a_run_can_be_mined(tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    run = said("twin", "run", "--replications", "2", "--events", str(file))
    assert pq.read_metadata(file).num_rows == run["events"]["rows"] > 0
    found = said(
        "evidence", "map", str(file), "--case", "visit", "--activity", "kind",
        "--time", "occurred_at",
    )  # fmt: skip
    assert found["events"] == run["events"]["rows"]
    assert found["activities"] >= 8
    assert {"cases", "variants", "edges", "seconds"} <= set(found)


def test_a_band_as_narrow_as_asked() -> None:
    asked = ("twin", "run", "--replications", "2", "--seed", "3", "--within")
    found = said(*asked, "transactions=40")
    band = found["kpis"]["transactions"]
    assert found["replications"] > 2
    assert (band["high"] - band["low"]) / 2 <= 40
    with pytest.raises(Refused):
        CliRunner().invoke(cli, ["twin", "run", "--within", "luck=1"], catch_exceptions=False)
    for wrong in ("transactions", "transactions=0", "transactions=x"):
        assert CliRunner().invoke(cli, ["twin", "run", "--within", wrong]).exit_code == 2


def test_queues_are_checked_against_their_formulas() -> None:
    found = said("twin", "check", "--cases", "4")
    assert found["cases"] == 4
    assert found["beyond_4"] == 0
    assert {"expected", "got", "standard_error", "z"} <= set(found["rows"][0])
    assert "beyond_2_58" in found


def test_for_a_person_the_lines_say_that_it_is_simulated() -> None:
    result = CliRunner().invoke(cli, ["twin", "run", "--replications", "2"])
    assert "simulated" in result.output
    assert "محاكاة" in result.output
    compared = CliRunner().invoke(
        cli, ["twin", "compare", "--scenarios", "breaks", "--replications", "2"]
    )
    assert "not distinguishable" in compared.output
