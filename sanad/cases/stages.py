"""The clock of each stage: on whose desk a request lay, how long, and what was promised.

Pure: told the events, the procedure and the calendar. A stay begins with an event that moves the
request to another desk. The target of a desk is the sum of the procedure's targets for it; where
the procedure promises nothing there is no target, and nothing is overdue.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sanad.cases.rules import HOLDER_NAMES, Holder
from sanad.lib.opening_hours import (
    NO_HOLIDAYS,
    Holidays,
    WeeklyHours,
    add_working_days,
    add_working_hours,
)
from sanad.lib.refusal import N_

# The event that lays a request on a desk. Others leave it where it is.
MOVES = {
    "case.opened": Holder.CENTRE,
    "case.completed": Holder.PERSON,
    "case.reopened": Holder.CENTRE,
    "case.person_corrected": Holder.CENTRE,
    "payment.confirmed": Holder.CENTRE,
    "case.submitted": Holder.LINE,
    "delivery.acknowledged": Holder.ENTITY,
    "case.returned": Holder.CENTRE,
    "case.decided": Holder.PERSON,
    "case.delivered": Holder.NOBODY,
    "case.cancelled": Holder.NOBODY,
}
# As staff say it: to the person it is "you".
DESKS = {Holder.PERSON: N_("the person")}
RESPONSIBLE = {Holder.CENTRE: "centre", Holder.ENTITY: "entity"}


class Happened(Protocol):
    """What is asked of an event."""

    kind: str
    occurred_at: datetime


@dataclass(frozen=True)
class Stay:
    """A time on one desk. `ended_at` is None for the desk it lies on now."""

    holder: Holder
    since: datetime
    ended_at: datetime | None
    due_at: datetime | None
    lasted: timedelta

    @property
    def holder_name(self) -> str:
        return DESKS.get(self.holder, HOLDER_NAMES[self.holder])

    def is_overdue(self, at: datetime) -> bool:
        return self.due_at is not None and (self.ended_at or at) > self.due_at


@dataclass(frozen=True)
class Calendar:
    """When the centre works."""

    hours: WeeklyHours
    holidays: Holidays = NO_HOLIDAYS


def stays(
    events: Iterable[Happened], procedure: Iterable[Any], calendar: Calendar, *, at: datetime
) -> list[Stay]:
    """The stays of a request in their order; the last one is open unless it is finished."""
    found: list[Stay] = []
    stages = list(procedure)
    for event in events:
        holder = MOVES.get(event.kind)
        if holder is None or (found and found[-1].holder is holder):
            continue
        if found:
            found[-1] = _ended(found[-1], event.occurred_at)
        if holder is not Holder.NOBODY:
            due = _due(event.occurred_at, holder, stages, calendar)
            found.append(Stay(holder, event.occurred_at, None, due, at - event.occurred_at))
    return found


def spent(found: Iterable[Stay]) -> dict[Holder, timedelta]:
    """The whole time on each desk."""
    total: dict[Holder, timedelta] = {}
    for stay in found:
        total[stay.holder] = total.get(stay.holder, timedelta()) + stay.lasted
    return total


def _ended(stay: Stay, at: datetime) -> Stay:
    if stay.ended_at is not None:
        return stay
    return replace(stay, ended_at=at, lasted=at - stay.since)


def _due(since: datetime, holder: Holder, stages: list[Any], calendar: Calendar) -> datetime | None:
    targets = [
        stage.target
        for stage in stages
        if stage.responsible == RESPONSIBLE.get(holder) and stage.target is not None
    ]
    due = since
    for target in targets:
        due = _after(due, target.amount, target.unit, calendar)
    return due if targets else None


def _after(at: datetime, amount: int, unit: str, calendar: Calendar) -> datetime:
    if unit == "working_days":
        return add_working_days(at, amount, calendar.holidays)
    if unit == "working_hours":
        return add_working_hours(at, amount, calendar.hours, calendar.holidays)
    return at + (timedelta(minutes=amount) if unit == "minutes" else timedelta(days=amount))
