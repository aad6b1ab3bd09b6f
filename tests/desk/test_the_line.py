"""The line at the desk, over HTTP: sending on, offers, notes, marks, and nothing typed lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sanad.cases import queries as cases
from sanad.counter import offers, queries, rules, transfers
from sanad.lib import clock
from sanad.lib.secrets_in_text import SecretRefused
from tests.counter.line import call, does, eyes, found, issue, settle, sohar, start, to_sohar
from tests.desk.pages import require_said
from tests.network import AISHA, BADR, KHUWAIR, RENEW_MEMBERSHIP, SALIM, SOHAR, TEN, ZAHRA
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def post(account, name, *ids, **data):
    return signed_in(account).post(reverse(name, args=ids), data)


def words(account, name, *ids) -> str:
    return words_of(signed_in(account).get(reverse(name, args=ids)))


@pytest.mark.parametrize(("where", "kept"), [
    ({"point": "2"}, {"for_point": 2}),
    ({"colleague": str(BADR)}, {"for_account": BADR}),
    ({"service": RENEW_MEMBERSHIP}, {"line_group": "B", "service_code": RENEW_MEMBERSHIP}),
])  # fmt: skip
def test_the_one_in_hand_is_sent_on_with_a_note(where, kept):
    ticket = issue()
    call()

    answer = post(AISHA, "desk_send", ticket, note="has the form", **where)

    assert answer.status_code == 302
    sent = found(ticket)
    assert (sent.status, sent.note) == (rules.WAITING, "has the form")
    assert {name: getattr(sent, name) for name in kept} == kept
    assert "has the form" in words(AISHA, "desk")


@pytest.mark.parametrize("where", [
    {"point": "99"}, {"point": "x"}, {"colleague": "x"}, {"colleague": str(ZAHRA)},
    {"service": "no-such"}, {}, {"centre": "77777"}, {"centre": "x" * 30}, {"centre": "1"},
])  # fmt: skip
def test_where_it_cannot_go_the_page_says_so_and_keeps_the_note(where):
    ticket = issue()

    answer = post(AISHA, "desk_send", ticket, note="has the form", **where)

    assert answer.status_code == 409
    assert answer.content.decode().count('value="has the form"') >= 1
    assert (found(ticket).status, found(ticket).note) == (rules.WAITING, "")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_secret_in_a_note_is_refused_in_the_readers_language(language):
    ticket = issue()
    client = signed_in(AISHA, language=language)

    answer = client.post(reverse("desk_send", args=[ticket]), {"note": "PIN 4821", "point": "2"})

    require_said(answer, SecretRefused, language)
    assert found(ticket).for_point is None


def test_centres_are_found_by_name_and_one_is_offered_the_person():
    ticket = issue()
    page = words_of(signed_in(AISHA).get(reverse("desk_send", args=[ticket]), {"centre": "صحار"}))
    assert "Test centre - Sohar" in page

    post(AISHA, "desk_send", ticket, centre=str(SOHAR), note="printer broken")

    assert "Offered to another centre A-001" in words(AISHA, "desk")
    theirs = words(ZAHRA, "desk")
    assert "Offered to us" in theirs
    assert "printer broken" in theirs


def test_taking_an_offer_gives_a_number_that_the_phone_leads_to():
    ticket = issue()
    offer = to_sohar(ticket)

    assert post(ZAHRA, "desk_offer", offer, "accept").status_code == 302
    settle(offer)

    with eyes(ZAHRA, SOHAR):
        (new,) = queries.line(SOHAR, at=TEN)["waiting"]
    assert new.from_centre.en == "Test centre - Al Khuwair"
    phone = Client(headers={"accept-language": "en"})
    page = phone.get(f"/ticket/{ticket}/")
    assert "Another centre took you" in words_of(page)
    assert f"/ticket/{new.id}/" in page.content.decode()
    assert "You are next" in words_of(phone.get(f"/ticket/{new.id}/"))


def test_an_offer_that_is_gone_is_said():
    offer = to_sohar(issue())
    sohar(offers.decline_offer, offer)

    answer = post(ZAHRA, "desk_offer", offer, "accept")

    require_said(answer, offers.OfferGone, "en")
    assert post(ZAHRA, "desk_offer", offer, "eat").status_code == 302


def test_an_offer_is_taken_back_from_the_desk():
    ticket = issue()
    offer = to_sohar(ticket)

    post(AISHA, "desk_offer", offer, "withdraw")

    assert found(ticket).status == rules.WAITING


def test_a_note_is_left_and_taken_over():
    post(AISHA, "desk_note", note="ink is low")
    page = signed_in(BADR).get(reverse("desk"))
    assert "ink is low" in words_of(page)
    with eyes():
        (note,) = queries.notes(KHUWAIR)

    post(BADR, "desk_note_taken", note.id)

    assert "ink is low" not in words(BADR, "desk")


def test_a_refused_note_stays_in_its_field():
    answer = post(AISHA, "desk_note", note="password: hunter2 & more")

    require_said(answer, SecretRefused, "en")
    assert "password: hunter2 &amp; more</textarea>" in answer.content.decode()


def test_a_refused_hold_keeps_its_reason_and_time():
    ticket = issue()
    call()

    answer = post(AISHA, "desk_ticket", ticket, "hold", reason="otp 4821", minutes="15")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="otp 4821"' in page
    assert '<option value="15" selected>' in page


def test_a_hold_says_when_to_call_back():
    ticket = issue()
    call()

    post(AISHA, "desk_ticket", ticket, "hold", reason="copies", minutes="15")

    assert found(ticket).call_back_at.timestamp() == pytest.approx(
        (TEN + timedelta(minutes=15)).timestamp(), abs=60
    )
    assert "call back at 10:15" in words(AISHA, "desk")


def test_priority_is_shown_to_staff_and_confirmed_or_withdrawn():
    ticket = issue(priority="pregnant")
    assert "Pregnant" in words(AISHA, "desk")
    board = signed_in(SALIM).get("/hall/board/now/")
    assert "A-001" in words_of(board)
    assert "A-001 Pregnant" not in words_of(board)

    post(AISHA, "desk_ticket", ticket, "confirm-priority")
    assert found(ticket).priority_confirmed_by == AISHA
    post(AISHA, "desk_ticket", ticket, "withdraw-priority")

    assert found(ticket).priority == ""


def test_the_kiosk_takes_priority_by_touch_and_prints_nothing_of_it():
    hall = signed_in(AISHA)
    chosen = hall.get("/hall/choose/", {"priority": "elderly"}).content.decode()
    assert 'name="priority" value="elderly"' in chosen

    page = words_of(hall.post("/hall/take/", {"group": "A", "priority": "elderly"}, follow=True))

    assert "Elderly" not in page
    with eyes():
        (ticket,) = queries.line(KHUWAIR, at=TEN)["waiting"]
    assert ticket.priority.en == "Elderly"
    hall.post("/hall/take/", {"group": "A", "priority": "king"})
    with eyes():
        assert [t.priority is None for t in queries.line(KHUWAIR, at=TEN)["waiting"]] == [
            False, True,
        ]  # fmt: skip


@pytest.mark.parametrize(("channel", "kept"), [
    ("phone", "phone"), ("remote", "remote"), ("", "quick"), ("hall", "quick"), ("x", "quick"),
])  # fmt: skip
def test_serving_without_a_ticket_has_a_channel(channel, kept):
    post(AISHA, "desk_quick", channel=channel)

    with eyes(AISHA):
        assert cases.open_visit_of(AISHA).channel == kept


def test_a_forgotten_visit_is_nudged_and_its_timing_marked(monkeypatch):
    ticket = issue()
    call()
    visit = start(ticket)
    assert "Still serving?" not in words(AISHA, "desk")
    later = TEN + timedelta(minutes=50)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(clock.offset_to(later).total_seconds()))
    assert "Still serving?" in words(AISHA, "desk")

    post(AISHA, "desk_timing", visit)
    post(AISHA, "desk_finish", visit)

    assert "The timing of your last visit is marked as wrong" in words(AISHA, "desk")


def test_groups_of_a_counter_are_chosen_and_none_is_forgotten():
    every = {f"1-{group}": "on" for group in "ABC"}

    assert post(AISHA, "line_choices", **every, **{"2-B": "on"}).status_code == 302
    with eyes():
        assert queries.choices(KHUWAIR).point_groups == {2: frozenset({rules.Group.BUSINESS})}
    answer = post(AISHA, "line_choices", **{"1-A": "on", "2-B": "on"})

    require_said(answer, rules.GroupUnserved, "en")
    with eyes():
        assert queries.choices(KHUWAIR).point_groups == {2: frozenset({rules.Group.BUSINESS})}


def test_only_the_owner_keeps_the_line_overnight():
    assert post(AISHA, "line_overnight", keeps="on").status_code == 403
    assert post(SALIM, "line_overnight", keeps="on").status_code == 302
    with eyes():
        assert queries.choices(KHUWAIR).keeps_overnight

    post(SALIM, "line_overnight")

    with eyes():
        assert not queries.choices(KHUWAIR).keeps_overnight


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_rule_is_published(language):
    visitor = Client(headers={"accept-language": language})
    page = visitor.get("/waiting/")

    assert page.status_code == 200
    assert str(rules.PRIORITY_MINUTES) in words_of(page)


def test_a_ticket_sent_to_a_colleague_says_for_whom():
    does(transfers.to_colleague, issue(), account=BADR)
    assert "for Badr" in words(AISHA, "desk")
