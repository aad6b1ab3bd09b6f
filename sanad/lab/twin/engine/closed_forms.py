"""What queues do in the long run, by formula: the measure of the simulation.

Arrivals are Poisson, `arrivals` a second; `service` is the mean service time in seconds;
`patience` the mean of an exponential patience in seconds. `offered` is arrivals times service
(erlangs). Waits are in seconds.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

_NEGLIGIBLE = 1e-16  # of the whole probability
_STEP = 0.2  # of the mean time between events, for Runge and Kutta


class TooMuchWork(Refused):
    code = "twin.too_much_work"
    sentence = N_(
        "{arrivals} customers an hour come and {servers} servers can serve {most} an hour, so the "
        "queue has no long run. Add servers, shorten the service, or let customers leave."
    )


@dataclass(frozen=True)
class Wait:
    """The wait of served and unserved customers alike, in seconds."""

    probability: float  # that a customer waits at all
    mean: float
    mean_square: float  # seconds squared
    rate: float  # a second: who waits waits exponentially

    def beyond(self, seconds: float) -> float:
        """The probability of waiting longer than `seconds`."""
        return self.probability * math.exp(-self.rate * seconds)


@dataclass(frozen=True)
class Impatient:
    """The queue of Erlang A."""

    waits: float  # probability that a customer finds no free server
    leaves: float  # probability that a customer leaves unserved
    mean: float  # seconds waited, by served and unserved alike
    states: Floats  # (n,) probability of k customers there


def refuse_overload(*, arrivals: float, service: float, servers: int) -> None:
    """Refuse a load that `servers` cannot carry for ever."""
    if arrivals * service >= servers:
        raise TooMuchWork(
            arrivals=f"{arrivals * 3600:g}", servers=servers, most=f"{servers / service * 3600:g}"
        )


def erlang_b(*, offered: float, servers: int) -> float:
    """The share turned away where nobody waits (Erlang 1917), by the recursion on servers.

    Source: Cooper (1981), Introduction to Queueing Theory, section 3.3.
    """
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    return blocked


def erlang_c(*, offered: float, servers: int) -> float:
    """The probability of waiting in M/M/c (Erlang 1917; Cooper 1981, section 3.4)."""
    refuse_overload(arrivals=offered / 3600, service=3600, servers=servers)
    blocked = erlang_b(offered=offered, servers=servers)
    return blocked / (1 - offered / servers * (1 - blocked))


def m_m_c(*, arrivals: float, service: float, servers: int) -> Wait:
    """M/M/c: who waits waits exponentially at rate servers / service - arrivals.

    Source: Cooper (1981), section 3.4; Gross and others (2008), section 2.3.
    """
    refuse_overload(arrivals=arrivals, service=service, servers=servers)
    waits = erlang_c(offered=arrivals * service, servers=servers)
    rate = servers / service - arrivals
    return Wait(waits, waits / rate, 2 * waits / rate**2, rate)


def erlang_a(*, arrivals: float, service: float, servers: int, patience: float) -> Impatient:
    """M/M/c+M (Palm 1957), from its birth and death chain; it has a long run under any load.

    Source: Mandelbaum and Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A queue":
    who leaves is the mean queue over patience and arrivals; the mean wait is by Little's law.
    """
    weights = [1.0]
    top = 1.0
    # The terms rise to one peak and then fall ever faster.
    while weights[-1] > top * _NEGLIGIBLE or len(weights) <= servers:
        k = len(weights)
        death = min(k, servers) / service + max(k - servers, 0) / patience
        weights.append(weights[-1] * arrivals / death)
        top = max(top, weights[-1])
        if top > 1e250:
            weights = [one / top for one in weights]
            top = 1.0
    states = np.array(weights) / math.fsum(weights)
    queue = float(np.maximum(np.arange(len(states)) - servers, 0) @ states)
    return Impatient(
        float(states[servers:].sum()), queue / patience / arrivals, queue / arrivals, states
    )


def m_m_c_states(*, arrivals: float, service: float, servers: int) -> Floats:
    """Probability of k customers there in M/M/c, to the end that matters."""
    refuse_overload(arrivals=arrivals, service=service, servers=servers)
    # The queue of who would leave after longer than the age of the world.
    return erlang_a(arrivals=arrivals, service=service, servers=servers, patience=1e18).states


def m_g_1(*, arrivals: float, service: float, square: float) -> float:
    """The mean wait in M/G/1; `square` is the mean of the squared service time.

    Source: Pollaczek (1930) and Khinchine (1932); Cooper (1981), section 5.8.
    """
    refuse_overload(arrivals=arrivals, service=service, servers=1)
    return arrivals * square / (2 * (1 - arrivals * service))


def changing_mean_wait(
    *, edges: npt.ArrayLike, rates: npt.ArrayLike, service: float, servers: int
) -> float:
    """The mean wait of all who come to M/M/c, empty at first, under a rate that changes.

    `rates` (P,) a second hold between `edges` (P + 1,) seconds. Kolmogorov's forward equations of
    how many are there, cut off where more are too unlikely to matter, are integrated by Runge and
    Kutta's fourth order, and with them the waits of those who come: with n there, n - servers + 1
    services have to end, each after service / servers on average. Everybody is served.
    """
    at, rate = np.asarray(edges, dtype=np.float64), np.asarray(rates, dtype=np.float64)
    p = np.ones(1)
    waited = 0.0
    for begin, end, births in zip(at[:-1], at[1:], rate, strict=True):
        steps = math.ceil((end - begin) * (births + servers / service) / _STEP)
        for _ in range(steps):
            likely = np.flatnonzero(p > _NEGLIGIBLE)[-1] + 1
            # A step reaches four states further.
            p = np.concatenate([p[:likely], np.zeros(4)])
            there = np.arange(len(p))
            deaths = np.minimum(there, servers) / service
            wait = np.maximum(there - servers + 1, 0) * service / servers
            p, met = _runge_kutta(p, births, deaths, wait, (end - begin) / steps)
            waited += births * met
    return waited / float(np.diff(at) @ rate)


def _runge_kutta(
    p: Floats, births: float, deaths: Floats, wait: Floats, seconds: float
) -> tuple[Floats, float]:
    """`p` after a step, and the mean wait that comers meet, integrated over it."""
    one = _flow(p, births, deaths)
    second = p + seconds / 2 * one
    two = _flow(second, births, deaths)
    third = p + seconds / 2 * two
    three = _flow(third, births, deaths)
    fourth = p + seconds * three
    four = _flow(fourth, births, deaths)
    met = float((p + 2 * second + 2 * third + fourth) @ wait) * seconds / 6
    return p + seconds / 6 * (one + 2 * two + 2 * three + four), met


def _flow(p: Floats, births: float, deaths: Floats) -> Floats:
    """The change of `p` a second; who would come on top of the last state does not."""
    flow: Floats = -(births + deaths) * p
    flow[-1] += births * p[-1]
    flow[1:] += births * p[:-1]
    flow[:-1] += deaths[1:] * p[1:]
    return flow
