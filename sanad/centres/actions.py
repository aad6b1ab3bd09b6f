"""Verbs of the ministry about the network's calendar, and of an owner about their costs."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.centres.models import Holiday, StatedCosts
from sanad.centres.queries import stated_costs
from sanad.centres.stated import Stated
from sanad.db import reference
from sanad.eventlog.actions import append
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.money import baisa
from sanad.lib.opening_hours import HolidayTwice
from sanad.lib.refusal import N_, Refused


class HolidayPast(Refused):
    code = "centres.holiday_past"
    sentence = N_(
        "{day} has begun or is over, and what was open or closed on it cannot be changed. Choose "
        "a day after today."
    )


class NoSuchHoliday(Refused):
    code = "centres.no_such_holiday"
    sentence = N_("{day} is not in the list of holidays any more. Reload the page.")


class HolidayNameMissing(Refused):
    code = "centres.holiday_name_missing"
    sentence = N_("The holiday's name is missing in one language. Write it in Arabic and English.")


class CostsUnchanged(Refused):
    code = "centres.costs_unchanged"
    sentence = N_("These costs are stated already. Change one of them, or leave them as they are.")


def state_costs(*, centre: int, costs: Stated, at: datetime, by: UUID) -> None:
    """Say what the centre costs from now on. Raises `CostsUnchanged`, `NotWholeBaisa`, ...

    The log keeps that it was said and how much of it, not the amounts.
    """
    said = {name: value for name, value in vars(costs).items() if value is not None}
    for value in said.values():
        baisa(value)
    if costs == stated_costs(centre):
        raise CostsUnchanged
    StatedCosts.objects.create(centre_id=centre, stated_at=at, stated_by=by, **said)
    append("costs.stated", at=at, by=by, centre=centre, lines=len(said))


def add_holiday(*, day: date, name: Text, source: str, at: datetime, by: UUID) -> None:
    """Announce a day of rest. Raises `HolidayPast`, `HolidayNameMissing` or `HolidayTwice`."""
    _require_future(day, at)
    if not name.ar.strip() or not name.en.strip():
        raise HolidayNameMissing
    holiday = Holiday(
        day=day, name_ar=name.ar.strip()[:80], name_en=name.en.strip()[:80],
        provenance=source.strip()[:200],
    )  # fmt: skip
    try:
        with transaction.atomic():
            holiday.save(force_insert=True)
    except IntegrityError as error:
        there = Holiday.objects.get(day=day)
        first = Text(there.name_ar, there.name_en)
        raise HolidayTwice(day=day.isoformat(), first=first, second=name) from error
    reference.changed()
    append("holiday.added", at=at, by=by, day=day.isoformat())


def remove_holiday(*, day: date, at: datetime, by: UUID) -> None:
    """Take back a holiday that has not begun. Raises `HolidayPast` or `NoSuchHoliday`."""
    _require_future(day, at)
    if not Holiday.objects.filter(day=day).delete()[0]:
        raise NoSuchHoliday(day=day.isoformat())
    reference.changed()
    append("holiday.removed", at=at, by=by, day=day.isoformat())


def _require_future(day: date, at: datetime) -> None:
    if day <= business_date(at):
        raise HolidayPast(day=day.isoformat())
