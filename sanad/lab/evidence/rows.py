"""Rows gathered one by one by a reader, and the log they make."""

from dataclasses import dataclass, field

import numpy as np

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog


@dataclass(slots=True)
class Rows:
    """Columns that grow; `add` gives one event. About 60 bytes an event while reading."""

    case: list[str | None] = field(default_factory=list)
    activity: list[str | None] = field(default_factory=list)
    time: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    resource: list[str | None] = field(default_factory=list)
    group: list[str | None] = field(default_factory=list)

    def add(
        self,
        case: str,
        activity: str,
        time: int,
        *,
        start: int = UNKNOWN,
        resource: str | None = None,
        group: str | None = None,
    ) -> None:
        self.case.append(case)
        self.activity.append(activity)
        self.time.append(time)
        self.start.append(start)
        self.resource.append(resource)
        self.group.append(group)

    def log(self, source: str) -> EventLog:
        """The log; a column in which nothing is known is left out."""
        start: Int64 = np.array(self.start, np.int64)
        return EventLog.of(
            case=Coded.of(self.case),
            activity=Coded.of(self.activity),
            time=np.array(self.time, np.int64),
            start=start if (start != UNKNOWN).any() else None,
            resource=_if_known(self.resource),
            group=_if_known(self.group),
            source=source,
        )


def _if_known(values: list[str | None]) -> Coded | None:
    column = Coded.of(values)
    return column if column.names else None
