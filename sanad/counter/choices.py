"""What a centre chooses about its line: kept overnight or not, and who serves which group."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.models import LineSetting
from sanad.eventlog.actions import append


def keep_overnight(*, centre: int, keeps: bool, at: datetime, by: UUID) -> None:
    """Whether who waits when the centre closes waits on, ahead of the next day's people."""
    LineSetting.objects.update_or_create(centre_id=centre, defaults={"keeps_overnight": keeps})
    append("line.kept_overnight", at=at, by=by, centre=centre, kept=keeps)


def set_point_groups(
    *, centre: int, groups: Mapping[int, frozenset[rules.Group]], at: datetime, by: UUID
) -> None:
    """Which groups each counter serves; one not named serves all. Raises `GroupUnserved`."""
    points = centres.points(centre)
    every = "".join(rules.Group)
    chosen = {point: "".join(sorted(groups[point])) for point in points if point in groups}
    rules.require_every_group_served(points, chosen)
    kept = {
        rules.point_key(point): letters for point, letters in chosen.items() if letters != every
    }
    LineSetting.objects.update_or_create(centre_id=centre, defaults={"point_groups": kept})
    append(
        "line.point_groups_set",
        at=at,
        by=by,
        centre=centre,
        points=sorted(map(":".join, kept.items())),
    )
