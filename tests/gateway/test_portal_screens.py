"""What the screens say of a portal: the register, the officer's form, the desk, the public."""

import csv
import io
from datetime import timedelta

import pytest

from sanad.db.connect import as_administrator
from sanad.gateway.models import Outage
from sanad.web.shell.downloads import BYTE_ORDER_MARK, csv_text
from tests.gateway.test_outages import announced, register
from tests.network import (
    AISHA,
    CHAMBER,
    HEALTH,
    HUDA,
    KHALID,
    MUNA,
    NASSER,
    RENEW_MEMBERSHIP,
    TEN,
    YUSUF,
)
from tests.walk import Walk, entity_listens
from tests.web_client import signed_in, words_of

pytestmark = pytest.mark.usefixtures("committed", "at_ten")
TYPED = {"start": "2025-10-02 08:00", "end": "٢٠٢٥-١٠-٠٢ ١٤:٠٠", "note_ar": "صيانة",
         "note_en": "Upkeep"}  # fmt: skip


def seen(entity: int = CHAMBER, *, ended_after: float | None = None, **more) -> Outage:
    """An outage that the line saw: from nine o'clock of the small network's Tuesday."""
    with as_administrator(url=None):
        began = TEN - timedelta(hours=1)
        ended = None if ended_after is None else began + timedelta(minutes=ended_after)
        return Outage.objects.create(
            entity_id=entity, started_at=began, ended_at=ended, found_by="line", **more
        )


def test_the_ministry_sees_who_is_down_since_when_and_what_it_cost():
    entity_listens()
    seen(ended_after=30, deliveries=7)
    page = words_of(signed_in(HUDA).get("/network/portals/"))

    assert "Portal takes requests" in page
    assert "1 outage · 30 minutes of opening hours lost · 7 requests waited" in page
    seen()
    page = words_of(signed_in(KHALID).get("/network/portals/"))
    assert "Portal does not answer since 30 September 2025, 09:00 · no end announced" in page
    assert "goes on" in page


@pytest.mark.parametrize(
    ("account", "status"), [(HUDA, 200), (NASSER, 200), (KHALID, 200), (YUSUF, 403), (AISHA, 403)]
)
def test_ministry_analysts_and_inspectors_open_the_register(account, status):
    assert signed_in(account).get("/network/portals/").status_code == status
    assert signed_in(account).get("/network/portals.csv").status_code == status


def test_the_register_is_filtered_by_entity_and_period():
    seen(ended_after=30)
    huda = signed_in(HUDA)

    def shown(query: str) -> str:
        return words_of(huda.get(f"/network/portals/?{query}"))

    assert "1 outage ·" in shown(f"entity={CHAMBER}")
    assert "No outage is known" in shown(f"entity={HEALTH}")
    assert "1 outage ·" in shown("first=2025-09-30&last=2025-09-30")
    assert "No outage is known" in shown("first=2025-09-01&last=2025-09-29")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=today", "“today” is not a day of the calendar"),
        ("first=2025-09-30&last=2025-09-01", "The last day is before the first"),
        ("first=1990-01-01&last=2025-09-01", "at most five years"),
    ],
)
def test_a_period_that_cannot_be_read_says_why(query, sentence):
    for address in ("/network/portals/", "/network/portals.csv"):
        answer = signed_in(HUDA).get(f"{address}?{query}")
        assert answer.status_code == 422
        assert sentence in words_of(answer)


def test_the_register_as_csv_starts_no_formula():
    with as_administrator(url=None):
        Outage.objects.create(
            entity_id=CHAMBER, started_at=TEN - timedelta(hours=2), found_by="entity",
            ended_at=TEN - timedelta(hours=1), note_ar="صيانة", note_en='=HYPERLINK("http://x")',
        )  # fmt: skip
    answer = signed_in(HUDA).get("/network/portals.csv?first=2025-09-01")
    text = answer.content.decode()
    [row] = csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)))

    assert text.startswith(BYTE_ORDER_MARK)
    assert answer["Content-Disposition"].endswith('filename="outages-2025-09-01-2025-09-30.csv"')
    assert row["note_en"] == '\'=HYPERLINK("http://x")'
    assert (row["note_ar"], row["minutes"], row["entity"]) == ("صيانة", "60", str(CHAMBER))
    assert row["started_at"] == "2025-09-30T08:00:00+04:00"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_as_a_formula(start):
    assert csv_text(["x"], [[f"{start}1+1"]]).splitlines()[1].lstrip('"').startswith("'")
    assert csv_text(["x"], [[-5, None, "x"]]).split("\r\n")[1] == "-5,,x"


def test_an_officer_announces_and_withdraws():
    muna = signed_in(MUNA)
    answer = muna.post("/entity/portal/", TYPED, follow=True)

    assert "Announced. The counters and the public pages say it." in words_of(answer)
    [outage] = register()
    assert (outage.entity_id, outage.found_by, outage.note_en) == (CHAMBER, "entity", "Upkeep")
    assert outage.started_at == TEN + timedelta(hours=46)
    assert "Upkeep" in words_of(signed_in(HUDA).get("/network/portals/"))

    muna.post(f"/entity/portal/{outage.id}/withdraw/")
    assert register() == []
    gone = muna.post(f"/entity/portal/{outage.id}/withdraw/")
    assert gone.status_code == 409
    assert "has not announced this outage" in words_of(gone)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end": "2025-10-02 07:00"}, "The end is not after the beginning"),
        ({"start": "2025-09-01 08:00"}, "The beginning has passed"),
        ({"end": "2025-12-02 08:00"}, "lasts at most 30 days"),
        ({"note_en": " "}, "Say in Arabic and in English"),
        ({"start": "tomorrow"}, "“tomorrow” is not a day and a time"),
    ],
)
def test_a_refused_announcement_says_why_and_keeps_what_was_typed(change, sentence):
    answer = signed_in(MUNA).post("/entity/portal/", TYPED | change)

    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert 'value="صيانة"' in answer.content.decode()
    assert register() == []


def test_an_announcement_that_overlaps_is_refused_on_the_page():
    signed_in(MUNA).post("/entity/portal/", TYPED)
    answer = signed_in(MUNA).post("/entity/portal/", TYPED)

    assert answer.status_code == 422
    assert "announced an outage for a part of this time already" in words_of(answer)


def test_the_desk_says_that_a_request_is_kept_and_will_be_sent():
    walk = Walk().completed()
    aisha = signed_in(AISHA)
    case, found = f"/desk/cases/{walk.case}/", f"/desk/visits/{walk.made['visit']}/services/"
    assert "Portal takes requests" in words_of(aisha.get(case))
    assert "Portal" not in words_of(aisha.get(found, {"q": "membership"}))
    seen()

    page = words_of(aisha.get(case))
    assert "Portal does not answer" in page
    assert "The request is kept in line and will be sent; nobody has to send it again." in page
    hits = words_of(aisha.get(found, {"q": "membership"}))
    assert "Portal does not answer A request is kept in line and will be sent." in hits


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The entity has closed its portal since 30 September 2025, 10:00."),
        ("ar", "أغلقت الجهة بوابتها منذ 30 سبتمبر 2025، 10:00."),
    ],
)
def test_the_public_page_of_a_service_says_it_too(client, language, sentence):
    announced(start=0, hours=3)
    client.cookies["sanad_language"] = language
    page = words_of(client.get(f"/services/{RENEW_MEMBERSHIP}/"))

    assert sentence in page
