"""Documents that a centre keeps for the next request, because the person agreed to it.

One consent a person and centre; each copy belongs to it. Withdrawn, nothing under it is offered
any more. The file lies once, under its digest, and a request that used it keeps it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.beneficiaries import rules
from sanad.beneficiaries.models import DocumentConsent, HeldDocument
from sanad.eventlog.actions import append
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

CONSENT_TEXT = Text(
    ar="أوافق أن يحتفظ {centre} بنسخ من مستنداتي لطلبي القادم لديه، ولا تُستعمل لغير ذلك، "
    "ولي أن أسحب موافقتي متى شئت.",
    en="I let {centre} keep copies of my documents for my next request there, and for nothing "
    "else. I may withdraw this whenever I like.",
)


class NotKept(Refused):
    code = "held.not_kept"
    sentence = N_(
        "This document is not kept for this person, or they withdrew their consent. Ask for it "
        "again."
    )


class OutOfDate(Refused):
    code = "held.out_of_date"
    sentence = N_("The kept document was valid until {day}. Ask the person for the new one.")


@dataclass(frozen=True)
class Held:
    """A kept document, and whether it may be used on the day that was asked about."""

    id: UUID
    code: str
    name: Text
    file_name: str
    media_type: str
    size_bytes: int
    sha256: bytes
    kept_at: datetime
    expires_on: date | None
    is_in_date: bool


def consent_words(centre: Text, language: str) -> str:
    """The sentence beside the tick."""
    return CONSENT_TEXT.in_language(language).format(centre=centre.in_language(language))


def give_consent(
    *, person: UUID, centre: int, words: str, language: str, at: datetime, by: UUID
) -> UUID:
    """The person ticked the sentence; the live consent's id. Given twice, it is the first one."""
    live = _live(person, centre)
    if live is not None:
        return live.id
    consent = DocumentConsent(
        id=new_id(), person_id=person, centre_id=centre, language=language,
        text_hash=rules.hash_of(words), given_at=at, account_id=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError:  # two screens at once
        return DocumentConsent.objects.get(
            person_id=person, centre_id=centre, withdrawn_at=None
        ).id  # fmt: skip
    append(
        "documents.consent_given", at=at, by=by, centre=centre, consent=consent.id, person=person
    )
    return consent.id


def withdraw_consent(*, person: UUID, centre: int, at: datetime, by: UUID | None) -> bool:
    """Nothing is offered from now on; False where there was no live consent."""
    live = _live(person, centre)
    if live is None:
        return False
    ended = DocumentConsent.objects.filter(id=live.id, withdrawn_at=None).update(withdrawn_at=at)
    if ended:
        append("documents.consent_withdrawn", at=at, by=by, centre=centre, consent=live.id)
    return bool(ended)


def has_consent(*, person: UUID, centre: int) -> bool:
    """Whether copies are kept for this person at this centre."""
    return _live(person, centre) is not None


def keep_copy(
    *,
    person: UUID,
    centre: int,
    code: str,
    name: Text,
    file_name: str,
    media_type: str,
    size_bytes: int,
    sha256: bytes,
    expires_on: date | None,
    at: datetime,
) -> bool:
    """Remember a file for the next request, where the person agreed to that."""
    live = _live(person, centre)
    if live is None:
        return False
    HeldDocument.objects.update_or_create(
        consent=live, code=code, sha256=sha256,
        create_defaults={
            "id": new_id(), "person_id": person, "centre_id": centre, "name_ar": name.ar[:200],
            "name_en": name.en[:200], "file_name": file_name, "media_type": media_type,
            "size_bytes": size_bytes, "expires_on": expires_on, "kept_at": at,
        },
        defaults={"expires_on": expires_on},
    )  # fmt: skip
    return True


def kept_for(
    *, person: UUID, centre: int, codes: Iterable[str] | None = None, at: datetime
) -> dict[str, Held]:
    """The newest kept copy of each document, by its code; those out of date are marked so."""
    found = HeldDocument.objects.filter(
        person_id=person, centre_id=centre, consent__withdrawn_at=None
    )
    if codes is not None:
        found = found.filter(code__in=list(codes))
    on = business_date(at)
    return {one.code: _view(one, on) for one in found.order_by("kept_at", "id")}


def require_kept(*, held: UUID, person: UUID, centre: int, code: str, at: datetime) -> Held:
    """A kept copy that may be used now. Raises `NotKept` or `OutOfDate`."""
    found = HeldDocument.objects.filter(
        id=held, person_id=person, centre_id=centre, code=code, consent__withdrawn_at=None
    ).first()
    if found is None:
        raise NotKept
    view = _view(found, business_date(at))
    if not view.is_in_date:
        raise OutOfDate(day=f"{found.expires_on:%Y-%m-%d}")
    return view


def _live(person: UUID, centre: int) -> DocumentConsent | None:
    return DocumentConsent.objects.filter(
        person_id=person, centre_id=centre, withdrawn_at=None
    ).first()


def _view(one: HeldDocument, on: date) -> Held:
    return Held(
        id=one.id, code=one.code, name=Text(one.name_ar, one.name_en), file_name=one.file_name,
        media_type=one.media_type, size_bytes=one.size_bytes, sha256=bytes(one.sha256),
        kept_at=one.kept_at, expires_on=one.expires_on,
        is_in_date=one.expires_on is None or one.expires_on >= on,
    )  # fmt: skip
