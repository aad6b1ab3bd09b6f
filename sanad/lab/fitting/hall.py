"""Days played by the twin's event loop: given who comes and how many serve, who waits how long."""

import os
from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting import figures, inverse
from sanad.lab.fitting.figures import Figures
from sanad.lab.fitting.queue_log import QueueLog
from sanad.lab.fitting.service import Service
from sanad.lab.fitting.staff import shifts
from sanad.lab.twin.engine import events
from sanad.lab.twin.engine.model import (
    Customers,
    Rules,
    Sessions,
    State,
    Wants,
    plain_rules,
)
from sanad.lab.twin.engine.tables import FOREVER, exponential
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats

CLOSED = 3 * 86_400.0  # seconds after midnight: nobody is called any more
_ASIDE = exponential(1.0)


@dataclass(frozen=True)
class Crowd:
    """Who comes in S sessions: N customers in the order of session and arrival."""

    first: Ints  # (S + 1,)
    arrived: Floats  # seconds since midnight
    kind: Ints
    head_start: Floats  # seconds

    def times(self, count: int) -> "Crowd":
        """The same sessions so many times, one after the other."""
        size = len(self.arrived)
        firsts = [self.first[:-1] + size * k for k in range(count)]
        return Crowd(
            np.concatenate([*firsts, [size * count]]),
            np.tile(self.arrived, count), np.tile(self.kind, count),
            np.tile(self.head_start, count),
        )  # fmt: skip


@dataclass(frozen=True)
class People:
    """What each customer needs and bears, in seconds."""

    service: Floats  # with the time off after it
    patience: Floats
    aside: Floats  # work that each service leaves to be done when nobody waits

    def times(self, count: int) -> "People":
        return People(*(np.tile(one, count) for one in (self.service, self.patience, self.aside)))


@dataclass(frozen=True)
class Manner:
    """How people are drawn: service by kind, and tables of seconds."""

    service: Service
    patience: Floats
    time_off: Floats

    def draw(self, crowd: Crowd, aside: float, streams: Streams, name: str) -> People:
        """The people of a crowd; `aside` is the mean of the work aside (seconds)."""
        count = len(crowd.arrived)
        u, v, w, x = (
            streams.fractions(f"{name}/{what}", count)
            for what in ("service", "time off", "patience", "aside")
        )
        service = self.service.draw(crowd.kind, u)
        if self.time_off[0, -1] < FOREVER:
            service = service + inverse.look_up(self.time_off, v)
        return People(
            service, inverse.look_up(self.patience, w), aside * inverse.look_up(_ASIDE, x)
        )


@dataclass(frozen=True)
class Played:
    """What happened to N customers; `wait` is NaN for who was still there."""

    first: Ints
    wait: Floats
    abandoned: Flags

    def by_session(self) -> Floats:
        """(S, 4) figures."""
        return figures.by_session(self.first, self.wait, self.abandoned)

    def whole(self, begin: int = 0, end: int | None = None) -> Figures:
        """The figures of sessions begin..end together."""
        rows = slice(int(self.first[begin]), int(self.first[len(self.first) - 1 if end is None
                                                            else end]))  # fmt: skip
        ended = ~np.isnan(self.wait[rows])
        return figures.of_waits(self.wait[rows][ended], self.abandoned[rows][ended])


def crowd_of(days: list[QueueLog], head_starts: list[Floats]) -> Crowd:
    """The customers of days as they came."""
    sizes = [len(day) for day in days]
    return Crowd(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([day.arrived for day in days]),
        np.concatenate([day.kind.codes for day in days]).astype(np.int64),
        np.concatenate(head_starts),
    )


def play(crowd: Crowd, people: People, staffing: Floats) -> Played:
    """Serve the crowd with servers by half hour (S, SLOTS).

    Everybody's place in the line is that of an appointment at their arrival less their head start;
    so the one called is the one whose time is the earliest. Work aside is a second visit: it has
    no appointment, so it is taken up when nobody waits, and then ended before the next is called.
    """
    size, count = len(staffing), len(crowd.arrived)
    sessions = Sessions(
        np.zeros(size, dtype=np.int64), np.arange(size), np.zeros(size), np.full(size, CLOSED),
        np.ones(size, dtype=np.int64),
    )  # fmt: skip
    plain = plain_rules(sessions)
    there = shifts(staffing)
    sessions = Sessions(
        sessions.centre, sessions.day, sessions.opens, sessions.leaves, there.servers
    )
    rules = Rules(
        plain.priority, plain.skills, there.first, there.server, there.begin, there.until,
        plain.outage_first, plain.outage_kind, plain.outage_from, plain.outage_until,
        plain.outage_pace,
    )  # fmt: skip
    customers = Customers(crowd.first, crowd.arrived, people.service, people.patience)
    wants = Wants(
        np.zeros(count, dtype=np.int64), crowd.arrived - crowd.head_start,
        np.where(people.aside > 0, 0.0, FOREVER), people.aside,
    )  # fmt: skip
    told = events.serve(sessions, customers, wants, rules, threads=os.cpu_count() or 1)
    state, left = told.state[0], told.state[0] == State.LEFT
    wait = np.where(left, people.patience, told.began[0] - crowd.arrived)
    wait[state == State.STILL_THERE] = np.nan
    return Played(crowd.first, wait, left)
