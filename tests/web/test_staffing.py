"""People, hours and rosters on pages: in both languages, refused, taken away, and for whom."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pytest
from django.urls import reverse

from sanad.accounts.models import Account
from sanad.centres import queries as centres
from sanad.lab import basis
from sanad.lab.calibration import calibrated
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import Holidays
from tests.network import AISHA, BADR, HUDA, KHUWAIR, NASSER, SALIM
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
ROSTER = reverse("roster")
NETWORK = reverse("lab_staffing")
CENTRE = reverse("lab_staffing_centre", args=[134])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_all_centres_are_read_with_method_assumptions_and_trail(language: str) -> None:
    page = signed_in(NASSER, language=language).get(NETWORK)
    words = words_of(page)
    said = {
        "ar": ("الموظفون وساعات العمل", "صيغة إرلنغ", "افتراض:", "الأحجام المعلنة"),
        "en": ("People and hours", "Erlang C", "Assumed:", "Assumed: the announced volumes"),
    }[language]

    assert page.status_code == 200
    assert all(one in words for one in said)
    assert page.content.decode().count('scope="row"') == 50


def test_the_centres_are_narrowed_by_wilayat_and_by_how_they_stand() -> None:
    client = signed_in(NASSER)
    all_of_them, few, here = (
        client.get(NETWORK, given).context["page"].paginator.count
        for given in ({}, {"state": "too_few"}, {"state": "too_few", "wilayat": "4"})
    )
    assert all_of_them == 923
    assert 0 < few < all_of_them
    assert 0 < here < few


def test_where_the_formulas_do_not_hold_the_table_says_that_it_is_an_estimate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = replace(calibrated("announced"), break_seconds=900.0)
    monkeypatch.setattr(basis, "model_of", lambda said: one)
    client = signed_in(NASSER)
    words = words_of(client.get(NETWORK))
    assert "the table is a first estimate" in words
    assert "people are away from the counters" in words
    assert client.get(CENTRE).context["week"].needs.method == "twin"


def test_a_stricter_target_needs_more_hours() -> None:
    client = signed_in(NASSER)
    usual, strict = (
        client.get(NETWORK, given).context["found"].hours.sum()
        for given in ({}, {"minutes": "٢", "share": "95"})
    )
    assert strict > usual


@pytest.mark.parametrize("language", ["ar", "en"])
def test_one_centre_shows_its_week_a_roster_and_its_hours(language: str) -> None:
    page = signed_in(HUDA, language=language).get(CENTRE)
    words = words_of(page)
    said = {
        "ar": ("الجدول بلا أسماء", "ساعات المركز", "افتراض:"),
        "en": ("The roster, without names", "Opening hours", "Assumed:"),
    }[language]

    assert page.status_code == 200
    assert said[0] in words
    assert said[2] in words
    assert page.content.decode().count("<svg") == 5


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        (NETWORK, {"minutes": "soon"}, "“soon” in “Minutes” cannot be used"),
        (NETWORK, {"share": "100"}, "whole number from 1 to 99"),
        (NETWORK, {"basis": "a dream"}, "A study starts from a calibration and a quarter"),
        (CENTRE, {"staff": "0"}, "whole number from 1 to 30"),
        (reverse("lab_staffing_centre", args=[4000]), {}, "Nothing is known of who comes"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(address: str, typed: dict[str, str], said: str) -> None:
    page = signed_in(NASSER).get(address, typed)
    assert page.status_code == 409
    assert said in words_of(page)


def test_each_page_is_for_whom_it_is_for() -> None:
    assert signed_in(HUDA).get(NETWORK).status_code == 200
    for who in (AISHA, SALIM):
        assert signed_in(who).get(NETWORK).status_code == 403
        assert signed_in(who).get(CENTRE).status_code == 403
    for who in (AISHA, NASSER, HUDA):
        assert signed_in(who).get(ROSTER).status_code == 403
        assert signed_in(who).get(reverse("roster_file", args=["xlsx"])).status_code == 403


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_owner_reads_who_works_when(language: str) -> None:
    page = signed_in(SALIM, language=language).get(ROSTER)
    words = words_of(page)
    said = {
        "ar": ("من يعمل ومتى", "عائشة", "افتراض:"), "en": ("Who works when", "Aisha", "Assumed:"),
    }[language]  # fmt: skip

    assert page.status_code == 200
    assert all(one in words for one in said)
    assert [row["name"].en for row in page.context["people"]] == ["Salim", "Aisha", "Badr"]
    assert page.content.decode().count("<svg") == 5


def test_who_is_off_does_not_work_and_the_others_still_do() -> None:
    off = [f"{AISHA}.{day}" for day in (0, 1)]
    people = signed_in(SALIM).get(ROSTER, {"off": off}).context["people"]
    aisha = next(row for row in people if row["name"].en == "Aisha")

    assert aisha["days"][0] == aisha["days"][1] == []
    assert any(row["days"][0] for row in people)


def test_more_people_lack_less_and_fewer_lack_more() -> None:
    client = signed_in(SALIM)
    lacking = [
        int(client.get(ROSTER, {"staff": n}).context["week"].roster.lacking_weight)
        for n in ("1", "2", "٤")
    ]
    assert lacking == sorted(lacking, reverse=True)
    assert lacking[0] > lacking[-1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"staff": "0"}, "There is nobody to roster"),
        ({"staff": "many"}, "“many” in “People to roster” cannot be used"),
        ({"week": "2020-01-05"}, "“2020-01-05” is not one of the weeks"),
        ({"week_hours": "200"}, "whole number from 8 to 84"),
    ],
)
def test_what_cannot_be_rostered_is_said_and_stays(typed: dict[str, str], said: str) -> None:
    page = signed_in(SALIM).get(ROSTER, typed)
    assert page.status_code == 409
    assert said in words_of(page)
    for value in typed.values():
        assert f'value="{value}"' in page.content.decode() or "week" in typed


def test_a_holiday_of_the_week_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    days = Holidays({date(2025, 10, 6): Text("عطلة", "A day off")})
    monkeypatch.setattr(centres, "holidays", lambda *, since=None: days)
    page = signed_in(SALIM).get(ROSTER)
    assert "A holiday of this week is closed: A day off." in words_of(page)
    assert all(not row["days"][1] for row in page.context["people"])
    assert any(row["days"][0] for row in page.context["people"])


def taken(form: str, language: str = "ar", **given: Any) -> Any:
    page = signed_in(SALIM, language=language).get(reverse("roster_file", args=[form]), given)
    assert page.status_code == 200
    return page


def test_the_workbook_runs_in_the_reader_s_direction_and_starts_no_formula() -> None:
    Account.objects.filter(id=BADR).update(name_ar="=1+1", name_en="=1+1")
    arabic, english = (
        openpyxl.load_workbook(io.BytesIO(taken("xlsx", language).content))
        for language in ("ar", "en")
    )

    assert [sheet.sheet_view.rightToLeft for sheet in arabic] == [True, True, True]
    assert not english.worksheets[0].sheet_view.rightToLeft
    names = {cell.value: cell.data_type for cell in english["Roster"]["A"][3:]}
    assert names["=1+1"] == "s"
    rows = list(english["Roster"].iter_rows(min_row=4, values_only=True))
    assert sum(row[8] for row in rows) > 0
    assert any("08:00" in str(cell) or "07:00" in str(cell) for row in rows for cell in row)
    assert len(list(english["Forecast"].rows)) > 5


def test_the_calendar_holds_every_shift_at_its_time_and_the_same_again() -> None:
    page = signed_in(SALIM).get(ROSTER)
    expected = sum(len(day) for row in page.context["people"] for day in row["days"])
    events = icalendar.Calendar.from_ical(taken("ics").content).walk("VEVENT")

    assert len(events) == expected > 0
    muscat = ZoneInfo("Asia/Muscat")
    for event in events:
        begins, ends = event.decoded("dtstart"), event.decoded("dtend")
        assert begins.tzinfo is not None
        assert 7 <= begins.astimezone(muscat).hour < ends.astimezone(muscat).hour <= 22
        assert datetime(2025, 10, 5, tzinfo=UTC) <= begins < datetime(2025, 10, 12, tzinfo=UTC)
    again = icalendar.Calendar.from_ical(taken("ics").content).walk("VEVENT")
    assert [one["uid"] for one in events] == [one["uid"] for one in again]
    assert len({one["uid"] for one in events}) == len(events)


def test_nothing_is_kept_and_no_other_centre_is_told() -> None:
    page = signed_in(SALIM).get(ROSTER)
    assert page.context["week"].needs.centre == KHUWAIR
    assert "Zahra" not in words_of(page)  # of Sohar
