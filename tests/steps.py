"""Steps that several tests begin with, done through the same doors as the screens use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.rules import Terms
from sanad.cases import actions as cases
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import ServiceView
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.db.scope import acting, current_scope
from sanad.lib.business_day import business_date
from sanad.till import actions as till
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_MEMBERSHIP, TEN, Client

T = TypeVar("T")
SIGNATURE = "10,10 20,20 30,25 40,20;50,10 60,20 70,30 80,10"


class Minutes:
    """A clock for tests: each look is a minute later."""

    def __init__(self, start: datetime = TEN) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def one(verb: Callable[..., T], **details: Any) -> T:
    """One verb in a transaction of its own, with the eyes that are open now."""
    with acting(current_scope()):
        return verb(**details)


def serve(at: datetime, *, by: UUID = AISHA, centre: int = KHUWAIR) -> UUID:
    """Ticket, call, start: the visit."""
    one(counter.issue_ticket, centre=centre, group=Group.BUSINESS, service_code="", at=at, by=None)
    ticket = one(counter.call_next, centre=centre, point=1, at=at, by=by)
    return one(counter.start, ticket=ticket, at=at, by=by)


def seat(
    visit: UUID, at: datetime, client: Client = MARYAM, *, by: UUID = AISHA, centre: int = KHUWAIR
) -> UUID:
    """The person found by civil number, or entered; the person's id."""
    found = one(cases.look_up_person, visit=visit, key_kind="civil", key=client.civil, at=at, by=by)
    person = found or one(
        beneficiaries.register_person,
        centre=centre,
        key_kind="civil",
        key=client.civil,
        name_ar=client.name.ar,
        name_en=client.name.en,
        phone=client.phone,
        language="ar",
        nationality="OM",
        at=at,
        by=by,
    )
    one(cases.seat_person, visit=visit, person=person.id)
    return person.id


def mandate(
    person: UUID,
    service: ServiceView,
    at: datetime,
    *,
    ceiling_baisa: int = 400_000,
    by: UUID = AISHA,
    centre: int = KHUWAIR,
) -> UUID:
    """The person agrees on the client's screen."""
    place = centres.centre(centre)
    terms = Terms(place.name, service.name, service.entity.name, ceiling_baisa, True, "tomorrow")
    return one(
        beneficiaries.grant_mandate,
        person=person,
        service_id=service.id,
        service_code=service.code,
        centre=centre,
        terms=terms,
        language="ar",
        method="card_and_signature",
        signature=SIGNATURE,
        card_seen=True,
        at=at,
        by=by,
    )


def open_case(
    at: datetime,
    *,
    code: str = RENEW_MEMBERSHIP,
    client: Client = MARYAM,
    by: UUID = AISHA,
    centre: int = KHUWAIR,
) -> UUID:
    """A draft, from ticket to mandate."""
    visit = serve(at, by=by, centre=centre)
    person = seat(visit, at, client, by=by, centre=centre)
    service = catalogue.service(code, business_date(at))
    given = mandate(person, service, at, by=by, centre=centre)
    return one(cases.open_case, visit=visit, service_code=code, mandate=given, at=at, by=by)


def answers(service: ServiceView) -> dict[str, str]:
    """A right answer for every field of a form."""
    by_type = {
        "text": "Al Wadi Trading",
        "digits": "1234567",
        "date": "2025-12-31",
        "civil_number": "10482256",
        "phone": "92345678",
        "money": "150.000",
    }
    found = {}
    for field in service.form:
        if not field.required:
            continue
        value = field.options[0].value if field.options else by_type[field.type]
        if field.type == "date" and field.relative == "past":
            value = "1990-05-31"
        if field.pattern and "A-Z" in field.pattern:
            value = "AB123456"
        if field.type == "digits" and field.max_length and field.max_length < len(value):
            value = value[: field.max_length]
        if field.type == "digits" and field.min_length and field.min_length > len(value):
            value = value.ljust(field.min_length, "0")
        found[field.key] = value
    return found


def fill(case: UUID, at: datetime, *, code: str = RENEW_MEMBERSHIP) -> None:
    """Form and documents, whole."""
    service = catalogue.service(code, business_date(at))
    problems = one(cases.save_draft, case=case, answers=answers(service), at=at)
    assert not problems, {key: str(problem.refused) for key, problem in problems.items()}
    for document in service.documents or ():
        one(cases.hold_document, case=case, code=document.code, at=at)


def ready(
    at: datetime,
    *,
    code: str = RENEW_MEMBERSHIP,
    client: Client = MARYAM,
    by: UUID = AISHA,
    centre: int = KHUWAIR,
) -> tuple[UUID, UUID]:
    """A complete case and its agreed quote."""
    case = open_case(at, code=code, client=client, by=by, centre=centre)
    fill(case, at, code=code)
    one(cases.complete, case=case, at=at, by=by)
    quote = one(till.make_quote, case=case, at=at, by=by)
    one(till.agree_quote, quote=quote, at=at, by=by)
    return case, quote
