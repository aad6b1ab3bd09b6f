"""What the owner asks of a roster, and what the centre says: people, hours, holidays.

Everything is in the address, so that the page, the table and the calendar say the same. Nothing is
kept.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.centres import queries as centres
from sanad.lab import basis, snapshot
from sanad.lab.fitted import is_fitted
from sanad.lab.staffing.deal import Dealt, Person, dealt
from sanad.lab.staffing.demand import alone, with_hours
from sanad.lab.staffing.roster import ALL_DAYS, MOST_PEOPLE, NobodyToRoster
from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.network.model import Model, hours_of
from sanad.lab.twin.network.sessions import Known
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.staffing_form import TargetForm, number, whole
from sanad.web.lab.staffing_week import Week, week_of
from sanad.web.shell.fields import Choice, Field

WEEKS_AHEAD: Final = 6
QUARTER: Final = "2025Q3"
FIRST_SUNDAY: Final = date(2024, 1, 7)
WEEK: Final = timedelta(days=7)
AT_COUNTERS: Final = (Role.OPERATOR, Role.OWNER)


class WeekUnknown(Refused):
    code = "roster.week_unknown"
    sentence = N_("“{value}” is not one of the weeks that can be rostered. Choose one of the list.")


@dataclass(frozen=True)
class Asked:
    """The roster that is asked for at a centre, on a day."""

    centre: int
    today: date
    typed: QueryDict

    @property
    def form(self) -> TargetForm:
        return TargetForm({name: str(self.typed.get(name)) for name in self.typed})

    @property
    def weeks(self) -> tuple[date, ...]:
        """Sundays from this week's on."""
        sunday = self.today - timedelta(days=self.today.isoweekday() % 7)
        return tuple(sunday + n * WEEK for n in range(WEEKS_AHEAD))

    @property
    def week_field(self) -> Field:
        return Field(
            name="week", label=_("Week from Sunday"), kind="choice", required=True,
            value=self.typed.get("week", "") or f"{self.weeks[1]}",
            choices=tuple(Choice(f"{one}", f"{one}") for one in self.weeks),
        )  # fmt: skip

    @property
    def sunday(self) -> date:
        """The week's first day. Raises `WeekUnknown`."""
        value = self.week_field.value
        found = [one for one in self.weeks if f"{one}" == value]
        if not found:
            raise WeekUnknown(value=value)
        return found[0]

    @property
    def staff_field(self) -> Field:
        usual = str(len([one for one in self.staff() if one.days]))
        return number(
            "staff", _("People to roster"), self.typed.get("staff", "").strip() or usual,
        )  # fmt: skip

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.week_field, self.staff_field, *self.form.fields)

    def staff(self) -> list[Person]:
        """Who works here, with the days that are ticked off."""
        off = self.off
        people = {}
        for member in accounts.staff_of(self.centre):
            key = str(member.account_id)
            if member.role in AT_COUNTERS and key not in people:
                days = ALL_DAYS - {day for who, day in off if who == key}
                people[key] = Person(key, member.name, days)
        return list(people.values())

    @property
    def off(self) -> set[tuple[str, int]]:
        """Who is off on which weekday, as ticked."""
        parts = [one.rpartition(".") for one in self.typed.getlist("off")]
        return {(who, int(day)) for who, _dot, day in parts if day in set("0123456")}

    def people(self) -> list[Person]:
        """Who is rostered: as many as asked, of those who are there, then people without a name.

        Raises `NotWhole`, `NobodyToRoster`.
        """
        here = [one for one in self.staff() if one.days]
        count = whole(self.staff_field, 0, MOST_PEOPLE)
        if count == 0:
            raise NobodyToRoster(most=MOST_PEOPLE)
        more = [
            Person(f"new-{n}", Text(f"موظف إضافي {n}", f"Further person {n}"), ALL_DAYS)
            for n in range(1, count - len(here) + 1)
        ]
        return [*here, *more][:count]

    def holidays(self) -> dict[int, Text]:
        """Weekdays of the week that are holidays, with their names."""
        names = centres.holidays(since=self.sunday).names
        days = [self.sunday + timedelta(days=n) for n in range(7)]
        return {n: names[day] for n, day in enumerate(days) if day in names}

    def basis(self) -> dict[str, Any]:
        """What was learned of this network last, or what is assumed where nothing was."""
        learned = next((one for one in snapshot.snapshots() if is_fitted(one)), None)
        if learned is not None and self.centre in basis.model_of(_of(learned.id)).centre:
            return _of(learned.id)
        calibration = settings.SANAD_DEMONSTRATION or "announced"
        return {"kind": basis.CALIBRATION, "calibration": calibration, "quarter": QUARTER}

    def model(self) -> Model:
        """The centre's model with its hours and people of now. Raises `CentreUnknown`."""
        here = np.clip([len(self.staff())], 1, MOST_SERVERS)
        found = replace(alone(basis.model_of(self.basis()), self.centre), servers=here)
        spans = hours_of([centres.weekly_hours(self.centre)])[0][0]
        return with_hours(found, spans) if np.any(spans >= 0) else found

    def answer(self) -> tuple[Week, list[Dealt]]:
        """The week and its names. Raises what cannot be read, needed or rostered."""
        people = self.people()
        week = week_of(
            Known(self.model()), self.form.target(), self.form.rules(),
            tuple(one.days for one in people), frozenset(self.holidays()),
        )  # fmt: skip
        number_of_week = (self.sunday - FIRST_SUNDAY) // WEEK
        return week, dealt(week.roster, people, week=number_of_week)


def _of(snapshot_id: str) -> dict[str, Any]:
    return {"kind": basis.SNAPSHOT, "snapshot": snapshot_id}
