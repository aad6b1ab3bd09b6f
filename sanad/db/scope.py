"""Whose eyes a transaction has: the role and the scope that row-level security asks for.

Every read or write of a request happens inside `acting(scope)`. It opens a transaction, takes
the role with `SET LOCAL` and states the scope; both are gone when the transaction ends. Outside
of it the login role may touch sessions and sign-in only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from sanad.db.locks import LONGEST_WAIT, busy_said, fresh_order, given_back_on_error
from sanad.db.reference import at_version

# Somebody sits before the screen and waits; work that nobody sits at may wait as long as it needs.
SERVES_PEOPLE = frozenset({"app_centre", "app_national", "app_entity", "app_public"})


@dataclass(frozen=True)
class Scope:
    """A role of PostgreSQL and the rows it may see through the policies."""

    role: str
    centres: tuple[int, ...] = ()
    entity: int | None = None
    person: UUID | None = None
    account: UUID | None = None

    def settings(self) -> dict[str, str]:
        return {
            "role": self.role,
            "sanad.centres": "{" + ",".join(map(str, self.centres)) + "}",
            "sanad.entity": str(self.entity or ""),
            "sanad.person": str(self.person or ""),
            "sanad.account": str(self.account or ""),
            "lock_timeout": LONGEST_WAIT if self.role in SERVES_PEOPLE else "0",
        }


NOBODY = Scope(role="none")


def centre_scope(*centres: int, account: UUID | None = None) -> Scope:
    """An operator's or owner's eyes: the rows of these centres."""
    return Scope(role="app_centre", centres=centres, account=account)


def national_scope(account: UUID | None = None) -> Scope:
    """The ministry's eyes: every centre, without people's names and numbers."""
    return Scope(role="app_national", account=account)


def entity_scope(entity: int, account: UUID | None = None) -> Scope:
    """An entity officer's eyes: requests sent to this entity."""
    return Scope(role="app_entity", entity=entity, account=account)


def public_scope(person: UUID | None = None) -> Scope:
    """A visitor's eyes: published things, and what a code in hand opens."""
    return Scope(role="app_public", person=person)


def system_scope() -> Scope:
    """Work that nobody sits at: sealing, facts, delivering."""
    return Scope(role="app_system")


_current: ContextVar[Scope] = ContextVar("current_scope", default=NOBODY)


def current_scope() -> Scope:
    return _current.get()


@contextmanager
def acting(scope: Scope) -> Iterator[Scope]:
    """One transaction with the eyes of `scope`; a nested one gives them back at its end.

    Locks last as long as the outermost transaction, so a nested scope goes on in its order.
    Raises `Busy` when the database waited in vain for somebody else's locks.
    """
    outer = _current.get()
    order = fresh_order if outer is NOBODY else given_back_on_error
    # What is stated for a transaction ends with it; only inside another one is it given back.
    ends_by_itself = not connection.in_atomic_block
    with busy_said(), order(), transaction.atomic(), at_version(_state(scope)):
        token = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(token)
        # After an error the roll-back restores the outer settings by itself.
        if not ends_by_itself:
            _state(outer)


def _state(scope: Scope) -> UUID:
    """State role and scope for the transaction; the version of what is published."""
    settings = scope.settings()
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    flat = [part for pair in settings.items() for part in pair]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (SELECT version FROM db_reference), {calls}", flat)  # noqa: S608
        version: UUID = cursor.fetchone()[0]
    return version
