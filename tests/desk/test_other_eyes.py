"""Ids of another centre answer like ids that nobody has; reading changes nothing; forms are ours.

Every route of the desk is asked, so a new one is asked as well.
"""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from sanad.accounts.models import Account
from sanad.counter import offers, shift
from sanad.web.desk.urls import urlpatterns
from tests.counter.line import does, issue
from tests.network import (
    AISHA,
    HUDA,
    IBRAHIM,
    MARYAM,
    MUNA,
    NOORA,
    RENEW_MEMBERSHIP,
    SOHAR,
    SUR,
    TEN,
    ZAHRA,
)
from tests.walk import Walk
from tests.web_client import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
ROUTES = [(route.name, sorted(route.pattern.converters)) for route in urlpatterns]
IDS = {
    "case", "visit", "receipt", "person", "ticket", "offer", "note", "payment", "approval", "merge",
    "other", "delivery",
}  # fmt: skip
WITH_IDS = [(name, ids) for name, ids in ROUTES if IDS & {*ids}]
# What each form would say if it were meant.
DATA = {
    "desk_person": {"do": "look-up", "key_kind": "civil", "key": IBRAHIM.civil},
    "desk_company": {"cr_number": "1234567", "company_ar": "شركة"},
    "desk_mandate": {"typed_name": MARYAM.name.ar, "card_seen": "on"},
    "desk_new_mandate": {"typed_name": MARYAM.name.ar, "card_seen": "on"},
    "desk_reveal": {"reason": "to compare with the card"},
    "desk_wrong_person": {"key_kind": "civil", "key": IBRAHIM.civil},
    "desk_pay": {"payment": str(uuid4()), "means": "card", "card_reference": "445566"},
    "desk_cancel": {"reason": "changed mind"},
    "desk_documents": {"code": "x", "do": "seen"},
    "desk_draft": {"membership_number": "1"},
    "desk_merge": {"reason": "the same card was seen twice"},
    "desk_not_duplicate": {"why_other": "another member of the family"},
}


@pytest.fixture
def theirs() -> dict:
    """What Sohar has: a request sent, a visit, a paid case with all of it, an offer, a note."""
    sent = Walk(centre=SOHAR, operator=ZAHRA, client=NOORA).submitted().finished_visit()
    walk = Walk(centre=SOHAR, operator=ZAHRA).paid()
    ticket = issue(centre=SOHAR)
    offer = does(offers.make_offer, ticket, by=ZAHRA, centre=SOHAR, to_centre=SUR)
    with walk.scope():
        note = shift.write_note(centre=SOHAR, text="Maryam comes back", at=TEN, by=ZAHRA)
    return {
        "case": walk.case, "visit": walk.made["visit"], "receipt": walk.made["receipt"],
        "person": walk.made["person"], "ticket": ticket,
        "offer": offer, "note": note, "answer": "accept", "verb": "start",
        "service": RENEW_MEMBERSHIP, "walk": walk, "stage": "cancel",
        "payment": walk.made["payment"], "approval": uuid4(), "merge": uuid4(),
        "other": walk.made["person"], "code": "passport", "delivery": sent.made["delivery"],
    }  # fmt: skip


def nobodys() -> dict:
    return {name: uuid4() for name in IDS} | {
        "answer": "accept", "verb": "start", "service": RENEW_MEMBERSHIP, "stage": "cancel",
        "code": "passport",
    }  # fmt: skip


def asked(client: Client, name: str, ids: list[str], values: dict, method: str):
    address = reverse(name, kwargs={one: values[one] for one in ids})
    return getattr(client, method)(address, DATA.get(name, {}))


def plain(answer, values: dict) -> str:
    """The page without what differs from page to page: the ids asked for and the form's mark."""
    page = re.sub(r'(csrfmiddlewaretoken" value=|CSRFToken": )"\w+"', "", answer.content.decode())
    page = re.sub(r'name="(payment|ends|words)" value="[^"]+"', "", page)
    for value in values.values():
        page = page.replace(str(value), "-")
    return page


def everything() -> dict[str, int]:
    """Rows of every table of the rooms of the walk, whoever's they are."""
    counts = {}
    for scope in (Walk(), Walk(centre=SOHAR, operator=ZAHRA)):
        with scope.scope(), connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"SELECT count(*), max({table}::text) FROM {table}")
                counts[f"{table} {scope.centre}"] = cursor.fetchone()
    return counts


TABLES = (
    "beneficiaries_person", "beneficiaries_personcentre", "beneficiaries_mandate",
    "beneficiaries_notice", "beneficiaries_reveal", "beneficiaries_mandaterequest",
    "beneficiaries_documentconsent", "beneficiaries_helddocument", "beneficiaries_personmerge",
    "cases_visit", "cases_case", "cases_notduplicate",
    "cases_casedocument", "till_quote", "till_payment", "till_transfer", "till_receipt",
    "till_drawer", "till_pending", "till_refund", "counter_ticket", "counter_transferoffer",
    "counter_shiftnote", "counter_clientscreen", "gateway_delivery", "eventlog_event",
)  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "ids"), WITH_IDS, ids=[name for name, _ in WITH_IDS])
def test_anothers_id_answers_like_nobodys_and_leaks_nothing(theirs, name, ids, method):
    client = signed_in(AISHA)
    nobody = nobodys()
    before = everything()

    hidden, unknown = (asked(client, name, ids, values, method) for values in (theirs, nobody))

    assert hidden.status_code == unknown.status_code
    assert plain(hidden, theirs) == plain(unknown, nobody)
    assert hidden.status_code in (404, 405, 409, 422) or name == "desk_services"
    for secret in (*MARYAM.name.ar.split(), "Maryam", "2256", MARYAM.phone):
        typed = str(DATA.get(name, {}))
        assert secret in typed or secret not in hidden.content.decode()
    assert everything() == before


@pytest.mark.parametrize(("name", "ids"), ROUTES, ids=[name for name, _ in ROUTES])
def test_reading_changes_nothing(name, ids):
    walk = Walk().paid("cash")
    values = nobodys() | walk.made | {"verb": "recall"}
    client = signed_in(AISHA)
    before = everything()

    answer = asked(client, name, ids, values, "get")

    assert answer.status_code in (200, 204, 302, 405, 409)
    assert everything() == before


@pytest.mark.parametrize("account", [HUDA, MUNA], ids=["ministry", "entity"])
@pytest.mark.parametrize(("name", "ids"), ROUTES, ids=[name for name, _ in ROUTES])
def test_the_desk_is_closed_to_those_who_do_not_sit_at_it(theirs, account, name, ids):
    for method in ("get", "post"):
        assert asked(signed_in(account), name, ids, theirs, method).status_code == 403


@pytest.mark.parametrize(("name", "ids"), ROUTES, ids=[name for name, _ in ROUTES])
def test_without_a_sign_in_every_route_leads_to_it(theirs, name, ids):
    answer = asked(Client(), name, ids, theirs, "get")

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_a_form_without_its_mark_does_nothing():
    walk = Walk().quoted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        Account.objects.get(id=AISHA), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    before = everything()

    for name, ids in ROUTES:
        values = nobodys() | walk.made | {"receipt": uuid4(), "payment": uuid4()}
        assert asked(client, name, ids, values, "post").status_code == 400, name
    assert everything() == before


def test_every_route_of_the_desk_is_probed():
    desk = {name for name in get_resolver().reverse_dict if str(name).startswith("desk")}

    assert {name for name, _ in ROUTES} == desk
    assert len(WITH_IDS) == len(ROUTES) - len(
        {
            "desk",
            "desk_client",
            "desk_client_answer",
            "desk_line",
            "desk_palette",
            "desk_scan",
            "desk_next",
            "desk_note",
            "desk_quick",
            "desk_work",
            "desk_lane",
            "desk_outbox",
        }
    )
