"""Bulk load of accounts and their assignments, at set-up, as the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password

from sanad.accounts.roles import Role
from sanad.db.bulk import copy_rows
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id


@dataclass(frozen=True)
class Post:
    """A role at a place."""

    role: Role
    centre: int | None = None
    entity: int | None = None


@dataclass(frozen=True)
class MemberRow:
    """A person with their posts. Without a password they have yet to accept an invitation."""

    username: str
    name: Text
    nationality: str
    posts: tuple[Post, ...]
    password: str | None = None
    id: UUID | None = None


def load_members(members: Iterable[MemberRow], *, at: datetime) -> dict[str, int]:
    """Accounts and assignments; rows by kind. One hash for each distinct password."""
    rows = [(member.id or new_id(), member) for member in members]
    hashes = {p: make_password(p) for p in {member.password for _, member in rows} if p}
    copy_rows(
        "accounts_account",
        ("id", "password", "username", "name_ar", "name_en", "nationality", "is_active",
         "created_at"),
        ((key, hashes.get(m.password or "", make_password(None)), m.username, m.name.ar,
          m.name.en, m.nationality, True, at) for key, m in rows),
    )  # fmt: skip
    posts = copy_rows(
        "accounts_assignment",
        ("id", "account_id", "role", "centre_id", "entity_id", "started_at"),
        (
            (new_id(), key, post.role.value, post.centre, post.entity, at)
            for key, m in rows
            for post in m.posts
        ),
    )
    return {"accounts": len(rows), "assignments": posts}
