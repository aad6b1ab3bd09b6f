"""Reads about visits and cases, within the reader's scope."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from sanad.beneficiaries import queries as beneficiaries
from sanad.beneficiaries.queries import CompanyView, PersonView
from sanad.cases import rules
from sanad.cases.actions import NoSuchCase, NoSuchVisit
from sanad.cases.models import Case, CaseDocument, Visit
from sanad.cases.rules import Holder, Status, Verb
from sanad.catalogue import queries as catalogue
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.tracking_code import parse_code

MOST_IN_A_LIST = 100


@dataclass(frozen=True)
class VisitView:
    """An open or ended stay at the counter."""

    id: UUID
    centre_id: int
    channel: str
    point: int | None
    person: PersonView | None
    company: CompanyView | None
    started_at: datetime
    ended_at: datetime | None
    cases: tuple["CaseLine", ...]
    is_timing_wrong: bool = False

    @property
    def channel_name(self) -> Text:
        return rules.CHANNEL_NAMES[self.channel]

    def is_forgotten(self, at: datetime) -> bool:
        """Whether it is open and nothing in it changed for `FORGOTTEN_MINUTES`."""
        changed = max([self.started_at, *(case.updated_at for case in self.cases)])
        return self.ended_at is None and at - changed > timedelta(minutes=rules.FORGOTTEN_MINUTES)


@dataclass(frozen=True)
class LastVisit:
    """A finished stay at the counter, as much as its operator is asked about."""

    id: UUID
    started_at: datetime
    ended_at: datetime
    is_timing_wrong: bool


@dataclass(frozen=True)
class CaseLine:
    """A case in a list."""

    id: UUID
    code: str
    service: Text
    entity: Text
    person: Text
    status: Status
    holder: Holder
    offered: bool
    due_at: datetime | None
    updated_at: datetime

    @property
    def status_name(self) -> Text:
        return rules.STATUS_NAMES[self.status]

    @property
    def holder_name(self) -> str:
        return rules.HOLDER_NAMES[self.holder]

    def is_overdue(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at < at


@dataclass(frozen=True)
class DocumentView:
    """A document of the checklist as it is held."""

    code: str
    held_as: str
    file_name: str
    size_bytes: int


@dataclass(frozen=True)
class CaseView:
    """A case as the counter sees it; sealed answers are masked."""

    line: CaseLine
    centre_id: int
    visit_id: UUID
    person: PersonView
    company: CompanyView | None
    service_code: str
    service_id: int
    answers: dict[str, Any]
    masked: frozenset[str]
    documents: dict[str, DocumentView]
    marked_fields: tuple[str, ...]
    reason: Text
    opened_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    stated_fee_baisa: int | None

    @property
    def allowed(self) -> frozenset[Verb]:
        return rules.allowed(self.line.status)


@dataclass(frozen=True)
class Tracked:
    """What a tracking code shows."""

    case_id: UUID
    code: str
    centre_id: int
    service: Text
    entity: Text
    status: Status
    holder: Holder
    opened_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    updated_at: datetime
    reason: Text
    rated: bool

    @property
    def status_name(self) -> Text:
        return rules.STATUS_NAMES[self.status]

    @property
    def holder_name(self) -> str:
        return rules.HOLDER_NAMES[self.holder]


def open_visit_of(account: UUID) -> VisitView | None:
    """The visit that an operator is serving now."""
    found = Visit.objects.filter(account_id=account, ended_at=None).first()
    return visit(found.id) if found else None


def last_visit_of(account: UUID, *, centre: int, at: datetime) -> LastVisit | None:
    """The visit that an operator finished last today, whose timing can still be marked."""
    start, end = day_bounds(business_date(at))
    today = Visit.objects.filter(centre_id=centre, started_at__gte=start, started_at__lt=end)
    found = today.filter(account_id=account, ended_at__isnull=False).order_by("-ended_at").first()
    if found is None or found.ended_at is None:
        return None
    wrong = found.timing_wrong_at is not None
    return LastVisit(found.id, found.started_at, found.ended_at, wrong)


def visit(visit_id: UUID) -> VisitView:
    """Raises `NoSuchVisit` for what the scope does not see."""
    v = Visit.objects.filter(id=visit_id).first()
    if v is None:
        raise NoSuchVisit
    return VisitView(
        id=v.id,
        centre_id=v.centre_id,
        channel=v.channel,
        point=v.point,
        person=beneficiaries.person(v.person_id) if v.person_id else None,
        company=beneficiaries.company(v.company_id) if v.company_id else None,
        started_at=v.started_at,
        ended_at=v.ended_at,
        cases=tuple(lines(Case.objects.filter(visit=v), at=v.started_at)),
        is_timing_wrong=v.timing_wrong_at is not None,
    )


def seated(visit_id: UUID) -> UUID | None:
    """Whose visit it is, in sight; None while nobody has been chosen."""
    return Visit.objects.filter(id=visit_id).values_list("person_id", flat=True).first()


def case(case_id: UUID, *, at: datetime) -> CaseView:
    """Raises `NoSuchCase` for what the scope does not see."""
    c = Case.objects.filter(id=case_id).first()
    if c is None:
        raise NoSuchCase
    service = catalogue.service_by_id(c.service_id, business_date(at))
    masked = frozenset(key for key, value in c.answers.items() if isinstance(value, dict))
    return CaseView(
        line=lines([c], at=at)[0],
        centre_id=c.centre_id,
        visit_id=c.visit_id,
        person=beneficiaries.person(c.person_id),
        company=beneficiaries.company(c.company_id) if c.company_id else None,
        service_code=service.code,
        service_id=c.service_id,
        answers={key: value for key, value in c.answers.items() if key not in masked},
        masked=masked,
        documents={
            d.code: DocumentView(d.code, d.held_as, d.file_name, d.size_bytes)
            for d in CaseDocument.objects.filter(case=c)
        },
        marked_fields=tuple(c.marked_fields),
        reason=Text(c.reason_ar, c.reason_en),
        opened_at=c.opened_at,
        submitted_at=c.submitted_at,
        decided_at=c.decided_at,
        stated_fee_baisa=c.stated_fee_baisa,
    )


def work_list(*, centre: int, account: UUID | None, at: datetime) -> dict[str, list[CaseLine]]:
    """A centre's open work: mine (or everybody's), returned, waiting on whom, overdue, decided.

    At most `MOST_IN_A_LIST` rows a list, the longest untouched first.
    """
    mine = Case.objects.filter(centre_id=centre)
    if account is not None:
        mine = mine.filter(visit__account_id=account)
    here = Case.objects.filter(centre_id=centre)
    lists = {
        "at_work": mine.filter(status__in=rules.AT_WORK - {Status.RETURNED}),
        "returned": here.filter(status=Status.RETURNED),
        "waiting": here.filter(status__in=(Status.QUEUED, Status.SENT)),
        "overdue": here.filter(status=Status.SENT, due_at__lt=at),
        "to_hand_over": here.filter(status__in=(Status.APPROVED, Status.REJECTED)),
    }
    return {
        name: lines(list(found.order_by("updated_at")[:MOST_IN_A_LIST]), at=at)
        for name, found in lists.items()
    }


def by_code(code: str, *, at: datetime) -> CaseLine | None:
    """The case with this tracking code, where the scope sees it."""
    found = lines(Case.objects.filter(code=code), at=at)
    return found[0] if found else None


def track(code: str, *, at: datetime) -> Tracked | None:
    """What a tracking code shows, as anybody. Raises `TrackingCodeRefused` for a mistyped one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_track(%s)", [parse_code(code)])
        row = cursor.fetchone()
        if row is None:
            return None
        found = dict(zip([column.name for column in cursor.description], row, strict=True))
    service = catalogue.service_by_id(found.pop("service_id"), business_date(at))
    found.pop("entity_id")
    status = Status(found.pop("status"))
    reason = Text(found.pop("reason_ar"), found.pop("reason_en"))
    return Tracked(
        **found, code=parse_code(code), service=service.name, entity=service.entity.name,
        status=status, holder=rules.HOLDERS[status], reason=reason,
    )  # fmt: skip


def lines(found: Any, *, at: datetime) -> list[CaseLine]:
    """Rows as list lines; one read of people and services for all of them."""
    rows = list(found)
    people = beneficiaries.names_of({c.person_id for c in rows})
    services = {
        key: catalogue.service_by_id(key, business_date(at)) for key in {c.service_id for c in rows}
    }
    return [
        CaseLine(
            id=c.id, code=c.code, service=services[c.service_id].name,
            entity=services[c.service_id].entity.name, person=people.get(c.person_id, Text("", "")),
            status=Status(c.status), holder=rules.HOLDERS[Status(c.status)],
            offered=services[c.service_id].is_offered, due_at=c.due_at, updated_at=c.updated_at,
        )
        for c in rows
    ]  # fmt: skip


def lines_of(cases: list[UUID], *, at: datetime) -> list[CaseLine]:
    """The cases of a list as its lines, the longest untouched first."""
    found = Case.objects.filter(id__in=cases).order_by("updated_at")
    return lines(found[:MOST_IN_A_LIST], at=at)


def with_stated_fee(centre: int) -> list[UUID]:
    """Cases of a centre whose government fee the entity stated afterwards, above zero."""
    found = Case.objects.filter(centre_id=centre, stated_fee_baisa__gt=0)
    return list(found.exclude(status=Status.CANCELLED).values_list("id", flat=True))


def codes_of(cases: set[UUID]) -> dict[UUID, str]:
    """Tracking codes by case, of those in sight."""
    return dict(Case.objects.filter(id__in=cases).values_list("id", "code"))


def centre_of(case_id: UUID) -> int:
    """The centre of a case in sight. Raises `NoSuchCase`."""
    found = Case.objects.filter(id=case_id).values_list("centre_id", flat=True).first()
    if found is None:
        raise NoSuchCase
    return int(found)
