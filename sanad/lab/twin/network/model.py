"""What a run of the network is told.

Shapes: K centres, S services, E entities, D days of the period, H rows of opening hours. Moments of
a day are seconds of Muscat's clock; amounts are whole baisa.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import time
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import Days, Floats, weekday_of
from sanad.lib.opening_hours import WeeklyHours
from sanad.lib.refusal import N_, Refused

SLOT_SECONDS = 1800
SLOTS = 48
# The last to come in are served, so nobody is let in during the last quarter of an hour.
LAST_TICKET_SECONDS = 900


class NobodyComes(Refused):
    code = "twin.nobody_comes"
    sentence = N_(
        "Centre {centre} expects {visits} visits but is never open in the period. Give it opening "
        "hours, or take its visits away."
    )


class NeverDone(Refused):
    code = "twin.never_done"
    sentence = N_(
        "At centre {centre} on {day} the visits bring {work} hours of work for {servers} at the "
        "counters, who would not be done before midnight, so the queue would only grow. Add "
        "people, lower the visits, or say how long people are ready to wait."
    )


@dataclass(frozen=True)
class Model:
    """The network as one run sees it."""

    days: Days  # (D,)
    is_holiday: Flags  # (D,)

    centre: Ints  # (K,) number of the centre
    governorate: Ints  # (K,) code
    wilayat: Ints  # (K,) code
    village: Ints  # (K,) code
    servers: Ints  # (K,) who serve at one time
    visits: Floats  # (K,) visits with requests that are expected in the period, before levers
    hours: Ints  # (K,) row of `spans`
    spans: Ints  # (H, 7 weekdays from Sunday, spans, 2) seconds; -1 where there is none
    of_hour: Floats  # (48,) arrivals by half hour while open, relative
    of_weekday: Floats  # (7,) relative
    of_season: Floats  # (D,) relative, on average 1: the months differ
    day_spread: float  # standard deviation of a centre's day around its expectation, relative

    services: tuple[str, ...]  # (S,) codes
    entity: Ints  # (S,) position of the owner
    entities: tuple[int, ...]  # (E,) numbers
    share: Floats  # (S,) of the visits, before levers; need not add up to 1
    seconds: Floats  # (S,) at the counter for the first request of a visit, mean
    fee: Ints  # (K, S) the centre's own charge
    vat_per_mille: Ints  # (K,)
    seconds_sigma: float  # of the logarithm
    further: float  # a further request takes this part of the first one's time
    lead_seconds: float  # to sit down and be found
    sizes: Ints  # requests of a visit
    size_share: Floats  # of each size

    questions: float  # visits without a request, for each visit with one
    question_seconds: float
    question_patience: float  # seconds, mean
    patience: float  # of who has a request: seconds, mean; 0 means that nobody leaves
    without_ticket: float  # share of those who find nobody before them

    returned: Floats  # (S,) share returned for correction
    correct_days: tuple[int, int]  # working days until it is sent again
    in_hall: float  # share of corrections for which the person comes and waits
    decision_days: Floats  # (S,) working days, median
    decision_sigma: float
    at_once: float  # share decided within two hours
    approved: float
    outages: Floats  # (E,) expected in the period
    outage_seconds: float  # median
    outage_sigma: float
    outage_pace: float  # of counter work for the entity meanwhile; 1: the line takes over

    booked: float  # share of visits with an appointment
    missed: float  # share of appointments that nobody comes to
    break_seconds: float  # of each server, in the middle of a stretch of opening hours

    @property
    def has_features(self) -> bool:
        """Whether first come, first served does not say it all."""
        return self.booked > 0 or self.break_seconds > 0 or self.outage_pace < 1

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the model says."""
        found = hashlib.sha256()
        for name, value in self.parts():
            found.update(name.encode())
            found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        return found.hexdigest()

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Every field with its value."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def cells(self) -> tuple[Floats, Ints, Ints]:
        """By row of hours, weekday and half hour: relative arrivals; its first and last second.

        Shapes (H, 7, 48). A half hour that is not open has no seconds.
        """
        first, last = let_in(self.spans)
        return self.of_hour * self.of_weekday[:, None] * (last - first), first, last

    def open_days(self) -> npt.NDArray[np.bool_]:
        """(H, D): whether somebody with these hours is let in on the day."""
        weight = self.cells()[0].sum(axis=2)
        return (weight[:, weekday_of(self.days)] > 0) & ~self.is_holiday


def hours_of(weeks: Sequence[WeeklyHours]) -> tuple[Ints, Ints]:
    """(H, 7, 3, 2) opening and closing seconds by weekday, Sunday first, -1 where there is none;
    and (K,) which of the H each week is."""
    said = [
        tuple(
            (int(day), _second(span.opens), _second(span.closes))
            for day, spans in sorted(week.days.items())
            for span in spans
        )
        for week in weeks
    ]
    rows = list(dict.fromkeys(said))
    found = np.full((len(rows), 7, 3, 2), -1, dtype=np.int64)
    for number, row in enumerate(rows):
        for day, opens, closes in row:
            free = int((found[number, day, :, 0] >= 0).sum())
            found[number, day, free] = (opens, closes)
    return found, np.array([rows.index(one) for one in said], dtype=np.int64)


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60


def let_in(spans: Ints) -> tuple[Ints, Ints]:
    """(H, 7, 48) each: from and until which second of each half hour somebody is let in."""
    slot = np.arange(SLOTS) * SLOT_SECONDS
    first = np.broadcast_to(slot, (*spans.shape[:2], SLOTS)).astype(np.int64)
    last = first.copy()
    for span in range(spans.shape[2]):
        opens, closes = (spans[:, :, span, which, None] for which in (0, 1))
        low = np.maximum(slot, opens)
        high = np.minimum(slot + SLOT_SECONDS, closes - LAST_TICKET_SECONDS)
        inside = (opens >= 0) & (high > low)
        first, last = np.where(inside, low, first), np.where(inside, high, last)
    return first, last
