"""The back-test on offices whose rules are known, and on the bank."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sanad.cli.twin_backtest import backtest as command
from sanad.cli.twin_backtest import convert as convert_command
from sanad.lab.fitting import arrivals, discipline, learned, patience, service
from sanad.lab.fitting.backtest import NoTestDays, TooFewDays, backtest
from sanad.lab.fitting.figures import NAMES
from sanad.lab.fitting.queue_log import QueueLog, read
from sanad.lab.fitting.staff import TooManyServers
from tests.lab.fitting.office import Office, log_text

BANK = Path(__file__).parents[4] / "shared" / "data" / "queues" / "anonbank_1999_01.txt.gz"
UNTIL = date(2025, 6, 24)  # the 18th working day of 25


def log_of(folder: Path, office: Office, *, days: int = 25, seed: int = 7, names: bool = True):
    file = folder / "queue.csv"
    file.write_text(log_text(office, days=days, seed=seed, names=names), encoding="utf-8")
    return read(file)


def foretold(log: QueueLog, *, seed: int = 1, replications: int = 40) -> dict:
    return backtest(log, until=UNTIL, replications=replications, seed=seed, say=lambda text: None)


@pytest.fixture(scope="module")
def office_log(tmp_path_factory) -> QueueLog:
    return log_of(tmp_path_factory.mktemp("office"), Office(head_start=180, fast=0.3))


def test_the_fits_find_the_rules_of_an_office(office_log):
    days = learned.learn(office_log)

    (permit,) = service.fit(office_log).kinds
    assert permit.low <= 360 <= permit.high
    curve = patience.fit(office_log)
    true = np.exp(-curve.seconds / 900)
    watched = curve.seconds < 900
    assert ((curve.low <= true) & (true <= curve.high))[watched].mean() > 0.8
    assert 1 / curve.hazard == pytest.approx(900, rel=0.15)
    rates = arrivals.fit(office_log)
    assert len(set(rates.group[:5])) == 1
    assert rates.mean[rates.group[0], 17:31].mean() == pytest.approx(17, rel=0.06)
    assert rates.overdispersion > 1.2
    usual, fast = (
        days.discipline.head_start[office_log.priority.names.index(name) + 1]
        for name in ("usual", "fast")
    )
    assert (usual, fast) == (0, pytest.approx(180, abs=30))
    assert days.discipline.explained > 0.95
    there = days.profiles(1800.0).mean(axis=0)
    assert there[18:24] == pytest.approx(np.full(6, 4.0), abs=0.15)
    assert there[25] == pytest.approx(3.0, abs=0.3)


def test_the_band_holds_the_truth_of_an_office_whose_rules_are_known(office_log):
    found = foretold(office_log)

    assert all(found["inside"].values()), found
    assert found["train_days"] == 18 and found["test_days"] == 7
    assert found["customers"]["train"] + found["customers"]["test"] == len(office_log)
    band = found["predicted"]["wait_seconds_mean"]
    assert (band["high"] - band["low"]) / band["mean"] < 1.2
    assert found["settings"]["level_middle"] == pytest.approx(1, abs=0.15)


def test_the_same_seed_gives_the_same_document(tmp_path):
    log = log_of(tmp_path, Office(an_hour=9, servers=1, service=300), days=22)
    assert foretold(log, replications=20) == foretold(log, replications=20)
    assert foretold(log, replications=20) != foretold(log, replications=20, seed=2)


def test_of_the_days_foretold_only_who_came_is_read(tmp_path):
    log = log_of(tmp_path, Office(), days=22)
    late = log.day > log.days[17]
    other = QueueLog(
        source=log.source, day=log.day, arrived=log.arrived,
        wait=np.where(late, 1.0, log.wait), service=np.where(late, 2.0, log.service),
        served=log.served | late, abandoned=log.abandoned & ~late,
        priority=log.priority, kind=log.kind, server=log.server,
    )  # fmt: skip

    first, second = foretold(log, replications=20), foretold(other, replications=20)

    assert first["actual"] != second["actual"]
    for part in ("predicted", "resampled", "settings", "fitted"):
        assert first[part] == second[part]


def test_where_nobody_leaves_nobody_is_foretold_to(tmp_path):
    held = 0
    for seed in (1, 2, 3):
        log = log_of(tmp_path, Office(an_hour=26, patience=None), seed=seed)
        found = foretold(log)
        assert found["predicted"]["abandoned_share"] == {"mean": 0, "low": 0, "high": 0}
        assert found["error"]["abandoned_share"] == 0
        held += sum(found["inside"].values())

    # Nine in ten of twelve bands should hold; fewer than nine would happen once in a hundred times.
    assert held >= 9


def test_servers_without_names_are_told_apart_by_time(tmp_path):
    found = foretold(log_of(tmp_path, Office(), names=False))

    assert all(found["inside"].values()), found


def test_too_few_days_and_none_to_foretell_are_refused(tmp_path):
    log = log_of(tmp_path, Office(an_hour=6, servers=1), days=4)
    for until, kind in ((date(2025, 6, 2), TooFewDays), (date(2025, 6, 30), NoTestDays)):
        with pytest.raises(kind) as refused:
            backtest(log, until=until, replications=20, seed=1, say=lambda text: None)
        assert "queue.csv" in str(refused.value) and until.isoformat() in str(refused.value)


def test_more_servers_than_the_engine_computes_are_refused(tmp_path):
    log = log_of(tmp_path, Office(an_hour=400, servers=24, service=240), days=5)
    with pytest.raises(TooManyServers, match="24 servers at once"):
        backtest(log, until=date(2025, 6, 3), replications=20, seed=1, say=lambda text: None)


def test_a_head_start_is_not_seen_where_there_is_none(tmp_path):
    log = log_of(tmp_path, Office(fast=0.3))
    assert not discipline.fit(log).head_start.any()


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Path:
    if not BANK.exists():
        pytest.skip(f"the bank's month is not there: {BANK}")
    file = tmp_path_factory.mktemp("bank") / "january.csv.gz"
    done = CliRunner().invoke(convert_command, [str(BANK), str(file), "--json"])
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)
    assert counts["calls"] == 31_599
    assert counts["calls"] == sum(
        counts[name] for name in ("served", "abandoned", "phantoms", "left_before_queue")
    )
    return file


def test_the_bank_s_last_third_of_january_is_foretold_better_than_by_resampling(bank):
    words = [str(bank), "--train-until", "1999-01-20", "--replications", "60", "--json"]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)

    assert found["train_days"] == 18 and found["test_days"] == 11
    assert found["actual"]["wait_seconds_mean"] == pytest.approx(30.66, abs=0.01)
    for name in NAMES:
        assert found["inside"][name], name
        assert found["error"][name] < found["baseline_error"][name], name
        band = found["predicted"][name]
        assert band["low"] < band["mean"] < band["high"]


def test_the_lines_for_a_person_say_what_was_found(tmp_path):
    file = tmp_path / "queue.csv"
    file.write_text(
        log_text(Office(an_hour=9, servers=1, service=300), days=6, seed=3), encoding="utf-8"
    )

    done = CliRunner().invoke(
        command, [str(file), "--train-until", "2025-06-04", "--replications", "20"]
    )

    assert done.exit_code == 0, done.output
    assert "4 days learnt from, 2 foretold, 20 replications" in done.stdout
    assert "Share who left · نسبة من غادر" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["missing.csv", "--train-until", "2025-06-04"],
        [__file__],
        [__file__, "--train-until", "yesterday"],
        [__file__, "--train-until", "2025-06-04", "--replications", "1"],
    ],
)
def test_bad_usage_is_two(words):
    assert CliRunner().invoke(command, words).exit_code == 2
