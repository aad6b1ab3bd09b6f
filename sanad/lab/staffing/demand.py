"""Who comes to each centre by weekday and half hour, on an ordinary day of the period.

Shapes: K centres, 7 weekdays from Sunday, 48 half hours.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sanad.lab.staffing.work import Work, work_of
from sanad.lab.twin.arrivals import WEEKDAYS
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.model import SLOT_SECONDS, SLOTS, Model
from sanad.lab.twin.network.sessions import expected_visits
from sanad.lab.twin.world import Floats, weekday_of
from sanad.lib.refusal import N_, Refused

BY_CENTRE = (
    "centre", "governorate", "wilayat", "village", "servers", "visits", "hours", "fee",
    "vat_per_mille",
)  # fmt: skip


class CentreUnknown(Refused):
    code = "staffing.centre_unknown"
    sentence = N_(
        "Nothing is known of who comes to centre {centre}. Choose a centre that was open in the "
        "period."
    )


@dataclass(frozen=True)
class Demand:
    """What K centres expect, and what a visit needs."""

    centre: Ints  # (K,)
    servers: Ints  # (K,) people at the counters now
    visits: Floats  # (K, 7, 48) on an open day of the weekday
    let_in_seconds: Floats  # (K, 7, 48) of the half hour in which somebody is let in
    is_open: Flags  # (K, 7, 48) the doors are open in some of the half hour
    days: Ints  # (7,) open days of each weekday in the period, where a centre opens on it
    work: Work

    @property
    def rate(self) -> Floats:
        """(K, 7, 48) visits a second while people are let in."""
        return self.visits / np.maximum(self.let_in_seconds, 1.0)


def demand_of(model: Model) -> Demand:
    """The demand of every centre of a model.

    A weekday's visits are the mean over its open days: days of a season count as often as they are.
    """
    weight, first, last = model.cells()
    weekday = weekday_of(model.days)
    works = ~model.is_holiday
    days = np.bincount(weekday[works], minlength=7)
    season = np.bincount(weekday[works], model.of_season[works], minlength=7)
    of_period = (weight.sum(axis=2) * season).sum(axis=1)  # (H,)
    usual = season / np.maximum(days, 1)
    part = weight * usual[:, None] / np.maximum(of_period, 1e-300)[:, None, None]
    return Demand(
        centre=model.centre, servers=model.servers,
        visits=expected_visits(model)[:, None, None] * part[model.hours],
        let_in_seconds=(last - first)[model.hours].astype(np.float64),
        is_open=open_slots(model.spans)[model.hours], days=days, work=work_of(model),
    )  # fmt: skip


def open_slots(spans: Ints) -> Flags:
    """(H, 7, 48): whether the doors are open in some of the half hour."""
    slot = np.arange(SLOTS) * SLOT_SECONDS
    opens, closes = spans[..., 0, None], spans[..., 1, None]
    inside = (opens >= 0) & (opens < slot + SLOT_SECONDS) & (closes > slot)
    return np.any(inside, axis=2)


def place_of(model: Model, centre: int) -> int:
    """The position of a centre. Raises `CentreUnknown`."""
    found = np.flatnonzero(model.centre == centre)
    if not len(found):
        raise CentreUnknown(centre=centre)
    return int(found[0])


def alone(model: Model, centre: int) -> Model:
    """The model of one centre. Raises `CentreUnknown`."""
    at = place_of(model, centre)
    here: dict[str, Any] = {name: getattr(model, name)[at : at + 1] for name in BY_CENTRE}
    return replace(model, **here)


def with_hours(model: Model, spans: Ints) -> Model:
    """A model of one centre with hours of its own: (7, n, 2) seconds, -1 where there are none.

    The same people come, by the same profile of the day, spread over these hours.
    """
    return replace(model, spans=spans[None], hours=np.zeros(1, dtype=np.int64))


def clock(slot: int) -> str:
    """The moment at which a half hour begins, such as 07:30; 48 is midnight."""
    return f"{slot // 2:02}:{30 * (slot % 2):02}"


def weekday_code(weekday: int) -> str:
    """`sun` to `sat`."""
    return WEEKDAYS[weekday]
