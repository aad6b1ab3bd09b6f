"""Verbs about people, mandates, notices and feedback."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from sanad.beneficiaries import links, rules
from sanad.beneficiaries.models import (
    CIVIL,
    PASSPORT,
    Company,
    Identity,
    Mandate,
    Notice,
    Person,
    Reveal,
)
from sanad.beneficiaries.notices import LINK, NOTICES
from sanad.beneficiaries.queries import (
    CompanyView,
    NoSuchPerson,
    PersonView,
    keyring,
    masked,
    seen,
)
from sanad.beneficiaries.queries import company as company_view
from sanad.beneficiaries.queries import person as view_of
from sanad.db import jobs
from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.civil_number import parse_civil_number
from sanad.lib.digits import ascii_digits
from sanad.lib.ids import new_id
from sanad.lib.phone import parse_phone
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret

SHORTEST_REASON = 8
LONGEST_REASON = 200
LONGEST_NAME, LONGEST_COMPANY_NAME = 120, 160
LANGUAGES = ("ar", "en")


class KeyTaken(Refused):
    code = "beneficiaries.key_taken"
    sentence = N_(
        "Somebody is already registered with this number. Look the person up by the number "
        "instead of entering them again."
    )


class PassportRefused(Refused):
    code = "beneficiaries.passport"
    sentence = N_(
        "“{text}” is not a passport number. Type its 5 to 15 letters and digits as they stand in "
        "the passport."
    )


class CompanyNumberRefused(Refused):
    code = "beneficiaries.company_number"
    sentence = N_("“{text}” is not a commercial registration number. Type its 4 to 12 digits.")


class NameMissing(Refused):
    code = "beneficiaries.name_missing"
    sentence = N_("The name is missing. Type it as it stands on the card.")


class NameTooLong(Refused):
    code = "beneficiaries.name_too_long"
    sentence = N_("The name is longer than {most} letters. Type it as it stands on the card.")


class LanguageUnknown(Refused):
    code = "beneficiaries.language"
    sentence = N_("Messages are written in Arabic or English. Choose one of the two.")


class ReasonTooShort(Refused):
    code = "beneficiaries.reason_too_short"
    sentence = N_("Say in a few words why you need to see the number; the person can read it.")


def clean_key(kind: str, text: str) -> str:
    """The exact key as it is stored: digits for a civil number, capitals for a passport.

    Raises `CivilNumberRefused` or `PassportRefused`.
    """
    if kind == CIVIL:
        return parse_civil_number(text)
    found = "".join(ascii_digits(text).split()).upper()
    if kind != PASSPORT or not (found.isascii() and found.isalnum() and 5 <= len(found) <= 15):
        raise PassportRefused(text=text)
    return found


def index_of(kind: str, key: str) -> bytes:
    """The keyed index under which an exact key is found."""
    return keyring().index(f"{kind}:{key}".encode())


def register_person(
    *,
    centre: int,
    key_kind: str,
    key: str,
    name_ar: str,
    name_en: str,
    phone: str,
    language: str,
    nationality: str,
    at: datetime,
    by: UUID,
) -> PersonView:
    """Enter a person for the first time; the centre sees them from now on.

    Raises `NameMissing`, `NameTooLong`, `LanguageUnknown`, `KeyTaken`, or what is wrong with the
    number or the phone.
    """
    key = clean_key(key_kind, key)
    _require_names(name_ar, name_en, most=LONGEST_NAME)
    if not name_ar.strip() and not name_en.strip():
        raise NameMissing
    if language not in LANGUAGES:
        raise LanguageUnknown
    person = Person(
        id=new_id(), name_ar=name_ar.strip() or name_en.strip(), name_en=name_en.strip(),
        phone=parse_phone(phone).e164 if phone.strip() else "", language=language,
        nationality=nationality, created_at=at,
    )  # fmt: skip
    person.fold_name()
    try:
        with transaction.atomic(savepoint=False):
            _insert_seen_person(person, centre=centre, at=at)
            Identity(
                person=person, kind=key_kind, index=index_of(key_kind, key), last_four=key[-4:],
                sealed=keyring().seal(key.encode(), bound_to=person.id.bytes),
            ).save(force_insert=True)  # fmt: skip
    except IntegrityError as error:
        raise KeyTaken from error
    append("person.registered", at=at, by=by, centre=centre, person=person.id)
    return seen(person, ((key_kind, masked(key[-4:])),))


def register_company(
    *, centre: int, cr_number: str, name_ar: str, name_en: str, at: datetime, by: UUID
) -> CompanyView:
    """Enter a company, or give the one that already has this number."""
    number = clean_company_number(cr_number)
    _require_names(name_ar, name_en, most=LONGEST_COMPANY_NAME)
    if not name_ar.strip():
        raise NameMissing
    company, new = Company.objects.get_or_create(
        cr_number=number,
        defaults={"name_ar": name_ar.strip(), "name_en": name_en.strip(), "created_at": at},
    )
    if new:
        append("company.registered", at=at, by=by, centre=centre, company=company.id)
    return company_view(company.id)


def clean_reason(text: str) -> str:
    """A reason that somebody may read later. Raises `ReasonTooShort` or `SecretRefused`."""
    if len(text.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    return require_no_secret(text.strip())[:LONGEST_REASON]


def clean_company_number(text: str) -> str:
    """Raises `CompanyNumberRefused`."""
    found = "".join(ascii_digits(text).split())
    if not (found.isdecimal() and 4 <= len(found) <= 12):
        raise CompanyNumberRefused(text=text)
    return found


def reveal(*, person: UUID, centre: int, reason: str, at: datetime, by: UUID) -> dict[str, str]:
    """The person's numbers in clear, by kind; recorded with the reason, which the person can read.

    Raises `ReasonTooShort`, `SecretRefused` or `NoSuchPerson`; then nothing was shown.
    """
    reason = clean_reason(reason)
    found = list(Identity.objects.filter(person_id=person))
    if not found:
        raise NoSuchPerson
    Reveal(
        person_id=person, centre_id=centre, account_id=by, reason=reason, at=at,
    ).save(force_insert=True)  # fmt: skip
    append("person.revealed", at=at, by=by, centre=centre, person=person)
    return {i.kind: keyring().open(bytes(i.sealed), bound_to=person.bytes).decode() for i in found}


def grant_mandate(
    *,
    person: UUID,
    service_id: int,
    service_code: str,
    centre: int,
    terms: rules.Terms,
    language: str,
    method: str,
    signature: str,
    card_seen: bool,
    at: datetime,
    by: UUID,
    until: datetime | None = None,
) -> UUID:
    """The person agrees on the client's screen; the mandate's id.

    It ends at `until`, as the words say, and never later than `MANDATE_LASTS` allows. Raises
    `CardNotSeen`, `SignatureMissing`, `NameDiffers`.
    """
    rules.require_signature(method, signature, card_seen=card_seen)
    if method == "card_and_typed_name":
        require_same_name(person, signature)
    latest = at + rules.MANDATE_LASTS
    mandate = Mandate(
        id=new_id(), person_id=person, service_id=service_id, centre_id=centre,
        ceiling_baisa=terms.ceiling_baisa, language=language,
        text_hash=rules.hash_of(terms.in_words(language)), method=method,
        signature_sealed=keyring().seal(signature.encode(), bound_to=person.bytes),
        granted_at=at, expires_at=min(until or latest, latest),
    )  # fmt: skip
    mandate.save(force_insert=True)
    append(
        "mandate.granted", at=at, by=by, centre=centre, mandate=mandate.id, person=person,
        service=service_code, ceiling_baisa=terms.ceiling_baisa, method=method,
    )  # fmt: skip
    return mandate.id


def bind_mandate(
    *, mandate: UUID, case: UUID, person: UUID, service_id: int, centre: int, at: datetime
) -> None:
    """Use a live mandate for one case, and no other. Raises `MandateNotLive`."""
    bound = Mandate.objects.filter(
        id=mandate, case_id=None, person_id=person, service_id=service_id, centre_id=centre,
        revoked_at=None, granted_at__lte=at, expires_at__gt=at,
    ).update(case_id=case)  # fmt: skip
    if not bound:
        raise rules.MandateNotLive


def require_live_mandate(*, case: UUID, at: datetime) -> Mandate:
    """The case's mandate, locked. Raises `MandateNotLive`."""
    found = lock(Rank.MANDATE, Mandate.objects.filter(case_id=case, revoked_at=None))
    if not found:
        raise rules.MandateNotLive
    newest = max(found, key=lambda mandate: mandate.granted_at)
    rules.require_live(
        granted_at=newest.granted_at,
        expires_at=newest.expires_at,
        revoked_at=newest.revoked_at,
        at=at,
    )
    return newest


def revoke_mandate(*, case: UUID, centre: int, at: datetime, by: UUID | None) -> int:
    """End the case's mandates; how many there were. The case is free for a new one."""
    found = lock(Rank.MANDATE, Mandate.objects.filter(case_id=case, revoked_at=None))
    for mandate in found:
        mandate.revoked_at = at
        mandate.case_id = None
        mandate.save(update_fields=["revoked_at", "case_id"])
        append("mandate.revoked", at=at, by=by, centre=centre, mandate=mandate.id)
    return len(found)


def write_notice(
    *,
    person: UUID,
    centre: int,
    case: UUID | None,
    kind: str,
    at: datetime,
    opens: UUID | None = None,
    **facts: Any,
) -> UUID | None:
    """A message in the person's language, sent by the worker after this transaction.

    None for a person without a phone. Bilingual facts are given as `Text`. `opens` is the row that
    a secret link leads to; the link itself is made when the message leaves.
    """
    to = view_of(person)
    if not to.phone:
        return None
    words = {
        name: fact.in_language(to.language) if isinstance(fact, Text) else fact
        for name, fact in facts.items()
    }
    if opens is not None:
        words["link"] = LINK
    notice = Notice(
        id=new_id(), person_id=person, centre_id=centre, case_id=case, kind=kind,
        language=to.language, text=NOTICES[kind].in_language(to.language).format(**words)[:400],
        made_at=at, opens=opens,
    )  # fmt: skip
    notice.save(force_insert=True)
    jobs.defer("beneficiaries.send_notice", queue="notices", notice=str(notice.id), centre=centre)
    return notice.id


def send_notice(*, notice: UUID, send: Callable[[str, str, str], None], at: datetime) -> bool:
    """Send a message that was not sent yet; `send(id, phone, text)` may raise, then it stays.

    The gateway takes the same id once, so a repeat after a crash is not a second message.
    """
    found = Notice.objects.select_for_update().filter(id=notice, sent_at=None).first()
    if found is None:
        return False
    send(str(found.id), view_of(found.person_id).phone, _with_link(found))
    found.sent_at = at
    found.save(update_fields=["sent_at"])
    append(
        "notice.sent", at=at, by=None, centre=found.centre_id, notice=found.id,
        about=found.kind, person=found.person_id,
    )  # fmt: skip
    return True


def _with_link(notice: Notice) -> str:
    if notice.opens is None:
        return notice.text
    return notice.text.replace(LINK, links.link_to(notice.kind, notice.opens))


def seal_text(plain: str, *, bound_to: UUID) -> str:
    """A civil number inside a form's answers, as it is stored."""
    return keyring().seal(plain.encode(), bound_to=bound_to.bytes).hex()


def open_text(sealed: str, *, bound_to: UUID) -> str:
    """The reverse of `seal_text`, for the moment of sending."""
    return keyring().open(bytes.fromhex(sealed), bound_to=bound_to.bytes).decode()


def _insert_seen_person(person: Person, *, centre: int, at: datetime) -> None:
    """The person, visible to the centre: policies read the person through `PersonCentre`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO beneficiaries_person (id, name_ar, name_en, name_fold, phone, language,"
            " nationality, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [person.id, person.name_ar, person.name_en, person.name_fold, person.phone,
             person.language, person.nationality, at],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO beneficiaries_personcentre (centre_id, person_id, since)"
            " VALUES (%s, %s, %s)",
            [centre, person.id, at],
        )


def _require_names(*names: str, most: int) -> None:
    if any(len(name.strip()) > most for name in names):
        raise NameTooLong(most=most)


def require_same_name(person: UUID, typed: str) -> None:
    """That a typed name is the person's, as text is compared. Raises `NameDiffers`."""
    known = view_of(person).name
    if ar_norm(typed) not in {ar_norm(known.ar), ar_norm(known.en)}:
        raise rules.NameDiffers
