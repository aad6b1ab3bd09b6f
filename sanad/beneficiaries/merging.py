"""Somebody entered twice: seen before it happens, put together when it did, and taken back.

The part of a merge that touches requests and visits is `cases.merging`, which calls this one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from sanad.beneficiaries.actions import clean_reason, register_person
from sanad.beneficiaries.models import (
    DocumentConsent,
    HeldDocument,
    Identity,
    Mandate,
    MandateRequest,
    Notice,
    Person,
    PersonApart,
    PersonMerge,
)
from sanad.beneficiaries.queries import NoSuchPerson, PersonView, keyring
from sanad.beneficiaries.queries import person as view_of
from sanad.db import sql
from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.ar_norm import ar_norm
from sanad.lib.ids import new_id
from sanad.lib.phone import PhoneRefused, parse_phone
from sanad.lib.refusal import N_, Refused

# Share of the trigrams that two folded names have in common. Two spellings of one name have about
# 0.6 and more; two people of one family, who share all but the first name, stay below it.
LIKENESS = 0.6
MOST_ALIKE = 5
UNDO_WITHIN = timedelta(days=7)


class LooksAlike(Refused):
    code = "people.looks_alike"
    sentence = N_(
        "This centre knows somebody with the same phone or a name like this. Choose them if it is "
        "the same person; if not, say why it is somebody else."
    )


class MergeWithSelf(Refused):
    code = "people.merge_with_self"
    sentence = N_("This is one person already. Choose two different ones.")


class ServedElsewhere(Refused):
    code = "people.served_elsewhere"
    sentence = N_(
        "Another centre serves the person who would disappear. Keep that one instead, or leave "
        "both."
    )


class TwoNumbers(Refused):
    code = "people.two_numbers"
    sentence = N_(
        "Both have a number of the same kind, so they are two people or one number is wrong. Give "
        "the request to the right person instead of merging."
    )


class MergedAlready(Refused):
    code = "people.merged_already"
    sentence = N_("One of the two was merged already. Reload the page to see who is left.")


class CannotUndo(Refused):
    code = "people.cannot_undo"
    sentence = N_(
        "The merge cannot be taken back any more: more than {days} days have passed, or something "
        "was done since with what was moved."
    )


@dataclass(frozen=True)
class Alike:
    """Somebody who may be the same person, and why it seems so."""

    person: PersonView
    same_phone: bool
    likeness_percent: int


@dataclass(frozen=True)
class MergeView:
    """A merge as the person's file shows it."""

    id: UUID
    keep: PersonView
    gone: PersonView
    reason: str
    account_id: UUID
    at: datetime
    undone_at: datetime | None


def look_alikes(
    *, centre: int, name_ar: str, name_en: str, phone: str, but: UUID | None = None
) -> list[Alike]:
    """The centre's own people with this phone or a name like this, the likeliest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.load("beneficiaries/look_alikes"),
            {
                "centre": centre, "name_ar": ar_norm(name_ar), "name_en": ar_norm(name_en),
                "phone": _e164(phone), "but": but, "threshold": LIKENESS, "most": MOST_ALIKE,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    return [Alike(view_of(key), same, int(likeness * 100)) for key, same, likeness in rows]


def register_somebody_new(
    *,
    apart_from: Iterable[UUID] = (),
    apart_reason: str = "",
    at: datetime,
    by: UUID,
    **details: Any,
) -> PersonView:
    """Enter a person after looking for those who look alike; `details` as `register_person`.

    `apart_from` are the people shown and found to be others, for `apart_reason`, which is kept.
    Raises `LooksAlike` while somebody alike was not told apart, `ReasonTooShort`, and what
    `register_person` raises.
    """
    alike = look_alikes(
        centre=details["centre"], name_ar=details["name_ar"], name_en=details["name_en"],
        phone=details["phone"],
    )  # fmt: skip
    shown = set(apart_from)
    if any(one.person.id not in shown for one in alike):
        raise LooksAlike
    reason = clean_reason(apart_reason) if alike else ""
    new = register_person(at=at, by=by, **details)
    for one in alike:
        PersonApart(
            id=new_id(), person_id=new.id, other_id=one.person.id, centre_id=details["centre"],
            reason=reason, account_id=by, at=at,
        ).save(force_insert=True)  # fmt: skip
        append(
            "person.told_apart", at=at, by=by, centre=details["centre"], person=new.id,
            other=one.person.id,
        )  # fmt: skip
    return new


def require_mergeable(*, keep: UUID, gone: UUID) -> None:
    """Both locked. Raises `MergeWithSelf`, `NoSuchPerson`, `MergedAlready`, `ServedElsewhere`,

    `TwoNumbers`.
    """
    if keep == gone:
        raise MergeWithSelf
    found = lock(Rank.PERSON, Person.objects.filter(id__in=(keep, gone)))
    if len(found) != 2:
        raise NoSuchPerson
    if any(person.merged_into_id for person in found):
        raise MergedAlready
    if _served_elsewhere(gone):
        raise ServedElsewhere
    kinds = list(Identity.objects.filter(person_id__in=(keep, gone)).values_list("kind", flat=True))
    if len(kinds) != len(set(kinds)):
        raise TwoNumbers


def move(
    *,
    keep: UUID,
    gone: UUID,
    centre: int,
    reason: str,
    also: dict[str, Any],
    at: datetime,
    by: UUID,
) -> UUID:
    """Numbers, mandates, messages and kept documents go over; the merge's id.

    Called by `cases.merging` under the locks of `require_mergeable`; `also` is what it moved.
    Raises `MergedAlready`.
    """
    moved = also | {
        "identities": [str(i.id) for i in _give(Identity, gone, keep, sealed="sealed")],
        "mandates": [
            [str(m.id), str(m.case_id or ""), bool(m.revoked_at)]
            for m in _give(Mandate, gone, keep, sealed="signature_sealed")
        ],
        "notices": [str(n.id) for n in _give(Notice, gone, keep)],
        "consents": _give_consents(gone, keep, centre),
    }
    merge = PersonMerge(
        id=new_id(), keep_id=keep, gone_id=gone, centre_id=centre, reason=reason,
        moved=moved, account_id=by, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            merge.save(force_insert=True)
    except IntegrityError as error:
        raise MergedAlready from error
    Person.objects.filter(id=gone).update(merged_into=keep)
    append(
        "person.merged", at=at, by=by, centre=centre, merge=merge.id, keep=keep, gone=gone,
        cases=len(also.get("cases", ())),
    )  # fmt: skip
    return merge.id


def undoable(merge: UUID, *, at: datetime) -> PersonMerge:
    """The merge, its people locked. Raises `CannotUndo`."""
    found = PersonMerge.objects.filter(id=merge, undone_at=None).first()
    if found is None or at > found.at + UNDO_WITHIN:
        raise CannotUndo(days=UNDO_WITHIN.days)
    lock(Rank.PERSON, Person.objects.filter(id__in=(found.keep_id, found.gone_id)))
    found.refresh_from_db()
    if found.undone_at is not None:
        raise CannotUndo(days=UNDO_WITHIN.days)
    return found


def require_untouched(merge: PersonMerge) -> None:
    """That no mandate that went over was used or revoked since. Raises `CannotUndo`."""
    mandates = [UUID(key) for key, _, _ in merge.moved["mandates"]]
    now = [
        [str(m.id), str(m.case_id or ""), bool(m.revoked_at)]
        for m in lock(
            Rank.MANDATE, Mandate.objects.filter(id__in=mandates, person_id=merge.keep_id)
        )
    ]
    if sorted(now) != sorted(merge.moved["mandates"]):
        raise CannotUndo(days=UNDO_WITHIN.days)


def put_back(merge: PersonMerge, *, at: datetime, by: UUID) -> None:
    """What `move` moved goes back; called by `cases.merging` after `require_untouched`."""
    keep, gone, moved = merge.keep_id, merge.gone_id, merge.moved
    mandates = [UUID(key) for key, _, _ in moved["mandates"]]
    _give(Identity, keep, gone, sealed="sealed", only=moved["identities"])
    _give(Mandate, keep, gone, sealed="signature_sealed", only=mandates)
    _give(Notice, keep, gone, only=moved["notices"])
    _give(DocumentConsent, keep, gone, only=moved["consents"])
    HeldDocument.objects.filter(consent__in=moved["consents"]).update(person_id=gone)
    Person.objects.filter(id=gone).update(merged_into=None)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    append(
        "person.merge_undone", at=at, by=by, centre=merge.centre_id, merge=merge.id, keep=keep,
        gone=gone,
    )  # fmt: skip


def merges_of(person: UUID) -> list[MergeView]:
    """The merges in which a person was kept or went, the newest first."""
    found = PersonMerge.objects.filter(keep_id=person) | PersonMerge.objects.filter(gone_id=person)
    return [
        MergeView(
            m.id, view_of(m.keep_id), view_of(m.gone_id), m.reason, m.account_id, m.at, m.undone_at
        )
        for m in found.order_by("-at", "-id")
    ]


def _give(
    model: Any, of: UUID, to: UUID, *, sealed: str = "", only: Iterable[Any] | None = None
) -> list[Any]:
    """Rows of one person become another's; what is sealed to the person is sealed anew."""
    found = model.objects.filter(person_id=of)
    if only is not None:
        found = found.filter(id__in=list(only))
    rows = lock(Rank.MANDATE, found) if model is Mandate else list(found)
    for row in rows:
        row.person_id = to
        if sealed:
            plain = keyring().open(bytes(getattr(row, sealed)), bound_to=of.bytes)
            setattr(row, sealed, keyring().seal(plain, bound_to=to.bytes))
        row.save(update_fields=["person_id", *([sealed] if sealed else [])])
    return rows


def _give_consents(gone: UUID, keep: UUID, centre: int) -> list[str]:
    """A consent goes over unless the one who stays has given their own."""
    if DocumentConsent.objects.filter(person_id=keep, centre_id=centre, withdrawn_at=None).exists():
        return []
    moved = [c.id for c in _give(DocumentConsent, gone, keep)]
    HeldDocument.objects.filter(consent_id__in=moved).update(person_id=keep)
    return [str(consent) for consent in moved]


def open_requests(person: UUID, at: datetime) -> bool:
    """Whether a link to a mandate is on its way to this person."""
    return MandateRequest.objects.filter(
        person_id=person, answer="", expires_at__gt=at
    ).exists()  # fmt: skip


def _served_elsewhere(person: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT beneficiaries_served_elsewhere(%s)", [person])
        return bool(cursor.fetchone()[0])


def _e164(phone: str) -> str:
    try:
        return parse_phone(phone).e164 if phone.strip() else ""
    except PhoneRefused:
        return ""
