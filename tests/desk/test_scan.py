"""What a scan means, and what it never opens."""

import pytest
from django.urls import reverse

from sanad.counter import actions as counter
from tests.lib.test_mrz import TD1, TD3
from tests.network import AISHA, MARYAM, MUNA, NOORA, SOHAR, ZAHRA
from tests.walk import Walk
from tests.web_client import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def scan(text: str, account=AISHA):
    return signed_in(account).post(reverse("desk_scan"), {"text": text})


def waiting_visit():
    walk = Walk()
    with walk.scope():
        return counter.serve_without_ticket(
            centre=walk.centre, point=1, at=walk.at, by=walk.operator
        )


def test_a_card_and_a_passport_are_looked_up_in_the_visit_that_waits():
    address = reverse("desk_person", args=[waiting_visit()])

    assert scan(MARYAM.civil).json() == {
        "post": address,
        "fields": {"do": "look-up", "key_kind": "civil", "key": MARYAM.civil},
    }
    assert scan(TD3).json()["fields"] == {
        "do": "look-up",
        "key_kind": "passport",
        "key": "L898902C3",
        "name_en": "ANNA MARIA ERIKSSON",
    }


@pytest.mark.parametrize("text", [MARYAM.civil, TD3])
def test_without_a_visit_that_waits_nobody_is_looked_up(text):
    assert scan(text).status_code == 422
    Walk().opened()

    answer = scan(text)

    assert (answer.status_code, "post" in answer.json()) == (422, False)


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "x" * 5_000, TD1, TD3.replace("36UTO", "37UTO"), "http://[", "٣٤٥",
     "https://elsewhere.test/", "https://elsewhere.test/accounts/logout/", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_not_known_is_said_and_leads_nowhere(text):
    waiting_visit()

    answer = scan(text)

    assert (answer.status_code, list(answer.json())) == (422, ["sentence"])


def test_our_own_codes_open_here_whatever_host_they_name():
    address = f"{reverse('check_receipt')}?body=x&signature=y"

    assert scan(f"https://sanad.test{address}").json() == {"go": address}
    assert scan(f"https://sanad.test{reverse('track')}").json() == {"go": reverse("track")}


def test_a_request_of_another_centre_is_not_known():
    walk = Walk(centre=SOHAR, operator=ZAHRA, client=NOORA).opened()
    with walk.scope():
        code = walk.view().line.code

    assert scan(code, ZAHRA).json() == {"go": reverse("desk_case", args=[walk.case])}
    assert scan(code).status_code == 422
    assert scan(code, MUNA).status_code == 403
