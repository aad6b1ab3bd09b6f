"""What is published, kept in memory exactly as long as it is what the database has.

Services, fees, centres and hours are read by every step of the counter and change a few times a
week. Triggers give each change a version of its own; `acting` reads the version with the scope, and
what was read under another one is not used. A transaction that changes such data itself says so
with `changed`, and reads it anew until its end.
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

P = ParamSpec("P")
T = TypeVar("T")
# 388 services on a few days, a few hundred centres in use at once: some 40 MB at the worst.
MOST_KEPT = 4096

_version: ContextVar[UUID | None] = ContextVar("reference_version", default=None)


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """A read of published data whose answer is kept while its version lasts.

    The answer is shared, so it must not be changed by whoever gets it. Outside a scope, and in a
    transaction that has changed published data, it is read each time.
    """

    @lru_cache(MOST_KEPT)
    def kept(version: UUID, *args: P.args, **kwargs: P.kwargs) -> T:
        return read(*args, **kwargs)

    @wraps(read)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        version = _version.get()
        if version is None:
            return read(*args, **kwargs)
        return kept(version, *args, **kwargs)  # type: ignore[arg-type]

    return asked


def changed() -> None:
    """This transaction has changed published data: nothing kept is used until it ends."""
    _version.set(None)


@contextmanager
def at_version(version: UUID | None) -> "Iterator[None]":
    """The version that a scope began with; a change inside it counts outside of it too."""
    token = _version.set(version)
    try:
        yield
    finally:
        was_changed = _version.get() is None
        _version.reset(token)
        if was_changed:
            changed()
