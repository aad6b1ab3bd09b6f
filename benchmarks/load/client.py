"""A thin HTTP client over one kept connection, so that the load takes little of the processors.

It speaks just enough HTTP/1.1 for our own server: a status line, headers, a body by its length.
"""

import json
import re
import socket
import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

COOKIE = re.compile(rb"set-cookie: *([^=]+)=([^;]*)", re.IGNORECASE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Refusal(Exception):  # noqa: N818 - it says what happened
    """An answer that is not 2xx or a redirect."""


class Client:
    """One signed-in browser or device."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.address = f"{host}:{port}", (host, port)
        self.connect()
        self._forget()

    def connect(self) -> None:
        """A new connection; who is signed in stays so. An idle one the server closes."""
        self.line = socket.create_connection(self.address)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def _forget(self) -> None:
        self.cookies: dict[str, str] = {}
        self.requests = 0
        self.seconds: list[float] = []
        self.page = ""
        self.location = ""

    def sign_in(self, username: str, password: str) -> None:
        """As a person does, on the page."""
        self.cookies["sanad_language"] = "en"
        page = self.get("/accounts/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the sign-in page has a form"
        self.form("/accounts/login/", csrfmiddlewaretoken=token[1].decode(), login=username,
                  password=password)  # fmt: skip
        assert "sessionid" in self.cookies, f"{username} is not signed in"

    def get(self, path: str) -> bytes:
        return self._send("GET", path, b"", "text/html")

    def form(self, path: str, **fields: Any) -> bytes:
        fields.setdefault("csrfmiddlewaretoken", self.cookies.get("csrftoken", ""))
        body = urlencode(fields, doseq=True).encode()
        return self._send("POST", path, body, "application/x-www-form-urlencoded")

    def follow(self, path: str, **fields: Any) -> tuple[str, str]:
        """Send a form and go where it leads, as a browser does: the address and the page."""
        page = self.form(path, **fields)
        while self.location:
            path = self.location
            page = self.get(path)
        self.page = page.decode()
        return path, self.page

    def call(self, path: str, document: Any = None) -> Any:
        """A call of the API; its JSON."""
        body = json.dumps(document or {}).encode()
        return json.loads(self._send("POST", path, body, "application/json"))

    def _send(self, method: str, path: str, body: bytes, media_type: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {self.cookies.get('csrftoken', '')}\r\nContent-Type: {media_type}\r\n"
            f"Referer: http://{self.host}/\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        self.line.sendall(head.encode() + body)
        answer = self._answer(method, path)
        self.requests += 1
        self.seconds.append(time.perf_counter() - began)
        return answer

    def _answer(self, method: str, path: str) -> bytes:
        while b"\r\n\r\n" not in self.left:
            self._read()
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(self.left) < length:
            self._read()
        body, self.left = self.left[:length], self.left[length:]
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        self.location = next(iter(re.findall(rb"(?im)^location: (\S+)", head)), b"").decode()
        status = int(head[9:12])
        if not 200 <= status < 400:
            raise Refusal(f"{method} {path}: {status} {_said(body)}")
        return body

    def _read(self) -> None:
        more = self.line.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.left += more


class InProcess(Client):
    """The same hands without a network, for counting what a journey costs the database."""

    def __init__(self, account: UUID) -> None:
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.test import Client as Browser

        self._forget()
        self.browser = Browser(headers={"host": settings.ALLOWED_HOSTS[0]})
        self.browser.force_login(
            get_user_model().objects.get(id=account),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        self.browser.cookies["sanad_language"] = "en"

    def _send(self, method: str, path: str, body: bytes, media_type: str) -> bytes:
        answer = self.browser.generic(method, path, body, content_type=media_type)
        self.requests += 1
        self.location = answer.headers.get("Location", "")
        if not 200 <= answer.status_code < 400:
            raise Refusal(f"{method} {path}: {answer.status_code} {_said(answer.content)}")
        return bytes(answer.content)


def _said(body: bytes) -> str:
    """What an answer says, without its marks: the main part of a page, or a problem's document."""
    text = body.decode(errors="replace").partition("<main")[2] or body.decode(errors="replace")
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:600]
