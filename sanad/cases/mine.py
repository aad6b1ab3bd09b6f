"""The person's own page, without an account: asked for with a tracking code, opened by a link.

The link goes to the phone that the centre knows, never to whoever asks; it lasts a day. All of it
acts as a visitor through functions of the database, each of which asks for the link's digest.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from sanad.beneficiaries import links, rules
from sanad.beneficiaries.notices import LINK, NOTICES
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.eventlog.actions import append
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused
from sanad.lib.tracking_code import parse_code

PAGE_LASTS = timedelta(hours=24)
MOST_LOOKS = 200


class PageOver(Refused):
    code = "mine.page_over"
    sentence = N_(
        "This link has expired or was never sent. Ask for a new one on the page where you follow "
        "your request."
    )


@dataclass(frozen=True)
class Page:
    """Whose page a link opens."""

    person_id: UUID
    language: str
    expires_at: datetime


@dataclass(frozen=True)
class OwnMandate:
    """A mandate as its person sees it."""

    id: UUID
    centre: Text
    service: Text
    ceiling_baisa: int
    method: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    code: str | None
    submitted_at: datetime | None

    def state(self, at: datetime) -> str:
        """revoked | used (the request was sent) | over | live."""
        if self.revoked_at is not None:
            return "revoked"
        if self.submitted_at is not None:
            return "used"
        return "live" if self.granted_at <= at < self.expires_at else "over"


@dataclass(frozen=True)
class Look:
    """Somebody looked at the person's data."""

    at: datetime
    centre: Text
    by: Text | None
    what: str  # number | look-up | merge
    reason: str


@dataclass(frozen=True)
class OwnDocument:
    name: Text
    kept_at: datetime
    expires_on: date | None


@dataclass(frozen=True)
class OwnConsent:
    """A consent with what is kept under it."""

    id: UUID
    centre: Text
    given_at: datetime
    withdrawn_at: datetime | None
    documents: tuple[OwnDocument, ...]


def send_page(*, code: str, at: datetime) -> None:
    """Send the link to the phone of the request's person; what came of it is never said.

    Raises `TrackingCodeRefused` for a mistyped code.
    """
    page = new_id()
    words = NOTICES["page"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cases_send_page(%s, %s, %s, %s, %s, %s, %s, %s)",
            [parse_code(code), page, links.hash_of_token(links.token_for("page", page)), new_id(),
             words.ar.format(link=LINK), words.en.format(link=LINK), at, at + PAGE_LASTS],
        )  # fmt: skip


def page(token: str, *, at: datetime) -> Page:
    """Raises `PageOver`."""
    rows = _ask("SELECT * FROM beneficiaries_page(%s, %s)", token, at)
    if not rows:
        raise PageOver
    return Page(*rows[0])


def mandates(token: str, *, at: datetime) -> list[OwnMandate]:
    """Live and past, the newest first."""
    found = []
    names: dict[int, Text] = {}
    for row in _ask("SELECT * FROM cases_page_mandates(%s, %s)", token, at):
        key, centre, service, *rest = row
        found.append(OwnMandate(key, _centre(centre, names), _service(service, at), *rest))
    return found


def looks(token: str, *, at: datetime) -> list[Look]:
    """Every look at the person's data, the newest first, at most `MOST_LOOKS`."""
    names: dict[int, Text] = {}
    return [
        Look(when, _centre(centre, names), Text(ar, en) if ar else None, what, reason)
        for when, centre, ar, en, what, reason in _ask(
            "SELECT * FROM beneficiaries_page_looks(%s, %s, %s)", token, at, MOST_LOOKS
        )
    ]


def consents(token: str, *, at: datetime) -> list[OwnConsent]:
    """What is kept where, and what was."""
    names: dict[int, Text] = {}
    found: dict[UUID, OwnConsent] = {}
    for key, centre, given, withdrawn, ar, en, kept, until in _ask(
        "SELECT * FROM beneficiaries_page_documents(%s, %s)", token, at
    ):
        before = found.get(key, OwnConsent(key, _centre(centre, names), given, withdrawn, ()))
        new = (OwnDocument(Text(ar, en), kept, until),) if kept else ()
        found[key] = OwnConsent(
            key, before.centre, given, withdrawn, before.documents + new
        )  # fmt: skip
    return list(found.values())


def revoke(*, token: str, mandate: UUID, at: datetime) -> None:
    """The person takes a mandate back; the request can then not be sent.

    Raises `PageOver`, or `MandateNotLive` where it ended or the request was sent already.
    """
    page(token, at=at)
    centre = _ask("SELECT cases_page_revoke(%s, %s, %s)", token, mandate, at)[0][0]
    if centre is None:
        raise rules.MandateNotLive
    append("mandate.revoked", at=at, by=None, centre=centre, mandate=mandate)


def withdraw(*, token: str, consent: UUID, at: datetime) -> None:
    """Nothing is kept for the next request any more. Raises `PageOver`; twice is once."""
    page(token, at=at)
    rows = _ask("SELECT beneficiaries_page_withdraw(%s, %s, %s)", token, consent, at)
    if rows and rows[0][0] is not None:
        append("documents.consent_withdrawn", at=at, by=None, centre=rows[0][0], consent=consent)


def _ask(query: str, token: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [links.hash_of_token(token), *values])
        return list(cursor.fetchall())


def _centre(number: int, known: dict[int, Text]) -> Text:
    if number not in known:
        known[number] = centres.centre(number).name
    return known[number]


def _service(service: int, at: datetime) -> Text:
    return catalogue.service_by_id(service, business_date(at)).name
