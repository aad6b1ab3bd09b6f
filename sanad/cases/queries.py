"""Reads about visits and cases, within the reader's scope."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min

from sanad.beneficiaries import queries as beneficiaries
from sanad.beneficiaries.queries import CompanyView, PersonView
from sanad.cases import rules
from sanad.cases.actions import NoSuchCase, NoSuchDocument, NoSuchVisit
from sanad.cases.models import Case, CaseDocument, Visit
from sanad.cases.rules import Holder, Status, Verb
from sanad.cases.stages import Calendar, Stay, stays
from sanad.cases.uploads import content_of
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.eventlog.queries import events
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.tracking_code import parse_code

MOST_IN_A_LIST = 100
# As many as there are digits to reach them by one key.
DRAFTS_SHOWN = 9


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
    service_code: str

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
    expires_on: date | None = None


@dataclass(frozen=True)
class FileView:
    """A file on a checklist, with what is in it."""

    name: str
    media_type: str
    content: bytes


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
class WaitingOn:
    """How many requests wait on one entity, and on whose desk they are."""

    entity: Text
    entity_number: int
    holder: Holder
    count: int
    oldest: datetime

    @property
    def holder_name(self) -> str:
        return rules.HOLDER_NAMES[self.holder]


@dataclass(frozen=True)
class WorkPage:
    """A page of a work list and what surrounds it."""

    sizes: dict[str, int]
    rows: list[CaseLine]
    page: int
    pages: int
    waiting_on: list[WaitingOn]
    services: list[tuple[str, Text]]


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
    return _visit(found) if found else None


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
    return _visit(v)


def _visit(v: Visit) -> VisitView:
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
            d.code: DocumentView(d.code, d.held_as, d.file_name, d.size_bytes, d.expires_on)
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
    return {
        name: lines(list(found.order_by("updated_at")[:MOST_IN_A_LIST]), at=at)
        for name, found in _work(centre, account, at).items()
    }


def work_page(
    *,
    centre: int,
    account: UUID | None,
    chosen: str,
    service: str = "",
    entity: int | None = None,
    page: int = 1,
    named: dict[str, set[UUID]] | None = None,
    at: datetime,
) -> WorkPage:
    """One page of one list, narrowed to a service or an entity, with the size of every list.

    `page` counts from 1; one beyond the last is the last. `named` are further lists, by the cases
    that a room above has found for them.
    """
    lists = _work(centre, account, at)
    for name, cases in (named or {}).items():
        lists[name] = Case.objects.filter(centre_id=centre, id__in=cases)
    narrowed = {name: _narrowed(found, service, entity, at) for name, found in lists.items()}
    rows = narrowed[chosen]
    count = rows.count()
    pages = max(1, -(-count // MOST_IN_A_LIST))
    page = min(max(page, 1), pages)
    start = (page - 1) * MOST_IN_A_LIST
    return WorkPage(
        sizes={name: found.count() for name, found in narrowed.items()},
        rows=lines(rows.order_by("updated_at", "id")[start : start + MOST_IN_A_LIST], at=at),
        page=page,
        pages=pages,
        waiting_on=_waiting_on(lists["waiting"], at),
        services=_services(lists[chosen], at),
    )


def file_of(case: UUID, code: str) -> FileView:
    """A file of a case in sight. Raises `NoSuchDocument`, also where only paper was seen."""
    found = CaseDocument.objects.filter(case_id=case, code=code, held_as="file").first()
    if found is None or found.sha256 is None:
        raise NoSuchDocument
    return FileView(
        found.file_name, found.media_type, content_of(bytes(found.sha256), settings.SANAD_UPLOADS)
    )


def stays_of(case_id: UUID, *, at: datetime) -> list[Stay]:
    """On whose desk a case lay and lies, how long, against what its procedure promises."""
    c = Case.objects.filter(id=case_id).first()
    if c is None:
        raise NoSuchCase
    service = catalogue.service_by_id(c.service_id, business_date(at))
    calendar = Calendar(centres.weekly_hours(c.centre_id), centres.holidays())
    return stays(events(case=case_id), service.procedure, calendar, at=at)


def cases_of(person: UUID, *, at: datetime) -> list[CaseLine]:
    """A person's requests at the centres in scope, the newest first, at most `MOST_IN_A_LIST`."""
    found = Case.objects.filter(person_id=person).order_by("-opened_at", "-id")
    return lines(found[:MOST_IN_A_LIST], at=at)


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
            service_code=services[c.service_id].code,
        )
        for c in rows
    ]  # fmt: skip


def drafts(*, centre: int, at: datetime) -> list[CaseLine]:
    """The newest open drafts of a centre, begun at any counter; at most `DRAFTS_SHOWN`."""
    found = Case.objects.filter(centre_id=centre, status=Status.DRAFT)
    return lines(found.order_by("-updated_at", "id")[:DRAFTS_SHOWN], at=at)


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


def _work(centre: int, account: UUID | None, at: datetime) -> dict[str, Any]:
    here = Case.objects.filter(centre_id=centre)
    mine = here if account is None else here.filter(visit__account_id=account)
    return {
        "at_work": mine.filter(status__in=rules.AT_WORK - {Status.RETURNED}),
        "returned": here.filter(status=Status.RETURNED),
        "waiting": here.filter(status__in=(Status.QUEUED, Status.SENT)),
        "overdue": here.filter(status=Status.SENT, due_at__lt=at),
        "to_hand_over": here.filter(status__in=(Status.APPROVED, Status.REJECTED)),
    }


def _narrowed(found: Any, service: str, entity: int | None, at: datetime) -> Any:
    if service:
        ids = [c for c, code in _codes(found, at) if code == service]
        found = found.filter(service_id__in=ids)
    return found.filter(entity_id=entity) if entity is not None else found


def _codes(found: Any, at: datetime) -> list[tuple[int, str]]:
    ids = found.order_by().values_list("service_id", flat=True).distinct()
    return [(key, catalogue.service_by_id(key, business_date(at)).code) for key in ids]


def _services(found: Any, at: datetime) -> list[tuple[str, Text]]:
    ids = found.order_by().values_list("service_id", flat=True).distinct()
    views = [catalogue.service_by_id(key, business_date(at)) for key in ids]
    return sorted(((view.code, view.name) for view in views), key=lambda pair: pair[1].ar)


def _waiting_on(found: Any, at: datetime) -> list[WaitingOn]:
    names = {one.number: one.name for one in catalogue.entities()}
    rows = found.order_by().values_list("entity_id", "status").annotate(
        count=Count("id"), oldest=Min("updated_at")
    )  # fmt: skip
    waiting = [
        WaitingOn(names.get(entity, Text("", "")), entity, rules.HOLDERS[Status(status)], n, oldest)
        for entity, status, n, oldest in rows
    ]
    return sorted(waiting, key=lambda one: one.oldest)
