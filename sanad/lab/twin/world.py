"""What a story is told: the network, the calendar and the assumptions, as arrays.

Shapes: K centres, S services, E entities, D days, G governorates, A accounts. Times of day are
seconds of Muscat's clock, moments are seconds of UTC since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

ASSUMPTIONS = Path(__file__).parent.parent / "data" / "assumptions.yaml"
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
MUSCAT_SECONDS = 4 * 3600  # Muscat is four hours ahead of UTC, all year
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class World:
    """`service_totals` and `governorate_totals` are exact: the twin meets them to the request."""

    seed: int
    assumed: dict[str, Any]
    days: Days  # (D,) every date of the period
    is_holiday: npt.NDArray[np.bool_]  # (D,)
    now: int  # nothing after this moment has happened yet
    governorate: Ints  # (K,) position in governorate_totals
    points: Ints  # (K,) counters
    operators: Ints  # (K, most points) accounts by counter, -1 where there is none
    hours: Ints  # (K,) row of `spans`
    spans: Ints  # (variants, 7 weekdays from Sunday, most spans, 2), -1 where there is none
    service_entity: Ints  # (S,) position in the list of entities
    service_group: Ints  # (S,) queue of the service
    service_totals: Ints  # (S,)
    alone: npt.NDArray[np.bool_]  # (K,) one person works there, so nobody can approve a refund
    may_return: npt.NDArray[np.bool_]  # (S,)
    governorate_totals: Ints  # (G,)
    entities: int

    @property
    def total(self) -> int:
        """Transactions of the period."""
        return int(self.governorate_totals.sum())


def read_assumptions(file: Path = ASSUMPTIONS) -> dict[str, Any]:
    """The file's values by name; it says what each one means."""
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def between(bounds: Mapping[str, float], parts: Floats) -> Floats:
    """The values that lie at these parts of the way from `low` to `high`."""
    return bounds["low"] + (bounds["high"] - bounds["low"]) * parts


def weekday_of(days: Days) -> Ints:
    """0 is Sunday."""
    # 1970-01-01 was a Thursday.
    return (days.astype("datetime64[D]").astype(np.int64) + 4) % 7


def midnight_of(days: Days) -> Ints:
    """The UTC moment at which each date begins in Muscat."""
    return days.astype("datetime64[D]").astype(np.int64) * DAY_SECONDS - MUSCAT_SECONDS


def is_working(world: World, days: Days) -> npt.NDArray[np.bool_]:
    """Sunday to Thursday and no holiday, for dates in or near the period."""
    return works(days, world.days[world.is_holiday])


def works(days: Days, holidays: Days) -> npt.NDArray[np.bool_]:
    """Which dates are Sunday to Thursday and no holiday."""
    return (weekday_of(days) <= 4) & ~np.isin(days, holidays)
