"""Whether this database belongs to these keys.

The database remembers a fingerprint of the keys it was made with, in its comment. With another
set of keys every sealed number would be unreadable and every person would be entered twice, so
such a pair never serves.
"""

from pathlib import Path

from django.db import connection
from psycopg import sql

from sanad.lib.keys import Keyring
from sanad.lib.refusal import N_, Refused

REMEMBERED = "sanad keys "


class OtherKeys(Refused):
    code = "db.other_keys"
    sentence = N_(
        "The keys in {folder} are not those that this database was made with, so nothing sealed "
        "in it could be opened. Restore the keys folder from its backup; docs/keys.md says how."
    )


def remember(keys: Path) -> None:
    """Write the fingerprint into a database that has none, as its owner. Raises `OtherKeys`."""
    if _remembered() is None:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(str(connection.settings_dict["NAME"])),
            sql.Literal(REMEMBERED + Keyring(keys).fingerprint()),
        )
        with connection.cursor() as cursor:
            cursor.execute(comment)
    require(keys)


def require(keys: Path) -> None:
    """Raises `OtherKeys` when the database remembers another set; an older one remembers none."""
    if _remembered() not in (None, Keyring(keys).fingerprint()):
        raise OtherKeys(folder=keys)


def _remembered() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        comment = cursor.fetchone()[0] or ""
    return comment.removeprefix(REMEMBERED) if comment.startswith(REMEMBERED) else None
