"""The network as the story is told it, and the words and keys that the rows need besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from sanad.centres.demonstration import MadeUpCentre
from sanad.centres.files import read_network
from sanad.counter.rules import Group, group_of
from sanad.lab.calibration import portal_year, smaller, totals
from sanad.lab.history.services import Sold, services_sold
from sanad.lab.twin.network.model import hours_of
from sanad.lab.twin.world import World, read_assumptions
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter

GROUPS = list(Group)


@dataclass(frozen=True)
class Worker:
    """Somebody who serves at a counter."""

    account: UUID
    name: Text


@dataclass(frozen=True)
class Described:
    """A world with what stands behind its positions: K centres, S services, E entities."""

    world: World
    quarter: Quarter
    calibration: str
    centres: tuple[MadeUpCentre, ...]
    vat_per_mille: np.ndarray  # (K,)
    services: tuple[Sold, ...]
    workers: tuple[Worker, ...]
    entities: tuple[int, ...]
    officers: tuple[UUID, ...]  # (E,) who answers for each entity
    # (K,) who approves that money is given back, and who does where the first one served; the
    # same account twice where one person works alone.
    approvers: tuple[tuple[UUID, UUID], ...]


def describe(
    *, seed: int, calibration: str, centres: Sequence[MadeUpCentre], vat: Mapping[int, int],
    workers: Mapping[int, Sequence[Worker]], officers: Mapping[int, UUID],
    approvers: Mapping[int, tuple[UUID, UUID]], now: datetime, transactions: int | None = None,
) -> Described:  # fmt: skip
    """The demonstration network of a calibration, from the catalogue that is loaded.

    `vat`, `workers` and `approvers` are by centre, `officers` by entity; `transactions` makes the
    story smaller than its calibration. Raises `FormNotFilled`.
    """
    assumed, data = read_assumptions(), read_network()
    if transactions:
        assumed |= smaller(assumed, transactions, sum(portal_year(data, 2025)))
    quarter = Quarter.parse(assumed["quarter"])
    sold = services_sold(seed, quarter.last_day)
    entities = sorted({s.entity for s in sold})
    places = sorted(centres, key=lambda c: c.id)
    governorates = sorted({c.governorate_code for c in places})
    people, operators = _operators(places, workers)
    spans, hours = hours_of([c.hours for c in places])
    holidays = [h.day for h in data.listed_holidays]
    days = np.arange(f"{quarter.first_day}", f"{quarter.next.first_day}", dtype="datetime64[D]")
    of_governorate, of_service = totals(calibration, quarter, assumed, data, sold, seed)
    world = World(
        seed=seed, assumed=assumed, days=days,
        is_holiday=np.isin(days, np.array(holidays, dtype="datetime64[D]")),
        now=int(now.timestamp()),
        governorate=np.array([governorates.index(c.governorate_code) for c in places]),
        points=(operators >= 0).sum(axis=1), operators=operators,
        hours=hours,
        spans=spans,
        service_entity=np.array([entities.index(s.entity) for s in sold]),
        service_group=np.array([GROUPS.index(group_of(s.entity)) for s in sold]),
        service_totals=of_service,
        alone=np.array([len(set(approvers[c.id])) == 1 for c in places]),
        may_return=np.array([s.may_return for s in sold]),
        governorate_totals=of_governorate, entities=len(entities),
    )  # fmt: skip
    return Described(
        world=world, quarter=quarter, calibration=calibration, centres=tuple(places),
        vat_per_mille=np.array([vat[c.id] for c in places]), services=tuple(sold),
        workers=tuple(people), entities=tuple(entities),
        officers=tuple(officers[e] for e in entities),
        approvers=tuple(approvers[c.id] for c in places),
    )  # fmt: skip


def _operators(
    places: Sequence[MadeUpCentre], workers: Mapping[int, Sequence[Worker]]
) -> tuple[list[Worker], np.ndarray]:
    """Everybody who serves, and who sits at each counter; nobody sits in two centres."""
    people: list[Worker] = []
    most = max(c.service_points for c in places)
    operators = np.full((len(places), most), -1)
    for row, centre in enumerate(places):
        for point, worker in enumerate(workers[centre.id][: centre.service_points]):
            operators[row, point] = len(people)
            people.append(worker)
    return people, operators
