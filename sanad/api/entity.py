"""The entities' own door: machines answer requests and read what was sent to them.

Nobody signs in here. Each call is signed with the entity's registered Ed25519 key; docs/api.md
says over which bytes. What a call may see is the entity's own, by row-level security.
"""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from sanad.api.problems import TooLarge, responses
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, entity_scope, public_scope
from sanad.gateway import actions, queries
from sanad.gateway.queries import RequestLine
from sanad.gateway.rules import ANSWER_KINDS, SignatureRefused
from sanad.lib import clock
from sanad.lib.refusal import Refused
from sanad.till import queries as till

CODE, SIGNATURE, DATE = "X-Entity-Code", "X-Entity-Signature", "X-Entity-Date"
BODY_LIMIT_BYTES: Final = 256 * 1024
DATE_MAY_DIFFER: Final = timedelta(minutes=5)
ANSWER_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["answer_id", "request_id", "kind", "decided_at"],
                "properties": {
                    "answer_id": {"type": "string", "format": "uuid"},
                    "request_id": {"type": "string", "format": "uuid"},
                    "kind": {"enum": list(ANSWER_KINDS)},
                    "reason": {
                        "type": "object",
                        "properties": {"ar": {"type": "string"}, "en": {"type": "string"}},
                    },
                    "fields": {"type": "array", "items": {"type": "string"}},
                    "government_baisa": {"type": "integer", "minimum": 0},
                    "decided_at": {"type": "string", "format": "date-time"},
                },
            }
        }
    },
}


class Taken(Schema):
    """An answer that was taken in; the same answer again is the same."""

    answer_id: UUID


class RequestOut(Schema):
    """A request in a list. `answer` is the kind of the last answer, or empty.

    `stage` is a further step of the official list, or empty for the request itself.
    """

    request_id: UUID
    case_code: str
    service_code: str
    centre_code: str
    state: str
    sent_at: datetime
    resend: bool
    answer: str
    stage: str


class RequestDetail(RequestOut):
    """One request. Civil numbers inside `form` are masked: they came in clear when it was sent.

    `stated_fee_baisa` is the government fee that you stated, `fee_paid_at` when it was paid.
    """

    represented_party: str
    company: str
    agent: str
    form: dict[str, Any]
    masked: list[str]
    documents: list[dict[str, str]]
    acknowledged_at: datetime | None
    reference: str
    stated_fee_baisa: int | None
    fee_paid_at: datetime | None


router = Router(tags=["entity"])


def headers_of(*names: str) -> list[dict[str, Any]]:
    """Required headers, for an operation's description."""
    shape = {"type": "string"}
    return [{"name": name, "in": "header", "required": True, "schema": shape} for name in names]


@router.post(
    "/answers",
    response=Taken,
    summary="Answer a request",
    openapi_extra={
        "parameters": headers_of(CODE, SIGNATURE),
        "requestBody": ANSWER_BODY,
        "responses": responses(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    },
)
def answer(request: HttpRequest) -> Taken:
    """Taken for good when 200 comes; until then the same bytes may be sent again and again."""
    raw = _body(request)
    entity = _entity(request)
    with acting(entity_scope(entity)):
        taken = actions.receive_answer(
            entity=entity, raw=raw, signature=_signature(request), at=clock.now()
        )
    return Taken(answer_id=taken)


_READING = {
    "parameters": headers_of(CODE, DATE, SIGNATURE),
    "responses": responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND),
}


@router.get(
    "/requests",
    response=list[RequestOut],
    summary="What was sent to you, newest first, at most 200",
    openapi_extra=_READING,
)
def requests(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest requests of the entity that signs."""
    with _reading(request) as entity:
        return [_line(line) for line in queries.requests_of(entity)]


@router.get(
    "/requests/{uuid:request_id}",
    response=RequestDetail,
    summary="One request",
    openapi_extra=_READING,
)
def one_request(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """A request of the entity that signs; another's does not exist."""
    with _reading(request) as entity:
        found = queries.request(entity, request_id)
        paid_at = till.fee_paid_at(found.case_id)
    return _line(found.line) | {
        "represented_party": found.represented.ar,
        "company": found.company,
        "agent": found.agent.ar,
        "form": found.form,
        "masked": sorted(found.masked),
        "documents": [{"code": code, "held_as": held_as} for code, held_as in found.documents],
        "acknowledged_at": found.acknowledged_at,
        "reference": found.reference,
        "stated_fee_baisa": found.stated_fee_baisa,
        "fee_paid_at": paid_at,
    }


def signed_bytes(method: str, path: str, date: str) -> bytes:
    """What the signature of a reading call is over."""
    return f"{method}\n{path}\n{date}".encode()


@contextmanager
def _reading(request: HttpRequest) -> Iterator[int]:
    """The eyes of the entity whose signature a reading call bears. Raises `SignatureRefused`."""
    date = request.headers.get(DATE, "")
    _require_fresh(date)
    entity = _entity(request)
    message = signed_bytes(str(request.method), request.get_full_path(), date)
    with acting(entity_scope(entity)):
        actions.require_signature(entity, message, _signature(request))
        yield entity


def _require_fresh(date: str) -> None:
    """An old signature opens nothing. The date is the real one, also while a demonstration runs."""
    try:
        said = datetime.fromisoformat(date)
        age = abs(clock.now() - clock.offset() - said)
    except (TypeError, ValueError) as error:
        raise SignatureRefused from error
    if age > DATE_MAY_DIFFER:
        raise SignatureRefused


def _body(request: HttpRequest) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > BODY_LIMIT_BYTES:
        raise TooLarge(most=BODY_LIMIT_BYTES)
    return request.body


def _entity(request: HttpRequest) -> int:
    """The number of the entity that a call says it comes from. Raises `SignatureRefused`."""
    with acting(public_scope()):
        number = catalogue.entity_number(request.headers.get(CODE, ""))
    if number is None:
        raise SignatureRefused
    return number


def _signature(request: HttpRequest) -> bytes:
    return signature_in(request, SIGNATURE, SignatureRefused)


def signature_in(request: HttpRequest, header: str, refusal: type[Refused]) -> bytes:
    """The bytes of a signature in a header. Raises `refusal` for what is not base64."""
    try:
        return base64.b64decode(request.headers.get(header, ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise refusal from error


def _line(line: RequestLine) -> dict[str, Any]:
    return {
        "request_id": line.id,
        "case_code": line.case_code,
        "service_code": line.service_code,
        "centre_code": line.centre_code,
        "state": line.state,
        "sent_at": line.made_at,
        "resend": line.resend,
        "answer": line.answer,
        "stage": line.stage,
    }
