"""The counter's door: a queue machine, a kiosk or a desk of one's own does what the screens do.

Whoever calls is signed in, and sees and does what the same person would on the pages: the same
verbs, the same refusals, the same rows. docs/api.md shows a whole visit.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from sanad.api.problems import responses
from sanad.api.seats import AtTheCounter, Caller, at_the_counter
from sanad.beneficiaries import rules as mandates
from sanad.beneficiaries.queries import PersonView
from sanad.cases import queries as cases
from sanad.cases.actions import PersonMissing
from sanad.catalogue import queries as catalogue
from sanad.counter import actions, queries, serving
from sanad.counter.rules import Group, group_of
from sanad.counter.terms import latest_end, terms_of
from sanad.lib.business_day import business_date

router = Router(tags=["counter"], auth=AtTheCounter())
ERRORS = {
    "responses": responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.LOCKED,
    )
}


class TicketIn(Schema):
    """A place in line, for a service by its code or for a group by its letter."""

    service: str = ""
    group: Group = Group.OTHER


class TicketOut(Schema):
    ticket: UUID
    name: str
    service: str


class CallIn(Schema):
    """At which service point the operator sits."""

    point: int = 1


class VisitOut(Schema):
    visit: UUID


class PersonIn(Schema):
    """The exact key; the names only where nobody has that key yet."""

    key_kind: str = "civil"
    key: str
    name_ar: str = ""
    name_en: str = ""
    phone: str = ""
    language: str = "ar"
    nationality: str = Field("", max_length=2)


class WordsOut(Schema):
    """What the person reads before they agree to the service that the ticket was for."""

    service: str
    language: str
    text: str
    words: str
    ends: datetime
    ceiling_baisa: int


class PersonOut(Schema):
    """A person with masked numbers, and the words of the mandate to show next."""

    person: UUID
    name_ar: str
    name_en: str
    is_new: bool
    mandate: WordsOut | None


class MandateIn(Schema):
    """How the person agreed, and to which words: `words` and `ends` as they were shown."""

    service: str
    words: str
    ends: datetime
    language: str = "ar"
    method: str
    signature: str
    card_seen: bool


class CaseOut(Schema):
    case: UUID
    code: str


class WalkInIn(Schema):
    """Somebody comes to the counter while nobody waits."""

    service: str
    point: int = 1
    person: PersonIn


class WalkInOut(PersonOut):
    visit: UUID
    ticket: UUID
    name: str


class LastIn(MandateIn):
    """The last service of a visit, which ends with it where `finish` says so."""

    finish: bool = False


@router.post("/tickets", response=TicketOut, summary="Give a number", openapi_extra=ERRORS)
@at_the_counter
def give_ticket(request: HttpRequest, body: TicketIn) -> dict[str, Any]:
    """The next number of the group; refused while the centre is closed."""
    caller = Caller(request)
    ticket = actions.issue_ticket(
        centre=caller.centre, group=_group(body, caller.at), service_code=body.service,
        at=caller.at, by=caller.by,
    )  # fmt: skip
    return _ticket(ticket)


@router.post("/calls", response=TicketOut, summary="Call the next person", openapi_extra=ERRORS)
@at_the_counter
def call(request: HttpRequest, body: CallIn) -> dict[str, Any]:
    """Whoever is next by the rule of the line; never the same person for two operators."""
    caller = Caller(request)
    return _ticket(actions.call_next(
        centre=caller.centre, point=body.point, at=caller.at, by=caller.by
    ))  # fmt: skip


@router.post(
    "/tickets/{uuid:ticket}/start", response=VisitOut, summary="Begin", openapi_extra=ERRORS
)
@at_the_counter
def start(request: HttpRequest, ticket: UUID) -> dict[str, Any]:
    """The person who was called sits down."""
    caller = Caller(request)
    return {"visit": actions.start(ticket=ticket, at=caller.at, by=caller.by)}


@router.post(
    "/visits/{uuid:visit}/person",
    response=PersonOut,
    summary="Find or enter the person",
    openapi_extra=ERRORS,
)
@at_the_counter
def person(request: HttpRequest, visit: UUID, body: PersonIn) -> dict[str, Any]:
    """By exact key across the network, else entered anew; the person is the visit's from now on."""
    caller = Caller(request)
    found, is_new = serving.receive_person(visit=visit, at=caller.at, by=caller.by, **body.dict())
    return _person(found, is_new) | {"mandate": _words(queries.asked_for(visit), found, caller)}


@router.get(
    "/visits/{uuid:visit}/mandate",
    response=WordsOut,
    summary="The words of a mandate",
    openapi_extra=ERRORS,
)
@at_the_counter
def words(request: HttpRequest, visit: UUID, service: str) -> dict[str, Any] | None:
    """What the person of the visit reads before agreeing to a service."""
    found = cases.visit(visit)
    if found.person is None:
        raise PersonMissing
    return _words(service, found.person, Caller(request))


@router.post(
    "/visits/{uuid:visit}/services", response=CaseOut, summary="Add a service", openapi_extra=ERRORS
)
@at_the_counter
def add_service(request: HttpRequest, visit: UUID, body: LastIn) -> dict[str, Any]:
    """The person agrees to the words that were shown, and the request opens."""
    caller = Caller(request)
    opened: list[tuple[UUID, str]] = []

    def open_it() -> None:
        opened.append(serving.open_under_mandate(
            visit=visit, centre=caller.centre, service_code=body.service,
            agreed=serving.Agreement(**body.dict(exclude={"service", "finish"})),
            at=caller.at, by=caller.by,
        ))  # fmt: skip

    if body.finish:
        actions.finish(visit=visit, at=caller.at, by=caller.by, last=open_it)
    else:
        open_it()
    case, code = opened[0]
    return {"case": case, "code": code}


@router.post(
    "/visits/{uuid:visit}/finish", response=VisitOut, summary="Finish", openapi_extra=ERRORS
)
@at_the_counter
def finish(request: HttpRequest, visit: UUID) -> dict[str, Any]:
    """The person leaves."""
    caller = Caller(request)
    actions.finish(visit=visit, at=caller.at, by=caller.by)
    return {"visit": visit}


@router.post(
    "/walk-ins", response=WalkInOut, summary="Number, call and begin at once", openapi_extra=ERRORS
)
@at_the_counter
def walk_in(request: HttpRequest, body: WalkInIn) -> dict[str, Any]:
    """One step for whoever comes while nobody waits; refused where it would jump the line."""
    caller = Caller(request)
    service = catalogue.service(body.service, business_date(caller.at))
    ticket, visit = actions.receive_walk_in(
        centre=caller.centre, group=group_of(service.entity.number), service_code=body.service,
        point=body.point, at=caller.at, by=caller.by,
    )  # fmt: skip
    found, is_new = serving.receive_person(
        visit=visit, at=caller.at, by=caller.by, **body.person.dict()
    )
    said = _words(body.service, found, caller)
    return _person(found, is_new) | _ticket(ticket) | {"visit": visit, "mandate": said}


def _group(body: TicketIn, at: datetime) -> Group:
    if not body.service:
        return body.group
    return group_of(catalogue.service(body.service, business_date(at)).entity.number)


def _ticket(ticket: UUID) -> dict[str, Any]:
    name, service = queries.named(ticket)
    return {"ticket": ticket, "name": name, "service": service}


def _person(found: PersonView, is_new: bool) -> dict[str, Any]:
    return {
        "person": found.id,
        "name_ar": found.name.ar,
        "name_en": found.name.en,
        "is_new": is_new,
    }


def _words(service_code: str, person: PersonView, caller: Caller) -> dict[str, Any] | None:
    if not service_code:
        return None
    service = catalogue.service(service_code, business_date(caller.at))
    ends = latest_end(caller.at)
    terms = terms_of(service, centre=caller.centre, ends=ends, at=caller.at)
    text = terms.in_words(person.language)
    return {
        "service": service_code, "language": person.language, "text": text,
        "words": mandates.hash_of(text).hex(), "ends": ends,
        "ceiling_baisa": terms.ceiling_baisa,
    }  # fmt: skip
