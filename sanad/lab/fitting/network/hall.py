"""What the hall shows: who comes when, how long they take, who leaves, who serves."""

from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting.network.log import (
    Events,
    Finding,
    Mask,
    NothingToFit,
    local_day,
    mean,
    positions,
    second_of_day,
    share,
    shrunk,
)
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import SLOT_SECONDS, SLOTS
from sanad.lab.twin.world import Floats

LEAST_VISITS, LEAST_DAYS = 200, 5
LEAD_SECONDS = 40.0  # to sit down and be found; the log cannot tell it from the first request
LONGEST_VISIT = 3 * 3600.0  # a visit that was forgotten open
LARGEST_VISIT = 24  # requests
AT_ONCE = 30.0  # seconds: who is called within finds a free server
MOST_SERVERS = 16


@dataclass(frozen=True)
class Stays:
    """V finished visits, and what each came to do."""

    visit: Ints  # pseudonyms, sorted
    centre: Ints
    arrived: Floats  # the ticket's moment, or of sitting down without one
    started: Floats
    ended: Floats
    has_ticket: Mask
    resource: Ints
    requests: Ints  # opened in it
    service: Ints  # of the first, -1 for a question

    def __len__(self) -> int:
        return len(self.visit)

    def take(self, rows: Mask) -> "Stays":
        """The visits chosen."""
        return Stays(**{name: value[rows] for name, value in vars(self).items()})

    @property
    def wait(self) -> Floats:
        """Seconds from the ticket to sitting down."""
        return self.started - self.arrived

    @property
    def day(self) -> Ints:
        return local_day(self.arrived)


@dataclass(frozen=True)
class Left:
    """Tickets whose people were called in vain: seconds from ticket to call."""

    wait: Floats
    day: Ints


def stays_of(events: Events) -> tuple[Stays, Left]:
    """The finished visits of a log and who left before. Raises `NothingToFit`."""
    began, over = events.of("visit.started"), events.of("visit.ended")
    visits, first = np.unique(events.visit[began], return_index=True)
    began = began[first]
    end = np.full(len(visits), np.nan)
    place = positions(events.visit[over], visits)
    end[place[place >= 0]] = events.at[over][place >= 0]
    issued = events.of("ticket.issued")
    tickets, at = np.unique(events.ticket[issued], return_index=True)
    taken = positions(events.ticket[began], tickets)
    has_ticket = (taken >= 0) & (events.ticket[began] != 0)
    started = events.at[began]
    arrived = started.copy()
    arrived[has_ticket] = events.at[issued][at][taken[has_ticket]]
    opened = events.of("case.opened")
    where = positions(events.visit[opened], visits)
    known = where >= 0
    requests = np.bincount(where[known], minlength=len(visits))
    service = np.full(len(visits), -1, dtype=np.int64)
    # Written backwards, so that the first request's service stays.
    service[where[known][::-1]] = events.service[opened][known][::-1]
    found = Stays(
        visits, events.centre[began], arrived, started, end, has_ticket, events.resource[began],
        requests, service,
    )  # fmt: skip
    lasts = end - started
    whole = ~np.isnan(end) & (lasts > 0) & (lasts < LONGEST_VISIT) & (started >= arrived)
    # Who waited overnight waited for the doors.
    whole &= local_day(arrived) == local_day(started)
    found = found.take(whole)
    days = len(np.unique(found.day))
    if len(found) < LEAST_VISITS or days < LEAST_DAYS:
        raise NothingToFit(
            visits=len(found), days=days, least_visits=LEAST_VISITS, least_days=LEAST_DAYS
        )
    gone = events.of("ticket.no_show")
    back = positions(events.ticket[gone], tickets)
    wait = events.at[gone][back >= 0] - events.at[issued][at][back[back >= 0]]
    return found, Left(np.maximum(wait, 1.0), local_day(events.at[gone][back >= 0]))


@dataclass(frozen=True)
class Times:
    """Seconds at the counter."""

    seconds: Floats  # (S,) of the first request of each service, mean
    sigma: float
    further: float
    question: float
    findings: tuple[Finding, ...]


def times_of(stays: Stays, services: int) -> Times:
    """How long requests take: by service, drawn to the mean where few were seen.

    A further request takes the part of the first one's time that the growth of the mean with their
    number shows (least squares, weighted by how many visits have that number).
    """
    lasts = np.maximum(stays.ended - stays.started - LEAD_SECONDS, 1.0)
    asks = stays.service >= 0
    size = np.minimum(stays.requests[asks], LARGEST_VISIT)
    count = np.bincount(size)
    sizes = np.flatnonzero(count)
    means = np.bincount(size, lasts[asks])[sizes] / count[sizes]
    further = 1.0
    if len(sizes) > 1:
        weight = count[sizes] / count.sum()
        middle, level = float(weight @ sizes), float(weight @ means)
        slope = float(weight @ ((sizes - middle) * (means - level)))
        slope /= float(weight @ (sizes - middle) ** 2)
        further = float(np.clip(slope / max(level - slope * (middle - 1), 1.0), 0.0, 2.0))
    each = lasts[asks] / (1 + further * (size - 1))
    of_service = np.exp(shrunk(np.log(each), stays.service[asks], services))
    rest = np.log(each) - np.log(of_service)[stays.service[asks]]
    sigma = float(rest.std())
    # The mean of what is lognormal around its median.
    seconds = of_service * np.exp(sigma**2 / 2)
    scale = float(each.mean() / seconds[stays.service[asks]].mean())
    asked = lasts[~asks]
    return Times(
        seconds * scale, sigma, further, float(asked.mean()) if len(asked) else 180.0,
        (mean("service_seconds", each), mean("question_seconds", asked)),
    )  # fmt: skip


def patience_of(stays: Stays, left: Left) -> tuple[float, Finding]:
    """The mean of an exponential patience, 0 where nobody left, and its interval.

    Whoever was called and had gone had left at some moment before, and whoever sat down was ready
    to wait at least so long: current status data. The likelihood of the rate is maximised by
    bisection of its derivative, which falls; the interval is by its curvature.
    """
    if len(left.wait) == 0:
        return 0.0, Finding("patience_seconds", 0.0, 0.0, np.inf, len(stays))
    waited = float(stays.wait[stays.has_ticket].sum())

    def slope(rate: float) -> float:
        return float((left.wait / np.expm1(rate * left.wait)).sum()) - waited

    low, high = 1e-12, 1.0
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    rate = float(np.sqrt(low * high))
    grown = np.expm1(rate * left.wait)
    curve = float((left.wait**2 * (grown + 1) / grown**2).sum())
    error = 1.96 / np.sqrt(curve)
    return 1 / rate, Finding(
        "patience_seconds", 1 / rate, 1 / (rate + error), 1 / max(rate - error, 1e-12),
        len(left.wait),
    )  # fmt: skip


@dataclass(frozen=True)
class Coming:
    """Who comes when: relative rates, visits by centre, and the spread of days beyond chance."""

    of_hour: Floats
    of_weekday: Floats
    of_season: Floats  # (D,) of the days that count, on average 1
    visits: Floats  # (K,) with requests, over the days
    day_spread: float
    findings: tuple[Finding, ...]


def coming_of(stays: Stays, centres: Ints, open_part: Floats, weekday: Ints, days: Ints) -> Coming:
    """Arrivals by centre, weekday and half hour: a product of three, fitted in turn.

    `open_part` is (K, 7, SLOTS), the part of each half hour that is open; `days` (D,) the days that
    count, and `weekday` their weekdays.
    The spread of a centre's day beyond chance is Pearson's, over its expectation.
    """
    place = positions(stays.centre, centres)
    day = positions(stays.day, days)
    here = (place >= 0) & (day >= 0)
    place, day = place[here], day[here]
    slot = (second_of_day(stays.arrived[here]) // SLOT_SECONDS).astype(np.int64)
    of_day = np.bincount(weekday, minlength=7)
    by_hour = np.bincount(slot, minlength=SLOTS).astype(np.float64)
    by_weekday = np.bincount(weekday[day], minlength=7).astype(np.float64)
    by_centre = np.bincount(place, minlength=len(centres)).astype(np.float64)
    hour, week, centre = np.ones(SLOTS), np.ones(7), by_centre / max(by_centre.sum(), 1)
    exposure = np.einsum("kws,w->kws", open_part, of_day.astype(np.float64))
    for _ in range(20):
        hour = by_hour / np.maximum(np.einsum("kws,k,w->s", exposure, centre, week), 1e-12)
        week = by_weekday / np.maximum(np.einsum("kws,k,s->w", exposure, centre, hour), 1e-12)
        centre = by_centre / np.maximum(np.einsum("kws,w,s->k", exposure, week, hour), 1e-12)
    hour[np.einsum("kws->s", exposure) == 0] = 0.0
    asks = stays.service[here] >= 0
    visits = np.bincount(place[asks], minlength=len(centres)).astype(np.float64)
    expected = (
        centre[:, None] * np.einsum("kws,s->kw", open_part, hour)[:, weekday] * (week[weekday])
    )
    cells = np.bincount(place * len(days) + day, minlength=len(centres) * len(days))
    seen = cells.reshape(expected.shape)
    season = _season(seen.sum(axis=0), expected.sum(axis=0), days)
    expected = expected * season
    beyond = (seen - expected) ** 2 - seen
    spread = float(np.sqrt(max(beyond.sum() / max((expected**2).sum(), 1e-12), 0.0)))
    # A spread that chance alone would show is none.
    noise = float(np.sqrt(2 * (expected**2).sum()) / max((expected**2).sum(), 1e-12))
    spread = spread if spread**2 > 2 * noise else 0.0
    half = 1.96 * np.sqrt(len(place))
    return Coming(
        hour / max(hour.max(), 1e-12), week / max(week.max(), 1e-12), season, visits, spread,
        (Finding("visits_a_day", len(place) / len(days), (len(place) - half) / len(days),
                 (len(place) + half) / len(days), len(place)),
         Finding("day_spread", spread, 0.0, max(spread, np.sqrt(2 * noise)), len(days))),
    )  # fmt: skip


def _season(seen: Floats, expected: Floats, days: Ints) -> Floats:
    """(D,) the factor of each day's month, on average 1.

    A month keeps the part n / (n + w) of its own factor, where n is its visits and w what chance
    alone would make of the spread between months (empirical Bayes, as in `log.shrunk`).
    """
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months, of_day = np.unique(month, return_inverse=True)
    came = np.bincount(of_day, seen, len(months))
    due = np.maximum(np.bincount(of_day, expected, len(months)), 1e-12)
    factor = came / due
    between = float((due * (factor - 1) ** 2).sum() / due.sum()) - len(months) / due.sum()
    keeps = due / (due + 1 / max(between, 1e-12))
    drawn = 1 + keeps * (factor - 1)
    found: Floats = drawn[of_day] / float((expected @ drawn[of_day]) / expected.sum())
    return found


def servers_of(stays: Stays, centres: Ints) -> Ints:
    """(K,) the most who served on one day; 1 where nobody was seen."""
    place = positions(stays.centre, centres)
    here = place >= 0
    rows = np.unique(np.stack([place[here], stays.day[here], stays.resource[here]], axis=1), axis=0)
    many, counts = np.unique(rows[:, :2], axis=0, return_counts=True)
    found = np.ones(len(centres), dtype=np.int64)
    np.maximum.at(found, many[:, 0], counts)
    return np.minimum(found, MOST_SERVERS)


def sizes_of(stays: Stays) -> tuple[Ints, Floats]:
    """How many requests visits have, and the share of each number."""
    sizes, counts = np.unique(
        np.minimum(stays.requests[stays.service >= 0], LARGEST_VISIT), return_counts=True
    )
    return sizes.astype(np.int64), counts / counts.sum()


def without_ticket_of(stays: Stays) -> Finding:
    """Of those who found nobody before them, who sat down without a ticket."""
    quick = int((~stays.has_ticket).sum())
    at_once = int((stays.has_ticket & (stays.wait <= AT_ONCE)).sum())
    return share("without_ticket", quick, quick + at_once)


def questions_of(stays: Stays) -> Finding:
    """Visits without a request, of all visits."""
    return share("questions", int((stays.service < 0).sum()), len(stays))
