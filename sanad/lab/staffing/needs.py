"""People needed at the counters of a centre, by Erlang where it holds and by the twin where not.

The twin's search is that of Feldman, Mandelbaum, Massey and Whitt (2008), Management Science 54,
"Staffing of time-varying queues to achieve time-stable performance", with whole people: somebody is
added in the half hours that miss the target until none does; then taken away wherever all still
meet it. Every plan is lived by the same people, so plans differ by their staff alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sanad.lab.staffing import erlang, lived
from sanad.lab.staffing.applies import Method, Why, method_of
from sanad.lab.staffing.demand import Demand, clock, demand_of, weekday_code
from sanad.lab.staffing.lived import Answer
from sanad.lab.staffing.target import Target
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known
from sanad.lib.refusal import N_, Refused

SEED: Final = 2025
FEWEST, MOST = 20, 320  # replications
NARROW: Final = 0.01  # half of the interval of the share


class TooBusy(Refused):
    code = "staffing.too_busy"
    sentence = N_(
        "At centre {centre} not even {most} people at the counters meet the target on {day} at "
        "{time}. Allow a longer wait, or a smaller share within it."
    )


@dataclass(frozen=True)
class Needs:
    """What one centre needs, and what the twin says of it."""

    demand: Demand  # of one centre
    target: Target
    people: Ints  # (7, 48)
    method: Method
    why: Why
    lived: Answer
    missed: Flags  # (7, 48) half hours that miss the target in the twin

    @property
    def centre(self) -> int:
        return int(self.demand.centre[0])

    @property
    def present(self) -> int:
        return int(self.demand.servers[0])

    @property
    def hours_a_week(self) -> float:
        """Hours of people at the counters."""
        return float(self.people.sum()) / 2

    def as_json(self) -> dict[str, Any]:
        """The document of the needs; slots are half hours in which the doors are open."""
        visits, rates = self.demand.visits[0], self.people
        slots = [
            {
                "weekday": weekday_code(int(day)), "from": clock(int(slot)),
                "until": clock(int(slot) + 1), "visits": round(float(visits[day, slot]), 4),
                "needed": int(rates[day, slot]),
            }
            for day, slot in np.argwhere(self.demand.is_open[0])
        ]  # fmt: skip
        return {
            "target": self.target.as_json(), "method": str(self.method), "why": str(self.why),
            "service_minutes_mean": round(self.demand.work.mean / 60, 3),
            "service_variation": round(self.demand.work.variation, 4),
            "visits_a_week": round(float(visits.sum()), 3),
            "needed_peak": int(self.people.max(initial=0)), "present": self.present,
            "needed_hours_a_week": self.hours_a_week, "slots": slots,
            "lived": {
                "share_percent": round(100 * self.lived.share, 3),
                "half_width_percent": round(100 * self.lived.share_half_width, 3),
                "wait_mean_minutes": round(self.lived.mean_seconds / 60, 3),
                "replications": len(self.lived.came), "slots_missed": int(self.missed.sum()),
            },
        }  # fmt: skip


def needs_of(
    model: Model, target: Target, *, seed: int = SEED,
    told: Callable[[str], None] | None = None,
) -> Needs:  # fmt: skip
    """What the centre of a model of one centre needs. Raises `TooBusy`, and what plans refuse."""
    demand = demand_of(model)
    method, why = method_of(model, demand.work)
    people = erlang.needed(demand, target)[0]
    _refuse_beyond(demand, people)
    replications = FEWEST
    if method is Method.TWIN:
        people, replications = searched(model, demand, people, target, seed=seed, told=told)
    answer = lived_enough(model, people, target, least=replications, seed=seed)
    return Needs(demand, target, people, method, why, answer, ~answer.meets(target))


def lived_enough(
    model: Model, people: Ints, target: Target, *, least: int = FEWEST, seed: int = SEED
) -> Answer:
    """A plan lived until the interval of the share is narrow, or `MOST` times."""
    replications, known = least, Known(model)
    while True:
        copies = lived.copies_of(known, replications=replications, seed=seed)
        answer = copies.live(people, target)
        if answer.share_half_width <= NARROW or replications >= MOST:
            return answer
        replications *= 2


def searched(
    model: Model, demand: Demand, people: Ints, target: Target, *, seed: int = SEED,
    told: Callable[[str], None] | None = None,
) -> tuple[Ints, int]:  # fmt: skip
    """The fewest people that the twin finds enough, from a first guess, and the replications.

    These are as many as the found plan's own interval asks for.
    """
    known, replications, is_open = Known(model), 0, demand.is_open[0]
    people = np.where(is_open, np.clip(people, target.least_people, MOST_SERVERS), 0)
    while True:
        enough = len(lived_enough(model, people, target, seed=seed).came)
        if enough <= replications:
            return people, replications
        replications = enough
        copies = lived.copies_of(known, replications=replications, seed=seed)
        people = _more(copies, people, target, is_open, told)
        _refuse_beyond(demand, people)
        people = _fewer(copies, people, target, is_open)


def _more(
    copies: lived.Copies, people: Ints, target: Target, is_open: Flags,
    told: Callable[[str], None] | None,
) -> Ints:  # fmt: skip
    """One more wherever the target is missed, until it is nowhere or there are too many."""
    while people.max() <= MOST_SERVERS:
        missed = ~copies.live(people, target).meets(target) & is_open
        if not missed.any():
            break
        if told is not None:
            told(str(int(missed.sum())))
        people = people + missed
    return people


def _fewer(copies: lived.Copies, people: Ints, target: Target, is_open: Flags) -> Ints:
    """One less wherever every half hour of the day still meets the target, the most staffed first.

    Days do not touch each other, so one half hour of each weekday is tried at a time.
    """
    left = [
        sorted(np.flatnonzero(people[day] > target.least_people), key=lambda s: people[day, s])
        for day in range(7)
    ]  # the last is tried next
    while any(left):
        tried = people.copy()
        for day in range(7):
            if left[day]:
                tried[day, left[day][-1]] -= 1
        meets = copies.live(tried, target).meets(target)
        missed = [bool((~meets[day] & is_open[day]).any()) for day in range(7)]
        for day in range(7):
            if not left[day]:
                continue
            slot = left[day][-1]
            if not missed[day]:
                people[day, slot] = tried[day, slot]
            if missed[day] or people[day, slot] <= target.least_people:
                left[day].pop()
    return people


def _refuse_beyond(demand: Demand, people: Ints) -> None:
    beyond = np.argwhere(people > MOST_SERVERS)
    if len(beyond):
        day, slot = map(int, beyond[0])
        raise TooBusy(
            centre=int(demand.centre[0]),
            most=MOST_SERVERS,
            day=WEEKDAY_NAMES[day],
            time=clock(slot),
        )
