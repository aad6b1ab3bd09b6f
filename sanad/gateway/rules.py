"""Decisions about the line to the entities, without I/O."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from sanad.lib.refusal import N_, Refused

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
TOO_MANY = 429
LONGEST_WAIT_TOO_MANY = timedelta(minutes=1)
LONGEST_TOLD = timedelta(hours=1)  # an entity that asks for more is asked again nevertheless
CLAIM_LASTS = timedelta(seconds=60)
ACCEPTED, RETURNED, APPROVED, REJECTED = "accepted", "returned", "approved", "rejected"
FEE = "fee"  # the government fee, where nothing is published; the request stays open
ANSWER_KINDS = (ACCEPTED, RETURNED, APPROVED, REJECTED, FEE)
HIGHEST_FEE_BAISA = 999_999_999
SETTLES = frozenset({RETURNED, APPROVED, REJECTED})  # after one of these a request is answered
# Answers that say "this will never be taken as it is"; everything else is tried again.
TAKEN_STATUSES = frozenset({200, 202})
FINAL_STATUSES = frozenset({400, 404, 409, 413, 422})
# What came of a try: taken, never to be taken as it is, not taken now, said but not proved.
TAKEN, REFUSED, DELAYED, UNPROVED = "acknowledged", "refused", "delayed", "unproved"
UNPROVED_NEEDS_SOMEBODY = 5  # so many unproved acknowledgements, and a person is asked
LATE_AFTER = timedelta(days=1)  # in line for longer than this, and a person is asked
BY_LINE, BY_ENTITY = "line", "entity"
FOUND_BY = (BY_LINE, BY_ENTITY)  # how we know of an outage
TRIES_THAT_SAY_DOWN = 3
DOWN_FOR_ONE_REQUEST = timedelta(seconds=30)  # one request alone must have failed for this long
TRIES_LOOKED_AT = timedelta(hours=1)  # longer than three of the longest waits
SLOW_FROM_SECONDS = 60  # a portal is called slow when half its requests wait as long as this
LONGEST_ANNOUNCED = timedelta(days=30)
LONGEST_NOTE = 200
YEARS = range(2000, 2101)
# Whoever has just paid at the counter knows that the request was sent; a message is for later.
NEWS_AFTER = timedelta(minutes=10)
# A zero character that the text of a JSON document stands for; no column of text can hold one.
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class SignatureRefused(Refused):
    code = "gateway.signature"
    sentence = N_(
        "This is not signed with the entity's key, so it was not taken. Sign the exact bytes that "
        "docs/api.md names, with the key that was registered."
    )


class UnknownRequest(Refused):
    code = "gateway.unknown_request"
    sentence = N_("No request with this identifier was sent to your entity. Check the request_id.")


class AnswerDiffers(Refused):
    code = "gateway.answer_differs"
    sentence = N_(
        "This answer_id was used before with another content. Give every answer an id of its own."
    )


class AnsweredAlready(Refused):
    code = "gateway.answered_already"
    sentence = N_(
        "This request was answered already, or the centre has sent it again since. Look at the "
        "list for what is open."
    )


class FeeNotOpen(Refused):
    code = "gateway.fee_not_open"
    sentence = N_(
        "The government fee of this request is published and was shown to the person, so it cannot "
        "be stated again. Ask the ministry to publish a change."
    )


class FeeStatedAlready(Refused):
    code = "gateway.fee_stated_already"
    sentence = N_(
        "The government fee of this request was stated before as another amount. It is stated once."
    )


class StageSent(Refused):
    code = "gateway.stage_sent"
    sentence = N_("This step was sent to the entity already. It is taken once for a request.")


class NotInLine(Refused):
    code = "gateway.not_in_line"
    sentence = N_(
        "This request is not in the line any more: the entity has taken it, or its system refused "
        "it as it was. Look at the request for what to do."
    )


class AnswerMalformed(Refused):
    code = "gateway.answer_malformed"
    sentence = N_("The answer cannot be read: {why}. Correct it and send it again.")


class OutageBackwards(Refused):
    code = "gateway.outage_backwards"
    sentence = N_("The end is not after the beginning. Correct one of the two times.")


class OutagePast(Refused):
    code = "gateway.outage_past"
    sentence = N_(
        "The beginning has passed. What was not announced is seen by the line itself; announce "
        "from now on."
    )


class OutageTooLong(Refused):
    code = "gateway.outage_too_long"
    sentence = N_(
        "An announced outage lasts at most {days} days. Announce the first part now and the rest "
        "later."
    )


class OutageWordless(Refused):
    code = "gateway.outage_wordless"
    sentence = N_(
        "Say in Arabic and in English why the portal will take nothing; people at the counters "
        "read it."
    )


class OutageOverlaps(Refused):
    code = "gateway.outage_overlaps"
    sentence = N_(
        "You have announced an outage for a part of this time already. Withdraw that one, or "
        "choose another time."
    )


class NoSuchOutage(Refused):
    code = "gateway.no_such_outage"
    sentence = N_("Your entity has not announced this outage. Look at the list of what is coming.")


class OutageOver(Refused):
    code = "gateway.outage_over"
    sentence = N_("This outage is over, so there is nothing to withdraw. It stays in the register.")


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach an entity. `status` is None when no answer came."""

    delivery: UUID
    at: datetime
    status: int | None

    @property
    def is_entitys_fault(self) -> bool:
        """No answer or 5xx: a reason on the entity's side, and not the request's."""
        return self.status is None or self.status >= 500


def named(*, taken: bool, final: bool, unproved: bool) -> str:
    """The outcome of a try, in a word."""
    if taken:
        return TAKEN
    return REFUSED if final else UNPROVED if unproved else DELAYED


def read_acknowledgement(
    document: dict[str, Any] | None, *, request: UUID, sha256: bytes
) -> tuple[bytes, bytes] | None:
    """What was signed and the signature; None where it is not about these bytes.

    Signed are all other members as JSON with sorted keys, without spaces, in UTF-8.
    """
    if document is None or document.get("request_id") != str(request):
        return None
    if document.get("request_sha256") != sha256.hex():
        return None
    try:
        signature = base64.b64decode(str(document.get("signature", "")), validate=True)
    except ValueError:
        return None
    rest = {name: value for name, value in document.items() if name != "signature"}
    signed = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return signed.encode(errors="replace"), signature


def down_since(tries: Sequence[Try]) -> datetime | None:
    """When an outage began, by the newest tries in the order of time; None while there is none.

    Three failures on the entity's side in a row say so, when they are of two requests or more, or
    lie half a minute apart. One request tried thrice in a few seconds says nothing yet.
    """
    last = tries[-TRIES_THAT_SAY_DOWN:]
    if len(last) < TRIES_THAT_SAY_DOWN or not all(one.is_entitys_fault for one in last):
        return None
    several = len({one.delivery for one in last}) > 1
    if not several and last[-1].at - last[0].at < DOWN_FOR_ONE_REQUEST:
        return None
    return last[0].at


def require_announceable(
    *, start: datetime, end: datetime, note_ar: str, note_en: str, at: datetime
) -> None:
    """Raises `OutageBackwards`, `OutagePast`, `OutageTooLong` or `OutageWordless`."""
    if end <= start:
        raise OutageBackwards
    if start < at.replace(second=0, microsecond=0):  # times are typed to the minute
        raise OutagePast
    if end - start > LONGEST_ANNOUNCED:
        raise OutageTooLong(days=LONGEST_ANNOUNCED.days)
    if not note_ar.strip() or not note_en.strip():
        raise OutageWordless


def wait_after(
    tries: int, *, status: int | None = None, told_seconds: int | None = None
) -> timedelta:
    """How long to wait after the `tries`-th failure: doubling, never above `LONGEST_WAIT`.

    A system that says "too many" is up, so the wait is short; and never shorter than it told us,
    up to `LONGEST_TOLD`.
    """
    longest = LONGEST_WAIT if status != TOO_MANY else LONGEST_WAIT_TOO_MANY
    wait = min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 12)), longest)
    return max(wait, min(timedelta(seconds=max(told_seconds or 0, 0)), LONGEST_TOLD))


def is_news(*, made_at: datetime, at: datetime) -> bool:
    """Whether the person is told that the entity has the request: when that took its time."""
    return at - made_at >= NEWS_AFTER


def read_answer(raw: bytes) -> dict[str, Any]:
    """An answer's fields, checked. Raises `AnswerMalformed` saying what is wrong."""
    body = _document(raw)
    for name in ("answer_id", "request_id"):
        body[name] = str(_uuid(body, name))
    body["decided_at"] = _moment(body).isoformat()
    if body.get("kind") not in ANSWER_KINDS:
        raise AnswerMalformed(why=f"kind must be one of {', '.join(ANSWER_KINDS)}")
    reason, fields = body.get("reason") or {}, body.get("fields") or []
    if not isinstance(reason, dict) or not isinstance(fields, list):
        raise AnswerMalformed(why="reason is an object and fields is a list")
    if body["kind"] == FEE:
        _require_fee(body.get("government_baisa"))
    return body | {"reason": reason, "fields": [str(field) for field in fields]}


def _require_fee(baisa: Any) -> None:
    if type(baisa) is not int or not 0 <= baisa <= HIGHEST_FEE_BAISA:
        raise AnswerMalformed(
            why=f"government_baisa must be a whole number from 0 to {HIGHEST_FEE_BAISA}"
        )


def _document(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw, parse_constant=_no_constant)
        text = json.dumps(body, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise AnswerMalformed(why="the body is not one JSON document in UTF-8") from error
    if not isinstance(body, dict):
        raise AnswerMalformed(why="the body is not a JSON object")
    if _ZERO.search(text):
        raise AnswerMalformed(why="a text holds the character U+0000")
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(body[name]))
    except (KeyError, ValueError) as error:
        raise AnswerMalformed(why=f"{name} is missing or is not a UUID") from error


def _moment(body: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(body["decided_at"]))
    except (KeyError, ValueError) as error:
        raise AnswerMalformed(why="decided_at is missing or is not an ISO 8601 time") from error
    if moment.tzinfo is None:
        raise AnswerMalformed(why="decided_at has no time zone")
    if moment.year not in YEARS:
        raise AnswerMalformed(why="decided_at is not in this century")
    return moment
