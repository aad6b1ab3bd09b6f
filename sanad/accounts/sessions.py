"""Sessions in the database, with the account they belong to, so that they can be ended at once."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class AccountSession(AbstractBaseSession):
    """A session and whose it is. Size: one row a signed-in browser, some 2,500 at most."""

    account_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        app_label = "accounts"
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's database sessions in our own table."""

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        return AccountSession

    def opened_with(self, data: str) -> None:
        """Take what was read of the session by somebody who reads more in the same statement."""
        self._session_cache = self.decode(data)

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        session: AccountSession = super().create_model_instance(data)  # type: ignore[assignment]
        account = data.get(SESSION_KEY)
        session.account_id = UUID(str(account)) if account else None
        return session


LOCKED, ACTIVE_AT = "locked", "active_at"
# The session is written at most this often for a sign of life; a lock may come this much late.
NOTED_EVERY_SECONDS: Final = 30


def is_locked(session: SessionBase, *, at: datetime, after_seconds: int) -> bool:
    """Whether its owner must type the password again; a session left alone too long is locked."""
    if idle_seconds(session, at) > after_seconds:
        session[LOCKED] = True
    return bool(session.get(LOCKED))


def note_activity(session: SessionBase, at: datetime) -> None:
    """Remember a sign of life, now and then."""
    if ACTIVE_AT not in session or idle_seconds(session, at) > NOTED_EVERY_SECONDS:
        session[ACTIVE_AT] = at.timestamp()


def idle_seconds(session: SessionBase, at: datetime) -> float:
    """Seconds since the last sign of life that was noted."""
    return at.timestamp() - float(session.get(ACTIVE_AT, at.timestamp()))
