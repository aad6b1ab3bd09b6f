"""A company's list: one service for many workers, agreed to once and opened together.

Each row becomes a request of its own, with its own mandate under the one signature, its own lines
and its own place on the line to the entity. Rows are locked kind by kind, as docs/locks.md says.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules as mandates
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.actions import PersonMissing
from sanad.cases.duplicates import naming_keys
from sanad.cases.repeat import OF_THE_COMPANY
from sanad.cases.rules import Status
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import Problem, ServiceView, documents_needed, validate
from sanad.counter import desk
from sanad.counter.serving import Agreement
from sanad.counter.terms import latest_end, terms_of
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.till import actions as till
from sanad.till import queries as money

MOST_ROWS = 50


class ListEmpty(Refused):
    code = "counter.list_empty"
    sentence = N_("The list is empty. Paste a row for each worker, or choose a CSV file.")


class ListTooLong(Refused):
    code = "counter.list_too_long"
    sentence = N_("A list has at most {most} rows, and this one has {count}. Make two of it.")


class ListUnreadable(Refused):
    code = "counter.list_unreadable"
    sentence = N_("The file is no text in UTF-8. Save it as CSV in UTF-8, or paste its rows.")


class ListWrong(Refused):
    code = "counter.list_wrong"
    sentence = N_("Nothing was opened: {count} rows need attention. They are marked below.")


class CompanyMissing(Refused):
    code = "counter.company_missing"
    sentence = N_("A list is made for a company. Say first on behalf of which company it is.")


class RepeatsRow(Refused):
    code = "counter.repeats_row"
    sentence = N_("The same as row {row}. Take one of the two out.")


class NothingToSend(Refused):
    code = "counter.nothing_to_send"
    sentence = N_("No request of this visit is paid and waits to be sent.")


@dataclass(frozen=True)
class Row:
    """One worker of the list; `problems` by field, None in it for the row as a whole."""

    number: int
    typed: dict[str, str]
    problems: dict[str, Problem]

    @property
    def is_right(self) -> bool:
        return not self.problems


def shared_fields(service: ServiceView) -> list[Any]:
    """What is the company's, and asked for once."""
    return [one for one in service.form if one.key.startswith(OF_THE_COMPANY)]


def row_fields(service: ServiceView) -> list[Any]:
    """What is asked for in each row, in the form's order."""
    return [one for one in service.form if not one.key.startswith(OF_THE_COMPANY)]


def read_rows(text: str, service: ServiceView) -> list[dict[str, str]]:
    """The rows as they were pasted or saved: tabs, semicolons or commas, headings or none.

    Raises `ListEmpty` or `ListTooLong`.
    """
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip()]
    if not lines:
        raise ListEmpty
    table = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=_delimiter(lines[0])))
    keys = _headings(table[0], service)
    rows = table[1:] if keys else table
    keys = keys or [one.key for one in row_fields(service)]
    if not rows:
        raise ListEmpty
    if len(rows) > MOST_ROWS:
        raise ListTooLong(most=MOST_ROWS, count=len(rows))
    fields = {one.key: one for one in row_fields(service)}
    return [
        {key: _choice(fields[key], cell.strip()) for key, cell in zip(keys, cells, strict=False)}
        for cells in rows
    ]


def text_of(content: bytes) -> str:
    """A file's text. Raises `ListUnreadable`."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListUnreadable from error


def checked(
    rows: Sequence[dict[str, str]], service: ServiceView, shared: dict[str, str], *, on: date
) -> list[Row]:
    """Each row with what is wrong with it, and whether it repeats one before."""
    naming, found = naming_keys(service.form), []
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for number, typed in enumerate(rows, start=1):
        problems = dict(validate(service.form, shared | typed, on=on).problems)
        name = tuple((key, typed[key]) for key in sorted(naming) if typed.get(key))
        if name and name in seen:
            problems["row"] = Problem(RepeatsRow(row=seen[name]), Text("", ""))
        seen.setdefault(name, number)
        found.append(Row(number, typed, problems))
    return found


def terms_of_list(
    service: ServiceView, *, centre: int, count: int, ends: datetime, at: datetime
) -> mandates.Terms:
    """What the representative agrees to: so many requests, each at most so much."""
    return replace(terms_of(service, centre=centre, ends=ends, at=at), count=count)


def open_list(
    *, visit: UUID, centre: int, service_code: str, rows: Sequence[dict[str, str]],
    shared: dict[str, str], agreed: Agreement, at: datetime, by: UUID,
) -> list[UUID]:  # fmt: skip
    """Open a request for each row, complete and with its amounts worked out; their ids.

    Whoever serves has seen the papers of every row. All of them, or none: raises `CompanyMissing`,
    `PersonMissing`, `ListWrong`, `WordsChanged`, and what opening, completing and quoting raise.
    """
    found = case_queries.visit(visit)
    if found.person is None:
        raise PersonMissing
    if found.company is None:
        raise CompanyMissing
    service = catalogue.service(service_code, business_date(at))
    wrong = [r for r in checked(rows, service, shared, on=business_date(at)) if not r.is_right]
    if wrong or not rows:
        raise ListWrong(count=len(wrong))
    terms = _agreed_terms(service, centre=centre, count=len(rows), agreed=agreed, at=at)
    opened = [
        cases.open_case(
            visit=visit, service_code=service_code, at=at, by=by,
            mandate=beneficiaries.grant_mandate(
                person=found.person.id, service_id=service.id, service_code=service.code,
                centre=centre, terms=terms, language=agreed.language, method=agreed.method,
                signature=agreed.signature, card_seen=agreed.card_seen, until=agreed.ends, at=at,
                by=by,
            ),
        )
        for _ in rows
    ]  # fmt: skip
    for case, typed in zip(opened, rows, strict=True):
        _filled(case, service, shared | typed, at=at, by=by)
    return opened


def send_paid(*, visit: UUID, at: datetime, by: UUID) -> int:
    """Send every paid request of a visit; how many.

    Raises `NothingToSend` and what `counter.desk.submit` raises; then none is sent.
    """
    paid = [line.id for line in case_queries.visit(visit).cases if line.status is Status.PAID]
    if not paid:
        raise NothingToSend
    cases.locked_together(paid)
    for case in paid:
        desk.submit(case=case, at=at, by=by)
    return len(paid)


def _agreed_terms(
    service: ServiceView, *, centre: int, count: int, agreed: Agreement, at: datetime
) -> mandates.Terms:
    cases.require_offered(service)
    money.require_priced(service, centre=centre, on=business_date(at))
    if not at < agreed.ends <= latest_end(at):
        raise mandates.WordsChanged
    terms = terms_of_list(service, centre=centre, count=count, ends=agreed.ends, at=at)
    if mandates.hash_of(terms.in_words(agreed.language)).hex() != agreed.words:
        raise mandates.WordsChanged
    return terms


def _filled(
    case: UUID, service: ServiceView, answers: dict[str, str], *, at: datetime, by: UUID
) -> None:
    cases.save_draft(case=case, answers=answers, at=at)
    for document in documents_needed(service.documents or (), answers):
        cases.hold_document(case=case, code=document.code, at=at)
    cases.complete(case=case, at=at, by=by)
    till.make_quote(case=case, at=at)


def _delimiter(line: str) -> str:
    return max("\t;,", key=line.count)


def _headings(cells: list[str], service: ServiceView) -> list[str]:
    """The fields that a first row names, by key or by label; empty where it names none."""
    names: dict[str, str] = {}
    for one in row_fields(service):
        names |= {one.key: one.key, one.label.ar: one.key, one.label.en.casefold(): one.key}
    found = [names.get(cell.strip().casefold()) for cell in cells]
    return [key for key in found if key] if all(found) else []


def _choice(field: Any, typed: str) -> str:
    """An answer of a list, by its value or by its label in either language."""
    for option in field.options:
        if typed.casefold() in (option.label.ar, option.label.en.casefold()):
            return str(option.value)
    return typed
