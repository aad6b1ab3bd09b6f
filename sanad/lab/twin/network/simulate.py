"""One period of the network, lived once.

Size: the announced quarter has 80,000 stretches, 500,000 visits and 800,000 requests; the facts
are 19 columns of 923 by 92 whole numbers, 13 MB.
"""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from sanad.lab.twin.engine import events, recursion
from sanad.lab.twin.engine.model import MOST_SERVERS, Rules, Sessions, Told, Wants
from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.engine.threads import over
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.after import COLUMNS, PEOPLE, Column, count, outages_of, told_of
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known, Plan, plan_of
from sanad.lab.twin.network.visits import Visits, mix_of, visits_of
from sanad.lab.twin.world import DAY_SECONDS, Floats
from sanad.oversight.kpis import DayTable

OUR_OWN = (Column.CAME, Column.LEFT, Column.WAITED_LONG, Column.BUSY_SECONDS)


@dataclass(frozen=True)
class Lived:
    """What happened: `facts` (COLUMNS, K, D), and `people` (PEOPLE, 4) by kind of person."""

    model: Model
    facts: Ints
    people: Ints

    def day_table(self, centres: np.ndarray | None = None) -> DayTable:
        """The day facts of all centres, or of those chosen, as the KPI functions read them."""
        chosen = self.facts if centres is None else self.facts[:, centres]
        numbers = self.model.centre if centres is None else self.model.centre[centres]
        return DayTable(
            np.repeat(numbers, chosen.shape[2]),
            {
                column.name.lower(): chosen[column].ravel()
                for column in Column
                if column not in OUR_OWN
            },
        )

    def total(self, column: Column) -> int:
        """A column's sum over centres and days."""
        return int(self.facts[column].sum())

    def digest(self) -> str:
        """SHA-256 of the facts: the same seed, model and code give the same."""
        found = hashlib.sha256(np.ascontiguousarray(self.facts).tobytes())
        found.update(np.ascontiguousarray(self.people).tobytes())
        return found.hexdigest()


def simulate(model: Model, seed: int, *, threads: int = 1) -> Lived:
    """The period of `model` under one seed; the same on any number of threads."""
    plan, mix = plan_of(Known(model)), mix_of(model)
    down = outages_of(model, seed)
    told = told_of(model, down)

    def part(begin: int, end: int) -> tuple[Ints, Ints]:
        facts = np.zeros((COLUMNS, end - begin, len(model.days)), dtype=np.int64)
        people = np.zeros((PEOPLE, 4), dtype=np.int64)
        rows = slice(int(plan.rows[begin]), int(plan.rows[end]))
        visits = visits_of(model, plan, mix, seed, rows.start, rows.stop)
        began, state = served(model, plan, rows, visits, down)
        here = told._replace(fee=told.fee[begin:end], vat=told.vat[begin:end])
        count(
            plan.centre[rows] - begin, plan.day[rows], visits, began, state, here, facts, people,
            np.zeros((0, 5)),
        )  # fmt: skip
        return facts, people

    parts = over(len(model.centre), threads, part)
    facts = np.concatenate([one[0] for one in parts], axis=1) if len(parts) > 1 else parts[0][0]
    return Lived(model, facts, sum(one[1] for one in parts))  # type: ignore[arg-type]


def served(
    model: Model, plan: Plan, rows: slice, visits: Visits,
    down: tuple[Ints, Floats, Floats],
) -> tuple[Floats, np.ndarray]:  # fmt: skip
    """When each visit was called, and what became of it."""
    if model.has_features:
        told = told_events(model, plan, rows, visits, down)
        return told.began[0], told.state[0]
    plain = recursion.serve(_part(plan.sessions, rows), visits.customers)
    return plain.began, plain.state


def told_events(
    model: Model, plan: Plan, rows: slice, visits: Visits, down: tuple[Ints, Floats, Floats]
) -> Told:
    """The same by the event loop, with appointments, breaks and slower work."""
    sessions = _part(plan.sessions, rows)
    # The rules ask for a row of skills by centre, and every centre's servers know everything.
    places = np.unique(sessions.centre, return_inverse=True)[1]
    renumbered = replace(sessions, centre=places)
    wants, rules = _rules(model, plan, rows, renumbered, visits, down)
    return events.serve(renumbered, visits.customers, wants, rules)


def _part(sessions: Sessions, rows: slice) -> Sessions:
    return Sessions(
        sessions.centre[rows], sessions.day[rows], sessions.opens[rows], sessions.leaves[rows],
        sessions.servers[rows],
    )  # fmt: skip


def _rules(
    model: Model, plan: Plan, rows: slice, sessions: Sessions, visits: Visits,
    down: tuple[Ints, Floats, Floats],
) -> tuple[Wants, Rules]:  # fmt: skip
    """Appointments, breaks, and the slower work for an entity whose portal is down.

    The queue knows work by entity; whatever has none comes after the last.
    """
    entities = len(model.entities)
    lane = np.concatenate([model.entity, [entities, entities]])
    kind = visits.drawn.kind.astype(np.int64)
    never = np.full(len(kind), FOREVER)
    wants = Wants(lane[kind], visits.drawn.due, never, never)
    skills = np.full((int(sessions.centre.max(initial=0)) + 1, MOST_SERVERS), -1, dtype=np.int64)
    closes = plan.day[rows] * float(DAY_SECONDS) + plan.let_in_until[rows]
    break_first, break_server, break_from, break_until = _breaks(model, sessions, closes)
    outage_first, entity, since, until, pace = _outages(model, sessions, closes, down)
    return wants, Rules(
        np.zeros(entities + 1, dtype=np.int64), skills, break_first, break_server, break_from,
        break_until, outage_first, entity, since, until, pace,
    )  # fmt: skip


def _breaks(
    model: Model, sessions: Sessions, closes: Floats
) -> tuple[Ints, Ints, Floats, Floats]:  # fmt: skip
    """One break of each server, one after the other, around the middle of the stretch."""
    if model.break_seconds == 0:
        nothing = np.zeros(len(sessions) + 1, dtype=np.int64)
        return nothing, nothing[:0], np.zeros(0), np.zeros(0)
    first = np.concatenate([[0], np.cumsum(sessions.servers)])
    session = np.repeat(np.arange(len(sessions)), sessions.servers)
    server = np.arange(len(session)) - first[session]
    middle = (sessions.opens + closes) / 2
    begins = middle[session] + (server - (sessions.servers[session] - 1) / 2) * model.break_seconds
    order = np.lexsort((begins, session))
    begins = begins[order]
    return first, server[order], begins, begins + model.break_seconds


def _outages(
    model: Model, sessions: Sessions, closes: Floats, down: tuple[Ints, Floats, Floats]
) -> tuple[Ints, Ints, Floats, Floats, Floats]:  # fmt: skip
    """The outages that meet each stretch."""
    first, since, until = down
    entity = np.repeat(np.arange(len(model.entities)), np.diff(first))
    if model.outage_pace >= 1 or len(entity) == 0:
        nothing = np.zeros(len(sessions) + 1, dtype=np.int64)
        return nothing, nothing[:0], np.zeros(0), np.zeros(0), np.zeros(0)
    order = np.argsort(since, kind="stable")
    since, until, entity = since[order], until[order], entity[order]
    # Even outages that run into each other are shorter than a week.
    begin = np.searchsorted(since, sessions.opens - 7 * DAY_SECONDS)
    end = np.searchsorted(since, closes + 4 * 3600.0)
    session = np.repeat(np.arange(len(sessions)), end - begin)
    which = np.arange(len(session)) - np.repeat(np.cumsum(end - begin) - end, end - begin)
    meets = until[which] > sessions.opens[session]
    session, which = session[meets], which[meets]
    return (
        np.searchsorted(session, np.arange(len(sessions) + 1)), entity[which], since[which],
        until[which], np.full(len(which), model.outage_pace),
    )  # fmt: skip
