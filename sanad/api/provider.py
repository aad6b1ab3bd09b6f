"""The payment provider's door: it tells us of a payment before we ask.

Each message is signed with the provider's registered Ed25519 key over the exact bytes of its body.
What it says takes effect once and in whatever order it comes; docs/api.md has the shape.
"""

import json
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from sanad.api.entity import BODY_LIMIT_BYTES, headers_of, signature_in
from sanad.api.problems import TooLarge, responses
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib import clock
from sanad.till import provider, queries, unsettled
from sanad.till.actions import NoSuchPayment
from sanad.till.unsettled import ProviderSignature, ProviderUnreadable

SIGNATURE: Final = "X-Provider-Signature"
MESSAGE: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["payment_id", "status", "amount_baisa"],
                "properties": {
                    "payment_id": {"type": "string", "format": "uuid"},
                    "status": {"enum": sorted(provider.STATUSES)},
                    "amount_baisa": {"type": "integer"},
                    "provider_ref": {"type": "string"},
                },
            }
        }
    },
}


class Heard(Schema):
    """A message that was taken in; the same message again is the same."""

    payment_id: UUID


router = Router(tags=["provider"])


@router.post(
    "/payments",
    response=Heard,
    summary="Tell how a payment stands",
    openapi_extra={
        "parameters": headers_of(SIGNATURE),
        "requestBody": MESSAGE,
        "responses": responses(
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    },
)
def payment(request: HttpRequest) -> Heard:
    """Taken for good when 200 comes; until then the same bytes may be sent again and again."""
    if int(request.headers.get("Content-Length") or 0) > BODY_LIMIT_BYTES:
        raise TooLarge(most=BODY_LIMIT_BYTES)
    raw, signature = request.body, signature_in(request, SIGNATURE, ProviderSignature)
    with acting(system_scope()):
        unsettled.require_provider_signature(raw, signature)
        payment_id, answer = _read(raw)
        centre = queries.centre_of_payment(payment_id)
    if centre is None:
        raise NoSuchPayment
    with acting(centre_scope(centre)):
        unsettled.hear(payment=payment_id, answer=answer, at=clock.now())
    return Heard(payment_id=payment_id)


def _read(raw: bytes) -> tuple[UUID, provider.Answer]:
    """Raises `ProviderUnreadable`."""
    try:
        document: Any = json.loads(raw)
        answer = provider.read(document)
        if answer.status is None:
            raise ProviderUnreadable
        return UUID(str(document["payment_id"])), answer
    except (ValueError, KeyError, RecursionError) as error:
        raise ProviderUnreadable from error
