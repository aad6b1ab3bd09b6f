"""The kinds of events and what each may carry. A room registers its own in its `events.py`.

A payload holds codes, identifiers and amounts only. What a kind may carry is written down, so
that a field more, or a piece of personal data, is refused before it is stored for ever.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class UnknownKind(LookupError):  # noqa: N818 - it says what happened
    """The program recorded a kind that no room has registered."""


class PayloadNotAllowed(ValueError):  # noqa: N818 - it says what happened
    """The payload has a field that its kind does not name, or lacks one that it does."""


@dataclass(frozen=True)
class Kind:
    """A dotted past-tense name, the version of its payload and the payload's fields by type."""

    name: str
    meaning: str
    payload: dict[str, type | tuple[type, ...]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    version: int = 1

    def check(self, payload: dict[str, Any]) -> None:
        """Raises `PayloadNotAllowed`."""
        unknown = payload.keys() - self.payload.keys()
        missing = self.payload.keys() - self.optional - payload.keys()
        wrong = {
            name
            for name, value in payload.items()
            if name in self.payload and not _fits(value, self.payload[name])
        }
        if unknown or missing or wrong:
            raise PayloadNotAllowed(
                f"{self.name}: unknown {sorted(unknown)}, missing {sorted(missing)}, "
                f"of the wrong type {sorted(wrong)}"
            )


def _fits(value: Any, wanted: type | tuple[type, ...]) -> bool:
    """As isinstance, but to Python True is a number, and in a log it is a mistake."""
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    return type(value) in kinds if isinstance(value, bool) else isinstance(value, kinds)


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Called once by each room's `events.py`."""
    for kind in kinds:
        assert _kinds.get(kind.name, kind) == kind, f"{kind.name} is registered twice"
        _kinds[kind.name] = kind


def kind(name: str) -> Kind:
    if name not in _kinds:
        raise UnknownKind(name)
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def plain(value: Any) -> Any:
    """A payload value as JSON keeps it."""
    return str(value) if isinstance(value, UUID) else value
