"""Reads about accounts. Sign-in reads run as the login role, before a scope exists."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from sanad.accounts.models import Account, Assignment, Invitation
from sanad.accounts.roles import Role
from sanad.lib.bilingual import Text


@dataclass(frozen=True)
class Seat:
    """A live assignment: who, in which role, where."""

    assignment_id: UUID
    account_id: UUID
    role: Role
    centre_id: int | None
    entity_id: int | None


@dataclass(frozen=True)
class StaffMember:
    """A line of a centre's staff list."""

    account_id: UUID
    username: str
    name: Text
    role: Role
    nationality: str
    started_at: datetime
    has_signed_in: bool


def seats_of(account: UUID) -> list[Seat]:
    """The live assignments of an account, operators' first, in a stable order."""
    live = Assignment.objects.filter(account_id=account, ended_at=None).order_by("started_at", "id")
    seats = [Seat(a.id, a.account_id, Role(a.role), a.centre_id, a.entity_id) for a in live]
    return sorted(seats, key=lambda seat: list(Role).index(seat.role))


def staff_of(centre: int) -> list[StaffMember]:
    """The people who work at a centre now."""
    live = (
        Assignment.objects.filter(centre_id=centre, ended_at=None)
        .select_related("account")
        .defer("account__password")
    )
    return [
        StaffMember(
            account_id=a.account_id,
            username=a.account.username,
            name=Text(a.account.name_ar, a.account.name_en),
            role=Role(a.role),
            nationality=a.account.nationality,
            started_at=a.started_at,
            has_signed_in=a.account.last_login is not None,
        )
        for a in live.order_by("-role", "started_at", "account__username")
    ]


@dataclass(frozen=True)
class Member:
    """Somebody whose place is not a centre."""

    account_id: UUID
    username: str
    name: Text
    role: Role
    entity_id: int | None
    started_at: datetime
    has_signed_in: bool


@dataclass(frozen=True)
class Staffing:
    """How many work at a centre, and how many of them are Omani."""

    jobs: int
    omanis: int

    @property
    def omani_percent(self) -> int:
        """Rounded to a whole number; 0 where nobody works."""
        return round(100 * self.omanis / self.jobs) if self.jobs else 0


def members() -> list[Member]:
    """Those who work for the ministry or an entity now, in the order of role and name."""
    live = (
        Assignment.objects.filter(centre_id=None, ended_at=None)
        .select_related("account")
        .defer("account__password")
        .order_by("role", "account__username")
    )
    return [
        Member(
            account_id=a.account_id, username=a.account.username,
            name=Text(a.account.name_ar, a.account.name_en), role=Role(a.role),
            entity_id=a.entity_id, started_at=a.started_at,
            has_signed_in=a.account.last_login is not None,
        )
        for a in live
    ]  # fmt: skip


def staffing(*, at: datetime | None = None) -> dict[int, Staffing]:
    """Jobs by centre, in sight, now or at a moment.

    A person who holds two posts at a centre is one job there.
    """
    live = Assignment.objects.filter(centre_id__isnull=False)
    if at is None:
        live = live.filter(ended_at=None)
    else:
        live = live.filter(Q(ended_at=None) | Q(ended_at__gte=at), started_at__lt=at)
    counted = live.values_list("centre_id").annotate(
        jobs=Count("account", distinct=True),
        omanis=Count("account", distinct=True, filter=Q(account__nationality="OM")),
    )
    return {centre: Staffing(jobs, omanis) for centre, jobs, omanis in counted}


def names_of(accounts: set[UUID]) -> dict[UUID, Text]:
    """Names by account, of those whom the scope may see."""
    found = Account.objects.filter(id__in=accounts).values_list("id", "name_ar", "name_en")
    return {account: Text(ar, en) for account, ar, en in found}


def open_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation that a link stands for, while it is open."""
    return (
        Invitation.objects.filter(token_hash=hash_token(token), accepted_at=None, expires_at__gt=at)
        .select_related("account")
        .first()
    )


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def has_administrator() -> bool:
    """Whether anybody administers the installation."""
    return Assignment.objects.filter(role=Role.ADMINISTRATOR, ended_at=None).exists()
