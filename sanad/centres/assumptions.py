"""What the demonstration assumes where nothing is published: `data/demonstration.yaml`, read."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sanad.centres.files import DATA
from sanad.lib.opening_hours import Weekday, WeeklyHours


@dataclass(frozen=True)
class Assumptions:
    """The values of the file; it says what each one means."""

    hours: tuple[WeeklyHours, ...]
    hours_shares: tuple[float, ...]
    opened_first: dt.date
    opened_last: dt.date
    service_points: dict[int, int]
    village_scatter_km: float
    centre_scatter_km: float
    announced_jobs: int

    def points_for(self, people: int) -> int:
        """Service points of a centre where so many people work."""
        return next(
            points for points, up_to in sorted(self.service_points.items()) if people <= up_to
        )


def read_assumptions(folder: Path = DATA) -> Assumptions:
    document = yaml.safe_load((folder / "demonstration.yaml").read_text(encoding="utf-8"))
    variants = document.pop("opening_hours")
    return Assumptions(
        hours=tuple(WeeklyHours.from_json(_week(variant["days"])) for variant in variants),
        hours_shares=tuple(variant["share"] for variant in variants),
        **document,
    )


def _week(days: dict[str, Any]) -> dict[str, Any]:
    """{"sun-thu": spans, "sat": spans} with each day by itself."""
    week = {}
    for name, spans in days.items():
        first, _, last = name.upper().partition("-")
        for number in range(Weekday[first], Weekday[last or first] + 1):
            week[Weekday(number).name] = spans
    return week
