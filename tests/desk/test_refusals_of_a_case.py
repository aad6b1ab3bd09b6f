"""Every step of the desk that cannot be done is refused politely, in Arabic and in English.

The page says the sentence, keeps what was typed, and nothing has moved.
"""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sanad.beneficiaries.rules import CardNotSeen, MandateNotLive, WordsChanged
from sanad.cases import actions as cases
from sanad.cases.rules import DocumentsMissing, FormIncomplete, NotNow, ServiceWithdrawn
from sanad.cases.uploads import FileNotWhatItSays
from sanad.catalogue import queries as catalogue
from sanad.counter.desk import ResendNotPaid
from sanad.lib.civil_number import CivilNumberRefused
from sanad.lib.money import NegativeAmount
from sanad.lib.refusal import Refused
from sanad.till import actions as till
from sanad.till.quotes import FeeChanged, NothingToPay
from sanad.till.rules import LooksLikeCardNumber, MeansUnknown, NotTheAmount, UnitsRefused
from sanad.web.desk.documents import NoFileChosen
from sanad.web.desk.money import PaymentUnreadable
from tests.cases.changes import publish_fee, standing, withdraw
from tests.desk.pages import require_kept, require_said
from tests.network import AISHA, RAHUL, SOHAR, ZAHRA
from tests.walk import ANSWERS, RENEW_CARD, WORK_PERMIT, Walk
from tests.web_client import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
Made = Callable[[], Walk]
CARD_NUMBER = "4111111111111111"


def agreed_payment(walk: Walk, **typed) -> dict:
    return {"payment": uuid4(), "quote": walk.made["quote"], "means": "card"} | typed


def answers_of(walk: Walk) -> dict:
    return ANSWERS[walk.service]


def first_document(walk: Walk) -> str:
    with walk.scope():
        return catalogue.service(walk.service, walk.at.date()).documents[0].code


def withdrawn(walk: Walk) -> Walk:
    withdraw(walk)
    return walk


def repriced(walk: Walk) -> Walk:
    publish_fee(walk, 2_000)
    return walk


def drawer_counted(walk: Walk) -> Walk:
    with walk.scope():
        till.count_drawer(
            drawer=walk.made["drawer"], counted_baisa=23_150, reason="", at=walk.at, by=AISHA
        )
    return walk


def unagreed(walk: Walk) -> Walk:
    with walk.scope():
        walk.made["quote"] = till.make_quote(case=walk.case, at=walk.at)
    return walk


def with_noted_person(walk: Walk) -> Walk:
    """Rahul is known to the network, through Sohar."""
    Walk(centre=SOHAR, operator=ZAHRA, client=RAHUL).person_seated()
    return walk


def words_shown(client: Client, walk: Walk, language: str) -> dict:
    """What the mandate's page carries back: when it ends, and which words were read."""
    address = reverse("desk_new_mandate", args=[walk.case])
    page = client.get(address, {"client_language": language}).content.decode()
    return dict(re.findall(r'name="(ends|words)" value="([^"]+)"', page))


# Route of a case, how far the case is, what is posted, and the refusal.
ON_A_CASE: dict[str, tuple[str, Made, Callable[[Walk], dict], type[Refused]]] = {
    "complete, half filled in": (
        "desk_complete", lambda: Walk().opened(),
        lambda walk: {"membership_number": "44 71", "contact_phone": "12"}, FormIncomplete,
    ),
    "complete, without documents": (
        "desk_complete", lambda: Walk(service=RENEW_CARD, client=RAHUL).opened(),
        answers_of, DocumentsMissing,
    ),
    "complete, paid already": (
        "desk_complete", lambda: Walk().paid(), lambda walk: {"membership_number": "1"}, NotNow,
    ),
    "complete, withdrawn": (
        "desk_complete", lambda: withdrawn(Walk().filled_in()), answers_of, ServiceWithdrawn,
    ),
    "reopen, paid already": (
        "desk_reopen", lambda: Walk().paid(), lambda walk: {}, NotNow,
    ),
    "quote, a draft": (
        "desk_quote", lambda: Walk().opened(), lambda walk: {}, NotNow,
    ),
    "quote, no number of pages": (
        "desk_quote", lambda: Walk().completed(), lambda walk: {"units": "ثلاث"}, UnitsRefused,
    ),
    "quote, withdrawn": (
        "desk_quote", lambda: withdrawn(Walk().completed()), lambda walk: {}, ServiceWithdrawn,
    ),
    "quote, a free resend": (
        "desk_quote", lambda: Walk().bounced(), lambda walk: {}, NothingToPay,
    ),
    "pay, unreadable": (
        "desk_pay", lambda: Walk().quoted(), lambda walk: {"payment": "x", "quote": "y"},
        PaymentUnreadable,
    ),
    "pay, no means": (
        "desk_pay", lambda: Walk().quoted(), lambda walk: agreed_payment(walk, means=""),
        MeansUnknown,
    ),
    "pay, not agreed": (
        "desk_pay", lambda: unagreed(Walk().completed()),
        lambda walk: agreed_payment(walk, card_reference="445566"), till.QuoteNotAgreed,
    ),
    "pay, a card's number": (
        "desk_pay", lambda: Walk().quoted(),
        lambda walk: agreed_payment(walk, card_reference=CARD_NUMBER), LooksLikeCardNumber,
    ),
    "pay, without a drawer": (
        "desk_pay", lambda: Walk().quoted(),
        lambda walk: agreed_payment(walk, means="cash", tendered="5"), till.NoOpenDrawer,
    ),
    "pay, too little": (
        "desk_pay", lambda: Walk().quoted().drawer_opened(),
        lambda walk: agreed_payment(walk, means="cash", tendered="٣٫١٤٩"), NotTheAmount,
    ),
    "pay, no amount": (
        "desk_pay", lambda: Walk().quoted().drawer_opened(),
        lambda walk: agreed_payment(walk, means="cash", tendered="-5"), NegativeAmount,
    ),
    "pay, the fee changed": (
        "desk_pay", lambda: repriced(Walk().quoted()),
        lambda walk: agreed_payment(walk, card_reference="445566"), FeeChanged,
    ),
    "pay, the mandate revoked": (
        "desk_pay", lambda: Walk().quoted().revoked(),
        lambda walk: agreed_payment(walk, card_reference="445566"), MandateNotLive,
    ),
    "pay twice": (
        "desk_pay", lambda: Walk().paid(),
        lambda walk: agreed_payment(walk, card_reference="445566"), till.PaidAlready,
    ),
    "submit a draft": (
        "desk_submit", lambda: Walk().opened(), lambda walk: {}, NotNow,
    ),
    "submit, withdrawn": (
        "desk_submit", lambda: withdrawn(Walk().paid()), lambda walk: {}, ServiceWithdrawn,
    ),
    "submit again, unpaid": (
        "desk_submit", lambda: Walk(service=WORK_PERMIT).bounced(), lambda walk: {}, ResendNotPaid,
    ),
    "hand over too early": (
        "desk_hand_over", lambda: Walk().paid(), lambda walk: {}, NotNow,
    ),
    "cancel without a reason": (
        "desk_cancel", lambda: Walk().paid(), lambda walk: {"reason": " "}, cases.ReasonMissing,
    ),
    "cancel twice": (
        "desk_cancel", lambda: Walk().paid().refund_asked(),
        lambda walk: {"reason": "changed mind"}, till.RefundAsked,
    ),
    "cancel after sending": (
        "desk_cancel", lambda: Walk().submitted(), lambda walk: {"reason": "changed mind"}, NotNow,
    ),
    "an unknown document": (
        "desk_documents", lambda: Walk().opened(),
        lambda walk: {"code": "x" * 200, "do": "seen"}, cases.NoSuchDocument,
    ),
    "a document of a paid case": (
        "desk_documents", lambda: Walk().paid(), lambda walk: {"code": "x", "do": "remove"}, NotNow,
    ),
    "no file": (
        "desk_documents", lambda: Walk().opened(), lambda walk: {"code": "x", "do": "file"},
        NoFileChosen,
    ),
    "a renamed program": (
        "desk_documents", lambda: Walk(service=RENEW_CARD, client=RAHUL).opened(),
        lambda walk: {"code": first_document(walk), "do": "file",
                      "file": SimpleUploadedFile("جواز.pdf", b"MZ\x90")}, FileNotWhatItSays,
    ),
    "the wrong person, paid": (
        "desk_wrong_person", lambda: with_noted_person(Walk().paid()),
        lambda walk: {"key_kind": "civil", "key": RAHUL.civil}, cases.PaidForThisPerson,
    ),
    "the same person": (
        "desk_wrong_person", lambda: Walk().opened(),
        lambda walk: {"key_kind": "civil", "key": walk.client.civil}, cases.SamePerson,
    ),
    "no civil number": (
        "desk_wrong_person", lambda: Walk().opened(),
        lambda walk: {"key_kind": "civil", "key": "12"}, CivilNumberRefused,
    ),
    "a mandate without the card": (
        "desk_new_mandate", lambda: Walk().opened(),
        lambda walk: {"typed_name": walk.client.name.ar, "read": True}, CardNotSeen,
    ),
    "a mandate with changed words": (
        "desk_new_mandate", lambda: Walk().opened(),
        lambda walk: {"typed_name": walk.client.name.ar, "card_seen": "on"}, WordsChanged,
    ),
    "a mandate of a sent case": (
        "desk_new_mandate", lambda: Walk().submitted(),
        lambda walk: {"typed_name": walk.client.name.ar, "card_seen": "on", "read": True}, NotNow,
    ),
    "agree to what changed": (
        "desk_agree", lambda: repriced(unagreed(Walk().completed())), lambda walk: {}, FeeChanged,
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("what", ON_A_CASE)
def test_a_step_that_cannot_be_done_says_why_and_moves_nothing(what, language):
    route, made, posted, refusal = ON_A_CASE[what]
    walk = made()
    client = signed_in(AISHA, language=language)
    data = {"client_language": language, **posted(walk)}
    if data.pop("read", None):
        data |= words_shown(client, walk, language)
    before = standing(walk)

    answer = client.post(reverse(route, args=[walk.case]), data)

    require_said(answer, refusal, language)
    after = standing(walk)
    if route == "desk_complete" and before["status"] == "draft":  # what was typed is kept
        assert after.pop("answers") == before.pop("answers") | kept_answers(data)
    assert after == before
    require_kept(answer, data)


def kept_answers(data: dict) -> dict:
    kept = {"contact_phone": "+96892345678", "membership_number": "4471"}
    if "worker_name" in data:
        kept = {"worker_phone": "+96891234567", "employer_phone": "+96892345678"}
    typed = {k: v for k, v in data.items() if k not in ("client_language", "worker_civil_number")}
    if typed.get("contact_phone") == "12":
        kept.pop("contact_phone")
    return typed | {k: v for k, v in kept.items() if k in typed}


def test_what_was_typed_into_the_form_stands_in_the_page_after_a_refusal():
    walk = Walk().opened()
    page = signed_in(AISHA).post(
        reverse("desk_complete", args=[walk.case]),
        {"employer_name": "Al Wadi & Sons <1>", "contact_phone": "123",
         "membership_number": "\x00"},
    ).content.decode()  # fmt: skip

    assert 'value="Al Wadi &amp; Sons &lt;1&gt;"' in page
    assert 'value="123"' in page


def test_a_wrong_field_of_a_draft_comes_back_with_its_sentence():
    walk = Walk().opened()
    answer = signed_in(AISHA, language="ar").post(
        reverse("desk_draft", args=[walk.case]), {"contact_phone": "12"},
        headers={"HX-Request": "true", "HX-Trigger-Name": "contact_phone"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert 'value="12"' in answer.content.decode() and "aria-invalid" in answer.content.decode()
