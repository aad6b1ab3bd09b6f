"""The same request twice: seen before it is opened, and asked about before it is sent.

Two requests are alike when they ask for the same service for the same person or company, and one
is still open or was decided not long ago. They are not alike when their answers name different
subjects: a company renews the cards of ten workers, and each card has its own number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanad.beneficiaries.actions import clean_reason
from sanad.cases import rules
from sanad.cases.actions import locked, open_answers, record
from sanad.cases.models import Case, NotDuplicate
from sanad.cases.queries import CaseLine, lines
from sanad.cases.rules import Status
from sanad.catalogue import queries as catalogue
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused

DECIDED_WITHIN = timedelta(days=30)
MOST_SHOWN = 5
# What names the subject of a request: a number of its own, of a person, a card, a plot, a vehicle.
NAMING_TYPES = frozenset({"civil_number"})
NAMING_ENDINGS = ("_number", "_no", "_plate")
# Numbers that say who asks, and are the same in every request of a company.
NOT_NAMING = frozenset({"employer_cr_number", "cr_number", "company_cr_number"})


class LooksLikeDuplicate(Refused):
    code = "cases.looks_like_duplicate"
    sentence = N_(
        "The same was asked for in request {code}. Look at it first; if this is another request, "
        "say why, then send it."
    )


class NothingAlike(Refused):
    code = "cases.nothing_alike"
    sentence = N_("No other request looks like this one, so there is nothing to explain. Send it.")


@dataclass(frozen=True)
class Overruled:
    """Why a request that looks like another is none."""

    reason: str
    account_id: UUID
    at: datetime


def alike(*, person: UUID, company: UUID | None, service_id: int, at: datetime) -> list[CaseLine]:
    """Requests of this centre that a new one for this service may repeat, the newest first."""
    found = _candidates(person=person, company=company, service_id=service_id, at=at)
    return lines(found.order_by("-opened_at", "-id")[:MOST_SHOWN], at=at)


def alike_of(case: UUID, *, at: datetime) -> list[CaseLine]:
    """The requests that this one seems to repeat; none once it was sent or explained."""
    found = Case.objects.filter(id=case).first()
    if found is None or found.submitted_at or NotDuplicate.objects.filter(case=found).exists():
        return []
    return lines(_alike(found, at), at=at)


def require_not_duplicate(*, case: UUID, at: datetime) -> None:
    """Before a request is sent for the first time. Raises `LooksLikeDuplicate`."""
    found = locked(case)
    if found.submitted_at is not None or NotDuplicate.objects.filter(case=found).exists():
        return
    others = _alike(found, at)
    if others:
        raise LooksLikeDuplicate(code=others[0].code)


def overrule(*, case: UUID, reason: str, at: datetime, by: UUID) -> None:
    """It is another request, for a reason that stays with it.

    Raises `NothingAlike`, `NotNow` once it was sent, `ReasonTooShort`, `SecretRefused`.
    """
    found = locked(case)
    if Status(found.status) not in rules.BEFORE_SUBMISSION:
        raise rules.NotNow(status=rules.STATUS_NAMES[Status(found.status)])
    others = _alike(found, at)
    if not others or NotDuplicate.objects.filter(case=found).exists():
        raise NothingAlike
    NotDuplicate(
        case=found, centre_id=found.centre_id, others=[str(one.id) for one in others],
        reason=clean_reason(reason), account_id=by, at=at,
    ).save(force_insert=True)  # fmt: skip
    record(found, "case.duplicate_overruled", at=at, by=by, others=[str(o.id) for o in others])


def overruled(case: UUID) -> Overruled | None:
    """The reason that was given for a case."""
    found = NotDuplicate.objects.filter(case_id=case).first()
    return Overruled(found.reason, found.account_id, found.at) if found else None


def same_subject(form: Any, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two sets of answers could be about the same thing: no naming answer differs."""
    return not any(
        one.get(key) and other.get(key) and str(one[key]) != str(other[key])
        for key in naming_keys(form)
    )


def naming_keys(form: Any) -> frozenset[str]:
    """The fields of a form that name the subject of a request."""
    return frozenset(
        field.key
        for field in form
        if field.key not in NOT_NAMING
        and (field.type in NAMING_TYPES or field.key.endswith(NAMING_ENDINGS))
    )


def _alike(case: Case, at: datetime) -> list[Case]:
    form = catalogue.service_by_id(case.service_id, business_date(at)).form
    own = open_answers(case)
    found = _candidates(
        person=case.person_id, company=case.company_id, service_id=case.service_id, at=at
    ).exclude(id=case.id)
    # The one that was opened first is the request; the later ones are asked about.
    earlier = found.filter(
        Q(opened_at__lt=case.opened_at) | Q(opened_at=case.opened_at, id__lt=case.id)
        | Q(submitted_at__isnull=False)
    ).order_by("-opened_at", "-id")  # fmt: skip
    return [one for one in earlier if same_subject(form, own, open_answers(one))][:MOST_SHOWN]


def _candidates(*, person: UUID, company: UUID | None, service_id: int, at: datetime) -> Any:
    same = Q(person_id=person)
    if company is not None:
        same |= Q(company_id=company)
    still = Q(decided_at__isnull=True) | Q(decided_at__gt=at - DECIDED_WITHIN)
    return Case.objects.filter(same & still, service_id=service_id).exclude(status=Status.CANCELLED)
