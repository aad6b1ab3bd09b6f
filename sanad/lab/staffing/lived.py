"""A centre lived under a week's plan of people at the counters: the twin, their number changing.

Copies of the centre are lived side by side, each with streams of its own: that is a replication.
Who is not at the counters in a half hour is away from it, as from a break: they finish the customer
they have. Work that slows down in outages is left out.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from sanad.lab.staffing.demand import BY_CENTRE, Demand, demand_of
from sanad.lab.staffing.target import Target
from sanad.lab.twin.engine import events
from sanad.lab.twin.engine.model import (
    MOST_SERVERS,
    Customers,
    Rules,
    Sessions,
    State,
    Wants,
    plain_rules,
)
from sanad.lab.twin.engine.runs import interval
from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.model import SLOT_SECONDS, SLOTS, Model
from sanad.lab.twin.network.sessions import Known, Plan, plan_of
from sanad.lab.twin.network.visits import mix_of, visits_of
from sanad.lab.twin.world import DAY_SECONDS, Floats, weekday_of

CONFIDENCE = 0.95
AFTERWARDS = DAY_SECONDS  # who has gone home does not come back this day


@dataclass(frozen=True)
class Answer:
    """What a plan does: by weekday and half hour of coming, over R replications."""

    came: Ints  # (R, 7, 48)
    within: Ints  # (R, 7, 48) called within the target's minutes
    waited: Floats  # (R, 7, 48) seconds, in sum; who left has waited until then

    @property
    def share(self) -> float:
        """Of all who came."""
        return float(self.within.sum() / max(self.came.sum(), 1))

    @property
    def share_half_width(self) -> float:
        """Half of Student's interval of 95 % of the share, over replications."""
        came = self.came.sum(axis=(1, 2))
        each = self.within.sum(axis=(1, 2)) / np.maximum(came, 1)
        return interval([float(one) for one in each], CONFIDENCE)

    @property
    def mean_seconds(self) -> float:
        return float(self.waited.sum() / max(self.came.sum(), 1))

    def meets(self, target: Target) -> Flags:
        """(7, 48): half hours in which the target is met; where nobody came it is."""
        came = self.came.sum(axis=0)
        if target.share_percent is None:
            return self.waited.sum(axis=0) <= target.seconds * came
        return 100 * self.within.sum(axis=0) >= target.share_percent * came


@dataclass(frozen=True)
class Copies:
    """R copies of a centre with everybody who comes to them, drawn once for every plan."""

    model: Model
    plan: Plan
    customers: Customers
    wants: Wants
    replications: int
    demand: Demand

    def live(self, people: Ints, target: Target) -> Answer:
        """What becomes of them under (7, 48) people."""
        most = self._most(people)
        sessions = replace(self.plan.sessions, centre=np.zeros_like(self.plan.centre), servers=most)
        told = events.serve(sessions, self.customers, self.wants, self._rules(sessions, people))
        begins = np.maximum(
            self.customers.arrived, np.where(self.wants.due < FOREVER, self.wants.due, 0.0)
        )
        is_served = told.state[0] == State.SERVED
        wait = np.where(is_served, told.began[0] - begins, self.customers.patience)
        wait = np.maximum(np.where(np.isnan(wait), 0.0, wait), 0.0)
        return self._counted(begins, wait, is_served & (wait <= target.seconds))

    def _counted(self, begins: Floats, wait: Floats, within: Floats) -> Answer:
        of = np.repeat(np.arange(len(self.plan.centre)), np.diff(self.customers.first))
        second = begins - self.plan.day[of] * float(DAY_SECONDS)
        slot = np.clip(second // SLOT_SECONDS, 0, SLOTS - 1).astype(np.int64)
        weekday = weekday_of(self.model.days)[self.plan.day[of]]
        cell = (self.plan.centre[of] * 7 + weekday) * SLOTS + slot
        shape, cells = (self.replications, 7, SLOTS), self.replications * 7 * SLOTS
        return Answer(
            np.bincount(cell, minlength=cells).reshape(shape),
            np.bincount(cell, within, cells).astype(np.int64).reshape(shape),
            np.bincount(cell, wait, cells).reshape(shape).astype(np.float64),
        )

    def _most(self, people: Ints) -> Ints:
        """(S,) the most people of each stretch."""
        weekday = weekday_of(self.model.days)[self.plan.day]
        return np.clip(people.max(axis=1)[weekday], 1, MOST_SERVERS)

    def _rules(self, sessions: Sessions, people: Ints) -> Rules:
        """Breaks of everybody who is not at the counters, by stretch and begin."""
        plain = plain_rules(sessions)
        weekday = weekday_of(self.model.days)[self.plan.day]
        away = {day: _away(people[day], self.model.break_seconds) for day in range(7)}
        counts = np.array([len(away[day][0]) for day in range(7)])
        first = np.concatenate([[0], np.cumsum(counts[weekday])])
        base = np.repeat(self.plan.day * float(DAY_SECONDS), counts[weekday])
        joined = [np.concatenate([away[day][n] for day in weekday]) for n in range(3)]
        return replace(
            plain, break_first=first, break_server=joined[0].astype(np.int64),
            break_from=base + joined[1], break_until=base + joined[2],
        )  # fmt: skip


def _away(people: Ints, break_seconds: float) -> tuple[Floats, Floats, Floats]:
    """Who is away from and until which second of a day, by begin; (B,) each.

    A break of its own, where the log showed one, lies in the middle of a run of work.
    """
    rows: list[tuple[float, float, float]] = []
    for server in range(min(int(people.max(initial=0)), MOST_SERVERS)):
        here = np.concatenate([[0], people > server, [0]])
        begins, ends = (np.flatnonzero(np.diff(here) == sign) for sign in (1, -1))
        free = np.concatenate([[0], ends]), np.concatenate([begins, [SLOTS]])
        for since, until in zip(*free, strict=True):
            if until > since:
                end = until * SLOT_SECONDS if until < SLOTS else DAY_SECONDS + AFTERWARDS
                rows.append((server, since * SLOT_SECONDS, end))
        if break_seconds > 0:
            for since, until in zip(begins, ends, strict=True):
                middle = (since + until) / 2 * SLOT_SECONDS + server * break_seconds
                rows.append((server, middle - break_seconds / 2, middle + break_seconds / 2))
    rows.sort(key=lambda row: (row[1], row[0]))
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


@lru_cache(maxsize=8)
def copies_of(known: Known, *, replications: int, seed: int) -> Copies:
    """So many copies of a model of one centre, and who comes to them."""
    model = known.model
    many: dict[str, Any] = {
        name: np.repeat(getattr(model, name), replications, axis=0) for name in BY_CENTRE
    }
    many["centre"] = np.arange(replications)
    together = replace(model, **many)
    plan = plan_of(Known(together))
    visits = visits_of(together, plan, mix_of(together), seed, 0, len(plan.centre))
    never = np.full(len(visits.customers), FOREVER)
    kinds = np.zeros(len(visits.customers), dtype=np.int64)
    return Copies(
        together, plan, visits.customers, Wants(kinds, visits.drawn.due, never, never),
        replications, demand_of(model),
    )  # fmt: skip
