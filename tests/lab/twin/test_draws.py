"""Who comes: the same bytes on any threads, the same people whatever changes elsewhere."""

from dataclasses import replace

import numpy as np

from sanad.lab.twin.engine import events, recursion
from sanad.lab.twin.engine.draws import Habits, draw, draw_wants, moments_of
from sanad.lab.twin.engine.model import Sessions, plain_rules
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.engine.tables import (
    FOREVER,
    constant,
    exponential,
    lognormal,
    mean_of,
    observed,
    uniform,
)
from tests.lab.twin.queues import network


def test_one_thread_or_two_give_the_same_bytes() -> None:
    sessions, demand = network()
    habits = Habits(booked=0.2, early=0, back=0.1, back_after=0, again=0)
    found = []
    for threads in (1, 2):
        customers = draw(sessions, demand, 5, threads=threads)
        wants = draw_wants(sessions, demand, habits, customers, 5, threads=threads)
        served = recursion.serve(sessions, customers, threads=threads)
        told = events.serve(sessions, customers, wants, plain_rules(sessions), threads=threads)
        arrays = [*vars(customers).values(), *vars(wants).values(), *vars(served).values(),
                  *vars(told).values()]  # fmt: skip
        found.append([one.tobytes() for one in arrays])
    assert found[0] == found[1]
    assert found[0][1] != draw(sessions, demand, 6).arrived.tobytes()


def test_more_arrivals_at_one_centre_change_nobody_elsewhere_and_keep_their_people() -> None:
    sessions, demand = network()
    before = draw(sessions, demand, 5)
    more = np.where(sessions.centre == 7, 1.5, 1.0) * demand.expected
    after = draw(sessions, replace(demand, expected=more), 5)
    for s in range(len(sessions)):
        old = slice(int(before.first[s]), int(before.first[s + 1]))
        new = slice(int(after.first[s]), int(after.first[s + 1]))
        both = min(old.stop - old.start, new.stop - new.start)
        assert (before.service[old][:both] == after.service[new][:both]).all()
        assert (before.patience[old][:both] == after.patience[new][:both]).all()
        same = np.array_equal(before.arrived[old], after.arrived[new])
        assert same == (sessions.centre[s] != 7)


def test_one_more_server_in_a_twentieth_of_the_centres_is_seen_through_the_noise() -> None:
    """Variance of the change of the mean wait: streams of their own against the same streams."""
    sessions, demand = network(centres=100, days=5)
    more = replace(sessions, servers=sessions.servers + (sessions.centre % 20 == 3))

    def wait(which: Sessions, seed: int) -> float:
        customers = draw(which, demand, seed)
        return float(recursion.serve(which, customers).waits(customers).mean())

    seeds = [seed_of(2025, number) for number in range(200)]
    base = np.array([wait(sessions, seed) for seed in seeds])
    common = np.array([wait(more, seed) for seed in seeds]) - base
    independent = np.array([wait(more, seed_of(1, number)) for number in range(200)]) - base
    ratio = independent.var(ddof=1) / common.var(ddof=1)
    assert common.mean() < 0
    assert ratio > 50, f"the variance fell {ratio:.0f} times"


def test_as_many_come_as_are_expected_when_they_are() -> None:
    sessions, demand = network()
    customers = draw(sessions, demand, 9)
    customers.check(sessions)
    expected = demand.expected.sum()
    assert abs(len(customers) - expected) < 3 * np.sqrt(expected)
    # 1.2 for two hours and 0.9 for four: two fifths come before ten.
    early = (customers.arrived < 36_000).sum()
    assert abs(early - 0.4 * expected) < 3 * np.sqrt(0.4 * expected)
    assert abs(customers.service.mean() - 600) < 3 * 600 / np.sqrt(expected)
    assert customers.arrived.min() >= 28_800
    assert customers.arrived.max() <= 50_400


def test_nobody_comes_in_an_hour_without_a_rate() -> None:
    moments = moments_of([0, 100, 200, 300, 400], [0, 1, 0, 1], cells=100)
    assert moments[0] == 100
    assert moments[-1] == 400
    assert ((moments > 200) & (moments < 300)).sum() == 0


def test_kinds_appointments_and_returns_have_their_shares() -> None:
    sessions, demand = network()
    kinds = replace(
        demand, tables=np.concatenate([demand.tables, constant(60.0)[None]]),
        share=np.array([0.7, 0.3]), service=np.array([0, 2]), patience=np.array([1, 1]),
    )  # fmt: skip
    customers = draw(sessions, kinds, 9)
    habits = Habits(booked=0.2, early=2, back=0.1, back_after=2, again=0)
    wants = draw_wants(sessions, kinds, habits, customers, 9)
    assert (customers.service[wants.kind == 1] == 60).all()
    assert (customers.service[wants.kind == 0] != 60).all()
    shares = [wants.kind == 1, wants.due < FOREVER, wants.back_after < FOREVER]
    for found, share in zip(shares, (0.3, 0.2, 0.1), strict=True):
        assert abs(found.mean() - share) < 3 * np.sqrt(share / len(customers))


def test_tables_keep_the_mean_and_the_quantiles() -> None:
    assert abs(mean_of(exponential(600.0)) - 600) < 1e-9
    assert abs(mean_of(lognormal(600.0, 0.8)) - 600) < 1e-9
    assert abs(mean_of(uniform(10.0, 20.0)) - 15) < 1e-9
    assert abs(mean_of(observed([1.0, 2.0, 6.0])) - 3) < 1e-9
    assert abs(exponential(1.0)[0, 512] - np.log(2)) < 1e-4
    assert abs(exponential(1.0)[1, -2] - np.log(1024**2)) < 0.01
