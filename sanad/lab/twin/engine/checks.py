"""Two hundred queues whose mean wait is known by formula, simulated until it is known as well.

M/M/c, M/M/c+M and M/G/1 begin in their long run: the number there (for M/G/1 the work there) is
drawn from its stationary law, so no warm-up is needed. Queues whose rate changes begin empty.
Sessions are independent; the mean wait is a ratio of sums over sessions and its standard error
follows from them.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sanad.lab.twin.engine import closed_forms as forms
from sanad.lab.twin.engine import recursion
from sanad.lab.twin.engine.draws import Demand, draw, moments_of
from sanad.lab.twin.engine.model import Customers, Sessions
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.engine.tables import FOREVER, constant, exponential, lognormal, mean_of
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats

SERVICE = 600.0  # seconds, on average
WIDEST = 0.005  # a standard error, of the expected value
AIM = 0.0043
BLOCK = 600_000  # customers at a time
PILOT = 2  # blocks
BESIDE, NEVER = 2.58, 4.0  # standard errors


@dataclass(frozen=True)
class Case:
    """One queue; `work` is its table of service times."""

    kind: str
    servers: int
    edges: list[float]
    rates: list[float]
    work: Floats
    patience: float
    expected: float  # seconds: the mean wait of all who come


def square_of(table: Floats) -> float:
    """The mean square of a table (seconds squared)."""
    low, high = table[:, :-1], table[:, 1:]
    squares = (low * low + low * high + high * high) / 3
    return float((squares[0, :-1].sum() + squares[1].mean()) / squares.shape[1])


def cases() -> Iterator[Case]:
    """200 of them: 54, 54, 44 and 48."""
    exact, long_run = exponential(SERVICE), 2000 * SERVICE
    for servers, load in itertools.product(
        (1, 2, 3, 4, 5, 6, 8, 10, 16), (0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
    ):
        rate = load * servers / SERVICE
        wait = forms.m_m_c(arrivals=rate, service=SERVICE, servers=servers).mean
        yield Case(
            "M/M/c", servers, [0, long_run / servers], [rate], exact, FOREVER, wait
        )  # fmt: skip
    for servers, load, patience in itertools.product(
        (1, 2, 3, 5, 8, 16), (0.8, 1.0, 1.3), (0.5, 1.0, 3.0)
    ):
        rate = load * servers / SERVICE
        wait = forms.erlang_a(
            arrivals=rate, service=SERVICE, servers=servers, patience=patience * SERVICE
        ).mean
        yield Case(
            "M/M/c+M", servers, [0, long_run / servers], [rate], exact, patience * SERVICE, wait
        )
    for sigma, load in itertools.product(
        (0.0, 0.3, 0.5, 0.8), (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.73, 0.76, 0.8)
    ):
        work = lognormal(SERVICE, sigma) if sigma else constant(SERVICE)
        rate = load / SERVICE
        wait = forms.m_g_1(arrivals=rate, service=SERVICE, square=square_of(work))
        yield Case("M/G/1", 1, [0, long_run], [rate], work, FOREVER, wait)
    for servers, low, high in itertools.product(
        (1, 2, 3, 4, 6, 10), (0.4, 0.7), (0.9, 1.1, 1.3, 1.6)
    ):
        edges, loads = [0.0, 7200.0, 14_400.0, 25_200.0], (low, high, 0.6)
        rates = [load * servers / SERVICE for load in loads]
        wait = forms.changing_mean_wait(edges=edges, rates=rates, service=SERVICE, servers=servers)
        yield Case("M(t)/M/c", servers, edges, rates, exact, FOREVER, wait)


@dataclass(frozen=True)
class Checked:
    """One queue simulated: seconds of mean wait, and how far it is from the formula."""

    case: Case
    got: float
    standard_error: float
    customers: int

    @property
    def z(self) -> float:
        """The deviation in standard errors."""
        return (self.got - self.case.expected) / self.standard_error

    @property
    def relative_error(self) -> float:
        """The standard error as a part of the expected value."""
        return self.standard_error / self.case.expected

    def as_json(self) -> dict[str, Any]:
        """A row of the report; `load` is of one server, in its busiest time."""
        rates = self.case.rates
        return {
            "kind": self.case.kind, "servers": self.case.servers,
            "load": round(max(rates) * SERVICE / self.case.servers, 3),
            "expected": self.case.expected, "got": self.got,
            "standard_error": self.standard_error, "z": round(self.z, 3),
            "customers": self.customers,
        }  # fmt: skip


def run_cases(
    *, seed: int, most: int, told: Callable[[int, int], object] = lambda done, all_: None
) -> dict[str, Any]:
    """How far the first `most` cases lie from their formula, in standard errors, row by row."""
    chosen = list(cases())
    chosen = chosen[:: max(len(chosen) // most, 1)][:most]
    found = []
    for number, case in enumerate(chosen):
        found.append(_checked(case, seed_of(seed, number)))
        told(number + 1, len(chosen))
    far = np.abs([one.z for one in found])
    widest = max(one.relative_error for one in found)
    return {
        "cases": len(chosen), "by_kind": dict(sorted(Counter(c.kind for c in chosen).items())),
        "customers_millions": round(sum(one.customers for one in found) / 1e6),
        "widest_standard_error_percent": round(100 * widest, 3),
        "beyond_2_58": int((far > BESIDE).sum()), "beyond_4": int((far > NEVER).sum()),
        "farthest": round(float(far.max()), 2),
        "mean_square_deviation": round(float((far**2).mean()), 2),
        "holds": bool(widest <= WIDEST and (far > BESIDE).mean() <= 0.02 and far.max() <= NEVER),
        "rows": [one.as_json() for one in found],
    }  # fmt: skip


def _checked(case: Case, seed: int) -> Checked:
    pilot = _estimate(case, seed_of(seed, 0), PILOT)
    # How many is decided before they are drawn: to stop when the spread looks small is to stop low.
    many = int(np.ceil(PILOT * (pilot[1] / (AIM * case.expected)) ** 2)) + 1
    mean, error, customers = _estimate(case, seed_of(seed, 1), many)
    return Checked(case, mean, error, customers)


def _estimate(case: Case, seed: int, blocks: int) -> tuple[float, float, int]:
    """Mean wait and its standard error in seconds, from so many blocks; customers."""
    parts = [_block(case, seed_of(seed, block)) for block in range(blocks)]
    waits, counts = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    mean = waits.sum() / counts.sum()
    error = (waits - mean * counts).std(ddof=1) * np.sqrt(len(counts)) / counts.sum()
    return float(mean), float(error), int(counts.sum())


def _block(case: Case, seed: int) -> tuple[Floats, Floats]:
    """Seconds waited and customers by session, without those who are there at the start."""
    expected = float(np.diff(case.edges) @ case.rates)
    count = max(int(BLOCK / expected), 64)
    zero = np.zeros(count, dtype=np.int64)
    sessions = Sessions(
        zero, np.arange(count), np.zeros(count), np.full(count, np.inf), zero + case.servers
    )
    patience = exponential(case.patience) if case.patience < FOREVER else constant(FOREVER)
    one = np.zeros(1, dtype=np.int64)
    demand = Demand(
        np.full(count, expected), zero, moments_of(case.edges, case.rates)[None],
        np.stack([case.work, patience]), np.ones(1), one, one + 1,
    )  # fmt: skip
    comers = draw(sessions, demand, seed)
    there, work = _at_the_start(case, Streams(seed), count)
    customers, is_new = _put_before(comers, there, work, case, Streams(seed))
    served = recursion.serve(sessions, customers)
    waits = served.waits(customers)
    waits = np.where(np.isnan(waits), customers.patience, waits)
    session = np.repeat(np.arange(count), np.diff(customers.first))[is_new]
    return (
        np.bincount(session, weights=waits[is_new], minlength=count).astype(np.float64),
        np.bincount(session, minlength=count).astype(np.float64),
    )


def _at_the_start(case: Case, streams: Streams, count: int) -> tuple[np.ndarray, Floats]:
    """How many are there by session, and the seconds that each of them still needs."""
    rate = case.rates[0]
    if case.kind == "M(t)/M/c":
        return np.zeros(count, dtype=np.int64), np.zeros(0)
    if case.kind == "M/G/1":
        # The work there is a geometric number of rests of services (Cooper 1981, section 5.8).
        load = rate * mean_of(case.work)
        parts = np.log(1 - streams.fractions("parts", count)) / np.log(load)
        rests = _rests(case.work, streams, int(np.floor(parts).sum()))
        session = np.repeat(np.arange(count), np.floor(parts).astype(np.int64))
        work = np.bincount(session, weights=rests, minlength=count).astype(np.float64)
        return (work > 0).astype(np.int64), work[work > 0]
    states = (
        forms.erlang_a(
            arrivals=rate, service=SERVICE, servers=case.servers, patience=case.patience
        ).states
        if case.kind == "M/M/c+M"
        else forms.m_m_c_states(arrivals=rate, service=SERVICE, servers=case.servers)
    )
    there = streams.choices("there", states, count)
    # What is left of an exponential service is as long as a whole one.
    return there, -np.log(1 - streams.fractions("left", int(there.sum()))) * SERVICE


def _rests(table: Floats, streams: Streams, count: int) -> Floats:
    """What is left of a service met at a random moment: a part of one chosen by its length."""
    middles = (table[:, :-1] + table[:, 1:]) / 2
    cells = middles.shape[1]
    weights = np.concatenate([middles[0, :-1], middles[1] / cells])
    values = np.concatenate([middles[0, :-1], middles[1]])
    return values[streams.choices("met", weights, count)] * streams.fractions("rest", count)


def _put_before(
    comers: Customers, there: np.ndarray, work: Floats, case: Case, streams: Streams
) -> tuple[Customers, np.ndarray]:
    """Who is there at the start as customers of moment 0, and which customers are not these."""
    first = comers.first + np.concatenate([[0], np.cumsum(there)])
    is_new = np.ones(first[-1], dtype=bool)
    within = np.arange(len(work)) - np.repeat(np.cumsum(there) - there, there)
    is_new[np.repeat(first[:-1], there) + within] = False
    columns = [np.zeros(len(is_new)) for _ in range(3)]
    for column, new in zip(columns, (comers.arrived, comers.service, comers.patience), strict=True):
        column[is_new] = new
    columns[1][~is_new] = work
    columns[2][~is_new] = FOREVER
    if case.patience < FOREVER:
        u = streams.fractions("ready to wait", len(work))
        columns[2][~is_new] = -np.log(1 - u) * case.patience
    return Customers(first, *columns), is_new
