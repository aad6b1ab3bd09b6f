"""The client's own screen beside an operator's counter: a second window, or the client's phone.

A link of 128 bits opens it. Whoever holds the link sees the visit at that counter and answers for
the person who sits there; so a link on a phone ends with its visit, one of a window with the day,
and a new link ends the one before. What was asked and answered belongs to one visit: in the next it
is nothing, and the row forgets it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from sanad.beneficiaries import links
from sanad.beneficiaries import queries as people
from sanad.beneficiaries.actions import require_same_name
from sanad.beneficiaries.rules import require_mark
from sanad.cases import queries as cases
from sanad.cases.queries import VisitView
from sanad.counter.models import ClientScreen
from sanad.counter.rules import ClientAnswer
from sanad.db import sql
from sanad.eventlog.actions import append
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

WINDOW_LASTS = timedelta(hours=14)
PHONE_LASTS = timedelta(hours=2)
# A screen asks every other second; one that was silent so long is dark, closed or without network.
SILENT_AFTER = timedelta(seconds=15)
SEEN_IS_FRESH = timedelta(seconds=5)
NAME, DRAWN = "name", "drawn"
NOTHING_SIGNED: dict[str, Any] = {"answer": ClientAnswer.NONE, "mark": None, "words_hash": None}
NOTHING_ASKED: dict[str, Any] = NOTHING_SIGNED | {"asked": None}


class NobodyToShow(Refused):
    code = "counter.nobody_to_show"
    sentence = N_(
        "A phone shows one visit, and nobody sits at this counter. Call somebody first, then show "
        "the code."
    )


class MovedOn(Refused):
    code = "counter.moved_on"
    sentence = N_(
        "The counter has moved on, so this no longer stands to be answered. Nothing was signed. "
        "Look at what the screen shows now."
    )


class NotSigned(Refused):
    code = "counter.not_signed"
    sentence = N_(
        "Nothing is signed on the client's screen for this service. Let the person sign there or "
        "here."
    )


@dataclass(frozen=True)
class Asked:
    """The mandate that stands to be read: for a service, or for a case whose mandate is renewed."""

    person: UUID
    service: str
    case: UUID | None
    ends: datetime

    def is_for(self, person: UUID, service: str, case: UUID | None) -> bool:
        return (self.person, self.service, self.case) == (person, service, case)

    def as_kept(self) -> dict[str, str | None]:
        return {
            "person": str(self.person), "service": self.service,
            "case": str(self.case) if self.case else None, "ends": self.ends.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """A live screen of a counter, and what belongs to the visit there now."""

    id: UUID
    centre_id: int
    account_id: UUID
    is_phone: bool
    language: str
    asked: Asked | None
    answer: ClientAnswer
    seen_at: datetime | None

    def is_silent(self, at: datetime) -> bool:
        """Whether nothing shows it now."""
        return self.seen_at is None or at - self.seen_at > SILENT_AFTER


@dataclass(frozen=True)
class Signed:
    """What the person read and signed."""

    language: str
    ends: datetime
    words: str  # the SHA-256 of the words, in hex
    typed_name: str
    signature: str


def link_of(screen: UUID) -> str:
    """The address that opens a screen, on this site."""
    return f"/client/{links.token_for('client', screen)}/"


def public_link_of(screen: UUID) -> str:
    """The whole address, for a phone."""
    return f"{settings.SANAD_PUBLIC_URL}{link_of(screen)}"


def open_screen(*, centre: int, phone: bool, at: datetime, by: UUID) -> UUID:
    """Open a screen for the client at this counter; its id. The one before ends.

    Raises `NobodyToShow` for a phone while nobody sits there.
    """
    visit = cases.open_visit_of(by)
    if phone and visit is None:
        raise NobodyToShow
    screen = new_id()
    ClientScreen.objects.filter(centre_id=centre, account_id=by).delete()
    ClientScreen.objects.create(
        id=screen, centre_id=centre, account_id=by, opened_at=at,
        token_hash=links.hash_of_token(links.token_for("client", screen)),
        only_visit_id=visit.id if phone and visit else None,
        ends_at=at + (PHONE_LASTS if phone else WINDOW_LASTS),
    )  # fmt: skip
    append(
        "screen.opened", at=at, by=by, centre=centre, visit=visit.id if phone and visit else None,
        on="phone" if phone else "window",
    )  # fmt: skip
    return screen


def close_screen(*, centre: int, at: datetime, by: UUID) -> None:
    """Nothing opens it any more."""
    if ClientScreen.objects.filter(centre_id=centre, account_id=by).delete()[0]:
        append("screen.closed", at=at, by=by, centre=centre)


def of_link(token: str, *, at: datetime) -> tuple[UUID, int] | None:
    """Whose counter a link shows, as a visitor: account and centre; None for one that is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, centre_id FROM counter_of_client_screen(%s, %s)",
            [links.hash_of_token(token), at],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def of_counter(
    *, centre: int, account: UUID, visit: VisitView | None, at: datetime
) -> Screen | None:
    """The live screen of a counter where `visit` is open now; what another visit left is wiped."""
    row = ClientScreen.objects.filter(centre_id=centre, account_id=account, ends_at__gt=at).first()
    now = visit.id if visit else None
    if row is None or (row.only_visit_id and row.only_visit_id != now):
        return None
    if row.visit_id != now:
        _set(row.id, visit_id=now, language="", **NOTHING_ASKED)
        row.language, row.asked, row.answer = "", None, ClientAnswer.NONE
    return _screen(row)


def note_seen(screen: Screen, *, at: datetime) -> None:
    """Something shows the screen now. Written at most every `SEEN_IS_FRESH`."""
    if screen.seen_at is None or at - screen.seen_at >= SEEN_IS_FRESH:
        _set(screen.id, seen_at=at)


def speak(screen: Screen, language: str) -> None:
    """The person touched a language; what was signed in another is signed anew."""
    if language != screen.language:
        _set(screen.id, language=language, **NOTHING_SIGNED)


def ask(screen: Screen, asked: Asked) -> Screen:
    """The operator opened a mandate: the screen shows its words. The same again changes nothing."""
    if screen.asked and screen.asked.is_for(asked.person, asked.service, asked.case):
        return screen
    _set(screen.id, asked=asked.as_kept(), **NOTHING_SIGNED)
    return replace(screen, asked=asked, answer=ClientAnswer.NONE)


def stop_asking(screen: Screen | None) -> None:
    """The operator left the mandate, or it was given: the screen shows the visit again."""
    if screen and screen.asked:
        _set(screen.id, **NOTHING_ASKED)


def decline(screen: Screen) -> None:
    """The person does not agree; the operator sees it at once. Raises `MovedOn`."""
    _answer(screen, ClientAnswer.DECLINED)


def sign(screen: Screen, *, words: str, typed_name: str, signature: str) -> None:
    """The person signs the words that the screen showed, by their SHA-256 in hex.

    Raises `MovedOn`, `SignatureMissing`, `NameDiffers`; then nothing is signed.
    """
    if screen.asked is None:
        raise MovedOn
    name = typed_name.strip()
    require_mark(name or signature, drawn=not name)
    if name:
        require_same_name(screen.asked.person, name)
    mark = people.keyring().seal(
        f"{NAME if name else DRAWN}:{name or signature}".encode(),
        bound_to=screen.asked.person.bytes,
    )
    _answer(screen, ClientAnswer.SIGNED, mark=mark, words_hash=bytes.fromhex(words))


def take_signed(screen: Screen | None, *, person: UUID, service: str, case: UUID | None) -> Signed:
    """What was signed there for this service; whoever asks again finds nothing. Raises `NotSigned`.

    Of two at one moment the second waits for the first's transaction and then finds nothing.
    """
    row = ClientScreen.objects.filter(id=screen.id).first() if screen else None
    asked = _asked(row) if row else None
    if row is None or row.mark is None or row.words_hash is None or asked is None:
        raise NotSigned
    if not asked.is_for(person, service, case):
        raise NotSigned
    taken = ClientScreen.objects.filter(id=row.id, answer=ClientAnswer.SIGNED, mark=row.mark)
    if not taken.update(**NOTHING_ASKED):
        raise NotSigned
    opened = people.keyring().open(bytes(row.mark), bound_to=person.bytes).decode()
    kind, _, mark = opened.partition(":")
    return Signed(
        language=row.language or people.person(person).language, ends=asked.ends,
        words=bytes(row.words_hash).hex(), typed_name=mark if kind == NAME else "",
        signature=mark if kind == DRAWN else "",
    )  # fmt: skip


def stamp(screen: Screen, visit: VisitView | None) -> str:
    """Changes whenever the screen has something else to show."""
    if visit is None:
        return str(screen.id)
    asked = f"{screen.asked.service}{screen.asked.case}" if screen.asked else ""
    with connection.cursor() as cursor:
        cursor.execute(sql.load("counter/visit_stamp"), [visit.id])
        shown = cursor.fetchone()[0]
    return f"{visit.id}{screen.language}{asked}{screen.answer}{shown}"


def _answer(screen: Screen, answer: ClientAnswer, **signed: bytes) -> None:
    """Only while the same is asked as was shown, and not over what was signed already."""
    if screen.asked is None:
        raise MovedOn
    stands = ClientScreen.objects.filter(
        id=screen.id, language=screen.language, asked=screen.asked.as_kept()
    )
    if not stands.exclude(answer=ClientAnswer.SIGNED).update(answer=answer, **signed):
        raise MovedOn


def _set(screen: UUID, **values: Any) -> None:
    ClientScreen.objects.filter(id=screen).update(**values)


def _screen(row: ClientScreen) -> Screen:
    return Screen(
        row.id, row.centre_id, row.account_id, row.only_visit_id is not None, row.language,
        _asked(row), ClientAnswer(row.answer), row.seen_at,
    )  # fmt: skip


def _asked(row: ClientScreen) -> Asked | None:
    if row.asked is None:
        return None
    case = row.asked["case"]
    return Asked(
        UUID(row.asked["person"]), row.asked["service"], UUID(case) if case else None,
        datetime.fromisoformat(row.asked["ends"]),
    )  # fmt: skip
