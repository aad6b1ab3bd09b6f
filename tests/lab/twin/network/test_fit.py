"""A network of known truth is simulated, its log is fitted, and the fit finds the truth again."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from sanad.lab.fitting.network.hall import patience_of, stays_of
from sanad.lab.fitting.network.log import Events, Finding, NothingToFit, Place, share, shrunk
from sanad.lab.fitting.network.model import learned
from sanad.lab.twin.network.after import Column
from sanad.lab.twin.network.event_table import events_of
from sanad.lab.twin.network.simulate import simulate
from sanad.lib.opening_hours import WeeklyHours
from tests.lab.twin.network.small import small_model

HOURS = WeeklyHours.from_json(
    {day: [["08:00", "14:00"]] for day in ("sun", "mon", "tue", "wed", "thu")}
)
PLACES = [Place(11, 1001, 101, 1, 50, HOURS), Place(12, 1001, 101, 1, 0, HOURS),
          Place(31, 3001, 301, 3, 0, HOURS), Place(99, 9, 9, 9, 0, HOURS)]  # fmt: skip
ENTITY_OF = {"a1": 3, "a2": 3, "b1": 9, "b2": 9, "never": 9}


def as_events(table: pa.Table) -> Events:
    def coded(name: str) -> tuple[np.ndarray, tuple[str, ...]]:
        column = table[name].combine_chunks()
        return column.indices.to_numpy().astype(np.int64), tuple(column.dictionary.to_pylist())

    kind, kinds = coded("kind")
    # The log says of both that a request was handed over.
    again = kinds.index("case.resubmitted")
    kind = np.where(kind == again, kinds.index("case.submitted"), kind)
    service, services = coded("service")
    outcome, outcomes = coded("outcome")
    numbers = ("centre", "request", "visit", "resource", "ticket", "entity", "charge_baisa")
    return Events(
        at=table["occurred_at"].cast("int64").to_numpy() / 1e6, kind=kind, kinds=kinds,
        service=service, services=services, outcome=outcome, outcomes=outcomes,
        **{name: table[name].to_numpy().astype(np.int64) for name in numbers},
    )  # fmt: skip


@pytest.fixture(scope="module")
def truth():
    return small_model(
        visits=np.array([1200.0, 500.0, 450.0]), seconds=np.array([300.0, 270.0, 390.0, 285.0]),
        seconds_sigma=0.3, lead_seconds=40.0, question_patience=0.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def fit(truth):
    holidays = truth.days[truth.is_holiday]
    return learned(as_events(events_of(truth, 77)), PLACES, ENTITY_OF, holidays, seed=1)


def test_what_comes_and_how_long_it_takes(truth, fit):
    model = fit.model
    assert model.centre.tolist() == [11, 12, 31]  # the place that nobody saw is left out
    assert model.services == ("a1", "a2", "b1", "b2")
    assert model.servers.tolist() == truth.servers.tolist()
    assert model.visits == pytest.approx(truth.visits, abs=4 * 35)
    assert model.share == pytest.approx(truth.share, abs=0.02)
    assert model.seconds == pytest.approx(truth.seconds, rel=0.05)
    assert model.seconds_sigma == pytest.approx(truth.seconds_sigma, abs=0.05)
    assert model.further == pytest.approx(truth.further, abs=0.05)
    assert model.questions == pytest.approx(truth.questions, abs=0.02)
    week = truth.of_weekday / truth.of_weekday.max()
    assert model.of_weekday == pytest.approx(week, abs=0.05)
    open_now = model.of_hour > 0
    assert np.flatnonzero(open_now).tolist() == list(range(16, 28))
    hours = model.of_hour[open_now]
    assert hours / hours.mean() == pytest.approx(1, abs=0.25)
    assert model.sizes.tolist() == [1, 2, 5]
    assert model.size_share == pytest.approx([0.7, 0.2, 0.1], abs=0.04)
    assert model.day_spread == 0
    assert model.fee.tolist() == truth.fee.tolist()


def test_what_the_entities_do(truth, fit):
    model = fit.model
    assert model.returned == pytest.approx([0.1, 0.1, 0.133, 0.133], abs=0.02)
    assert model.at_once == pytest.approx(truth.at_once, abs=0.03)
    assert model.approved == pytest.approx(truth.approved, abs=0.01)
    assert model.correct_days == truth.correct_days
    found = simulate(model, 3)
    there = simulate(truth, 3)
    for column in (Column.CASES_RETURNED, Column.CASES_DECIDED, Column.DECISION_SECONDS_TOTAL):
        assert found.total(column) == pytest.approx(there.total(column), rel=0.08)


def test_the_days_it_did_not_see_come_out_as_foretold(fit):
    foretold = fit.foretold_wait_minutes
    assert fit.train_days + fit.test_days == 26
    # The interval is of the mean over runs; one month's own chance is wider.
    assert fit.seen_wait_minutes == pytest.approx(foretold.mean, rel=0.35)


def test_people_who_are_away_are_found_by_the_wait_they_cause(truth):
    away = replace(truth, break_seconds=1800.0)
    events = as_events(events_of(away, 78))
    found = learned(events, PLACES, ENTITY_OF, truth.days[truth.is_holiday], seed=1)

    assert found.away_seconds == pytest.approx(1800, abs=900)
    assert abs(found.seen_wait_minutes / found.foretold_wait_minutes.mean - 1) < 0.35


def test_months_that_differ_are_found(truth):
    days = np.arange("2025-07-18", "2025-08-15", dtype="datetime64[D]")
    of_season = np.where(days < np.datetime64("2025-08-01"), 0.7, 1.4)
    moved = replace(
        truth, days=days, of_season=of_season, is_holiday=np.zeros(len(days), dtype=bool)
    )
    found = learned(
        as_events(events_of(moved, 80)), PLACES, ENTITY_OF, np.array([], "datetime64[D]"), seed=1
    ).model
    of_month = found.days.astype("datetime64[M]")
    july, august = (
        float(found.of_season[of_month == np.datetime64(month)].mean())
        for month in ("2025-07", "2025-08")
    )
    assert august / july == pytest.approx(2.0, rel=0.25)
    assert found.day_spread < 0.3


def test_busy_days_beyond_chance_are_found(truth):
    spread = replace(truth, day_spread=0.4)
    found = learned(
        as_events(events_of(spread, 79)), PLACES, ENTITY_OF, truth.days[truth.is_holiday], seed=1
    )
    assert found.model.day_spread == pytest.approx(0.4, abs=0.12)


def test_patience_is_found_from_who_sat_down_and_who_had_gone():
    chance = np.random.default_rng(5)
    wait, patience = chance.exponential(600, 4000), chance.exponential(1800, 4000)
    stays, left = stays_of(
        as_events(events_of(small_model(visits=np.full(3, 3000.0), servers=np.full(3, 8)), 5))
    )
    here = patience >= wait
    rows = np.arange(int(here.sum())) % len(stays)
    waited = stays.take(rows)
    waited = replace(
        waited, arrived=waited.started - wait[here], has_ticket=np.ones(len(rows), dtype=bool)
    )
    mean, found = patience_of(waited, replace(left, wait=wait[~here], day=np.zeros((~here).sum())))

    assert found.low <= 1800 <= found.high
    assert mean == pytest.approx(1800, rel=0.1)


def test_a_log_with_next_to_nothing_is_refused():
    table = events_of(small_model(visits=np.full(3, 10.0)), 1)
    with pytest.raises(NothingToFit) as refused:
        learned(as_events(table), PLACES, ENTITY_OF, np.array([], "datetime64[D]"), seed=1)
    assert refused.value.facts["visits"] < 200


def test_groups_with_few_are_drawn_to_all():
    values = np.array([10.0] * 50 + [20.0] * 50 + [100.0])
    group = np.array([0] * 50 + [1] * 50 + [2])
    noisy = values + np.random.default_rng(1).normal(0, 5, len(values))
    found = shrunk(noisy, group, 4)

    assert found[0] == pytest.approx(10, abs=2)
    assert found[2] < noisy[-1]
    assert found[3] == pytest.approx(noisy.mean())


def test_a_share_of_nothing_may_be_anything():
    assert share("x", 0, 0) == Finding("x", 0.0, 0.0, 1.0, 0)
    some = share("x", 5, 100)
    assert some.low < 0.05 < some.high
