"""The counter's door does what the screens do, for whoever is signed in, and nothing more."""

import json

import pytest
from django.test import Client as Browser

from sanad.accounts.models import Account
from sanad.accounts.sessions import ACTIVE_AT, LOCKED
from sanad.cases.models import Case, Visit
from sanad.counter.models import Ticket
from sanad.db.scope import acting, centre_scope
from tests.network import AISHA, BADR, HUDA, KHUWAIR, NOORA, RENEW_MEMBERSHIP, ZAHRA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
API = "/api/counter/v1"
SIGNATURE = " ".join(f"{x},{x}" for x in range(20))


class Device(Browser):
    """Somebody's device: signed in, sending the token with each call."""

    def call(self, path, document=None, *, status=200):
        response = self.post(
            f"{API}{path}", json.dumps(document or {}), content_type="application/json",
            headers={"X-CSRFToken": self.cookies["csrftoken"].value},
        )  # fmt: skip
        assert response.status_code == status, response.content.decode()
        return response.json()


def device(account=AISHA):
    found = Device(enforce_csrf_checks=True)
    found.force_login(Account.objects.get(id=account))
    found.cookies["csrftoken"] = "t" * 32
    return found


def somebody():
    return {"key": NOORA.civil, "name_ar": NOORA.name.ar, "name_en": NOORA.name.en,
            "phone": NOORA.phone, "language": "ar"}  # fmt: skip


def agreed(words):
    return {
        "service": words["service"], "words": words["words"], "ends": words["ends"],
        "language": words["language"], "method": "card_and_signature", "signature": SIGNATURE,
        "card_seen": True,
    }  # fmt: skip


def seated(hands):
    """A visit with its person, and the words to agree to."""
    hands.call("/tickets", {"service": RENEW_MEMBERSHIP})
    called = hands.call("/calls", {"point": 1})
    visit = hands.call(f"/tickets/{called['ticket']}/start")["visit"]
    return visit, hands.call(f"/visits/{visit}/person", somebody())


def test_a_visit_in_six_calls():
    hands = device()

    visit, person = seated(hands)
    opened = hands.call(f"/visits/{visit}/services", agreed(person["mandate"]))
    hands.call(f"/visits/{visit}/finish")

    with acting(centre_scope(KHUWAIR)):
        case = Case.objects.get(code=opened["code"])
        assert (str(case.person_id), case.status) == (person["person"], "draft")
        assert Ticket.objects.get(visit_id=visit).status == "done"
        assert Visit.objects.get(id=visit).ended_at is not None
    assert person["is_new"]
    assert NOORA.name.ar not in person["mandate"]["text"]
    assert person["mandate"]["ceiling_baisa"] == 3_150


def test_a_visit_in_two_calls():
    hands = device()

    come = hands.call("/walk-ins", {"service": RENEW_MEMBERSHIP, "point": 2, "person": somebody()})
    hands.call(f"/visits/{come['visit']}/services", agreed(come["mandate"]) | {"finish": True})

    with acting(centre_scope(KHUWAIR)):
        ticket = Ticket.objects.get(id=come["ticket"])
        assert (ticket.status, ticket.point) == ("done", 2)
        assert Visit.objects.get(id=come["visit"]).ended_at is not None
    assert come["name"].startswith("B-")


def test_nobody_walks_past_those_who_wait():
    hands = device()
    hands.call("/tickets", {"service": RENEW_MEMBERSHIP})

    refused = hands.call(
        "/walk-ins", {"service": RENEW_MEMBERSHIP, "person": somebody()}, status=409
    )

    assert refused["code"] == "counter.others_wait"
    with acting(centre_scope(KHUWAIR)):
        assert Ticket.objects.count() == 1
        assert not Visit.objects.exists()


def test_other_words_than_those_shown_open_nothing():
    hands = device()
    visit, person = seated(hands)

    refused = hands.call(
        f"/visits/{visit}/services", agreed(person["mandate"]) | {"words": "00" * 32}, status=409
    )

    assert refused["code"] == "mandate.words_changed"
    with acting(centre_scope(KHUWAIR)):
        assert not Case.objects.exists()


def test_a_mandate_cannot_be_stretched():
    hands = device()
    visit, person = seated(hands)
    longer = person["mandate"]["ends"].replace("2025", "2026")

    refused = hands.call(
        f"/visits/{visit}/services", agreed(person["mandate"]) | {"ends": longer}, status=409
    )

    assert refused["code"] == "mandate.words_changed"


def test_another_centres_visit_is_not_there():
    visit, person = seated(device())

    refused = device(ZAHRA).call(f"/visits/{visit}/services", agreed(person["mandate"]), status=409)

    assert refused["code"] == "cases.person_missing"


def test_a_colleague_gets_the_next_person_not_the_same():
    hands, beside = device(), device(BADR)
    for _ in range(2):
        hands.call("/tickets", {"group": "A"})

    first, second = hands.call("/calls"), beside.call("/calls", {"point": 2})

    assert [first["name"], second["name"]] == ["A-001", "A-002"]


def test_whoever_is_not_signed_in_is_told_so():
    nobody = Device(enforce_csrf_checks=True)
    nobody.cookies["csrftoken"] = "t" * 32

    assert nobody.call("/calls", status=401)["code"] == "api.sign_in_first"


def test_a_call_from_another_site_is_refused():
    hands = device()

    response = hands.post(f"{API}/calls", "{}", content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (403, "api.csrf")


def test_the_ministry_does_not_serve():
    assert device(HUDA).call("/calls", status=403)["code"] == "api.not_at_a_centre"


@pytest.mark.parametrize("state", [{LOCKED: True}, {ACTIVE_AT: 0}], ids=["locked", "left alone"])
def test_a_locked_screen_does_nothing(state):
    hands = device()
    session = hands.session
    session.update(state)
    session.save()

    assert hands.call("/calls", status=423)["code"] == "api.screen_locked"


def test_a_changed_password_ends_the_session():
    hands = device()
    account = Account.objects.get(id=AISHA)
    account.set_password("another-long-password")
    account.save()

    assert hands.call("/calls", status=401)["code"] == "api.sign_in_first"


def test_a_body_that_is_no_body_is_said():
    assert device().call("/visits/0199a1b2-0000-7000-8000-000000000001/person", {}, status=422)[
        "code"
    ] == ("api.malformed")
