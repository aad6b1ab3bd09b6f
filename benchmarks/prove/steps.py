"""Requests brought to the point where money is due, by the same verbs as the screens'."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from benchmarks.load.place import OPENS_AT, Operator
from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.rules import Terms
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.db.scope import acting, centre_scope, national_scope
from sanad.gateway import actions as gateway
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.till import actions as till

SERVICE = "occi-renew-membership"
ENTITY_CODE, ENTITY = "occi", 19
ANSWERS = {
    "employer_cr_number": "1234567", "employer_name": "مؤسسة الإثبات", "membership_number": "4471",
    "membership_grade": "third", "membership_years": "one", "contact_phone": "92345678",
}  # fmt: skip
CEILING_BAISA = 500_000
TOTAL_BAISA = 3_150
FIRST_CIVIL_NUMBER = 20_000_000


@dataclass(frozen=True)
class Ready:
    """A request whose four lines the person agreed to."""

    operator: Operator
    person: UUID
    case: UUID
    quote: UUID
    at: datetime


def scope_of(operator: Operator):  # type: ignore[no-untyped-def]
    return acting(centre_scope(operator.centre, account=operator.account))


def filled(operator: Operator, number: int, *, at: datetime = OPENS_AT) -> UUID:
    """The request of the made-up person `number`, all filled in; their visit is open."""
    by = operator.account
    with scope_of(operator):
        visit = counter.serve_without_ticket(
            centre=operator.centre, point=operator.point, at=at, by=by
        )
        person = _person(visit, operator, number, at)
        cases.seat_person(visit=visit, person=person)
        case = cases.open_case(
            visit=visit, service_code=SERVICE, mandate=_mandate(person, operator, at), at=at, by=by
        )
        cases.save_draft(case=case, answers=ANSWERS, at=at)
        service = catalogue.service(SERVICE, business_date(at))
        for document in service.documents or ():
            cases.hold_document(case=case, code=document.code, at=at)
    return case


def ready(operator: Operator, number: int, *, at: datetime = OPENS_AT) -> Ready:
    """The same, agreed to and not paid; the visit is over."""
    case, by = filled(operator, number, at=at), operator.account
    with scope_of(operator):
        cases.complete(case=case, at=at, by=by)
        quote = till.make_quote(case=case, at=at)
        till.agree_quote(quote=quote, at=at, by=by)
        found = case_queries.case(case, at=at)
    with scope_of(operator):
        counter.finish(visit=found.visit_id, at=at, by=by)
    return Ready(operator, found.person.id, case, quote, at)


def pay(one: Ready, *, payment: UUID | None = None, at: datetime | None = None) -> UUID:
    """Paid by card in one step; the payment's id."""
    payment = payment or new_id()
    with scope_of(one.operator):
        till.pay(
            payment=payment, quote=one.quote, means="card", at=at or one.at,
            by=one.operator.account, card_reference=slip(payment),
        )  # fmt: skip
    return payment


def submit(one: Ready, *, at: datetime | None = None) -> UUID:
    """Handed to the line; the delivery's id."""
    with scope_of(one.operator):
        return gateway.submit(case=one.case, at=at or one.at, by=one.operator.account)


def slip(payment: UUID) -> str:
    """The number on the terminal's slip, another for every payment."""
    return str(payment.int)[-12:]


def entity_listens(url: str, key: bytes | None) -> None:
    with acting(national_scope()):
        gateway.register_endpoint(entity=ENTITY, url=url, public_key=key, at=OPENS_AT)


def _person(visit: UUID, operator: Operator, number: int, at: datetime) -> UUID:
    civil = str(FIRST_CIVIL_NUMBER + number)
    found = cases.look_up_person(
        visit=visit, key_kind="civil", key=civil, at=at, by=operator.account
    ) or beneficiaries.register_person(
        centre=operator.centre, key_kind="civil", key=civil, name_ar="شخص الإثبات",
        name_en="Proof Person", phone=f"9{number:07d}", language="en", nationality="OM", at=at,
        by=operator.account,
    )  # fmt: skip
    return found.id


def _mandate(person: UUID, operator: Operator, at: datetime) -> UUID:
    service = catalogue.service(SERVICE, business_date(at))
    terms = Terms(
        centre=centres.centre(operator.centre).name, service=service.name,
        entity=service.entity.name, ceiling_baisa=CEILING_BAISA, fee_is_open=False, until="11:00",
    )  # fmt: skip
    return beneficiaries.grant_mandate(
        person=person, service_id=service.id, service_code=service.code, centre=operator.centre,
        terms=terms, language="ar", method="card_and_typed_name", signature="شخص الإثبات",
        card_seen=True, at=at, by=operator.account,
    )  # fmt: skip
