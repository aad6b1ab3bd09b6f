"""People needed by formula, half hour by half hour: stationary, independent, period by period.

Each half hour is taken as if its rate had always held (SIPP: Green, Kolesar and Soares 2001,
Operations Research 49, "Improving the SIPP approach for staffing service systems that have cyclic
demands"). Where a visit takes longer than a quarter of a half hour, work lags behind arrivals, so
the rate of one mean service time earlier is looked at as well and the higher of the two is staffed
(the lagged version of the same paper; Green, Kolesar and Whitt 2007, Production and Operations
Management 16, "Coping with time-varying demand", section 3).

Every centre of a model has the same service times, so for each number of people the highest rate
that still meets the target is sought once; a centre then only has to be looked up.
"""

import math
from functools import lru_cache

import numpy as np

from sanad.lab.staffing.demand import Demand
from sanad.lab.staffing.target import Target
from sanad.lab.staffing.work import Work
from sanad.lab.twin.engine.closed_forms import m_m_c
from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import SLOT_SECONDS
from sanad.lab.twin.world import Floats

TOO_MANY = MOST_SERVERS + 1  # people: more than the twin has counters
LAG_FROM = 0.25  # of a half hour
HALVINGS = 50
STEPS = 600  # of an integral over waits


def needed(demand: Demand, target: Target) -> Ints:
    """(K, 7, 48) people; 0 where the doors are shut, `TOO_MANY` where even the most do not do."""
    rates = staffed_rate(demand)
    people = 1 + np.searchsorted(highest_rates(demand.work, target), rates, side="left")
    found: Ints = np.where(demand.is_open, np.maximum(people, target.least_people), 0)
    return found


def staffed_rate(demand: Demand) -> Floats:
    """(K, 7, 48) visits a second to staff for."""
    rate = demand.rate
    if demand.work.mean <= LAG_FROM * SLOT_SECONDS:
        return rate
    return np.where(demand.is_open, np.maximum(rate, lagged(rate, demand.work.mean)), 0.0)


def lagged(rate: Floats, seconds: float) -> Floats:
    """The mean rate over each half hour, `seconds` earlier; nobody comes before midnight."""
    whole, part = divmod(seconds / SLOT_SECONDS, 1.0)

    def back(slots: int) -> Floats:
        shifted = np.zeros_like(rate)
        shifted[..., slots:] = rate[..., : rate.shape[-1] - slots]
        return shifted

    return (1 - part) * back(int(whole)) + part * back(int(whole) + 1)


@lru_cache(maxsize=64)
def highest_rates(work: Work, target: Target) -> Floats:
    """(MOST_SERVERS,) visits a second that 1, 2, ... people still serve as the target asks."""
    return np.array([_highest(work, target, people) for people in range(1, MOST_SERVERS + 1)])


def _highest(work: Work, target: Target, people: int) -> float:
    """By halving: more arrivals never wait less.

    Nobody is staffed above a load of one, though those who leave would make room.
    """
    low, high = 0.0, people / work.mean
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if meets(work, target, people, middle) else (low, middle)
    return low


def meets(work: Work, target: Target, people: int, rate: float) -> bool:
    """Whether so many people serve this rate (visits a second) as the target asks."""
    share, mean = waiting(work, people, rate, target.seconds)
    if target.share_percent is None:
        return mean <= target.seconds
    return share >= target.share_percent / 100


def waiting(work: Work, people: int, rate: float, within: float) -> tuple[float, float]:
    """The share of who comes that is served within so many seconds, and the mean wait of all.

    Erlang C, or Erlang A where people leave.
    """
    if rate <= 0:
        return 1.0, 0.0
    if work.patience > 0:
        return erlang_a_waiting(work, people, rate, within)
    if rate * work.mean >= people:
        return 0.0, math.inf
    wait = m_m_c(arrivals=rate, service=work.mean, servers=people)
    return 1 - wait.beyond(within), wait.mean


def erlang_a_waiting(work: Work, people: int, rate: float, within: float) -> tuple[float, float]:
    """Of M/M/c+M: the share served within `within` seconds, and the mean wait of all.

    The density of the wait that is offered is proportional to exp(rate H(x) - people x / service),
    H(x) = patience (1 - exp(-x / patience)): Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum
    2005, Queueing Systems 51, section 2. Served is who is offered x and stays so long; who leaves
    has waited their patience.
    """
    patience, leaving = work.patience, people / work.mean
    # Beyond `far` the density falls at leaving^2 / (rate + leaving) or faster, by exp(-40) in all.
    far = patience * math.log1p(rate / leaving) + 40 * (rate + leaving) / leaving**2
    x = max(far, 2 * within) * np.linspace(0.0, 1.0, 2 * STEPS + 1) ** 3
    exponent = rate * patience * -np.expm1(-x / patience) - leaving * x
    density = np.exp(exponent - exponent.max())
    scale = math.exp(-exponent.max())
    idle, term = 0.0, 1.0
    for k in range(people - 1, -1, -1):
        idle += term
        term *= k / (rate * work.mean)
    # Zeltyn and Mandelbaum's E, the idle part, with the same factor taken out of both.
    none = idle / rate * scale
    below = _integral(density, x)
    total = none + below[-1]
    stays = np.exp(-x / patience)
    served = none + float(np.interp(within, x, _integral(density * stays, x)))
    beyond = (below[-1] - below) / total
    return served / total, float(_integral(stays * beyond, x)[-1])


def _integral(values: Floats, x: Floats) -> Floats:
    """The integral up to each x, by trapezoids."""
    steps = np.diff(x) * (values[1:] + values[:-1]) / 2
    return np.concatenate([[0.0], np.cumsum(steps)])
