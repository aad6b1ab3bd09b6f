"""Matching of the till with the bank's, and with the entity's, own files.

Three parties say what was paid: the till, the line to the entity, and the file. What they do not
say alike is listed by age until it is put right or explained.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.db import sql
from sanad.eventlog.actions import append
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret
from sanad.till.models import StatementFile, StatementLine
from sanad.till.statement_files import read_statement

CARD, ENTITY = "card", "entity"
SHORTEST_EXPLANATION = 6
# Ages in days, from the youngest; the last has no end.
AGES = ((0, 7), (8, 30), (31, None))


class FileTwice(Refused):
    code = "till.file_twice"
    sentence = N_("This very file was taken in before, so nothing was added.")


class ExplanationMissing(Refused):
    code = "till.explanation_missing"
    sentence = N_("Say in a few words why this line is right as it is; it leaves the list with it.")


class NoSuchLine(Refused):
    code = "till.no_such_line"
    sentence = N_("There is no such open line at this centre. Reload the page.")


@dataclass(frozen=True)
class Unmatched:
    """What two or three parties do not say alike.

    `side`: `till` (only we have it), `file` (only the file has it), `amount` (both, and the amounts
    differ), `line` (both, and the entity has not taken the request).
    """

    side: str
    reference: str
    till_baisa: int | None
    file_baisa: int | None
    line: UUID | None
    code: str
    case_id: UUID | None
    on: date
    state: str

    def age_days(self, today: date) -> int:
        return max((today - self.on).days, 0)


@dataclass(frozen=True)
class FileView:
    """A file that was taken in."""

    id: UUID
    kind: str
    entity_id: int | None
    file_name: str
    at: datetime
    by: UUID
    lines: int


def take_in(
    *, centre: int, entity: int | None, file_name: str, content: bytes, at: datetime, by: UUID
) -> UUID:
    """Take a file in, whole or not at all; without an entity it is the bank's card file.

    Raises `FileTwice` and what `read_statement` raises.
    """
    rows = read_statement(content)
    file = StatementFile(
        id=new_id(), centre_id=centre, kind=CARD if entity is None else ENTITY, entity_id=entity,
        file_name=file_name[:160], sha256=hashlib.sha256(content).digest(), at=at, by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError as error:
        raise FileTwice from error
    StatementLine.objects.bulk_create(
        StatementLine(
            id=new_id(), file=file, centre_id=centre, number=row.number, reference=row.reference,
            baisa=row.baisa, on=row.on,
        )
        for row in rows
    )  # fmt: skip
    append("statement.taken", at=at, by=by, centre=centre, file=file.id, lines=len(rows))
    return file.id


def unmatched(*, centre: int, entity: int | None = None) -> list[Unmatched]:
    """What does not match, oldest first: the cards', or one entity's."""
    if entity is None:
        found = sql.rows("till/match_cards", {"centre": centre})
    else:
        found = sql.rows("till/match_entity", {"centre": centre, "entity": entity})
    return [Unmatched(**row) for row in found]


def by_age(found: list[Unmatched], *, today: date) -> list[tuple[int, int | None, list[Unmatched]]]:
    """The same in groups of age: days from, days to, and what is in it."""
    return [
        (since, until, [
            one for one in found
            if since <= one.age_days(today) and (until is None or one.age_days(today) <= until)
        ])
        for since, until in AGES
    ]  # fmt: skip


def explain(*, line: UUID, why: str, at: datetime, by: UUID) -> None:
    """A line of a file is right though it does not match, and why; it leaves the list.

    Raises `ExplanationMissing` or `NoSuchLine`.
    """
    if len(why.strip()) < SHORTEST_EXPLANATION:
        raise ExplanationMissing
    require_no_secret(why)
    found = StatementLine.objects.filter(id=line, explained="").first()
    touched = StatementLine.objects.filter(id=line, explained="").update(
        explained=why.strip()[:200], explained_at=at, explained_by=by
    )
    if found is None or not touched:
        raise NoSuchLine
    append("statement.explained", at=at, by=by, centre=found.centre_id, line=line)


def files(*, centre: int) -> list[FileView]:
    """The files taken in, newest first."""
    found = StatementFile.objects.filter(centre_id=centre).order_by("-at")[:50]
    return [
        FileView(f.id, f.kind, f.entity_id, f.file_name, f.at, f.by, f.lines.count()) for f in found
    ]
