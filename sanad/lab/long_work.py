"""Work that outlasts a page, as studies and portfolios are: how far it is, stopped, rescued."""

from datetime import datetime, timedelta
from uuid import UUID

from sanad.lab.models import Portfolio, Study, StudyState

SILENT = timedelta(minutes=15)  # of a worker that is taken for gone
UNDER_WAY = (StudyState.WAITING, StudyState.RUNNING)


class HowFar:
    """What a view of such work says of its state."""

    state: str
    done: int
    parts: int

    @property
    def is_over(self) -> bool:
        return self.state not in UNDER_WAY

    @property
    def percent(self) -> int:
        return 100 * self.done // self.parts if self.parts else 0


def ask_to_stop(row: Study | Portfolio, *, at: datetime) -> bool:
    """Stop what waits, ask what runs to stop; False where it is over. The row is locked."""
    if row.state not in UNDER_WAY:
        return False
    row.stop_asked = True
    if row.state == StudyState.WAITING:
        row.state, row.ended_at = StudyState.STOPPED, at
    row.save(update_fields=["stop_asked", "state", "ended_at"])
    return True


def left_behind(model: type[Study] | type[Portfolio], *, at: datetime) -> list[UUID]:
    """What a worker that has been silent for long has left waits again, from the start."""
    left = model._default_manager.filter(state=StudyState.RUNNING, seen_at__lt=at - SILENT)
    found: list[UUID] = list(left.values_list("id", flat=True))
    left.update(state=StudyState.WAITING, done=0)
    return found
