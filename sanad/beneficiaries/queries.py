"""Reads about people. Row-level security shows a centre its own people only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from sanad.beneficiaries.models import Company, Feedback, Identity, Mandate, Notice, Person
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.keys import Keyring
from sanad.lib.phone import parse_phone
from sanad.lib.refusal import N_, Refused

MOST_FOUND = 12


class NoSuchPerson(Refused):
    code = "beneficiaries.no_such_person"
    sentence = N_(
        "This centre has not served this person. Look them up by civil number or passport "
        "inside an open visit."
    )


class MergedAway(Refused):
    code = "beneficiaries.merged_away"
    sentence = N_(
        "This person was entered twice and is now found under the other entry. Choose that one."
    )


@dataclass(frozen=True)
class PersonView:
    """A person as an operator sees one: numbers masked."""

    id: UUID
    name: Text
    phone: str
    language: str
    nationality: str
    keys: tuple[tuple[str, str], ...]  # (kind, masked)

    @property
    def phone_shown(self) -> str:
        """For people: "+968 9234 5678"; empty where there is none."""
        return parse_phone(self.phone).display if self.phone else ""


@dataclass(frozen=True)
class CompanyView:
    """A commercial registration."""

    id: UUID
    cr_number: str
    name: Text


@dataclass(frozen=True)
class MandateView:
    """What was agreed and until when."""

    id: UUID
    person_id: UUID
    service_id: int
    case_id: UUID | None
    ceiling_baisa: int
    method: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def keyring() -> Keyring:
    """The installation's keys."""
    return _keyring


_keyring = Keyring(settings.SANAD_KEYS)


def person(person_id: UUID) -> PersonView:
    """Raises `NoSuchPerson` where the scope does not see them."""
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise NoSuchPerson
    return _view(found)


def require_not_merged(person_id: UUID) -> None:
    """Raises `NoSuchPerson`, or `MergedAway` for an entry that is kept for its history only."""
    found = Person.objects.filter(id=person_id).values_list("merged_into_id", flat=True)
    if not found:
        raise NoSuchPerson
    if found[0] is not None:
        raise MergedAway


def people_named(words: str) -> list[PersonView]:
    """The centre's own people whose folded name contains the words, or whose phone ends so."""
    folded = ar_norm(words)
    if len(folded) < 3:
        return []
    here = Person.objects.filter(merged_into=None)
    found = here.filter(name_fold__contains=folded)
    if folded.isdigit():
        found = here.filter(phone__endswith=folded)
    return [_view(p) for p in found.order_by("name_fold", "id")[:MOST_FOUND]]


def names_of(people: set[UUID]) -> dict[UUID, Text]:
    """Names by person, of those in sight."""
    found = Person.objects.filter(id__in=people).values_list("id", "name_ar", "name_en")
    return {person: Text(ar, en or ar) for person, ar, en in found}


def company(company_id: UUID) -> CompanyView:
    c = Company.objects.get(id=company_id)
    return CompanyView(c.id, c.cr_number, Text(c.name_ar, c.name_en or c.name_ar))


def company_by_number(cr_number: str) -> CompanyView | None:
    c = Company.objects.filter(cr_number=cr_number).first()
    return CompanyView(c.id, c.cr_number, Text(c.name_ar, c.name_en or c.name_ar)) if c else None


def mandate_for_case(case: UUID) -> MandateView | None:
    found = Mandate.objects.filter(case_id=case).order_by("-granted_at").first()
    return _mandate(found) if found else None


def has_feedback(case: UUID) -> bool:
    return Feedback.objects.filter(case_id=case).exists()


def notices_of(case: UUID) -> list[Notice]:
    """Messages about a case, oldest first."""
    return list(Notice.objects.filter(case_id=case).order_by("made_at", "id"))


def masked_keys(person_id: UUID) -> tuple[tuple[str, str], ...]:
    """A person's numbers by kind, all but the last four characters hidden."""
    found = Identity.objects.filter(person_id=person_id).order_by("kind")
    return tuple((i.kind, masked(i.last_four)) for i in found)


def masked(last_four: str) -> str:
    return "••••" + last_four


def seen(p: Person, keys: tuple[tuple[str, str], ...]) -> PersonView:
    """A row as an operator sees it."""
    return PersonView(
        id=p.id,
        name=Text(p.name_ar, p.name_en or p.name_ar),
        phone=p.phone,
        language=p.language,
        nationality=p.nationality,
        keys=keys,
    )


def _view(p: Person) -> PersonView:
    return seen(p, masked_keys(p.id))


def _mandate(m: Mandate) -> MandateView:
    return MandateView(
        id=m.id, person_id=m.person_id, service_id=m.service_id, case_id=m.case_id,
        ceiling_baisa=m.ceiling_baisa, method=m.method, granted_at=m.granted_at,
        expires_at=m.expires_at, revoked_at=m.revoked_at,
    )  # fmt: skip
