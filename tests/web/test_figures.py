"""The figures of a quarter: each leads down to its rows, and the sums agree all the way."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sanad.db.scope import acting, system_scope
from sanad.lib.business_day import business_date
from sanad.oversight import actions
from sanad.web.network import quarter as screen
from sanad.web.network.chart import line_chart, round_step, small_chart
from tests.network import (
    BADR,
    CHAMBER,
    IBRAHIM,
    KHUWAIR,
    NOORA,
    RAHUL,
    RENEW_CARD,
    SOHAR,
    TEN,
    ZAHRA,
)
from tests.walk import Walk

pytestmark = pytest.mark.django_db
DAY = business_date(TEN)
Q3 = "2025Q3"


@pytest.fixture
def counted(db: None) -> None:
    """Three transactions in Muscat on two days, one of them of another service; one in Sohar."""
    Walk().answered("approved").finished_visit()
    Walk(client=NOORA, at=TEN - timedelta(days=1)).submitted().finished_visit()
    Walk(client=RAHUL, operator=BADR, service=RENEW_CARD).submitted()
    Walk(centre=SOHAR, operator=ZAHRA, client=IBRAHIM).submitted()
    with acting(system_scope()):
        actions.refill_days(DAY - timedelta(days=1), DAY, at=TEN)


def read(client: Client, route: str, *words: object, **asked: object) -> str:
    """A page as text without its tags, spaces drawn together."""
    answer = client.get(reverse(route, args=words), asked)
    assert answer.status_code == 200, answer.content.decode()
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", text)


def test_the_announced_table_stands_beside_the_counted(signed_in, counted):
    page = read(signed_in("huda"), "quarter", Q3)

    assert re.search(r"Centres Licensed on .*? 3 Show the rows more than 920", page)
    assert re.search(r"Jobs People with .*? 4 Show the rows more than 2,350", page)
    assert re.search(r"Transactions Requests .*? 4 Show the rows more than 800,000", page)
    assert re.search(r"Omani share Of the jobs .*? 100% Show the rows 100%", page)
    assert "as announced in December 2025 and reported by the press" in page
    assert "Formula: number of case.submitted events with resend = false" in page


def test_from_the_figure_to_its_rows_the_sums_agree(signed_in, counted):
    client = signed_in("nasser")

    assert re.search(r"Together 3 4 100% 4 ", read(client, "quarter_governorates", Q3))
    centres = read(client, "quarter_centres", Q3)
    assert re.search(r"Together, on every page open: 3 4 4 ", centres)
    muscat = read(client, "quarter_centres", Q3, governorate=1)
    assert re.search(r"Together, on every page open: 1 3 3 ", muscat)
    services = read(client, "quarter_services", Q3)
    assert re.search(r"Together, on every page used: 2 offered: \d+ 4 ", services)
    assert re.search(r"Together 4 0 1 0 ", read(client, "quarter_days", Q3))
    assert re.search(r"Together 3 0 1 0 ", read(client, "quarter_centre", Q3, KHUWAIR))
    assert re.search(r"Together 1 0 0 0 ", read(client, "quarter_service", Q3, RENEW_CARD))
    events = read(client, "quarter_submissions", Q3, KHUWAIR, "2025-09-30")
    assert "Events counted now 2 The day fact says 2 Equal" in events


def test_wilayats_and_entities_add_up_and_lead_to_their_rows(signed_in, counted):
    client = signed_in("nasser")

    wilayats = read(client, "quarter_wilayats", Q3)
    assert re.search(r"Bawshar 1 \d 3 Bawshar", wilayats)
    assert "no centre" in wilayats
    bawshar = read(client, "quarter_centres", Q3, wilayat=4)
    assert re.search(r"Together, on every page open: 1 \d 3 ", bawshar)
    entities = read(client, "quarter_entities", Q3)
    assert re.search(r"Oman Chamber of Commerce and Industry 3 ", entities)
    assert re.search(r"Together, on every page 4 ", entities)
    chamber = read(client, "quarter_services", Q3, entity=CHAMBER)
    assert re.search(r"Together, on every page used: 1 offered: \d+ 3 ", chamber)
    assert "Renew membership" in chamber


def test_the_report_on_paper_is_in_the_language_asked_for(signed_in, counted):
    client = signed_in("huda")
    for language in ("ar", "en"):
        answer = client.get(reverse("quarter_report", args=[Q3]), {"language": language})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert f"sanad-2025Q3-{language}.pdf" in answer["Content-Disposition"]
        assert answer.content.startswith(b"%PDF-")
    assert client.get(reverse("quarter_report", args=["2025Q9"])).status_code == 409


def test_a_late_event_is_seen_as_a_difference(signed_in, counted):
    Walk(client=IBRAHIM).submitted()

    events = read(signed_in("khalid"), "quarter_submissions", Q3, KHUWAIR, "2025-09-30")
    assert "Events counted now 3 The day fact says 2 Different" in events


def test_an_empty_quarter_is_said_in_words(signed_in):
    client = signed_in("huda")

    page = read(client, "quarter", "2019Q1")
    assert "Nothing was counted in this quarter." in page
    assert "We know of no announcement about this quarter." in page
    assert "nothing to measure" in page
    assert "Nothing was counted here" in read(client, "quarter_days", "2019Q1")
    assert "There was no centre here" in read(client, "quarter_centres", "2019Q1", governorate=9)
    assert "No request was handed over here" in read(
        client, "quarter_submissions", Q3, SOHAR, "2025-07-01"
    )


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("quarter/2025Q9/", 409, "is not a quarter. Write the year and the number of the quarter"),
        ("quarter/yesterday/days/", 409, "is not a quarter"),
        ("quarter/?quarter=2025", 409, "is not a quarter"),
        ("quarter/2025Q3/centres/1/2025-10-01/", 409, "is not in the quarter"),
        ("quarter/2025Q3/centres/1/today/", 409, "today"),
        ("quarter/2025Q3/centres/999/", 404, ""),
        ("quarter/2025Q3/services/none-such/", 404, ""),
    ],
)
def test_what_is_not_there_is_a_clear_sentence(signed_in, address, status, words):
    answer = signed_in("huda").get(f"/network/{address}")

    assert answer.status_code == status
    assert words in re.sub(r"<[^>]+>", "", answer.content.decode())


def test_the_chooser_leads_to_the_quarter_and_without_one_to_that_of_today(signed_in):
    client = signed_in("huda")

    assert client.get("/network/quarter/")["Location"] == "/network/quarter/2025Q3/"
    asked = client.get("/network/quarter/", {"quarter": "2024 q4"})
    assert asked["Location"] == "/network/quarter/2024Q4/"


@pytest.mark.parametrize("username", ["salim", "aisha", "muna", "yusuf"])
@pytest.mark.parametrize("route", ["quarter_latest", "series"])
def test_who_has_no_business_here_is_refused(signed_in, username, route):
    assert signed_in(username).get(reverse(route)).status_code == 403


def test_a_demonstration_says_that_its_figures_are_simulated(signed_in, settings):
    settings.SANAD_DEMONSTRATION = "portal"
    client = signed_in("huda")

    assert "Simulated:" in read(client, "quarter", Q3)
    assert "This demonstration follows the portal's series." in read(client, "series")


def test_the_series_says_what_does_not_agree_and_what_was_imputed(signed_in):
    page = read(signed_in("huda"), "series")

    assert "this series has 615,093 for the whole of 2025" in page
    assert "it counts its own events" in page
    assert re.search(r"2016 4,103,061 OMR 8,206,122.000 imputed", page)
    assert "OMR 2,237,583.175" in page
    assert re.search(r"Transactions a year in the whole country From 4,103,061 in 2016", page)


def test_the_map_shades_by_rank_and_has_its_table_beneath(signed_in, counted):
    answer = signed_in("huda").get(reverse("quarter", args=[Q3]), {"measure": "people_per_centre"})
    text = answer.content.decode()

    tiles = re.findall(r'<li class="place-(\d+)"><a class="map-tile shade-(\d)"', text)
    assert {place for place, _ in tiles} == {str(code) for code in range(1, 12)}
    # Three places have a centre: the shades of the others say that there is nothing.
    assert sorted(shade for _, shade in tiles) == ["0"] * 8 + ["1", "2", "4"]
    assert 'href="?measure=people_per_centre#map" aria-current="true"' in text


def test_shades_of_equal_values_are_equal():
    ranked = [1, 1, 2, 3, 9]

    assert [screen._shade(value, ranked) for value in (None, 0, 1, 2, 3, 9)] == [0, 0, 1, 3, 4, 5]


def test_a_chart_is_drawn_from_left_to_right_between_its_levels():
    chart = line_chart([2016, 2017, 2018], [4_103_061, 0, 615_093])

    assert [mark.label for mark in chart.levels] == ["0", "2,000,000", "4,000,000", "6,000,000"]
    across = [float(mark.x) for mark in chart.points]
    assert across == sorted(across)
    assert all(0 <= float(mark.y) <= chart.height for mark in chart.points)
    assert float(chart.points[1].y) == float(chart.levels[0].y)
    assert [mark.label for mark in small_chart([2016, 2025], [1, 2]).years] == ["2016", "2025"]


@pytest.mark.parametrize(
    ("greatest", "step"), [(0, 1), (3, 1), (10, 2), (60_000, 20_000), (4_103_061, 2_000_000)]
)
def test_levels_are_round(greatest, step):
    assert round_step(greatest) == step
