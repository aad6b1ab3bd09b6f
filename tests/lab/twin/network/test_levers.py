"""Every lever does what its words say, and what contradicts itself is refused with its reason."""

import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.calibration import calibrated
from sanad.lab.twin.network import scenarios
from sanad.lab.twin.network.after import Column
from sanad.lab.twin.network.levers import (
    LEVERS,
    CentreClosed,
    CentreOpened,
    Growth,
    HoursGone,
    NothingToPool,
    OutOfRange,
    StaffPooled,
    TooFewStaff,
    TooManyStaff,
)
from sanad.lab.twin.network.scenarios import (
    NoSuchLever,
    NoSuchScenario,
    ParameterUnknown,
    ParameterUnreadable,
    SaidTwice,
    Scenario,
    TakenAway,
    alone,
    known_scenarios,
    lever_of,
    scenario,
    scenario_of,
)
from sanad.lab.twin.network.simulate import simulate
from sanad.lab.twin.network.where import Centres, NoSuchPlace, NoSuchService
from sanad.lib.bilingual import Text
from tests.lab.twin.network.small import CLOSES, small_model

NAME = Text("تجربة", "Trial")


def changed(*levers):
    return Scenario("trial", NAME, tuple(map(lever_of, levers))).apply(small_model())


def total(model, column, seed=7):
    return simulate(model, seed).total(column)


def test_the_files_scenarios_can_be_lived_in_the_whole_network():
    model = calibrated("announced", transactions=2000)
    for one in known_scenarios().values():
        lived = simulate(one.apply(model), 1)
        assert lived.total(Column.CAME) > 0, one.code
        assert one.name.ar != one.code, "a name in both languages"


def test_every_lever_says_its_assumption_with_facts_that_it_has():
    for code, kind in LEVERS.items():
        names = {name for _, name, _, _ in string.Formatter().parse(kind.assumption) if name}
        known = set(kind.__dataclass_fields__) | {"most", "entity", "wilayat"}
        assert names <= known, code


def test_a_scenario_is_what_its_data_says_and_its_version_follows_it():
    for one in known_scenarios().values():
        again = scenario_of(one.as_json())
        assert again == one
        assert again.version == one.version
    first, second = scenario("appointments"), scenario("growth")
    assert first.version != second.version
    both = scenario("appointments+growth")
    assert both.levers == (*first.levers, *second.levers)
    assert [s.levers for s in alone(both)] == [first.levers, second.levers]


def test_staff():
    base = small_model()
    assert changed({"lever": "staff_added", "count": 1}).servers.tolist() == [3, 2, 2]
    here = changed({"lever": "staff_added", "count": 2, "where": {"wilayat": 301}})
    assert here.servers.tolist() == [2, 1, 3]
    moved = changed({"lever": "staff_moved", "source": 11, "target": 31})
    assert moved.servers.tolist() == [1, 1, 2]
    assert total(changed({"lever": "staff_added"}), Column.WAIT_SECONDS_TOTAL) < total(
        base, Column.WAIT_SECONDS_TOTAL
    )
    with pytest.raises(TooFewStaff) as refused:
        changed({"lever": "staff_moved", "source": 12, "target": 31})
    assert refused.value.facts == {"centre": 12, "servers": 1, "taken": 1}
    with pytest.raises(TooManyStaff):
        Scenario("x", NAME, (lever_of({"lever": "staff_added", "count": 8}),)).apply(
            small_model(servers=np.array([9, 1, 1]))
        )


def test_pooling_keeps_everybody_and_lowers_the_wait():
    base, pooled = small_model(), changed({"lever": "staff_pooled"})

    assert pooled.centre.tolist() == [11, 31]
    assert pooled.servers.sum() == base.servers.sum()
    assert pooled.visits.sum() == pytest.approx(base.visits.sum())
    assert total(pooled, Column.WAIT_SECONDS_TOTAL) < total(base, Column.WAIT_SECONDS_TOTAL)
    with pytest.raises(NothingToPool):
        changed({"lever": "staff_pooled", "where": {"wilayat": 301}})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 16), min_size=3, max_size=3))
def test_a_hall_never_has_more_counters_than_a_session_may(servers):
    model = small_model(servers=np.array(servers), village=np.array([1, 1, 1]))
    try:
        pooled = StaffPooled().apply(model)
    except NothingToPool:
        assert all(a + b > 16 for a, b in ((servers[0], servers[1]), (servers[1], servers[2]),
                                           (servers[0], servers[2])))  # fmt: skip
    else:
        assert pooled.servers.max() <= 16
        assert pooled.servers.sum() == sum(servers)


def test_hours_move_the_same_people():
    later = changed({"lever": "hours", "later": 60, "where": {"wilayat": 301}})
    spans = later.spans[later.hours[2], 0, 0]
    assert spans[1] == CLOSES + 3600
    assert later.hours[0] == 0
    assert later.visits.tolist() == small_model().visits.tolist()
    assert total(changed({"lever": "hours", "later": 120}), Column.WAIT_SECONDS_TOTAL) < total(
        small_model(), Column.WAIT_SECONDS_TOTAL
    )
    with pytest.raises(HoursGone):
        changed({"lever": "hours", "later": -240, "earlier": -120})


def test_procedures():
    base = small_model()
    fewer = changed({"lever": "document_removed", "minutes": 2, "fewer": 0.5})
    assert total(fewer, Column.CASES_RETURNED) < total(base, Column.CASES_RETURNED)
    assert total(fewer, Column.BUSY_SECONDS) < total(base, Column.BUSY_SECONDS)
    sooner = changed({"lever": "stage_merged", "days": 1, "which": {"entity": 9}})
    assert sooner.decision_days.tolist() == [1.0, 2.0, 2.0, 0.5]
    assert total(sooner, Column.DECISION_SECONDS_TOTAL) < total(base, Column.DECISION_SECONDS_TOTAL)
    itself = changed({"lever": "self_service", "share": 0.5, "helped": 0.2,
                      "which": {"service": "a1"}})  # fmt: skip
    assert itself.share.tolist() == pytest.approx([0.24, 0.3, 0.2, 0.1])
    gone = changed({"lever": "entity_withdrawn", "entity": 3})
    assert gone.share.tolist() == [0, 0, 0.2, 0.1]
    assert total(gone, Column.TRANSACTIONS) < total(base, Column.TRANSACTIONS)


def test_money_and_places():
    dearer = changed({"lever": "fee", "percent": 10, "answer": 1.0, "which": {"service": "a2"}})
    assert dearer.fee[0].tolist() == [1000, 2200, 3000, 500]
    assert dearer.share[1] == pytest.approx(0.3 / 1.1)
    opened = CentreOpened(wilayat=301, servers=3, share=0.25, visits=50).apply(small_model())
    assert opened.centre.tolist() == [11, 12, 31, 32]
    assert opened.servers[3] == 3
    assert opened.visits.tolist() == pytest.approx([900, 400, 225, 125])
    closed = CentreClosed(centre=12, stay=0.5).apply(small_model())
    assert closed.centre.tolist() == [11, 31]
    assert closed.visits.tolist() == pytest.approx([1100, 300])
    assert Growth(percent=50, where=Centres(governorate=3)).apply(
        small_model()
    ).visits.tolist() == (pytest.approx([900, 400, 450]))


@pytest.mark.parametrize(
    ("levers", "refusal"),
    [
        ([{"lever": "growth", "percent": 5}, {"lever": "growth", "percent": 9}], SaidTwice),
        ([{"lever": "staff_added"}, {"lever": "staff_moved", "source": 11, "target": 31}],
         SaidTwice),
        ([{"lever": "hours", "later": 30}, {"lever": "hours", "where": {"centre": 31}}], SaidTwice),
        ([{"lever": "entity_withdrawn", "entity": 3},
          {"lever": "self_service", "which": {"service": "a1"}}], TakenAway),
        ([{"lever": "fee", "which": {"entity": 3}}, {"lever": "entity_withdrawn", "entity": 3}],
         TakenAway),
        ([{"lever": "centre_closed", "centre": 12},
          {"lever": "staff_moved", "source": 12, "target": 31}], TakenAway),
        ([{"lever": "centre_closed", "centre": 31},
          {"lever": "hours", "where": {"wilayat": 301}}], TakenAway),
        ([{"lever": "growth", "where": {"wilayat": 999}}], NoSuchPlace),
        ([{"lever": "fee", "which": {"service": "zz"}}], NoSuchService),
        ([{"lever": "entity_withdrawn", "entity": 77}], NoSuchService),
    ],
)  # fmt: skip
def test_contradictions_are_refused_in_either_order(levers, refusal):
    for order in (levers, levers[::-1]):
        with pytest.raises(refusal) as refused:
            changed(*order)
        assert refused.value.sentence.format(**refused.value.facts)


def test_what_can_go_together_goes_together_in_any_order():
    levers = [
        {"lever": "entity_withdrawn", "entity": 9}, {"lever": "self_service", "share": 0.2},
        {"lever": "growth", "percent": 10}, {"lever": "centre_closed", "centre": 12},
        {"lever": "hours", "later": 30}, {"lever": "appointments", "share": 0.2},
    ]  # fmt: skip
    assert changed(*levers).digest == changed(*levers[::-1]).digest


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({"lever": "magic"}, NoSuchLever),
        ({"lever": "growth", "percents": 3}, ParameterUnknown),
        ({"lever": "growth", "percent": "many"}, ParameterUnreadable),
        ({"lever": "staff_added", "count": 1.5}, ParameterUnreadable),
        ({"lever": "growth", "where": {"planet": 3}}, ParameterUnreadable),
        ({"lever": "growth", "percent": 1e6}, OutOfRange),
        ({"lever": "appointments", "share": float("nan")}, OutOfRange),
    ],
)
def test_what_cannot_be_read_is_said(data, refusal):
    with pytest.raises(refusal) as refused:
        lever_of(data)
    assert refused.value.sentence.format(**refused.value.facts)


def test_an_unknown_scenario_is_said_with_those_that_are_known():
    with pytest.raises(NoSuchScenario) as refused:
        scenario("growth+magic")
    assert "appointments" in refused.value.facts["known"]


def test_a_scenario_without_levers_changes_nothing():
    assert scenarios.scenario("baseline").apply(small_model()).digest == small_model().digest
