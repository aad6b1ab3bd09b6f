"""What an owner says a centre costs, as plain values. No Django in here."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Stated:
    """Whole baisa a month; None where the owner has not said it and an assumption stands."""

    rent: int | None = None
    wages: int | None = None
    utilities: int | None = None
    licence: int | None = None
    connection: int | None = None
    each: int | None = None  # a transaction
    living: int | None = None  # the owner's own, not among the costs
    reserve: int | None = None  # what is put by, once

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return all(value is None for value in vars(self).values())


LINES = tuple(field.name for field in fields(Stated))
