"""Signing in, the screen lock, the language, seats and the pages that say what went wrong."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from sanad.accounts import actions as accounts
from sanad.accounts.roles import Role
from sanad.db.scope import acting, centre_scope
from sanad.lib import clock
from sanad.web.shell import places
from tests.network import AISHA, BADR, KHUWAIR, PASSWORD, SALIM, TEN

CHOSEN = "a-long-and-private-phrase"


def page(response) -> str:
    return response.content.decode()


def leads_to(response) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(response.url)
    return parts.path, parse_qs(parts.query)


@pytest.fixture
def after(monkeypatch):
    """Move the interfaces' clock forward."""

    def move(**duration: float) -> None:
        before = clock.offset()
        monkeypatch.setenv(
            clock.OFFSET_VARIABLE, str((before + timedelta(**duration)).total_seconds())
        )

    return move


def test_language_and_direction_are_set_once(visitor):
    english = visitor.get("/", headers={"Accept-Language": "en"})
    arabic = visitor.get("/", headers={"Accept-Language": "ar"})

    assert '<html lang="en" dir="ltr">' in page(english)
    assert "bootstrap.min" in page(english)
    assert '<html lang="ar" dir="rtl">' in page(arabic)
    assert "bootstrap.rtl.min" in page(arabic)


def test_the_language_button_returns_to_the_page_with_its_question(visitor):
    shown = page(visitor.get("/services/?q=card"))
    assert 'name="next" value="/services/?q=card"' in shown

    answer = visitor.post("/language/", {"language": "ar", "next": "/services/?q=card"})

    assert answer.url == "/services/?q=card"
    assert '<html lang="ar"' in page(visitor.get(answer.url, headers={"Accept-Language": "en"}))


def test_the_language_button_leads_to_no_other_site(visitor):
    answer = visitor.post("/language/", {"language": "ar", "next": "https://elsewhere.test/"})

    assert urlsplit(answer.url).netloc == ""


def test_a_wrong_password_keeps_the_user_name_and_says_what_to_do(visitor):
    answer = visitor.post(reverse("account_login"), {"login": "aisha", "password": "guess"})

    assert 'value="aisha"' in page(answer)
    assert "Check the keyboard&#x27;s language" in page(answer)
    assert "guess" not in page(answer)
    assert "_auth_user_id" not in visitor.session


def test_sign_up_is_closed_and_says_who_invites(visitor):
    answer = visitor.get(reverse("account_signup"))

    assert "Accounts come by invitation" in page(answer)
    visitor.post(reverse("account_signup"), {"username": "mallory", "password1": CHOSEN})
    assert not get_user_model().objects.filter(username="mallory").exists()


def test_a_person_without_a_role_is_told_so(signed_in):
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        accounts.remove(account=BADR, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)

    answer = signed_in("badr").get("/home/")

    assert answer.status_code == 403
    assert "You hold no role at present" in page(answer)


def test_a_removed_persons_next_request_is_at_the_sign_in_page_with_a_sentence(signed_in):
    client = signed_in("aisha")
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        accounts.remove(account=AISHA, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)

    answer = client.get("/home/")

    assert leads_to(answer) == ("/accounts/login/", {"next": ["/home/"], "ended": ["1"]})
    assert "Your session has ended" in page(client.get(answer.url))


def test_a_visitor_is_led_to_sign_in_without_that_sentence(visitor):
    answer = visitor.get("/home/")

    assert leads_to(answer) == ("/accounts/login/", {"next": ["/home/"]})


def test_a_locked_screen_shows_nothing_and_returns_to_its_page(signed_in):
    client = signed_in("aisha")
    answer = client.post("/lock/", {"next": "/services/?q=card"})
    assert leads_to(answer) == ("/unlock/", {"next": ["/services/?q=card"]})

    elsewhere = client.get("/centres/?wilayat=1")
    assert leads_to(elsewhere) == ("/unlock/", {"next": ["/centres/?wilayat=1"]})
    part = client.get("/services/?q=x", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"].startswith("/unlock/")

    wrong = client.post(answer.url, {"password": "guess"})
    assert wrong.status_code == 422
    assert "The password is wrong" in page(wrong)
    assert client.get("/home/").status_code == 302

    right = client.post(answer.url, {"password": PASSWORD})
    assert right.url == "/services/?q=card"
    assert client.get("/home/").status_code == 200


def test_the_unlock_page_leads_to_no_other_site(signed_in):
    client = signed_in("aisha")
    client.post("/lock/")

    answer = client.post("/unlock/?next=https://elsewhere.test/", {"password": PASSWORD})

    assert answer.url == "/home/"


def test_an_idle_screen_locks_and_one_in_use_does_not(signed_in, after, settings):
    settings.SANAD_LOCK_AFTER_SECONDS = 600
    client = signed_in("aisha")
    client.get("/home/")
    for _ in range(3):
        after(minutes=8)
        assert client.get("/home/").status_code == 200

    after(minutes=11)

    assert leads_to(client.get("/home/")) == ("/unlock/", {"next": ["/home/"]})


def test_a_page_that_asks_by_itself_is_no_sign_of_life(signed_in, after, settings):
    settings.SANAD_LOCK_AFTER_SECONDS = 600
    client = signed_in("aisha")
    client.get("/home/")
    after(minutes=8)
    client.get("/home/", headers={"X-Background": "1"})

    after(minutes=8)

    assert client.get("/home/").status_code == 302


def test_a_person_with_two_seats_chooses_and_cannot_choose_anothers(signed_in, monkeypatch):
    client = signed_in("salim")
    seat = client.get("/home/").wsgi_request.seat

    client.post("/seat/", {"seat": "not-a-seat"})
    assert "seat" not in client.session
    client.post("/seat/", {"seat": str(seat.assignment_id)})
    assert client.session["seat"] == str(seat.assignment_id)


def test_home_names_role_and_place_and_offers_only_what_is_there(signed_in):
    shown = page(signed_in("aisha").get("/home/"))

    assert "Operator" in shown
    assert "Test centre - Al Khuwair" in shown
    assert 'href="/services/"' in shown


def test_an_entitys_officer_sits_at_the_entity(signed_in):
    seat = signed_in("muna").get("/home/").wsgi_request.seat

    with acting(centre_scope(KHUWAIR)):
        assert places.place_of(seat).en == "Oman Chamber of Commerce and Industry"


def test_an_invitation_takes_a_password_once(visitor):
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        token = accounts.invite(
            username="layla", name_ar="ليلى", name_en="Layla", role=Role.OPERATOR,
            inviter_role=Role.OWNER, centre=KHUWAIR, at=TEN, by=SALIM,
        )  # fmt: skip
    link = f"/invitation/{token}/"
    assert "Layla" in page(visitor.get(link))

    weak = visitor.post(link, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert "at least" in page(weak)
    differ = visitor.post(link, {"password": CHOSEN, "again": CHOSEN + "r"})
    assert "The two passwords differ" in page(differ)

    right = visitor.post(link, {"password": CHOSEN, "again": CHOSEN})
    assert right.url == "/home/"
    assert visitor.get("/home/").status_code == 200

    again = Client(headers={"Accept-Language": "en"}).get(link)
    assert again.status_code == 410
    assert "already used or has expired" in page(again)


def test_no_such_page_in_words_and_in_the_readers_language(visitor):
    english, arabic = (
        visitor.get("/nowhere/", headers={"Accept-Language": code}) for code in ("en", "ar")
    )

    assert english.status_code == 404
    assert "There is no such page" in page(english)
    assert "لا توجد هذه الصفحة" in page(arabic)


def test_a_form_without_its_mark_is_refused_in_words(db):
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})

    answer = client.post("/lock/")

    assert answer.status_code == 400
    assert "The form could not be taken" in page(answer)


def test_a_fault_shows_a_number_and_nothing_of_the_inside(visitor, monkeypatch):
    def broken(*_, **__):
        raise OperationalError("connection to 10.0.0.1 refused")

    monkeypatch.setattr("sanad.web.public.front.catalogue.counts", broken)
    # Nothing the page needs may come from the database either.
    answer = visitor.get("/")

    assert answer.status_code == 500
    assert "tell the administrator this number" in page(answer)
    assert "10.0.0.1" not in page(answer)
    assert "Traceback" not in page(answer)


def test_the_page_of_a_fault_asks_the_database_nothing(
    visitor, monkeypatch, django_assert_num_queries
):
    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("sanad.web.shell.screen.accounts.seats_of", broken)
    monkeypatch.setattr("sanad.web.shell.screen.acting", broken)

    with django_assert_num_queries(0):
        assert visitor.get("/").status_code == 500


def test_a_demonstration_says_so_on_every_page_and_lists_its_people(visitor, settings):
    settings.SANAD_DEMONSTRATION = "announced"

    for address in ("/", "/services/", "/nowhere/", "/accounts/login/"):
        shown = page(visitor.get(address))
        assert "Simulated people and transactions." in shown
        assert "announced figures" in shown
        assert "30 September 2025" in shown
    assert "sanad-demonstration" in page(visitor.get("/accounts/login/"))


def test_a_real_network_names_no_demonstration(visitor):
    shown = page(visitor.get("/accounts/login/"))

    assert "sanad-demonstration" not in shown
    assert "Simulated" not in shown


def test_every_answer_forbids_inline_scripts(visitor):
    policy = visitor.get("/").headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
