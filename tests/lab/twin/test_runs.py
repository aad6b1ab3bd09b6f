"""As many replications as are needed, and loads that would never end are refused."""

from dataclasses import replace

import numpy as np
import pytest

from sanad.lab.twin.engine import runs
from sanad.lab.twin.engine.draws import draw
from sanad.lab.twin.engine.recursion import serve
from sanad.lab.twin.engine.tables import exponential
from tests.lab.twin.queues import network


@pytest.mark.parametrize(
    ("confidence", "freedom", "quantile"),
    # Tables of Student's t, two-sided.
    [(0.95, 1, 12.70620), (0.95, 2, 4.302653), (0.95, 3, 3.182446), (0.95, 4, 2.776445),
     (0.95, 5, 2.570582), (0.95, 10, 2.228139), (0.95, 30, 2.042272), (0.95, 120, 1.979930),
     (0.99, 3, 5.840909), (0.99, 5, 4.032143), (0.99, 10, 3.169273), (0.99, 30, 2.749996),
     (0.90, 3, 2.353363), (0.90, 10, 1.812461), (0.999, 3, 12.92398), (0.999, 10, 4.586894)],
)  # fmt: skip
def test_students_t_is_that_of_the_tables(confidence: float, freedom: int, quantile: float) -> None:
    assert abs(runs.student(confidence, freedom) / quantile - 1) < 1e-5


def test_it_stops_when_the_interval_is_as_narrow_as_asked() -> None:
    sessions, demand = network(centres=12, days=5)

    def wait(seed: int) -> float:
        customers = draw(sessions, demand, seed)
        return float(serve(sessions, customers).waits(customers).mean())

    wide = runs.replicate(wait, seed=3, half_width=60.0)
    narrow = runs.replicate(wait, seed=3, half_width=20.0)
    assert wide.replications < narrow.replications < runs.MOST
    assert narrow.is_narrow
    assert narrow.half_width <= 20
    assert narrow == runs.replicate(wait, seed=3, half_width=20.0)
    assert abs(wide.mean - narrow.mean) < wide.half_width + narrow.half_width


def test_it_stops_at_the_most_and_says_that_the_interval_is_wide() -> None:
    found = runs.replicate(lambda seed: seed % 1000, seed=3, half_width=0.1, least=5, most=9)
    assert (found.replications, found.is_narrow) == (9, False)


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    chance = np.random.default_rng(8)
    covered = [
        abs(np.mean(found)) <= runs.interval(found, 0.9)
        for found in chance.normal(size=(1000, 10)).tolist()
    ]
    assert 870 <= sum(covered) <= 930


def test_seeds_of_replications_differ() -> None:
    seeds = {runs.seed_of(seed, number) for seed in range(30) for number in range(100)}
    assert len(seeds) == 3000
    assert min(seeds) >= 0


@pytest.mark.parametrize(("half_width", "least"), [(0.0, 10), (1.0, 1), (1.0, 300)])
def test_an_interval_that_cannot_be_sought_is_refused(half_width: float, least: int) -> None:
    with pytest.raises(runs.WidthMissing):
        runs.replicate(float, seed=1, half_width=half_width, least=least)


def test_a_queue_that_would_only_grow_is_refused_where_it_would() -> None:
    sessions, demand = network(centres=12, days=5)
    runs.refuse_endless_queues(sessions, demand)
    at_five = (sessions.centre == 5) & (sessions.day == 2)
    more = replace(demand, expected=demand.expected * np.where(at_five, 1.5, 1.0))
    with pytest.raises(runs.QueueOnlyGrows, match=r"centre 5 on day 2 .* 43.2 hours .* 6 servers"):
        runs.refuse_endless_queues(sessions, more)
    tables = np.stack([demand.tables[0], exponential(900.0)])
    runs.refuse_endless_queues(sessions, replace(more, tables=tables))
