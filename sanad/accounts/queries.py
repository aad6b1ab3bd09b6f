"""Reads about accounts. Sign-in reads run as the login role, before a scope exists."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.db.models import Count, Q
from django.utils.crypto import constant_time_compare

from sanad.accounts.models import Account, Assignment, Invitation
from sanad.accounts.roles import Role
from sanad.accounts.sessions import SessionStore
from sanad.db import sql
from sanad.db.scope import Scope, centre_scope, entity_scope, national_scope
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
class SignedIn:
    """Whoever holds a session: where they sit, and what the session keeps."""

    account_id: UUID
    seats: tuple[Seat, ...]
    session: SessionStore


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
    return list(_operators_first(seats))


def _operators_first(seats: list[Seat]) -> tuple[Seat, ...]:
    return tuple(sorted(seats, key=lambda seat: list(Role).index(seat.role)))


def signed_in(session_key: str, *, really: datetime) -> SignedIn | None:
    """Who holds a live session, with their live seats, in one statement; None for nobody.

    As on the pages: a session ends at its time, when its account is closed and when the password
    changes. `really` is the real time, by which sessions end also while a demonstration has a clock
    of its own. Read as the login role, before a scope exists.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.load("accounts/signed_in"), [session_key, really])
        found = cursor.fetchall()
    if not found:
        return None
    data, account, password = found[0][:3]
    session = SessionStore(session_key)
    session.opened_with(data)
    held = str(session.get(HASH_SESSION_KEY, ""))
    if not constant_time_compare(held, Account(password=password).get_session_auth_hash()):
        return None
    seats = [Seat(seat, account, Role(role), centre, entity)
             for *_, seat, role, centre, entity in found]  # fmt: skip
    return SignedIn(account, _operators_first(seats), session)


def scope_of(seat: Seat) -> Scope:
    """The database's eyes for a seat."""
    if seat.centre_id is not None:
        return centre_scope(seat.centre_id, account=seat.account_id)
    if seat.entity_id is not None:
        return entity_scope(seat.entity_id, account=seat.account_id)
    return national_scope(account=seat.account_id)


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
