"""What the twin says happened: arrays, one entry a thing. -1 means that it did not happen.

Moments are seconds of UTC since 1970. V visits, C cases, W tickets still waiting, O outages.
"""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Table:
    """Arrays of equal length."""

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """The rows chosen, in that order."""
        return type(self)(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Visits(Table):
    """People who came, in the order of time. `number` is of the ticket, 0 without one."""

    centre: Ints
    day: Ints
    arrived: Ints
    called: Ints
    ended: Ints
    came: Flags  # False: called in vain
    point: Ints  # from 1
    operator: Ints  # account
    group: Ints
    number: Ints
    service: Ints  # what the ticket was taken for; -1 for a question
    requests: Ints
    person: Ints
    company: Ints  # -1 for none

    @property
    def has_ticket(self) -> Flags:
        return self.number > 0


@dataclass(frozen=True)
class Cases(Table):
    """Requests, in the order in which they were opened."""

    visit: Ints
    service: Ints
    variant: Ints  # chooses one of the service's forms as filled in
    opened: Ints
    completed: Ints
    agreed: Ints
    paid: Ints
    cash: Flags
    cancelled: Ints
    submitted: Ints
    first_claim: Ints
    call_seconds: Ints
    tries: Ints
    acknowledged: Ints
    returned: Ints
    resent: Ints
    acknowledged_again: Ints
    decided: Ints
    approved: Flags
    collected: Ints
    rated: Ints
    face: Ints


@dataclass(frozen=True)
class Waiting(Table):
    """Tickets of people who still wait when the story stops."""

    centre: Ints
    day: Ints
    issued: Ints
    group: Ints
    number: Ints
    service: Ints


@dataclass(frozen=True)
class Outages(Table):
    """A portal that did not answer, by position of its entity, in the order of entity and time."""

    entity: Ints
    started: Ints
    ended: Ints


@dataclass(frozen=True)
class Facts:
    """A period of the network."""

    visits: Visits
    cases: Cases
    waiting: Waiting
    outages: Outages
    people: int
    companies: int
