"""A call with an Idempotency-Key happens once, whoever sends it again and however often."""

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client as Browser

from sanad.accounts.models import Account
from sanad.cases.models import Case
from sanad.counter import once
from sanad.counter.models import OnceKey, Ticket
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib import clock
from tests.committed import at_once
from tests.network import AISHA, BADR, KHUWAIR, NOORA, RENEW_MEMBERSHIP, SOHAR

pytestmark = [pytest.mark.usefixtures("at_ten")]
API = "/api/counter/v1"
SIGNATURE = " ".join(f"{x},{x}" for x in range(20))


def device(account=AISHA):
    found = Browser(enforce_csrf_checks=True)
    found.force_login(Account.objects.get(id=account))
    found.cookies["csrftoken"] = "t" * 32
    return found


def call(hands, path, document, key=None):
    headers = {"X-CSRFToken": "t" * 32} | ({"Idempotency-Key": key} if key is not None else {})
    return hands.post(
        f"{API}{path}", json.dumps(document), content_type="application/json", headers=headers
    )


def tickets() -> int:
    with acting(centre_scope(KHUWAIR)):
        return Ticket.objects.count()


@pytest.mark.django_db
def test_the_same_call_again_is_the_same_number():
    hands = device()

    first, again = (call(hands, "/tickets", {"group": "A"}, "one") for _ in range(2))

    assert first.json() == again.json()
    assert (first.status_code, again.status_code, tickets()) == (200, 200, 1)


@pytest.mark.django_db
def test_without_a_key_it_is_another_number():
    hands = device()

    for _ in range(2):
        call(hands, "/tickets", {"group": "A"})

    assert tickets() == 2


@pytest.mark.django_db
def test_the_same_key_with_another_call_is_refused_and_nothing_happens():
    hands = device()
    call(hands, "/tickets", {"group": "A"}, "one")

    for path, document in (("/tickets", {"group": "B"}), ("/calls", {"group": "A"})):
        refused = call(hands, path, document, "one")
        assert (refused.status_code, refused.json()["code"]) == (409, "counter.key_reused")
    assert tickets() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 65, "مفتاح", "a\tb"])
def test_a_key_that_is_none_is_refused(key):
    refused = call(device(), "/tickets", {"group": "A"}, key)

    assert (refused.status_code, refused.json()["code"]) == (422, "counter.key_unreadable")
    assert tickets() == 0


@pytest.mark.django_db
def test_a_colleague_has_keys_of_their_own():
    numbers = {call(device(who), "/tickets", {"group": "A"}, "one").json()["name"]
               for who in (AISHA, BADR)}  # fmt: skip

    assert numbers == {"A-001", "A-002"}


@pytest.mark.django_db
def test_a_refusal_keeps_nothing_so_the_call_may_succeed_later():
    hands = device()
    assert call(hands, "/calls", {"point": 1}, "one").status_code == 409
    call(hands, "/tickets", {"group": "A"})

    assert call(hands, "/calls", {"point": 1}, "one").status_code == 200


@pytest.mark.django_db
def test_a_walk_in_and_its_service_again_are_the_same_word_for_word():
    hands = device()
    person = {"key": NOORA.civil, "name_ar": NOORA.name.ar, "name_en": NOORA.name.en,
              "phone": NOORA.phone}  # fmt: skip
    asked = {"service": RENEW_MEMBERSHIP, "point": 2, "person": person}

    come, again = (call(hands, "/walk-ins", asked, "walk").json() for _ in range(2))
    words = again["mandate"] | {"method": "card_and_signature", "signature": SIGNATURE,
                                "card_seen": True, "finish": True}  # fmt: skip
    opened = [call(hands, f"/visits/{come['visit']}/services", words, "add").json()
              for _ in range(2)]  # fmt: skip

    assert come == again
    assert opened[0] == opened[1]
    with acting(centre_scope(KHUWAIR)):
        assert Case.objects.count() == Ticket.objects.count() == 1


@pytest.mark.django_db
def test_a_day_later_it_is_forgotten_and_only_its_centre_saw_it():
    call(device(), "/tickets", {"group": "A"}, "one")
    with acting(centre_scope(SOHAR)):
        assert not OnceKey.objects.exists()

    with acting(system_scope()):
        assert once.forget_old(at=clock.now() + timedelta(hours=23)) == 0
    with acting(system_scope()):
        assert once.forget_old(at=clock.now() + timedelta(hours=25)) == 1
    with acting(centre_scope(KHUWAIR)):
        assert not OnceKey.objects.exists()


@pytest.mark.usefixtures("committed")
def test_four_at_once_are_one():
    devices = [device() for _ in range(4)]
    for connection in connections.all():
        connection.close()

    said = at_once(*(
        lambda hands=hands: call(hands, "/tickets", {"group": "A"}, "one") for hands in devices
    ))  # fmt: skip

    assert {answer.status_code for answer in said} <= {200, 503}
    assert len({answer.content for answer in said if answer.status_code == 200}) == 1
    assert tickets() == 1
