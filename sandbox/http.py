"""The little of HTTP that the stand-in needs over WSGI: request, response, problem, routes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

BODY_LIMIT_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: bytes

    @classmethod
    def from_environ(cls, environ: Mapping[str, Any]) -> "Request":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > BODY_LIMIT_BYTES:
            raise Problem(413, "too-large", f"The body may have {BODY_LIMIT_BYTES} bytes.")
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO") or "/",
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""))),
            headers=headers,
            body=environ["wsgi.input"].read(length) if length else b"",
        )

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise Problem(400, "not-json", "The body must be one JSON document.") from None


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def json_response(document: Any, status: int = 200, **headers: str) -> Response:
    body = json.dumps(document, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, body, {"Content-Type": "application/json", **named})


class Dropped(Exception):  # noqa: N818 - what happens, not a fault
    """The connection is to be closed without an answer, though the act is done."""


class Problem(Exception):  # noqa: N818 - an answer, named as RFC 9457 names it
    """An answer that something is wrong, in the form of RFC 9457."""

    def __init__(self, status: int, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.document = {
            "type": f"urn:sanad:sandbox:{kind}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            **more,
        }

    def response(self, **headers: str) -> Response:
        body = json.dumps(self.document, ensure_ascii=False).encode()
        return Response(self.status, body, {"Content-Type": "application/problem+json", **headers})


Handler = Callable[..., Response]
Route = tuple[str, str, Handler]


class Routes:
    """Finds the handler of a method and a path such as "/entities/{entity}/requests"."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [
            (
                method,
                re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[A-Za-z0-9_-]{1,64})", path)),
                handler,
            )
            for method, path, handler in routes
        ]

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]]:
        allowed = []
        for known, pattern, handler in self._routes:
            if (match := pattern.fullmatch(path)) is None:
                continue
            if known == method:
                return handler, match.groupdict()
            allowed.append(known)
        if allowed:
            raise Problem(405, "wrong-method", f"Use {' or '.join(allowed)}.", allowed=allowed)
        raise Problem(404, "not-found", "Nothing answers at this path.")
