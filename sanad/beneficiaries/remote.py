"""A mandate agreed to on the person's own phone, by a link. No code exists, so none is read aloud.

The centre asks; the link goes to the phone that the person gave; whoever opens it reads the words
and answers once. The page acts through functions of the database that take the token's digest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from sanad.beneficiaries import links, rules
from sanad.beneficiaries.actions import write_notice
from sanad.beneficiaries.models import MandateRequest
from sanad.beneficiaries.queries import keyring
from sanad.beneficiaries.queries import person as view_of
from sanad.catalogue import queries as catalogue
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

LINK_LASTS = timedelta(minutes=30)
# A family shares a phone; a number that more people have is somebody's who acts for others.
MOST_OTHERS_WITH_THE_PHONE = 3
MOST_ASKED, ASKED_WITHIN = 5, timedelta(hours=1)


class PhoneMissing(Refused):
    code = "mandate.phone_missing"
    sentence = N_(
        "No mobile phone is known of this person, so nothing can be sent. Let the person agree on "
        "the client's screen."
    )


class PhoneNotOwn(Refused):
    code = "mandate.phone_not_own"
    sentence = N_(
        "This phone belongs to somebody who works here or to several other people, so an answer "
        "from it proves nothing. Let the person agree on the client's screen."
    )


class AskedTooOften(Refused):
    code = "mandate.asked_too_often"
    sentence = N_(
        "This person was asked several times within the hour. Speak with them, or let them agree "
        "on the client's screen."
    )


class LinkOver(Refused):
    code = "mandate.link_over"
    sentence = N_(
        "This link was answered already, has expired, or was never sent. Ask the centre to send a "
        "new one."
    )


@dataclass(frozen=True)
class Asked:
    """What a link shows: the words, and whether they can still be answered."""

    id: UUID
    person_id: UUID
    centre_id: int
    service_id: int
    language: str
    words: str
    ceiling_baisa: int
    ends_at: datetime
    expires_at: datetime
    answer: str

    def is_open(self, at: datetime) -> bool:
        return not self.answer and at < self.expires_at


@dataclass(frozen=True)
class Approval:
    """How a request stands, as the operator's screen sees it."""

    id: UUID
    person_id: UUID
    service_id: int
    mandate_id: UUID | None
    state: str  # waiting | agreed | refused | expired
    made_at: datetime
    expires_at: datetime


def ask_by_phone(
    *,
    person: UUID,
    service_id: int,
    service_code: str,
    centre: int,
    terms: rules.Terms,
    until: datetime,
    at: datetime,
    by: UUID,
) -> UUID:
    """Send the person a link to the mandate, in their own language; the request's id.

    Raises `PhoneMissing`, `PhoneNotOwn`, `AskedTooOften`; then nothing was sent.
    """
    to = view_of(person)
    _require_own_phone(person, has_phone=bool(to.phone))
    asked_lately = MandateRequest.objects.filter(person_id=person, made_at__gt=at - ASKED_WITHIN)
    if asked_lately.count() >= MOST_ASKED:
        raise AskedTooOften
    words = terms.in_words(to.language)
    request = MandateRequest(
        id=new_id(), person_id=person, centre_id=centre, service_id=service_id,
        language=to.language, text=words, text_hash=rules.hash_of(words),
        ceiling_baisa=terms.ceiling_baisa, ends_at=min(until, at + rules.MANDATE_LASTS), made_at=at,
        made_by=by, expires_at=min(at + LINK_LASTS, until),
    )  # fmt: skip
    request.token_hash = links.hash_of_token(links.token_for("approve", request.id))
    request.save(force_insert=True)
    write_notice(
        person=person, centre=centre, case=None, kind="approve", at=at, opens=request.id,
        service=terms.service, centre_name=terms.centre, minutes=LINK_LASTS.seconds // 60,
    )  # fmt: skip
    append(
        "mandate.asked", at=at, by=by, centre=centre, request=request.id, person=person,
        service=service_code,
    )  # fmt: skip
    return request.id


def approval(request: UUID, *, at: datetime) -> Approval | None:
    """A request of this centre."""
    found = MandateRequest.objects.filter(id=request).first()
    return _approval(found, at) if found else None


def waiting_approval(*, person: UUID, service_id: int, at: datetime) -> Approval | None:
    """The newest request for this person and service that no case has used and that is not over."""
    found = (
        MandateRequest.objects.filter(person_id=person, service_id=service_id, ends_at__gt=at)
        .filter(Q(mandate=None) | Q(mandate__case_id=None, mandate__revoked_at=None))
        .order_by("-made_at", "-id")
        .first()
    )
    return _approval(found, at) if found else None


def asked(token: str) -> Asked | None:
    """What the link opens, as a visitor; None for a token that nobody was sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM beneficiaries_asked(%s)", [links.hash_of_token(token)])
        row = cursor.fetchone()
    return Asked(*row) if row else None


def answer(*, token: str, agreed: bool, typed_name: str, signature: str, at: datetime) -> None:
    """The person agrees or refuses, once, as a visitor.

    Raises `LinkOver`, `SignatureMissing`, `NameDiffers`; then nothing was answered.
    """
    found = asked(token)
    if found is None or not found.is_open(at):
        raise LinkOver
    name = typed_name.strip()
    if agreed:
        rules.require_mark(name or signature, drawn=not name)
    mark = keyring().seal((name or signature).encode(), bound_to=found.person_id.bytes)
    mandate = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT beneficiaries_answer(%s, %s, %s, %s, %s, %s)",
            [links.hash_of_token(token), agreed, name, mark, mandate, at],
        )
        outcome = cursor.fetchone()[0]
    if outcome is None:
        raise LinkOver
    if outcome == "name":
        raise rules.NameDiffers
    _record(found, outcome, mandate, at)


def _record(found: Asked, outcome: str, mandate: UUID, at: datetime) -> None:
    if outcome == "refused":
        append("mandate.refused", at=at, by=None, centre=found.centre_id, request=found.id)
        return
    service = catalogue.service_by_id(found.service_id, business_date(at))
    append(
        "mandate.granted", at=at, by=None, centre=found.centre_id, mandate=mandate,
        person=found.person_id, service=service.code, ceiling_baisa=found.ceiling_baisa,
        method="own_phone",
    )  # fmt: skip


def _require_own_phone(person: UUID, *, has_phone: bool) -> None:
    if not has_phone:
        raise PhoneMissing
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM beneficiaries_phone_shared(%s)", [person])
        others, is_staff = cursor.fetchone()
    if is_staff or others > MOST_OTHERS_WITH_THE_PHONE:
        raise PhoneNotOwn


def _approval(found: MandateRequest, at: datetime) -> Approval:
    state = found.answer or ("waiting" if at < found.expires_at else "expired")
    return Approval(
        found.id, found.person_id, found.service_id, found.mandate_id, state, found.made_at,
        found.expires_at,
    )  # fmt: skip
