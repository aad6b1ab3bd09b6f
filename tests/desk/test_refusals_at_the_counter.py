"""Every step at the counter that cannot be done is refused politely, in both languages.

The page says the sentence, keeps what was typed, and nothing has moved.
"""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from sanad.beneficiaries import actions as people
from sanad.beneficiaries.queries import NoSuchPerson
from sanad.beneficiaries.rules import WordsChanged
from sanad.cases import actions as cases
from sanad.catalogue.queries import NoSuchService
from sanad.counter.rules import NobodyWaiting, TicketElsewhere
from sanad.lib.civil_number import CivilNumberRefused
from sanad.lib.phone import PhoneRefused
from sanad.lib.refusal import Refused
from tests.desk.pages import require_kept, require_said
from tests.network import AISHA, BADR
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
Made = Callable[[], Walk]
CARD_NUMBER = "4111111111111111"


def seated() -> Walk:
    return Walk().person_seated()


ON_A_VISIT: dict[str, tuple[str, Callable[[Walk], list], dict, type[Refused]]] = {
    "nobody waits": (
        "desk_next", lambda walk: [], {}, NobodyWaiting,
    ),
    "serve two at once": (
        "desk_quick", lambda walk: [], {}, cases.VisitOpenAlready,
    ),
    "no key": (
        "desk_person", lambda walk: [walk.made["visit"]], {"do": "look-up", "key": ""},
        CivilNumberRefused,
    ),
    "a wrong passport": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "look-up", "key_kind": "passport", "key": "P1"}, people.PassportRefused,
    ),
    "somebody out of sight": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "choose", "person": str(uuid4())}, NoSuchPerson,
    ),
    "nobody": (
        "desk_person", lambda walk: [walk.made["visit"]], {"do": "choose", "person": "x"},
        NoSuchPerson,
    ),
    "registered already": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "register", "key": "10482256", "name_ar": "مريم"}, people.KeyTaken,
    ),
    "without a name": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "register", "key": "44556677", "name_ar": ""}, people.NameMissing,
    ),
    "too long a name": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "register", "key": "44556677", "name_ar": "ن" * 400}, people.NameTooLong,
    ),
    "an unknown language": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "register", "key": "44556677", "name_ar": "نورة", "language": "klingon"},
        people.LanguageUnknown,
    ),
    "a wrong phone": (
        "desk_person", lambda walk: [walk.made["visit"]],
        {"do": "register", "key": "44556677", "name_ar": "نورة", "phone": "123"}, PhoneRefused,
    ),
    "a wrong company": (
        "desk_company", lambda walk: [walk.made["visit"]],
        {"cr_number": "12ab", "company_ar": "شركة"}, people.CompanyNumberRefused,
    ),
    "an unknown service": (
        "desk_mandate", lambda walk: [walk.made["visit"], "no-such-service"], {}, NoSuchService,
    ),
    "no card seen": (
        "desk_mandate", lambda walk: [walk.made["visit"], walk.service],
        {"typed_name": "مريم بنت خالد البلوشية"}, WordsChanged,
    ),
    "a ticket that is not there": (
        "desk_ticket", lambda walk: [uuid4(), "start"], {}, TicketElsewhere,
    ),
    "a hold without a ticket": (
        "desk_ticket", lambda walk: [uuid4(), "hold"], {"reason": "tea"}, TicketElsewhere,
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("what", ON_A_VISIT)
def test_a_step_at_the_counter_that_cannot_be_done_says_why(what, language):
    route, ids, data, refusal = ON_A_VISIT[what]
    walk = seated()
    answer = signed_in(AISHA, language=language).post(
        reverse(route, args=ids(walk)), {"client_language": language} | data
    )

    require_said(answer, refusal, language)
    require_kept(answer, data)


def test_a_reveal_without_a_reason_shows_nothing():
    walk = seated()
    answer = signed_in(AISHA).post(
        reverse("desk_reveal", args=[walk.made["person"]]), {"reason": "x"}
    )

    assert answer.status_code == 422
    assert "Say in a few words why" in words_of(answer)
    assert walk.client.civil not in answer.content.decode()


@pytest.mark.parametrize("verb", ["explode", "delete"])
def test_a_verb_that_no_ticket_has_leads_back_to_the_desk(verb):
    answer = signed_in(BADR).post(reverse("desk_ticket", args=[uuid4(), verb]))

    assert (answer.status_code, answer.url) == (302, reverse("desk"))
