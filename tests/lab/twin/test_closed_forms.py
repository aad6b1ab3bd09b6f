"""Formulas against tables, and the simulation against formulas."""

import math

import numpy as np
import pytest

from sanad.lab.twin.engine import closed_forms as forms
from sanad.lab.twin.engine import recursion
from sanad.lab.twin.engine.draws import Demand, draw, moments_of
from sanad.lab.twin.engine.model import Sessions
from sanad.lab.twin.engine.tables import FOREVER, constant, exponential


@pytest.mark.parametrize(
    ("offered", "servers", "blocked"),
    # The traffic tables: a load at which the given share is lost.
    [(4.461, 10, 0.01), (12.030, 20, 0.01), (37.901, 50, 0.01), (3.6271, 8, 0.02),
     (1.0, 1, 0.5), (10.0, 10, 0.214582)],
)  # fmt: skip
def test_erlang_b_is_that_of_the_tables(offered: float, servers: int, blocked: float) -> None:
    assert math.isclose(forms.erlang_b(offered=offered, servers=servers), blocked, rel_tol=1e-3)


def test_erlang_c_is_that_of_the_sum() -> None:
    for offered, servers in ((0.5, 1), (1.5, 2), (8.0, 10), (45.0, 50)):
        last = offered**servers / math.factorial(servers) * servers / (servers - offered)
        terms = math.fsum(offered**k / math.factorial(k) for k in range(servers))
        found = forms.erlang_c(offered=offered, servers=servers)
        assert math.isclose(found, last / (terms + last), rel_tol=1e-12)


def test_one_server_is_m_m_1() -> None:
    wait = forms.m_m_c(arrivals=0.8, service=1.0, servers=1)
    assert math.isclose(wait.mean, 4.0)
    assert math.isclose(wait.mean_square, 2 * 0.8 / 0.2**2)
    assert math.isclose(wait.beyond(3.0), 0.8 * math.exp(-0.6))


def test_erlang_a_lies_between_what_is_known() -> None:
    # With patience as long as the service, k there is Poisson whatever the servers.
    same = forms.erlang_a(arrivals=2.0, service=3.0, servers=4, patience=3.0)
    poisson = [math.exp(-6) * 6**k / math.factorial(k) for k in range(12)]
    assert np.allclose(same.states[:12], poisson, rtol=1e-12)
    assert math.isclose(same.leaves, same.mean / 3.0)
    endless = forms.erlang_a(arrivals=0.9, service=3.0, servers=4, patience=1e12)
    assert math.isclose(endless.waits, forms.erlang_c(offered=2.7, servers=4), rel_tol=1e-6)
    none = forms.erlang_a(arrivals=2.0, service=3.0, servers=4, patience=1e-9)
    assert math.isclose(none.leaves, forms.erlang_b(offered=6.0, servers=4), rel_tol=1e-6)


def test_pollaczek_and_khinchine_agree_with_the_known_cases() -> None:
    assert math.isclose(forms.m_g_1(arrivals=0.8, service=1.0, square=2.0), 4.0)
    assert math.isclose(forms.m_g_1(arrivals=0.8, service=1.0, square=1.0), 2.0)


def test_a_rate_that_does_not_change_ends_in_the_long_run() -> None:
    one = forms.changing_mean_wait(edges=[0, 2_000], rates=[0.5], service=1.0, servers=1)
    assert math.isclose(one, 1.0, rel_tol=1e-2)


def test_a_load_without_a_long_run_is_refused() -> None:
    with pytest.raises(forms.TooMuchWork, match="30 customers an hour come and 2 servers"):
        forms.m_m_c(arrivals=30 / 3600, service=240.0, servers=2)
    with pytest.raises(forms.TooMuchWork, match="can serve 12 an hour"):
        forms.m_g_1(arrivals=30 / 3600, service=300.0, square=1e5)
    with pytest.raises(forms.TooMuchWork):
        forms.erlang_c(offered=3.0, servers=3)


@pytest.mark.parametrize("servers", [1, 3, 8])
def test_many_mornings_have_the_mean_wait_of_kolmogorovs_equations(servers: int) -> None:
    """Twenty thousand mornings from empty, with a rush that the servers cannot carry."""
    edges, rates = [0.0, 3600.0, 7200.0], np.array([0.6, 1.2]) * servers / 300
    count = 20_000
    sessions = Sessions(
        np.zeros(count, dtype=np.int64), np.arange(count), np.zeros(count),
        np.full(count, np.inf), np.full(count, servers),
    )  # fmt: skip
    one = np.zeros(1, dtype=np.int64)
    demand = Demand(
        np.full(count, float(np.diff(edges) @ rates)), np.zeros(count, dtype=np.int64),
        moments_of(edges, rates)[None], np.stack([exponential(300.0), constant(FOREVER)]),
        np.ones(1), one, one + 1,
    )  # fmt: skip
    customers = draw(sessions, demand, 11 + servers)
    waits = recursion.serve(sessions, customers).waits(customers)
    sums = np.add.reduceat(np.append(waits, 0.0), customers.first[:-1])
    sums[np.diff(customers.first) == 0] = 0.0
    expected = forms.changing_mean_wait(edges=edges, rates=rates, service=300.0, servers=servers)
    many = np.diff(customers.first)
    error = (sums - expected * many).std() / np.sqrt(count) / many.mean()
    assert error < 0.02 * expected
    assert abs(waits.mean() - expected) < 2.58 * error
