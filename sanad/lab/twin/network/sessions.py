"""The stretches of opening hours of a period, and how many people each one expects."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sanad.lab.twin.engine.draws import moments_of
from sanad.lab.twin.engine.model import Sessions
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import Model, NeverDone, NobodyComes
from sanad.lab.twin.world import DAY_SECONDS, Floats, weekday_of

STRETCHES = 4  # a centre's day has fewer
CELLS = 512  # of a profile


@dataclass(frozen=True)
class Plan:
    """S stretches in the order of centre and time, on a clock that begins with the period.

    `rows` is by centre: its stretches are rows[k]:rows[k + 1].
    """

    sessions: Sessions
    centre: Ints  # (S,) position
    day: Ints  # (S,) position
    expected: Floats  # (S,) visits of all kinds without an appointment, on average
    booked: Floats  # (S,) appointments, spread evenly over the time that is open
    wished: Floats  # (S,) appointments that are wished for at that time
    profile: Ints  # (S,)
    moments: Floats  # (P, CELLS + 1) seconds of the day
    let_in_until: Floats  # (S,) seconds of the day
    rows: Ints  # (K + 1,)


def expected_visits(model: Model) -> Floats:
    """(K,) visits of all kinds: with requests, questions, and corrections that are waited for."""
    requests = model.visits * model.share.sum()
    return requests * (1 + model.questions) + model.visits * corrections(model)


def corrections(model: Model) -> float:
    """Visits to correct a request, for each visit that comes before levers."""
    size = float(model.sizes @ model.size_share / model.size_share.sum())
    return model.in_hall * size * float(model.share @ model.returned)


@lru_cache(maxsize=4)
def plan_of(model: "Known") -> Plan:
    """The plan of a model; it does not depend on the seed. Raises `NobodyComes`."""
    return _plan(model.model)


class Known:
    """A model known by its digest, so that what follows from it is computed once."""

    def __init__(self, model: Model) -> None:
        self.model, self.key = model, model.digest

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and other.key == self.key


def _plan(model: Model) -> Plan:
    weight, first, last = model.cells()
    weekday = weekday_of(model.days)
    # Each row of hours, weekday and span that lets somebody in is a profile.
    shape = (*model.spans.shape[:2], model.spans.shape[2])
    profile = np.full(shape, -1, dtype=np.int64)
    moments: list[Floats] = []
    mass: list[float] = []
    opens: list[float] = []
    until: list[float] = []
    for h, w, s in zip(*np.nonzero(model.spans[:, :, :, 0] >= 0), strict=True):
        begin, end = model.spans[h, w, s]
        inside = (first[h, w] >= begin) & (last[h, w] <= end) & (last[h, w] > first[h, w])
        if not weight[h, w][inside].sum() > 0:
            continue
        profile[h, w, s] = len(moments)
        lasts = (last[h, w] - first[h, w])[inside]
        edges = np.concatenate([first[h, w][inside][:1], first[h, w][inside] + lasts])
        moments.append(moments_of(edges, weight[h, w][inside] / lasts, cells=CELLS))
        mass.append(float(weight[h, w][inside].sum()))
        opens.append(float(begin))
        until.append(float(edges[-1]))
    of_day = profile[:, weekday]  # (H, D, spans)
    of_day = np.where(model.is_holiday[None, :, None], -1, of_day)[model.hours]  # (K, D, spans)
    centre, day, _ = np.nonzero(of_day >= 0)
    row = of_day[of_day >= 0]
    masses, begins, ends = np.array(mass), np.array(opens), np.array(until)
    weights = masses[row] * model.of_season[day]
    total = np.bincount(centre, weights, minlength=len(model.centre))
    visits = expected_visits(model)
    closed = np.flatnonzero((total == 0) & (visits > 0))
    if len(closed):
        at = int(closed[0])
        raise NobodyComes(centre=int(model.centre[at]), visits=round(float(visits[at])))
    base = day * float(DAY_SECONDS)
    stretch = np.arange(len(day)) - np.searchsorted(centre * 10_000 + day, centre * 10_000 + day)
    sessions = Sessions(
        model.centre[centre], day * STRETCHES + stretch, base + begins[row],
        np.full(len(day), np.inf), model.servers[centre],
    )  # fmt: skip
    all_who_come = visits[centre] * weights / np.maximum(total, 1e-300)[centre]
    lasts = ends[row] - begins[row]
    open_seconds = np.bincount(centre, lasts, minlength=len(model.centre))
    if model.patience == 0:
        _refuse_endless(model, sessions, all_who_come, begins[row])
    evenly = (visits / np.maximum(open_seconds, 1.0))[centre] * lasts
    return Plan(
        sessions, centre, day, all_who_come * (1 - model.booked), evenly * model.booked,
        all_who_come * model.booked, row, np.stack(moments), ends[row],
        np.searchsorted(centre, np.arange(len(model.centre) + 1)),
    )  # fmt: skip


def _refuse_endless(model: Model, sessions: Sessions, expected: Floats, opens: Floats) -> None:
    """Refuse a stretch whose expected work its counters would not have done by midnight."""
    size = float(model.sizes @ model.size_share / model.size_share.sum())
    asked = float(model.share.sum())
    first = float(model.share @ model.seconds) / asked if asked else 0.0
    each = model.lead_seconds + first * (1 + model.further * (size - 1))
    work = expected * each
    beyond = opens + work / sessions.servers - DAY_SECONDS
    worst = int(np.argmax(beyond)) if len(beyond) else 0
    if len(beyond) and beyond[worst] > 0:
        raise NeverDone(
            centre=int(sessions.centre[worst]), servers=int(sessions.servers[worst]),
            day=str(model.days[int(sessions.day[worst]) // STRETCHES]),
            work=f"{work[worst] / 3600:.1f}",
        )  # fmt: skip


def lead_days(model: Model) -> Floats:
    """(K,) days from the wish to the appointment, on average; 0 where nobody books.

    Appointments are even over the opening hours while wishes follow the days, so the busy days'
    wishes move on. In expectations and day by day: what is wished for joins those who wait for a
    slot, the day's slots are taken off, and who is left waits as many open days as they fill.
    """
    plan, centres, days = plan_of(Known(model)), len(model.centre), len(model.days)
    if model.booked == 0:
        return np.zeros(centres)
    cell = plan.centre * days + plan.day
    shape = (centres, days)
    wished = np.bincount(cell, plan.wished, minlength=centres * days).reshape(shape)
    slots = np.bincount(cell, plan.booked, minlength=centres * days).reshape(shape)
    usual = slots.sum(axis=1) / np.maximum((slots > 0).sum(axis=1), 1)
    waiting, waited = np.zeros(centres), np.zeros(centres)
    for day in range(days):
        waiting = np.maximum(waiting + wished[:, day] - slots[:, day], 0.0)
        waited += waiting
    # Little's law: those who wait, day by day, over those who wish.
    found: Floats = waited / np.maximum(wished.sum(axis=1), 1e-300) * (usual > 0)
    return found
