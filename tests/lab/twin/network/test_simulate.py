"""A run of the network: laws that hold whatever is drawn, and the same bytes from the same seed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.twin.network.after import Column, Person
from sanad.lab.twin.network.event_table import events_of
from sanad.lab.twin.network.model import Model, NeverDone, NobodyComes
from sanad.lab.twin.network.sessions import expected_visits, lead_days
from sanad.lab.twin.network.simulate import simulate
from sanad.till import rules
from tests.lab.twin.network.small import small_model

FEATURES = (
    {}, {"booked": 0.4, "missed": 0.1}, {"break_seconds": 1800.0}, {"outage_pace": 0.2},
    {"day_spread": 0.4}, {"in_hall": 1.0}, {"patience": 600.0},
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**62), st.sampled_from(FEATURES))
def test_nothing_is_lost_between_coming_and_the_decision(seed, features):
    lived = simulate(small_model(**features), seed)
    total = {column: lived.total(column) for column in Column}

    assert total[Column.CAME] == total[Column.VISITS] + total[Column.LEFT]
    assert total[Column.TRANSACTIONS] == total[Column.CASES_OPENED]
    assert total[Column.CASES_SUBMITTED] >= total[Column.TRANSACTIONS]
    again = total[Column.CASES_SUBMITTED] - total[Column.TRANSACTIONS]
    assert again <= total[Column.CASES_RETURNED] <= total[Column.TRANSACTIONS]
    assert (
        total[Column.CASES_DECIDED] == total[Column.CASES_APPROVED] + total[Column.CASES_REJECTED]
    )
    assert total[Column.CASES_DECIDED] <= total[Column.TRANSACTIONS]
    assert total[Column.TICKETS_STARTED] <= total[Column.TICKETS] <= total[Column.CAME]
    assert (lived.facts >= 0).all()
    assert lived.people[:, 0].sum() == total[Column.CAME]
    assert lived.people[:, 1].sum() == total[Column.VISITS]
    assert lived.people[:, 3].sum() == total[Column.LEFT]
    closed = lived.model.is_holiday
    assert not lived.facts[Column.CAME][:, closed].any()


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_byte(features, threads):
    model = small_model(**features)

    assert simulate(model, 5).digest() == simulate(model, 5, threads=threads).digest()
    assert simulate(model, 5).digest() != simulate(model, 6).digest()


def test_the_event_loop_gives_the_same_answer_as_the_recursion(monkeypatch):
    model = small_model(patience=1200.0)
    plain = simulate(model, 9)
    monkeypatch.setattr(Model, "has_features", property(lambda self: True))

    assert simulate(model, 9).digest() == plain.digest()


def test_income_is_the_fee_of_every_request_and_its_vat():
    model = small_model(fee=np.full((3, 4), 1500))
    lived = simulate(model, 3)
    requests = lived.facts[Column.TRANSACTIONS].sum(axis=1)

    assert (lived.facts[Column.EARNED_BAISA].sum(axis=1) == 1500 * requests).all()
    assert lived.facts[Column.VAT_BAISA].sum(axis=1).tolist() == [75 * requests[0], 0, 0]


def test_as_many_come_as_are_expected():
    model = small_model()
    came = np.array([simulate(model, seed).facts[Column.CAME].sum(axis=1) for seed in range(200)])
    expected = expected_visits(model)
    error = np.sqrt(expected / 200)

    assert (np.abs(came.mean(axis=0) - expected) < 4 * error).all()
    # A Poisson number of visits: its variance is its mean.
    assert (np.abs(came.var(axis=0, ddof=1) / expected - 1) < 0.45).all()


def test_the_work_of_corrections_comes_to_the_hall_where_the_model_says_so():
    lived = simulate(small_model(in_hall=1.0), 4)

    assert lived.people[Person.CORRECTION, 0] > 0
    assert simulate(small_model(), 4).people[Person.CORRECTION, 0] == 0


def test_appointments_are_even_and_missed_ones_do_not_come():
    model = small_model(booked=0.5, missed=0.5)
    lived = simulate(model, 8)
    booked = lived.people[Person.BOOKED, 0]
    expected = expected_visits(model).sum() * 0.5 * 0.5

    assert abs(booked - expected) < 4 * np.sqrt(expected)
    assert lead_days(model).min() > 0
    assert not lead_days(small_model()).any()
    # Where every open day is alike there is nothing to wait for.
    even = small_model(booked=0.5, of_weekday=np.array([1.0] * 5 + [0.0] * 2))
    assert lead_days(even) == pytest.approx(0, abs=1e-9)


def test_outages_only_delay():
    none = simulate(small_model(outages=np.zeros(2), returned=np.zeros(4)), 12)
    many = simulate(small_model(outages=np.full(2, 40.0), returned=np.zeros(4)), 12)

    for column in (Column.CAME, Column.TRANSACTIONS, Column.WAIT_SECONDS_TOTAL):
        assert none.total(column) == many.total(column)
    assert many.total(Column.CASES_DECIDED) <= none.total(Column.CASES_DECIDED)


def test_the_event_table_says_what_the_facts_say():
    model = small_model()
    lived, table = simulate(model, 21), events_of(model, 21)
    counts = {one["values"]: one["counts"] for one in table["kind"].value_counts().to_pylist()}

    assert counts["case.opened"] == lived.total(Column.CASES_OPENED)
    assert counts["case.submitted"] == lived.total(Column.TRANSACTIONS)
    assert counts["case.returned"] == lived.total(Column.CASES_RETURNED)
    assert counts["case.decided"] == lived.total(Column.CASES_DECIDED)
    again = lived.total(Column.CASES_SUBMITTED) - lived.total(Column.TRANSACTIONS)
    assert counts["case.resubmitted"] == again
    approved = table.filter(table["outcome"].to_numpy(zero_copy_only=False) == "approved")
    assert len(approved) == lived.total(Column.CASES_APPROVED)
    # A request's events are in the order of time.
    at = table["occurred_at"].cast("int64").to_numpy()
    request = table["request"].to_numpy()
    assert (np.diff(at)[np.diff(request) == 0] >= 0).all()


def test_a_centre_that_is_never_open_cannot_expect_anybody():
    model = small_model()
    closed = replace(model, spans=np.full_like(model.spans, -1))

    with pytest.raises(NobodyComes) as refused:
        simulate(closed, 1)
    assert refused.value.facts["centre"] == 11


@given(st.integers(0, 10**7), st.integers(0, 200))
def test_vat_is_the_tills(baisa, per_mille):
    # One rule for a number and for arrays of them, which the twin gives it.
    many = rules.vat_on(np.array([baisa, 0]), np.array([per_mille, per_mille]))
    assert many.tolist() == [rules.vat_on(baisa, per_mille), 0]


def test_as_many_are_returned_as_the_model_says():
    model = small_model(
        visits=np.full(3, 3000.0), servers=np.full(3, 8), at_once=1.0, returned=np.full(4, 0.2)
    )
    lived = simulate(model, 2)
    sent, back = lived.total(Column.TRANSACTIONS), lived.total(Column.CASES_RETURNED)

    assert abs(back - 0.2 * sent) < 4 * np.sqrt(0.16 * sent)


def test_what_is_sent_in_an_outage_is_heard_when_it_is_over():
    told = {"at_once": 1.0, "returned": np.zeros(4), "decision_days": np.ones(4)}
    none = simulate(small_model(outages=np.zeros(2), **told), 12)
    many = simulate(small_model(outages=np.full(2, 40.0), **told), 12)
    delay = many.total(Column.DECISION_SECONDS_TOTAL) - none.total(Column.DECISION_SECONDS_TOTAL)

    assert delay / none.total(Column.TRANSACTIONS) > 600


def test_visits_that_nobody_could_serve_are_refused_with_where_and_when():
    many = small_model(visits=np.array([900.0, 400.0, 30_000.0]))
    with pytest.raises(NeverDone) as refused:
        simulate(many, 1)
    facts = refused.value.facts
    assert (facts["centre"], facts["servers"]) == (31, 1)
    assert facts["day"] == "2025-07-06"
    # Who would leave keeps the queue finite.
    assert simulate(replace(many, patience=1200.0), 1).total(Column.LEFT) > 0
