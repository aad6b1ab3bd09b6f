"""Errors of the API: one shape for all of them, `application/problem+json` (RFC 9457).

`code` is stable and meant for programs; `detail` is English and `detail_ar` the same in Arabic,
whatever language the caller's browser asks for.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, override
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel

from sanad.api.seats import NotAtACentre, NotFromOurPage, ScreenLocked, SignInFirst
from sanad.catalogue.queries import NoSuchService
from sanad.counter.once import KeyUnreadable
from sanad.db.locks import Busy
from sanad.gateway.rules import (
    AnswerDiffers,
    AnswerMalformed,
    FeeNotOpen,
    FeeStatedAlready,
    SignatureRefused,
    UnknownRequest,
)
from sanad.lib.refusal import N_, Refused
from sanad.till.actions import NoSuchPayment
from sanad.till.unsettled import ProviderSignature, ProviderUnreadable

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final = {
    HTTPStatus.BAD_REQUEST: N_("The request cannot be understood"),
    HTTPStatus.UNAUTHORIZED: N_("Not known who calls"),
    HTTPStatus.FORBIDDEN: N_("Not for you"),
    HTTPStatus.LOCKED: N_("Locked"),
    HTTPStatus.NOT_FOUND: N_("Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("Not this method"),
    HTTPStatus.CONFLICT: N_("In conflict with what is there"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("Too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: N_("The request is not as it should be"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("A mistake of ours"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("Not ready"),
}

logger = logging.getLogger(__name__)


class NoSuchAddress(Refused):
    code = "api.no_such_address"
    sentence = N_("The API has nothing at this address. /api/openapi.json lists what it has.")


class WrongMethod(Refused):
    code = "api.wrong_method"
    sentence = N_("This address does not take {method}. Use {allowed}.")


class Malformed(Refused):
    code = "api.malformed"
    sentence = N_("These parts of the request are missing or wrong: {parts}. Correct them.")


class TooLarge(Refused):
    code = "api.too_large"
    sentence = N_("The body may have at most {most} bytes. Send less.")


class Failed(Refused):
    code = "api.failed"
    sentence = N_("Something went wrong on our side and nothing was changed. Try again later.")


STATUSES: Final[dict[type[Refused], HTTPStatus]] = {
    SignatureRefused: HTTPStatus.UNAUTHORIZED,
    UnknownRequest: HTTPStatus.NOT_FOUND,
    NoSuchService: HTTPStatus.NOT_FOUND,
    ProviderSignature: HTTPStatus.UNAUTHORIZED,
    NoSuchPayment: HTTPStatus.NOT_FOUND,
    ProviderUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    NoSuchAddress: HTTPStatus.NOT_FOUND,
    WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    AnswerDiffers: HTTPStatus.CONFLICT,
    FeeNotOpen: HTTPStatus.CONFLICT,
    FeeStatedAlready: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    AnswerMalformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    Malformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    Failed: HTTPStatus.INTERNAL_SERVER_ERROR,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    SignInFirst: HTTPStatus.UNAUTHORIZED,
    NotFromOurPage: HTTPStatus.FORBIDDEN,
    NotAtACentre: HTTPStatus.FORBIDDEN,
    ScreenLocked: HTTPStatus.LOCKED,
}


class Problem(BaseModel):
    """What an error says (RFC 9457), with `code`, `title_ar` and `detail_ar` besides."""

    type: str
    title: str
    title_ar: str
    status: int
    detail: str
    detail_ar: str
    code: str


def problem(refusal: Refused, status: int | None = None) -> HttpResponse:
    """The answer that says a refusal in both languages."""
    found = HTTPStatus(status or STATUSES.get(type(refusal), HTTPStatus.CONFLICT))
    title = TITLES.get(found, N_("The request cannot be understood"))
    document = Problem(
        type=f"urn:sanad:problem:{refusal.code}",
        title=_in("en", title),
        title_ar=_in("ar", title),
        status=found,
        detail=_in("en", refusal.sentence).format(**_facts(refusal, "en")),
        detail_ar=_in("ar", refusal.sentence).format(**_facts(refusal, "ar")),
        code=refusal.code,
    )
    return JsonResponse(
        document.model_dump(),
        status=found,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def answer_in_problems(api: NinjaAPI) -> None:
    """Give every error of `api` the one shape."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: lambda request, error: problem(error),
        ValidationError: lambda request, error: problem(_of(error)),
        Http404: lambda request, error: problem(NoSuchAddress()),
        HttpError: lambda request, error: problem(Malformed(parts="body"), error.status_code),
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API whose "wrong method" is a problem too; the framework's is plain text."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers.get("Allow", "")
        answer = problem(WrongMethod(method=request.method, allowed=allowed))
        answer.headers["Allow"] = allowed
        return answer

    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


def responses(*statuses: HTTPStatus) -> dict[str, Any]:
    """The errors of an operation, for its OpenAPI description."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        str(int(status)): {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def _in(language: str, sentence: str) -> str:
    with override(language):
        return gettext(sentence)


def _facts(refusal: Refused, language: str) -> dict[str, Any]:
    return {
        name: fact.in_language(language) if hasattr(fact, "in_language") else fact
        for name, fact in refusal.facts.items()
    }


def _of(error: ValidationError) -> Malformed:
    """The names of the parts that are wrong; their values are never repeated."""
    parts = {".".join(str(step) for step in one["loc"]) for one in error.errors}
    return Malformed(parts=", ".join(sorted(parts)))


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("api failed", exc_info=error)
    return problem(Failed())
