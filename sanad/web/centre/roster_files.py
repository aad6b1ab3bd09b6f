"""The roster to take away: a workbook in the reader's direction, and a calendar.

Texts are written as texts, so that no name is run as a formula; times of the calendar are UTC, so
that no reader needs to know Muscat's clock.
"""

import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from sanad.lab.staffing.deal import Dealt
from sanad.lab.staffing.demand import clock
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lib.business_day import MUSCAT
from sanad.web.lab.staffing_week import Run

WIDE, NARROW = 26, 13
HALF_HOUR: Final = timedelta(minutes=30)


def workbook(
    *, title: str, sunday: date, found: Sequence[Dealt], runs: Sequence[Run],
    said: Sequence[str], language: str,
) -> bytes:  # fmt: skip
    """The roster, the forecast behind it, and what is assumed: three sheets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
              "strings_to_numbers": False},
    )  # fmt: skip
    # The same roster is the same file.
    book.set_properties({"title": title, "created": datetime.combine(sunday, datetime.min.time())})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheets = [book.add_worksheet(name) for name in (_("Roster"), _("Forecast"), _("Assumptions"))]
    for sheet in sheets:
        if language.startswith("ar"):
            sheet.right_to_left()
        sheet.set_column(0, 0, WIDE)
        sheet.set_column(1, 8, NARROW)
    _roster(sheets[0], title, sunday, found, language, bold)
    _forecast(sheets[1], runs, language, bold)
    sheets[2].set_column(0, 0, 4 * WIDE)
    for row, sentence in enumerate(said):
        sheets[2].write_string(row, 0, sentence, wrap)
    book.close()
    return out.getvalue()


def _roster(
    sheet: Any, title: str, sunday: date, found: Sequence[Dealt], language: str, bold: Any
) -> None:
    sheet.write_string(0, 0, title, bold)
    days = [
        f"{name.in_language(language)} {sunday + timedelta(days=n)}"
        for n, name in enumerate(WEEKDAY_NAMES)
    ]
    for column, text in enumerate([_("Person"), *days, _("Hours")]):
        sheet.write_string(2, column, text, bold)
    for row, one in enumerate(found, start=3):
        sheet.write_string(row, 0, one.person.name.in_language(language))
        for day in range(7):
            sheet.write_string(row, day + 1, times(one, day))
        sheet.write_number(row, 8, one.paid / 2)
    sheet.freeze_panes(3, 1)


def _forecast(sheet: Any, runs: Sequence[Run], language: str, bold: Any) -> None:
    header = [
        _("Day"), _("From"), _("Until"), _("Visits expected"), _("People needed"),
        _("People rostered"), _("Lacking"),
    ]  # fmt: skip
    for column, text in enumerate(header):
        sheet.write_string(0, column, text, bold)
    for row, run in enumerate(runs, start=1):
        for column, text in enumerate((run.day.in_language(language), run.since, run.until)):
            sheet.write_string(row, column, text)
        for column, value in enumerate((run.visits, run.needed, run.there, run.lacking), start=3):
            sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 0)


def times(one: Dealt, day: int) -> str:
    """A day's shift in a cell, such as 08:00–14:00, 16:00–18:00."""
    return ", ".join(f"{clock(since)}–{clock(until)}" for since, until in one.shift(day))


def calendar(
    *, centre: int, place: str, sunday: date, found: Sequence[Dealt], language: str, at: datetime
) -> bytes:
    """An event for each piece of work of each person."""
    made = Calendar()
    made.add("prodid", "-//Sanad//Roster//AR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in found:
        for day in range(7):
            for since, until in one.shift(day):
                made.add_component(
                    _event(one, centre, place, sunday, day, (since, until), language, at)
                )
    content: bytes = made.to_ical()
    return content


def _event(
    one: Dealt, centre: int, place: str, sunday: date, day: int, piece: tuple[int, int],
    language: str, at: datetime,
) -> Event:  # fmt: skip
    midnight = datetime.combine(sunday + timedelta(days=day), datetime.min.time(), MUSCAT)
    begins, ends = (midnight + slot * HALF_HOUR for slot in piece)
    # Importing the same roster again changes the same events.
    key = f"{centre}/{one.person.key}/{begins.isoformat()}"
    event = Event()
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@sanad")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))
    event.add("summary", one.person.name.in_language(language))
    event.add("location", place)
    return event
