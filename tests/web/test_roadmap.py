"""The roadmap's pages: moved, refused by name, followed, published, taken away as files."""

import csv
import io
from typing import Any
from uuid import UUID

import icalendar
import openpyxl
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from sanad.db.scope import acting, national_scope
from sanad.lab.models import PublishedRoadmap, RoadmapMove
from sanad.lab.roadmap import plan
from tests.lab.roadmap_example import load_example
from tests.network import AISHA, HUDA, NASSER
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
ROADMAP, PUBLIC = "/lab/roadmap/", "/roadmap/"


@pytest.fixture
def example() -> UUID:
    return load_example()


def starts() -> dict[str, str]:
    with acting(national_scope()):
        return dict(plan.current().starts or {})


def move(client: Any, code: str, do: str) -> Any:
    return client.post(reverse("lab_roadmap_move", args=[code]), {"do": do})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_roadmap_is_read_with_its_table(example: UUID, language: str) -> None:
    page = signed_in(NASSER, language=language).get(ROADMAP)
    words = words_of(page)
    said = {
        "ar": ("خريطة الطريق", "ملف واحد للمراجع", "مثال", "مفترض", "الشيء نفسه جدولًا"),
        "en": ("Roadmap", "One file for each client", "Example", "Assumed", "The same as a table"),
    }[language]

    assert page.status_code == 200
    assert all(one in words for one in said)
    assert "2025Q4 – 2026Q2" in words
    assert page.content.decode().count("data-bar") == len(starts()) == 3


def test_without_a_roadmap_it_says_what_to_do() -> None:
    assert "Adopt one first" in words_of(signed_in(NASSER).get(ROADMAP))
    assert "not published" in words_of(Client(headers={"accept-language": "en"}).get(PUBLIC))
    assert Client().get("/roadmap.csv").status_code == 404


def test_a_bar_is_moved_and_who_moved_it_is_kept(example: UUID) -> None:
    client, before = signed_in(NASSER), starts()["appointments"]
    page = move(client, "appointments", "later")

    assert page.status_code == 302
    assert "held=appointments" in page.headers["location"]
    assert starts()["appointments"] == "2026Q4"
    words = words_of(client.get(ROADMAP))
    assert "Moved by hand" in words
    with acting(national_scope()):
        (kept,) = RoadmapMove.objects.values_list("by", "code", "before", "after")
    assert kept == (NASSER, "appointments", before, "2026Q4")


@pytest.mark.parametrize(
    ("code", "do", "said"),
    [
        ("appointments", "earlier", "“One file for each client” must be finished before"),
        ("one-file", "earlier", "would have to start from 2025Q4"),
        ("one-file", "later", "“Appointments in all centres” cannot start in 2026Q3"),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_by_name(
    example: UUID, code: str, do: str, said: str
) -> None:
    before = starts()
    page = move(signed_in(NASSER), code, do)

    assert page.status_code == 409
    assert said in words_of(page)
    assert f'id="bar-{code}"' in page.content.decode()
    assert starts() == before
    with acting(national_scope()):
        assert not RoadmapMove.objects.exists()


def test_the_ministry_publishes_it_and_takes_it_back(example: UUID) -> None:
    assert signed_in(NASSER).post(reverse("lab_roadmap_publish")).status_code == 403
    client, anybody = signed_in(HUDA), Client(headers={"accept-language": "en"})
    client.post(reverse("lab_roadmap_publish"), {"do": "publish"})
    move(client, "appointments", "later")
    page = anybody.get(PUBLIC)

    words = words_of(page)
    assert "One file for each client" in words
    assert "Example" in words
    # What was published stands, whatever is moved since.
    assert "2026Q3 – 2026Q4" in words
    client.post(reverse("lab_roadmap_publish"), {"do": "take_back"})
    assert "not published" in words_of(anybody.get(PUBLIC))
    with acting(national_scope()):
        assert PublishedRoadmap.objects.count() == 2
    assert client.post(reverse("lab_roadmap_publish"), {"do": "take_back"}).status_code == 409


def test_the_public_data_is_as_its_schema_says(example: UUID) -> None:
    signed_in(HUDA).post(reverse("lab_roadmap_publish"))
    text = Client().get("/roadmap.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    schema = Client().get("/roadmap.schema.json").json()

    assert list(rows[0]) == schema["required"] == list(schema["properties"])
    assert {row["code"] for row in rows} == {"one-file", "appointments", "one-stage"}
    assert {row["example"] for row in rows} == {"yes"}
    # What begins with a sign is no formula: a number, not a text.
    assert rows[0]["effect_low"] == "-4.0"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_programme_is_printed(example: UUID, language: str) -> None:
    taken = signed_in(NASSER).get(reverse("lab_roadmap_take", args=["pdf"]), {"language": language})
    assert taken.headers["content-type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(taken.content)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)

    assert 4 <= len(pdf) <= 9
    assert "65,000.500" in text
    if language == "en":
        said = ("2025Q4", "One file for each client", "Example", "Given up if no less is returned",
                "Where this comes from", "Assumptions")  # fmt: skip
        assert all(one in " ".join(text.split()) for one in said)
    pdf.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_workbook_opens_in_the_reader_s_direction(example: UUID, language: str) -> None:
    taken = signed_in(NASSER).get(
        reverse("lab_roadmap_take", args=["xlsx"]), {"language": language}
    )
    book = openpyxl.load_workbook(io.BytesIO(taken.content))

    assert len(book.sheetnames) == 6
    assert all(bool(s.sheet_view.rightToLeft) == (language == "ar") for s in book)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == 65000.5 and cell.number_format == "#,##0.000" for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any("مثال" in str(c.value) or "example" in str(c.value) for c in cells)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_calendar_holds_starts_ends_and_reviews(example: UUID, language: str) -> None:
    taken = signed_in(NASSER).get(reverse("lab_roadmap_take", args=["ics"]), {"language": language})
    found = icalendar.Calendar.from_ical(taken.content)
    events = list(found.walk("VEVENT"))

    assert len(events) == 9
    assert len({str(event["uid"]) for event in events}) == 9
    first = next(e for e in events if str(e["uid"]).startswith("one-file-starts"))
    assert first.decoded("dtstart").isoformat() == "2025-10-01"
    assert (first.decoded("dtend") - first.decoded("dtstart")).days == 1
    named = {
        "ar": "تبدأ: ملف واحد للمراجع (مثال)",
        "en": "Starts: One file for each client (Example)",
    }
    assert str(first["summary"]) == named[language]
    assert all(len(line) <= 75 for line in taken.content.split(b"\r\n"))


def test_the_list_is_taken_as_csv(example: UUID) -> None:
    taken = signed_in(NASSER).get(reverse("lab_roadmap_take", args=["csv"]), {"language": "en"})
    rows = list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert rows[0]["Code"] == "one-file"
    assert {row["Example"] for row in rows} == {"Example"}
    assert signed_in(NASSER).get("/lab/roadmap/take/exe/").status_code == 404


def test_it_is_for_the_ministry_and_its_analysts(example: UUID) -> None:
    for address in (ROADMAP, "/lab/initiatives/", "/lab/portfolios/", "/lab/roadmap/take/pdf/"):
        assert signed_in(AISHA).get(address).status_code == 403, address
    assert move(signed_in(AISHA), "one-file", "later").status_code == 403
    assert starts()["one-file"] == "2025Q4"
