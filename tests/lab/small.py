"""A story of two centres and ten days, with enough of everything that is rare in a quarter."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from sanad.db.scope import acting, national_scope
from sanad.lab.history import described as describing
from sanad.lab.history.described import Described, Worker, describe
from sanad.lab.history.story import Story
from sanad.lab.history.write import story_of
from sanad.lab.twin.story import simulate
from sanad.lab.twin.streams import in_proportion
from sanad.lab.twin.world import read_assumptions
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import WeeklyHours
from tests.network import AISHA, ALL_DAY, BADR, KHUWAIR, SALIM, SOHAR, TEN, ZAHRA

OFFICERS = UUID(int=(0x0199 << 112) | (7 << 76) | (2 << 62) | 900)


@dataclass(frozen=True)
class Place:
    """As much of a centre as the twin is told."""

    id: int
    name: Text
    governorate_code: int
    service_points: int
    hours: WeeklyHours = ALL_DAY


PLACES = (
    Place(KHUWAIR, Text("مركز الاختبار - الخوير", "Test centre - Al Khuwair"), 1, 2),
    Place(SOHAR, Text("مركز الاختبار - صحار", "Test centre - Sohar"), 2, 1),
)
WORKERS = {
    KHUWAIR: [Worker(AISHA, Text("عائشة", "Aisha")), Worker(BADR, Text("بدر", "Badr"))],
    SOHAR: [Worker(ZAHRA, Text("زهرة", "Zahra"))],
}
APPROVERS = {KHUWAIR: (SALIM, AISHA), SOHAR: (ZAHRA, SALIM)}
MORE_OF_WHAT_IS_RARE: dict[str, Any] = {
    "announced_transactions": 230, "least_per_service": 0, "changed_mind_share": 0.06,
    "questions_share": 0.15, "patience_minutes_mean": 1.0,
    "returned_share": {"low": 0.3, "high": 0.4},
    "approved_share": 0.8, "decided_at_once_share": 0.6, "rated_share": 0.5,
    "drawer_variance_share": 0.5, "outages_per_entity": 3.0, "outage_hours_median": 4.0,
    "days_to_correct": {"low": 1, "high": 2},
}  # fmt: skip


class _EveryOfficer(dict[int, UUID]):
    """An account for whichever entity is asked for."""

    def __missing__(self, entity: int) -> UUID:
        return UUID(int=OFFICERS.int + entity)


def small_described(seed: int, monkeypatch: Any, **more: Any) -> Described:
    """Two centres from 21 to 30 September 2025, ten in the morning."""
    assumed = read_assumptions() | MORE_OF_WHAT_IS_RARE | more
    monkeypatch.setattr(describing, "read_assumptions", lambda: assumed)
    with acting(national_scope()):
        found = describe(
            seed=seed, calibration="announced", centres=PLACES, vat={KHUWAIR: 50, SOHAR: 0},  # type: ignore[arg-type]
            workers=WORKERS, officers=_EveryOfficer(), approvers=APPROVERS, now=TEN,
        )  # fmt: skip
    days = np.arange("2025-09-21", "2025-10-01", dtype="datetime64[D]")
    world = replace(
        found.world, days=days, is_holiday=np.zeros(len(days), dtype=bool),
        governorate_totals=in_proportion(found.world.total, [2, 1]),
    )  # fmt: skip
    return replace(found, world=world)


def small_story(seed: int, monkeypatch: Any, **more: Any) -> Story:
    described = small_described(seed, monkeypatch, **more)
    return story_of(described, simulate(described.world), link="http://localhost:8000/track/")
