"""What becomes of requests: returned, sent again, decided, held up by a portal that is down."""

from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting.network.log import Events, Finding, local_day, mean, positions, share
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

SOON_SECONDS = 7200.0  # an answer within is "at once"
APART_SECONDS = 3600.0  # between two refused tries that belong to two outages
PRIOR = 20  # requests: how strongly an entity with few is drawn to all


@dataclass(frozen=True)
class Answers:
    """S services, E entities."""

    returned: Floats  # (S,)
    decision_days: Floats  # (S,) working days, median of what is not decided at once
    sigma: float
    at_once: float
    approved: float
    correct_days: tuple[int, int]
    outages: Floats  # (E,) over the days of the log
    outage_seconds: float
    outage_sigma: float
    findings: tuple[Finding, ...]


def answers_of(events: Events, entities: Ints, of_service: Ints, works: Ints) -> Answers:
    """What entities do; `of_service` is the owner's position, `works` the working days, sorted."""
    opened = events.of("case.opened")
    requests, first = np.unique(events.request[opened], return_index=True)
    service = events.service[opened][first]
    owner = of_service[service]
    sent = _first(events, "case.submitted", requests)
    back = _first(events, "case.returned", requests)
    decided = _first(events, "case.decided", requests)
    heard = np.fmax(_first(events, "delivery.acknowledged", requests), sent)
    was_back = ~np.isnan(back)
    answered = np.where(was_back, back, decided)
    over = ~np.isnan(answered) & _ripe(sent, answered, events.at)
    rate = _drawn_to_all(owner[over], was_back[over], len(entities))
    known = over & ~np.isnan(heard)
    lasts = answered[known] - heard[known]
    soon = lasts <= SOON_SECONDS
    days = _working_days(heard[known][~soon], answered[known][~soon], works)
    median, sigma = _days(days, owner[known][~soon], len(entities))
    again = _last(events, "case.submitted", requests)
    resent = was_back & (again > back)
    correct = _working_days(back[resent], again[resent], works)
    low, high = (
        (int(np.quantile(correct, 0.02)), int(np.quantile(correct, 0.98)))
        if len(correct)
        else (1, 4)
    )
    verdict = events.of("case.decided")
    approved = share(
        "approved",
        int((np.array([*events.outcomes, ""])[events.outcome[verdict]] == "approved").sum()),
        len(verdict),
    )
    outages, lasting = _outages(events, entities)
    logs = np.log(np.maximum(lasting, 60.0))
    return Answers(
        rate[of_service], median[of_service], sigma, float(soon.mean()) if len(soon) else 0.0,
        approved.value, (max(low, 1), max(high, low, 1)), outages,
        float(np.exp(np.median(logs))) if len(logs) else 3600.0,
        float(logs.std()) if len(logs) > 1 else 0.5,
        (share("returned", int((was_back & over).sum()), int(over.sum())),
         share("at_once", int(soon.sum()), len(soon)), approved,
         mean("decision_working_days", days.astype(np.float64)),
         mean("outage_seconds", lasting)),
    )  # fmt: skip


def _ripe(sent: Floats, answered: Floats, at: Floats) -> np.ndarray:
    """Which requests were sent so early that almost every answer to them is in the log.

    Of what was sent in the last days only the quick answers have come, and counting them would make
    entities look quicker than they are. All, if the log is too short to leave anything out.
    """
    lasts = (answered - sent)[~np.isnan(answered - sent)]
    if len(lasts) == 0:
        return np.zeros(len(sent), dtype=bool)
    limit = float(at.max()) - float(np.quantile(lasts, 0.99))
    early = sent <= limit
    enough = early.sum() * 2 >= (~np.isnan(sent)).sum()
    return early if enough else np.ones(len(sent), dtype=bool)


def _first(events: Events, kind: str, requests: Ints) -> Floats:
    """When each request first had an event of the kind; NaN for never."""
    return _moment(events, kind, requests, np.fmin)


def _last(events: Events, kind: str, requests: Ints) -> Floats:
    return _moment(events, kind, requests, np.fmax)


def _moment(events: Events, kind: str, requests: Ints, pick: np.ufunc) -> Floats:
    rows = events.of(kind)
    place = positions(events.request[rows], requests)
    found = np.full(len(requests), np.nan)
    pick.at(found, place[place >= 0], events.at[rows][place >= 0])
    return found


def _drawn_to_all(group: Ints, happened: np.ndarray, groups: int) -> Floats:
    """(groups,) shares, an entity with few drawn to the share of all."""
    overall = float(happened.mean()) if len(happened) else 0.0
    count = np.bincount(group, minlength=groups)
    part = np.bincount(group, happened.astype(np.float64), groups)
    found: Floats = (part + PRIOR * overall) / (count + PRIOR)
    return found


def _working_days(since: Floats, until: Floats, works: Ints) -> Ints:
    """Working days from the day of `since` to that of `until`, 1 for the next one."""
    if len(since) == 0:
        return np.zeros(0, dtype=np.int64)
    begin = np.searchsorted(works, local_day(since), side="right")
    end = np.searchsorted(works, local_day(until), side="right")
    return np.maximum(end - begin, 1).astype(np.int64)


def _days(days: Ints, owner: Ints, entities: int) -> tuple[Floats, float]:
    """(E,) medians of the days before they are rounded up, and the spread of their logarithm.

    Whole days were rounded up, so a half is taken off before the logarithm.
    """
    if len(days) == 0:
        return np.ones(entities), 0.5
    logs = np.log(np.maximum(days - 0.5, 0.25))
    overall = float(logs.mean())
    count = np.bincount(owner, minlength=entities)
    part = np.bincount(owner, logs, entities)
    level = (part + PRIOR * overall) / (count + PRIOR)
    sigma = float((logs - level[owner]).std())
    return np.exp(level), sigma


def _outages(events: Events, entities: Ints) -> tuple[Floats, Floats]:
    """(E,) how often each portal was down, and how long (seconds), by the tries that failed.

    Failed tries of an entity that lie close together are one outage, from the first of them to the
    next request that the entity took.
    """
    failed, taken = events.of("delivery.delayed"), events.of("delivery.acknowledged")
    found, lasting = np.zeros(len(entities)), []
    for position, number in enumerate(entities):
        down = np.sort(events.at[failed][events.entity[failed] == number])
        if len(down) == 0:
            continue
        up = np.sort(events.at[taken][events.entity[taken] == number])
        begins = np.flatnonzero(np.diff(down, prepend=-np.inf) > APART_SECONDS)
        ends = np.append(begins[1:], len(down)) - 1
        after = np.searchsorted(up, down[ends])
        back = np.where(after < len(up), up[np.minimum(after, len(up) - 1)], down[ends])
        found[position] = len(begins)
        lasting.append(np.minimum(back - down[begins], 14 * 3600.0))
    return found, np.concatenate(lasting) if lasting else np.zeros(0)
