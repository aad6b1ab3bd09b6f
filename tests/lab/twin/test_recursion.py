"""First come, first served: against a loop in plain Python, and the laws that any queue keeps."""

import numpy as np
import pytest
from hypothesis import given, settings

from sanad.lab.twin.engine import recursion
from sanad.lab.twin.engine.model import Customers, NoServer, OutOfOrder, Sessions, State
from tests.lab.twin.queues import plain


def by_hand(sessions: Sessions, customers: Customers) -> list[tuple[float, int]]:
    """The moment of the call (-1: none) and the state, one customer after the other."""
    found = []
    for s in range(len(sessions)):
        free = [float(sessions.opens[s])] * int(sessions.servers[s])
        for i in range(int(customers.first[s]), int(customers.first[s + 1])):
            came, patience = customers.arrived[i], customers.patience[i]
            call = max(came, min(free))
            if call - came <= patience and call <= sessions.leaves[s]:
                free[free.index(min(free))] = call + customers.service[i]
                found.append((call, State.SERVED))
            elif came + patience <= sessions.leaves[s]:
                found.append((-1.0, State.LEFT))
            else:
                found.append((-1.0, State.STILL_THERE))
    return found


@given(plain())
@settings(max_examples=200, deadline=None)
def test_it_is_what_a_loop_by_hand_gives(queue: tuple[Sessions, Customers]) -> None:
    served = recursion.serve(*queue)
    assert list(zip(np.nan_to_num(served.began, nan=-1), served.state, strict=True)) == by_hand(
        *queue
    )


@given(plain())
@settings(max_examples=100, deadline=None)
def test_everybody_is_served_left_or_still_there(queue: tuple[Sessions, Customers]) -> None:
    sessions, customers = queue
    served = recursion.serve(sessions, customers)
    called = served.state == State.SERVED
    assert set(served.state) <= {State.SERVED, State.LEFT, State.STILL_THERE}
    assert (called == ~np.isnan(served.began)).all()
    waits = served.waits(customers)[called]
    assert (waits >= 0).all()
    assert (waits <= customers.patience[called]).all()
    for s in range(len(sessions)):
        here = slice(int(customers.first[s]), int(customers.first[s + 1]))
        began = served.began[here][called[here]]
        ended = began + customers.service[here][called[here]]
        assert (np.diff(began) >= 0).all(), "somebody was called before who came earlier"
        for moment in began:
            busy = (began <= moment) & (moment < ended)
            assert busy.sum() <= sessions.servers[s]


def test_more_sessions_than_lanes() -> None:
    """Three sessions of which each has lanes of its own, and one more than fit side by side."""
    count = 2 * recursion.LANES + 1
    first = np.concatenate([[0], np.cumsum(np.arange(count) % 5)])
    many = int(first[-1])
    sessions = Sessions(
        np.arange(count), np.zeros(count, dtype=np.int64), np.zeros(count),
        np.full(count, np.inf), 1 + np.arange(count) % 3,
    )  # fmt: skip
    arrived = np.concatenate([np.arange(k % 5) * 2.0 for k in range(count)])
    customers = Customers(first, arrived, np.full(many, 5.0), np.full(many, 7.0))
    served = recursion.serve(sessions, customers)
    assert list(zip(np.nan_to_num(served.began, nan=-1), served.state, strict=True)) == by_hand(
        sessions, customers
    )


def test_a_session_without_a_server_is_refused() -> None:
    with pytest.raises(NoServer, match=r"Centre 4 has 0 servers on day 2"):
        Sessions(np.array([4]), np.array([2]), np.zeros(1), np.zeros(1), np.array([0]))


def test_customers_out_of_order_are_refused() -> None:
    sessions = Sessions(np.array([4, 5]), np.array([2, 2]), np.zeros(2), np.ones(2), np.ones(2))
    good = Customers(np.array([0, 2, 3]), np.array([1.0, 2.0, 0.0]), np.ones(3), np.ones(3))
    good.check(sessions)
    wrong = Customers(np.array([0, 1, 3]), np.array([1.0, 2.0, 0.0]), np.ones(3), np.ones(3))
    with pytest.raises(OutOfOrder, match=r"centre 5 on day 2"):
        wrong.check(sessions)
