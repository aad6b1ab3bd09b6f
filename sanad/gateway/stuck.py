"""Requests of the line that wait for somebody: refused, late, or acknowledged without proof.

Nothing here is lost: a late one is tried again by itself, and a refused one is back on the desk.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sanad.cases.rules import Status
from sanad.catalogue import queries as catalogue
from sanad.gateway import rules
from sanad.gateway.models import DEAD, PENDING, Attempt, Delivery, EntityEndpoint
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date

REFUSED, LATE, UNPROVED = "refused", "late", "unproved"
MOST_IN_A_LIST = 100
MOST_TRIES_SHOWN = 12


@dataclass(frozen=True)
class Evidence:
    """One try as it was sent and answered, by identifiers. `status` is None without an answer."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    outcome: str
    request_id: str
    response_id: str


@dataclass(frozen=True)
class Stuck:
    """A request that waits for somebody, with its newest tries, newest first."""

    delivery: UUID
    case: UUID
    case_code: str
    service: Text
    entity: Text
    stage: str
    why: str
    made_at: datetime
    next_try_at: datetime | None  # None where it is not tried again by itself
    tries: int
    evidence: tuple[Evidence, ...]

    @property
    def last(self) -> Evidence | None:
        return self.evidence[0] if self.evidence else None


def stuck(centre: int, *, at: datetime) -> list[Stuck]:
    """A centre's, the oldest first."""
    found = _found(Delivery.objects.filter(centre_id=centre), at=at)
    return [_view(one) for one in found.order_by("made_at")[:MOST_IN_A_LIST]]


def stuck_count(centre: int, *, at: datetime) -> int:
    """How many."""
    return _found(Delivery.objects.filter(centre_id=centre), at=at).count()


def late_by_centre(entity: int, *, at: datetime) -> list[tuple[int, int]]:
    """Requests that wait longer than a day for an entity, by centre, the most first."""
    late = Delivery.objects.filter(
        entity_id=entity, state=PENDING, made_at__lt=at - rules.LATE_AFTER
    )
    counted = late.values_list("centre_id").annotate(requests=Count("id"))
    return list(counted.order_by("-requests", "centre_id")[:MOST_IN_A_LIST])


def tries_by_outcome(entity: int, *, since: datetime) -> list[tuple[str, int | None, int]]:
    """Tries to reach an entity since a moment: outcome, status and how many, the most first."""
    tries = Attempt.objects.filter(delivery__entity_id=entity, at__gte=since)
    counted = tries.values_list("outcome", "status").annotate(tries=Count("id"))
    return list(counted.order_by("-tries", "outcome", "status"))


def has_address(entity: int) -> bool:
    """Whether anything is sent to an entity at all."""
    return EntityEndpoint.objects.filter(entity_id=entity).exists()


# -- inside ---------------------------------------------------------------------------------------


def _found(mine: "QuerySet[Delivery]", *, at: datetime) -> "QuerySet[Delivery]":
    later = Delivery.objects.filter(resend_of=OuterRef("id"))
    again = Delivery.objects.filter(case=OuterRef("case"), stage=OuterRef("stage"))
    refused = Q(state=DEAD, stage="", case__status=Status.RETURNED) & ~Exists(later)
    step = Q(state=DEAD) & ~Q(stage="") & ~Exists(again.exclude(state=DEAD))
    unproved = Q(state=PENDING, unproved__gte=rules.UNPROVED_NEEDS_SOMEBODY)
    late = Q(state=PENDING, made_at__lt=at - rules.LATE_AFTER)
    counted = mine.annotate(
        unproved=Count("attempts", filter=Q(attempts__outcome=rules.UNPROVED))
    )  # fmt: skip
    return counted.filter(refused | step | unproved | late).select_related("case")


def _view(one: Delivery) -> Stuck:
    service = catalogue.service_by_id(one.case.service_id, business_date(one.made_at))
    tries = Attempt.objects.filter(delivery=one).order_by("-number")[:MOST_TRIES_SHOWN]
    unproved = getattr(one, "unproved", 0) >= rules.UNPROVED_NEEDS_SOMEBODY
    return Stuck(
        delivery=one.id, case=one.case_id, case_code=one.case.code, service=service.name,
        entity=service.entity.name, stage=one.stage,
        why=REFUSED if one.state == DEAD else UNPROVED if unproved else LATE,
        made_at=one.made_at, next_try_at=one.next_try_at if one.state == PENDING else None,
        tries=one.tries,
        evidence=tuple(
            Evidence(a.number, a.at, a.milliseconds, a.status, a.outcome, a.request_id,
                     a.response_id)
            for a in tries
        ),
    )  # fmt: skip
