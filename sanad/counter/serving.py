"""Steps of a visit that a device or a desk takes in one go: who it is, and what they agree to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules as mandates
from sanad.beneficiaries.queries import PersonView
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.actions import PersonMissing
from sanad.catalogue import queries as catalogue
from sanad.counter.terms import latest_end, terms_of
from sanad.lib.business_day import business_date
from sanad.till import queries as till


@dataclass(frozen=True)
class Agreement:
    """How the person agreed, and to which words: their hash in hex, and the end they name."""

    words: str
    ends: datetime
    language: str
    method: str
    signature: str
    card_seen: bool


def receive_person(
    *, visit: UUID, key_kind: str, key: str, name_ar: str, name_en: str, phone: str,
    language: str, nationality: str, at: datetime, by: UUID,
) -> tuple[PersonView, bool]:  # fmt: skip
    """Find the person by an exact key, else enter them; whether they are new.

    The visit is theirs from then on. Raises what looking up and entering raise.
    """

    def enter(centre: int) -> PersonView:
        return beneficiaries.register_person(
            centre=centre, key_kind=key_kind, key=key, name_ar=name_ar, name_en=name_en,
            phone=phone, language=language, nationality=nationality, at=at, by=by,
        )  # fmt: skip

    return cases.receive_person(visit=visit, key_kind=key_kind, key=key, at=at, by=by, enter=enter)


def open_under_mandate(
    *, visit: UUID, centre: int, service_code: str, agreed: Agreement, at: datetime, by: UUID
) -> tuple[UUID, str]:
    """The visit's person agrees to the words that were shown; the case that opens, and its code.

    Raises `WordsChanged` where today's words are others, and what granting and opening raise.
    """
    person = case_queries.seated(visit)
    if person is None:
        raise PersonMissing
    service = catalogue.service(service_code, business_date(at))
    cases.require_offered(service)
    till.require_priced(service, centre=centre, on=business_date(at))
    if not at < agreed.ends <= latest_end(at):
        raise mandates.WordsChanged
    terms = terms_of(service, centre=centre, ends=agreed.ends, at=at)
    if mandates.hash_of(terms.in_words(agreed.language)).hex() != agreed.words:
        raise mandates.WordsChanged
    mandate = beneficiaries.grant_mandate(
        person=person, service_id=service.id, service_code=service.code, centre=centre,
        terms=terms, language=agreed.language, method=agreed.method, signature=agreed.signature,
        card_seen=agreed.card_seen, until=agreed.ends, at=at, by=by,
    )  # fmt: skip
    case = cases.open_case(visit=visit, service_code=service_code, mandate=mandate, at=at, by=by)
    return case, case_queries.codes_of({case})[case]
