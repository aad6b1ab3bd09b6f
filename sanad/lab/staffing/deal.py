"""Names for a roster: each week the next of a group's patterns, so that in time all are equal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sanad.lab.staffing.patterns import Pattern, Shift
from sanad.lab.staffing.roster import Roster
from sanad.lib.bilingual import Text


@dataclass(frozen=True)
class Person:
    """Somebody who can be rostered, on these weekdays from Sunday."""

    key: str
    name: Text
    days: frozenset[int]


@dataclass(frozen=True)
class Dealt:
    """A person and their week; no pattern: off all week."""

    person: Person
    pattern: Pattern | None

    @property
    def paid(self) -> int:
        """Half hours of work."""
        return self.pattern.paid if self.pattern else 0

    def shift(self, weekday: int) -> Shift:
        return self.pattern.shifts[weekday] if self.pattern else ()


def dealt(found: Roster, people: Sequence[Person], *, week: int) -> list[Dealt]:
    """The roster with names, in the order of `people`; `week` counts weeks from any beginning.

    Who can work on the same days share their patterns in turn: after as many weeks as they are,
    each has had each pattern once.
    """
    given: dict[str, Pattern | None] = {}
    for days in {person.days for person in people}:
        here = [person for person in people if person.days == days]
        turns: list[Pattern | None] = [
            one.pattern for one in found.chosen if one.group == days for _ in range(one.people)
        ]
        turns += [None] * (len(here) - len(turns))
        for number, person in enumerate(here):
            given[person.key] = turns[(number + week) % len(here)]
    return [Dealt(person, given[person.key]) for person in people]
