"""The story: exact totals, the same from the same seed, and a queue that is one."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.centres.files import read_network
from sanad.lab import calibration
from sanad.lab.twin.arrivals import least
from sanad.lab.twin.engine.model import Customers, Sessions, State
from sanad.lab.twin.engine.recursion import serve, serve_calling
from sanad.lab.twin.queueing import deliver
from sanad.lab.twin.story import simulate
from sanad.lab.twin.streams import Streams, in_proportion
from tests.lab.small import small_described

pytestmark = pytest.mark.django_db


def test_the_same_seed_gives_the_same_facts_and_another_seed_others(monkeypatch):
    first, again, other = (simulate(small_described(seed, monkeypatch).world) for seed in (7, 7, 8))

    for table in ("visits", "cases", "waiting", "outages"):
        for field in dataclasses.fields(getattr(first, table)):
            one, same = (getattr(getattr(f, table), field.name) for f in (first, again))
            assert np.array_equal(one, same), (table, field.name)
    assert not np.array_equal(first.visits.arrived[:50], other.visits.arrived[:50])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_are_met_to_the_request(monkeypatch, seed):
    world = small_described(seed, monkeypatch).world
    facts = simulate(world)
    sent = facts.cases.submitted >= 0

    by_service = np.bincount(facts.cases.service[sent], minlength=len(world.service_totals))
    place = world.governorate[facts.visits.centre[facts.cases.visit[sent]]]
    assert sent.sum() == 230
    assert (by_service == world.service_totals).all()
    assert (np.bincount(place) == world.governorate_totals).all()


def test_nothing_happens_out_of_order_or_after_the_end(monkeypatch):
    world = small_described(5, monkeypatch).world
    facts = simulate(world)
    v, c = facts.visits, facts.cases
    life = [c.opened, c.completed, c.agreed, c.paid, c.submitted, c.acknowledged, c.returned,
            c.resent, c.acknowledged_again, c.decided, c.collected]  # fmt: skip

    for number, earlier in enumerate(life):
        for later in life[number + 1 :]:
            both = (earlier >= 0) & (later >= 0)
            assert (earlier[both] <= later[both]).all()
    assert all((moment <= world.now).all() for moment in (*life, v.ended, facts.waiting.issued))
    assert (v.called >= v.arrived).all()
    # Nobody serves two at once.
    order = np.lexsort((v.called, v.operator))
    same = v.operator[order][1:] == v.operator[order][:-1]
    assert (v.called[order][1:][same] >= v.ended[order][:-1][same]).all()


def test_the_portal_calibration_is_the_ministrys_year_times_the_stated_share():
    """By governorate and for each of the ten services, to the rounding of whole requests."""
    from sanad.lab.history.services import Sold
    from sanad.lab.twin.world import read_assumptions
    from sanad.lib.bilingual import Text
    from sanad.lib.quarters import Quarter

    data, assumed = read_network(), read_assumptions()
    ten = {m.service_code: m.demand for m in data.most_used if m.year == 2025}
    none = Text("", "")
    sold = [
        Sold(n, code, 1, "", none, none, "submit", fee, 0, None, 0, True, ())
        for n, (code, fee) in enumerate([*((c, 1) for c in ten), *((f"x{n}", n % 2 or None)
                                                                   for n in range(378))])
    ]  # fmt: skip
    governorates, services = calibration.totals(
        "portal", Quarter(2025, 3), assumed, data, sold, seed=1
    )
    share = assumed["portal_quarter_share_percent"] / 100
    year = calibration.portal_year(data, 2025)

    assert governorates.sum() == services.sum() == round(sum(year) * share)
    assert all(abs(g - y * share) < 1 for g, y in zip(governorates, year, strict=True))
    assert [int(n) for n in services[:10]] == [round(d * share) for d in ten.values()]
    assert (services[10:] >= assumed["least_per_service"]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(1, 600), st.integers(0, 900)),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 4),
)
def test_the_recursion_is_a_queue_played_out_by_hand(customers, servers):
    customers.sort()
    arrived, seconds, patience = (
        np.array(c, dtype=np.float64) for c in zip(*customers, strict=True)
    )
    count = len(arrived)
    sessions = Sessions(*(np.zeros(1, np.int64),) * 2, np.zeros(1), np.full(1, np.inf),
                        np.array([servers]))  # fmt: skip
    come = Customers(np.array([0, count]), arrived, seconds, patience)
    called = serve_calling(sessions, come, vain=60.0)

    free = [0.0] * servers
    for n in range(count):
        soonest = min(range(servers), key=free.__getitem__)
        turn = max(arrived[n], free[soonest])
        stays = turn - arrived[n] <= patience[n]
        assert (called.turn[n], called.server[n]) == (turn, soonest)
        assert called.state[n] == (State.SERVED if stays else State.LEFT)
        free[soonest] = turn + (seconds[n] if stays else 60.0)
    # Where a call in vain takes no time it is the recursion itself.
    plain, at_once = serve(sessions, come), serve_calling(sessions, come, vain=0.0)
    assert np.array_equal(plain.began, at_once.began, equal_nan=True)
    assert np.array_equal(plain.state, at_once.state)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5000)), min_size=1, max_size=40))
def test_nothing_is_acknowledged_while_the_portal_is_down_and_a_person_keeps_their_order(sent):
    sent.sort()
    person, submitted = (np.array(column, dtype=np.int64) for column in zip(*sent, strict=True))
    count = len(person)
    claim, tries, done = (np.empty(count, np.int64) for _ in range(3))
    deliver(
        person, submitted, np.zeros(count, np.int64), np.full(count, 2), np.array([1000]),
        np.array([3000]), np.array([0, 1]), 5, 900, claim, tries, done,
    )  # fmt: skip

    began = done - 2
    assert not ((began >= 1000) & (began < 3000)).any()
    assert (claim >= submitted).all()
    assert (tries >= 1).all()
    same = person[1:] == person[:-1]
    overlap = submitted[1:] < done[:-1]
    assert (claim[1:][same & overlap] > done[:-1][same & overlap]).all()


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=50), st.integers(0, 5))
def test_a_floor_keeps_the_sum(parts, floor):
    totals = np.array(parts, dtype=np.int64)
    raised = least(totals, floor)

    assert raised.sum() == totals.sum()
    assert raised.min() >= min(floor, int(totals.sum()) // (2 * len(totals)))


@given(st.integers(0, 10**6), st.lists(st.floats(0.01, 1000), min_size=1, max_size=30))
def test_parts_in_proportion_add_up(total, weights):
    parts = in_proportion(total, weights)

    assert parts.sum() == total
    assert (abs(parts - total * np.array(weights) / sum(weights)) <= 1).all()


def test_streams_of_two_purposes_share_nothing():
    streams = Streams(1)
    a, b = streams.fractions("one", 20_000), streams.fractions("two", 20_000)

    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03
    assert abs(a.mean() - 0.5) < 0.01
    assert 0 <= a.min() < a.max() < 1
    assert np.array_equal(streams.fractions("one", 100), a[:100])
