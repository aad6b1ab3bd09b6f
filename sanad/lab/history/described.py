"""The network as the first twin is told it, and the words and keys that the rows need besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from sanad.centres.demonstration import MadeUpCentre
from sanad.centres.files import read_network
from sanad.centres.network_data import NetworkData
from sanad.counter.rules import Group, group_of
from sanad.lab.history.services import Sold, services_sold
from sanad.lab.twin.arrivals import least
from sanad.lab.twin.streams import Streams, in_proportion
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
        assumed |= _smaller(assumed, transactions, sum(portal_year(data, 2025)))
    quarter = Quarter.parse(assumed["quarter"])
    sold = services_sold(seed, quarter.last_day)
    entities = sorted({s.entity for s in sold})
    places = sorted(centres, key=lambda c: c.id)
    governorates = sorted({c.governorate_code for c in places})
    people, operators = _operators(places, workers)
    variants = list(dict.fromkeys(_hours(c) for c in places))
    holidays = [h.day for h in data.listed_holidays]
    days = np.arange(f"{quarter.first_day}", f"{quarter.next.first_day}", dtype="datetime64[D]")
    of_governorate, of_service = _totals(calibration, quarter, assumed, data, sold, seed)
    world = World(
        seed=seed, assumed=assumed, days=days,
        is_holiday=np.isin(days, np.array(holidays, dtype="datetime64[D]")),
        now=int(now.timestamp()),
        governorate=np.array([governorates.index(c.governorate_code) for c in places]),
        points=(operators >= 0).sum(axis=1), operators=operators,
        hours=np.array([variants.index(_hours(c)) for c in places]),
        spans=_spans(variants),
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


def _smaller(assumed: dict[str, Any], transactions: int, portal: int) -> dict[str, Any]:
    """What a story of fewer transactions assumes instead."""
    return {
        "announced_transactions": transactions,
        "portal_quarter_share_percent": 100 * transactions / portal,
    }


def portal_year(data: NetworkData, year: int) -> list[int]:
    """The portal's transactions of a year by governorate, in the ministry's order."""
    rows = [row for row in data.series if row.year == year]
    return [row.transactions for row in sorted(rows, key=lambda row: row.governorate_code)]


def _totals(
    calibration: str, quarter: Quarter, assumed: dict[str, Any], data: NetworkData,
    sold: Sequence[Sold], seed: int,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Transactions by governorate and by service: exact sums of the calibration."""
    of_year = portal_year(data, quarter.year)
    ten = {m.service_code: m.demand for m in data.most_used if m.year == quarter.year}
    demand = np.array([ten.get(s.code, 0) for s in sold])
    # Few are asked for often and many seldom: the weight of the n-th is 1/n, in an order drawn.
    rank = np.empty(len(sold))
    rank[Streams(seed).order("popularity", len(sold))] = np.arange(1, len(sold) + 1)
    seldom = np.isin([s.entity for s in sold], assumed["seldom_asked_entities"])
    rest = (demand == 0) / rank * np.where(seldom, assumed["seldom_asked_factor"], 1.0)
    listed = np.array([s.fee_line is not None for s in sold])
    if calibration == "portal":
        share = assumed["portal_quarter_share_percent"] / 100
        total = round(sum(of_year) * share)
        of_ten = np.round(demand * share).astype(np.int64)
        others = in_proportion(total - int(of_ten.sum()), rest * listed)
    else:
        total = assumed["announced_transactions"]
        mix = in_proportion(total, list(assumed["announced_mix"].values()))
        of_ten = in_proportion(int(mix[0]), demand)
        others = in_proportion(int(mix[1]), rest * listed)
        others += in_proportion(int(mix[2]), rest * ~listed) if (~listed).any() else 0
    others[demand == 0] = least(others[demand == 0], assumed["least_per_service"])
    lacking = total - int(of_ten.sum() + others.sum())
    others[np.argmax(others)] += lacking
    return in_proportion(total, of_year), of_ten + others


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


def _hours(centre: MadeUpCentre) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        (int(day), _second(span.opens), _second(span.closes))
        for day, spans in sorted(centre.hours.days.items())
        for span in spans
    )


def _second(time: Any) -> int:
    return int(time.hour) * 3600 + int(time.minute) * 60


def _spans(variants: Sequence[tuple[tuple[int, int, int], ...]]) -> np.ndarray:
    spans = np.full((len(variants), 7, 3, 2), -1, dtype=np.int64)
    for number, variant in enumerate(variants):
        for day, opens, closes in variant:
            free = int((spans[number, day, :, 0] >= 0).sum())
            spans[number, day, free] = (opens, closes)
    return spans
