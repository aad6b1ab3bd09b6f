"""The hall: a ticket in two touches, a board without names, and nothing of whoever put it up."""

from datetime import timedelta

import pytest
from django.test import Client

from sanad.counter import actions, queries
from sanad.db.scope import acting, centre_scope
from sanad.lib import clock
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_CARD, TEN
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def hall():
    return signed_in(AISHA)


def waiting():
    with acting(centre_scope(KHUWAIR)):
        return queries.line(KHUWAIR, at=TEN)["waiting"]


def test_a_ticket_by_group_takes_one_touch_after_the_language(hall):
    first = hall.get("/hall/").content.decode()
    assert "العربية" in first
    assert "English" in first

    answer = hall.post("/hall/take/", {"group": "B"}, follow=True)

    page = words_of(answer)
    assert "B-001" in page
    assert "You are next" in page
    assert [ticket.name for ticket in waiting()] == ["B-001"]
    assert 'data-reset-after="30"' in answer.content.decode()


def test_a_service_found_by_name_gives_its_group_and_its_documents(hall):
    hall.post("/hall/take/", {"group": "A"})
    found = hall.get("/hall/choose/", {"q": "تجديد بطاقة مقيم وعمل"}).content.decode()
    assert f'value="{RENEW_CARD}"' in found

    page = words_of(hall.post("/hall/take/", {"service": RENEW_CARD}, follow=True))

    assert "A-002" in page
    assert "1 person is ahead of you" in page
    assert "Worker's passport" in page.replace("&#x27;", "'")


@pytest.mark.parametrize("typed", [{}, {"group": "Z"}, {"group": ""}])
def test_whoever_does_not_know_is_received(hall, typed):
    assert "C-001" in words_of(hall.post("/hall/take/", typed, follow=True))


def test_an_unknown_service_gives_no_ticket(hall):
    assert hall.post("/hall/take/", {"service": "no-such-service"}).status_code == 404
    assert waiting() == []


def test_a_closed_centre_says_when_it_opens_and_gives_no_ticket(hall, monkeypatch):
    friday = TEN + timedelta(days=3)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(clock.offset_to(friday).total_seconds()))

    page = words_of(hall.post("/hall/take/", {"group": "A"}, follow=True))

    assert "The centre is closed now" in page
    assert "5 October 2025, 07:00" in page
    assert waiting() == []


def test_the_tablet_shows_the_halls_pages_only_until_the_password_is_typed(hall):
    hall.get("/hall/")

    assert hall.get("/home/").headers["Location"].startswith("/unlock/")
    assert hall.get("/centre/day/").headers["Location"].startswith("/unlock/")
    assert hall.get("/hall/choose/").status_code == 200
    assert hall.get("/hall/board/").status_code == 200
    assert "Aisha" not in hall.get("/hall/").content.decode()


def test_the_board_shows_numbers_and_no_names(hall):
    walk = Walk()
    with walk.scope():
        for _ in range(3):
            actions.issue_ticket(
                centre=KHUWAIR, group="A", service_code=RENEW_CARD, at=TEN, by=None
            )
        ticket = actions.call_next(centre=KHUWAIR, point=2, at=TEN, by=AISHA)
        actions.start(ticket=ticket, at=TEN, by=AISHA)

    page = words_of(hall.get("/hall/board/now/"))

    assert "A-001 counter 2" in page
    assert "A-002 A-003" in page
    assert "Waiting: 2" in page
    assert MARYAM.name.en not in page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_empty_board_is_said_in_words(language):
    assert signed_in(AISHA, language=language).get("/hall/board/").status_code == 200


def test_a_ticket_is_followed_from_a_phone_without_an_account():
    with acting(centre_scope(KHUWAIR)):
        first, second = [
            actions.issue_ticket(
                centre=KHUWAIR, group="A", service_code=RENEW_CARD, at=TEN, by=None
            )
            for _ in range(2)
        ]
    phone = Client(headers={"accept-language": "en"})

    page = words_of(phone.get(f"/ticket/{second}/"))
    assert "A-002 1 person is ahead of you" in page
    with acting(centre_scope(KHUWAIR, account=AISHA)):
        assert actions.call_next(centre=KHUWAIR, point=2, at=TEN, by=AISHA) == first

    assert "Come to counter 2 now" in words_of(phone.get(f"/ticket/{first}/"))
    assert "You are next" in words_of(phone.get(f"/ticket/{second}/"))
    assert phone.get(f"/ticket/{KHUWAIR:032x}/").status_code == 404


def test_the_ticket_page_carries_the_code_of_the_page_that_follows_it(hall):
    page = hall.post("/hall/take/", {"group": "A"}, follow=True).content.decode()

    assert "<svg" in page
    assert "Follow it on your phone" in page
