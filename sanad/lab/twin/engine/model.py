"""What the queues are told and what they tell, as arrays.

Shapes: S sessions, N customers, M kinds of customers, J servers at most, B breaks, O outages.
A session is a stretch of opening hours of a centre. Its clock is in seconds from any zero that its
own moments share, such as midnight.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

States = npt.NDArray[np.int8]
MOST_SERVERS = 16


class State(IntEnum):
    """How a customer's visit ended, or that it did not."""

    NOT_COME = 0  # a second visit that did not happen
    SERVED = 1
    LEFT = 2  # their patience ended before their turn
    STILL_THERE = 3  # waiting when the last server went


class NoServer(Refused):
    code = "twin.no_server"
    sentence = N_(
        "Centre {centre} has {servers} servers on day {day}. A session needs 1 to {most}: give it "
        "staff, or leave the session out."
    )


class OutOfOrder(Refused):
    code = "twin.out_of_order"
    sentence = N_(
        "The customers of centre {centre} on day {day} are not in the order of their arrival. "
        "Sort them by session and arrival."
    )


@dataclass(frozen=True)
class Sessions:
    """S sessions. `day` numbers the sessions of a centre, so two on one date differ."""

    centre: Ints
    day: Ints
    opens: Floats  # every server is there from then; who came before waits
    leaves: Floats  # nobody is called after that; infinity: all who came are served
    servers: Ints  # 1 to MOST_SERVERS

    def __post_init__(self) -> None:
        wrong = np.flatnonzero((self.servers < 1) | (self.servers > MOST_SERVERS))
        if len(wrong):
            raise NoServer(**self.where(int(wrong[0])), most=MOST_SERVERS)

    def where(self, session: int) -> dict[str, int]:
        """The facts that say which session is meant."""
        return {
            "centre": int(self.centre[session]), "day": int(self.day[session]),
            "servers": int(self.servers[session]),
        }  # fmt: skip

    def __len__(self) -> int:
        return len(self.centre)


@dataclass(frozen=True)
class Customers:
    """N customers in the order of session and arrival; those of session s are first[s]:first[s+1].

    `arrived` is a moment, `service` and `patience` are seconds.
    """

    first: Ints  # (S + 1,)
    arrived: Floats
    service: Floats
    patience: Floats

    def __len__(self) -> int:
        return len(self.arrived)

    def check(self, sessions: Sessions) -> None:
        """Refuse customers out of order."""
        earlier = self.arrived[1:] < self.arrived[:-1]
        begins = self.first[1:-1]
        earlier[begins[(begins > 0) & (begins < len(self))] - 1] = False
        wrong = np.flatnonzero(earlier)
        if len(wrong):
            session = int(np.searchsorted(self.first, wrong[0], side="right")) - 1
            where = sessions.where(session)
            raise OutOfOrder(centre=where["centre"], day=where["day"])


@dataclass(frozen=True)
class Wants:
    """What the event loop is told of each customer beyond: N entries each."""

    kind: Ints  # 0 to M - 1
    due: Floats  # the moment of their appointment; FOREVER: a walk-in
    back_after: Floats  # seconds from the end of the service to the return; FOREVER: none
    again: Floats  # seconds of service of the second visit


@dataclass(frozen=True)
class Rules:
    """Who goes first, who serves whom, and when not.

    Breaks and outages are sorted by session and begin; those of session s are
    `break_first[s]:break_first[s + 1]`, and so for outages, which of one kind do not overlap.
    Work goes on at `outage_pace` times its speed in an outage; at 0 nobody of the kind is called.
    """

    priority: Ints  # (M,) 0 goes first
    skills: Ints  # (centres, J) bit k is set if the server may serve kind k
    break_first: Ints  # (S + 1,)
    break_server: Ints  # (B,)
    break_from: Floats
    break_until: Floats
    outage_first: Ints  # (S + 1,)
    outage_kind: Ints  # (O,)
    outage_from: Floats
    outage_until: Floats
    outage_pace: Floats


@dataclass(frozen=True)
class Served:
    """What happened to N customers, or in (2, N) to their first and their second visits."""

    began: Floats  # the moment of the call; NaN if there was none
    state: States

    def waits(self, customers: Customers) -> Floats:
        """Seconds from arrival to call of first visits; NaN for who was not called."""
        return np.atleast_2d(self.began)[0] - customers.arrived


@dataclass(frozen=True)
class Called(Served):
    """What is told of a queue where a call in vain takes time, (N,) each."""

    turn: Floats  # when each one's turn came, of who had left too; NaN if it did not
    server: States  # who called; -1 if nobody did


@dataclass(frozen=True)
class Told(Served):
    """What the event loop tells, (2, N) each."""

    ended: Floats
    server: States  # -1 if there was none


def plain_rules(sessions: Sessions, kinds: int = 1) -> Rules:
    """Nobody goes first, everybody serves all, no breaks and no outages."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    first = np.zeros(len(sessions) + 1, dtype=np.int64)
    skills = np.full((int(sessions.centre.max(initial=0)) + 1, MOST_SERVERS), (1 << kinds) - 1)
    return Rules(
        np.zeros(kinds, dtype=np.int64), skills, first, none, nothing, nothing,
        first, none, nothing, nothing, nothing,
    )  # fmt: skip


def plain_wants(customers: Customers) -> Wants:
    """One kind, no appointments, no returns."""
    never = np.full(len(customers), FOREVER)
    return Wants(np.zeros(len(customers), dtype=np.int64), never, never, never)
