"""Decisions about people and mandates, without I/O."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanad.lib.bilingual import Text
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused

MANDATE_LASTS = timedelta(hours=24)
METHODS = ("card_and_signature", "card_and_typed_name")
LONGEST_SIGNATURE_BYTES = 20_000
LEAST_STROKE_POINTS = 8

MANDATE_TEXT = Text(
    ar="أطلب من {centre} أن يقدّم عنّي خدمة «{service}» لدى {entity}، مرة واحدة، "
    "وألا يزيد ما أدفعه على {ceiling} ر.ع.{open_fee} ينتهي هذا التفويض في {until}، "
    "ولي أن ألغيه قبل تقديم الطلب. لم يُطلب مني أي رقم سري ولا رمز تحقق.",
    en="I ask {centre} to request “{service}” from {entity} for me, once, and I pay no more than "
    "OMR {ceiling}.{open_fee} This mandate ends at {until}, and I may revoke it before the "
    "request is sent. Nobody asked me for a password or a code.",
)
MANY_TEXT = Text(
    ar="أطلب من {centre} أن يقدّم عنّي {count} طلبًا لخدمة «{service}» لدى {entity}، هي المذكورة في "
    "القائمة التي رأيتها، مرة واحدة لكل منها، وألا يزيد ما أدفعه لكل طلب على {ceiling} ر.ع."
    "{open_fee} ينتهي هذا التفويض في {until}، ولي أن ألغيه قبل تقديم الطلبات. لم يُطلب مني أي رقم "
    "سري ولا رمز تحقق.",
    en="I ask {centre} to make {count} requests for “{service}” to {entity} for me, those of the "
    "list that I have seen, once each, and for each I pay no more than OMR {ceiling}.{open_fee} "
    "This mandate ends at {until}, and I may revoke it before the requests are sent. Nobody asked "
    "me for a password or a code.",
)
OPEN_FEE = Text(
    ar=" الرسم الحكومي غير معروف بعد، وسأُسأل عنه مرة ثانية قبل دفعه.",
    en=" The government fee is not known yet; I will be asked again before it is paid.",
)


class SignatureMissing(Refused):
    code = "mandate.signature_missing"
    sentence = N_(
        "The mandate is not signed. The person draws a signature on the screen, or types their "
        "full name as it stands on the card."
    )


class CardNotSeen(Refused):
    code = "mandate.card_not_seen"
    sentence = N_(
        "The person's card was not seen. Look at the card, compare the photo, and tick the box."
    )


class NameDiffers(Refused):
    code = "mandate.name_differs"
    sentence = N_(
        "The typed name is not the name of the person being served. "
        "Type the full name as it stands on the card."
    )


class WordsChanged(Refused):
    code = "mandate.words_changed"
    sentence = N_(
        "The words of the mandate changed while they were being read. Read them again, then agree."
    )


class MandateNotLive(Refused):
    code = "mandate.not_live"
    sentence = N_(
        "There is no live mandate for this request: it has expired, was revoked or was never "
        "given. Ask the person to agree again on the client's screen."
    )


class AboveCeiling(Refused):
    code = "mandate.above_ceiling"
    sentence = N_(
        "The total of OMR {total} is above the OMR {ceiling} that the person agreed to. "
        "Ask the person to agree to the new amount on the client's screen."
    )


@dataclass(frozen=True)
class Terms:
    """What a mandate says, before it is put into words."""

    centre: Text
    service: Text
    entity: Text
    ceiling_baisa: int
    fee_is_open: bool
    until: str
    count: int = 1  # requests of one list; the ceiling is for each

    def in_words(self, language: str) -> str:
        """The sentence that the person reads and agrees to."""
        open_fee = OPEN_FEE.in_language(language) if self.fee_is_open else ""
        words = MANDATE_TEXT if self.count == 1 else MANY_TEXT
        return words.in_language(language).format(
            count=self.count,
            centre=self.centre.in_language(language),
            service=self.service.in_language(language),
            entity=self.entity.in_language(language),
            ceiling=format_omr(self.ceiling_baisa),
            open_fee=open_fee,
            until=self.until,
        )


def hash_of(text: str) -> bytes:
    """SHA-256 of the sentence agreed to: the mandate is bound to these very words."""
    return hashlib.sha256(text.encode()).digest()


def require_signature(method: str, signature: str, *, card_seen: bool) -> None:
    """Raises `CardNotSeen` or `SignatureMissing`."""
    if not card_seen:
        raise CardNotSeen
    if method not in METHODS:
        raise SignatureMissing
    require_mark(signature, drawn=method == "card_and_signature")


def require_mark(signature: str, *, drawn: bool) -> None:
    """That something was drawn, or a name typed. Raises `SignatureMissing`."""
    if not signature.strip() or len(signature.encode()) > LONGEST_SIGNATURE_BYTES:
        raise SignatureMissing
    if drawn and signature.count(",") < LEAST_STROKE_POINTS:
        raise SignatureMissing


def require_live(
    *, granted_at: datetime, expires_at: datetime, revoked_at: datetime | None, at: datetime
) -> None:
    """Raises `MandateNotLive`."""
    if revoked_at is not None or not granted_at <= at < expires_at:
        raise MandateNotLive


def require_below_ceiling(*, total_baisa: int, ceiling_baisa: int) -> None:
    """Raises `AboveCeiling`."""
    if total_baisa > ceiling_baisa:
        raise AboveCeiling(total=format_omr(total_baisa), ceiling=format_omr(ceiling_baisa))
