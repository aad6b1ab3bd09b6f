"""Small queues for the tests of the twin, in whole seconds so that ties occur."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from sanad.lab.twin.engine.draws import Demand, moments_of
from sanad.lab.twin.engine.model import Customers, Rules, Sessions, Wants
from sanad.lab.twin.engine.tables import FOREVER, constant, exponential

KINDS, MOST = 3, 4
seconds = st.integers(0, 40)
patience = st.one_of(seconds, st.just(int(FOREVER)))


@st.composite
def plain(draw: st.DrawFn) -> tuple[Sessions, Customers]:
    """Up to four sessions with up to fifteen customers each."""
    count = draw(st.integers(1, 4))
    numbers = st.lists(st.integers(0, 15), min_size=count, max_size=count)
    first = np.cumsum([0, *draw(numbers)])
    many = int(first[-1])

    def column(values: st.SearchStrategy[int], size: int = many) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=np.float64)

    arrived = column(st.integers(0, 100))
    for begin, end in pairwise(first):
        arrived[begin:end].sort()
    leaves = column(st.sampled_from([60, 100, 10**6]), count)
    servers = column(st.integers(1, MOST), count).astype(np.int64)
    zero = np.arange(count)
    sessions = Sessions(zero % 2, zero // 2, column(st.integers(0, 20), count), leaves, servers)
    return sessions, Customers(first, arrived, column(seconds), column(patience))


@st.composite
def featured(draw: st.DrawFn) -> tuple[Sessions, Customers, Wants, Rules]:
    """The same with everything that the event loop knows."""
    sessions, customers = draw(plain())
    many = len(customers)

    def column(values: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=many, max_size=many)), dtype=np.int64)

    due = column(st.sampled_from([0, 10, 30, int(FOREVER)])) + customers.arrived
    back = column(st.sampled_from([0, 5, 25, int(FOREVER), int(FOREVER)])).astype(np.float64)
    wants = Wants(column(st.integers(0, KINDS - 1)), due, back, column(seconds) * 1.0)
    skill = st.integers(1, 2**KINDS - 1)
    skills = [[draw(skill) for _ in range(MOST)] for _ in range(2)]
    priority = np.array([draw(st.integers(0, 1)) for _ in range(KINDS)])
    breaks = [_stretches(draw, int(servers)) for servers in sessions.servers]
    outages = [_stretches(draw, KINDS) for _ in sessions.servers]
    paces = [draw(st.sampled_from([0.0, 0.5])) for day in outages for _ in day]
    return sessions, customers, wants, Rules(
        priority, np.array(skills), *_columns(breaks), *_columns(outages), np.array(paces, float)
    )  # fmt: skip


def _stretches(draw: st.DrawFn, many: int) -> list[tuple[int, int, int]]:
    """From, until and whose; at most one of each."""
    whose = [one for one in range(many) if draw(st.booleans())]
    begins = [(draw(st.integers(0, 80)), one) for one in whose]
    return sorted((begin, begin + draw(st.integers(1, 40)), one) for begin, one in begins)


def _columns(days: list[list[tuple[int, int, int]]]) -> tuple[np.ndarray, ...]:
    first = np.cumsum([0] + [len(day) for day in days])
    flat = np.array([one for day in days for one in day], dtype=np.int64).reshape(-1, 3)
    return first, flat[:, 2], flat[:, 0].astype(np.float64), flat[:, 1].astype(np.float64)


def network(centres: int = 60, days: int = 10) -> tuple[Sessions, Demand]:
    """Exponential customers at 1 to 6 servers, four fifths busy; nobody leaves."""
    centre = np.repeat(np.arange(centres), days)
    servers = 1 + centre % 6
    many = len(centre)
    sessions = Sessions(
        centre, np.tile(np.arange(days), centres), np.full(many, 28_800.0),
        np.full(many, np.inf), servers,
    )  # fmt: skip
    one = np.zeros(1, dtype=np.int64)
    demand = Demand(
        expected=0.8 * servers * 21_600 / 600, profile=np.zeros(many, dtype=np.int64),
        moments=moments_of([28_800, 36_000, 50_400], [1.2, 0.9])[None],
        tables=np.stack([exponential(600.0), constant(FOREVER)]),
        share=np.ones(1), service=one, patience=one + 1,
    )  # fmt: skip
    return sessions, demand
