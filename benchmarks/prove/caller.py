"""A client that does not trust the line: None where no whole answer came."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlencode

from benchmarks.load.client import Client

PATIENCE_SECONDS = 30


class Said(NamedTuple):
    """A whole answer."""

    status: int
    body: bytes
    leads_to: str = ""

    @property
    def is_clear(self) -> bool:
        """It says what became of the call; 5xx does not."""
        return self.status < 500

    @property
    def is_done(self) -> bool:
        return self.status in (200, 302) and "/accounts/login/" not in self.leads_to

    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Speaks to `host`:`port`, a connection a call, with the cookies of who signed in."""

    def __init__(self, host: str, port: int, cookies: Mapping[str, str]) -> None:
        self.to = (host, port)
        self.cookies = dict(cookies)

    def form(self, path: str, **fields: str) -> Said | None:
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}).encode()
        return self.send(path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def call(self, path: str, document: Any, **headers: str) -> Said | None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(document).encode()
        return self.send(path, body, {"Content-Type": "application/json", **named})

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Said | None:
        """One try; None where the line broke."""
        line = HTTPConnection(*self.to, timeout=PATIENCE_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = {"Cookie": cookies, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        try:
            line.request("POST", path, body, token | dict(headers))
            answer = line.getresponse()
            is_whole = answer.headers.get("Content-Length") is not None
            said = Said(answer.status, answer.read(), answer.headers.get("Location", ""))
            return said if is_whole else None
        except (OSError, HTTPException):
            return None
        finally:
            line.close()


def signed_in(host: str, port: int, username: str, password: str) -> dict[str, str]:
    """The cookies of somebody who signed in on the page."""
    client = Client(host, port)
    client.sign_in(username, password)
    client.line.close()
    return client.cookies
