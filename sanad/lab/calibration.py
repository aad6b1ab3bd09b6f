"""The network as assumed: a model of a calibration, from the project's own data files.

Nothing of a database is asked, so a run is the same on every machine. Centres, hours and counters
are the demonstration's; volumes are those announced or those of the ministry's portal; the rest is
`data/assumptions.yaml`, where every line says that it is an assumption. The demonstration's history
is told from the same numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np

from sanad.catalogue.files import read_catalogue
from sanad.centres.demonstration import (
    MadeUpCentre,
    Member,
    demonstration_network,
    serving_at,
    vat_per_mille_of,
)
from sanad.centres.files import read_network
from sanad.centres.network_data import NetworkData
from sanad.lab.twin.arrivals import WEEKDAYS, centre_weights, least
from sanad.lab.twin.counter import LEAD_SECONDS, service_medians
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import SLOTS, Model, hours_of
from sanad.lab.twin.requests import decision_medians, returned_shares
from sanad.lab.twin.streams import Streams, in_proportion
from sanad.lab.twin.world import read_assumptions
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused
from sanad.till.rules import RESEND, first_stage

SEED = 2025  # of the demonstration's network: which centre is large, which service takes long


class NoVolumes(Refused):
    code = "lab.no_volumes"
    sentence = N_(
        "The open data holds no transactions for {year}, so a quarter of it cannot be lived. "
        "Choose a year from {first} to {last}."
    )


class Offered(Protocol):
    """As much of a service as the volumes need."""

    @property
    def code(self) -> str: ...
    @property
    def entity(self) -> int: ...
    @property
    def fee_line(self) -> int | None: ...


@dataclass(frozen=True)
class Priced:
    """A service of the catalogue's files; `fee_line` is None where the centre sets its price."""

    code: str
    entity: int
    fee_line: int | None
    cap_baisa: int
    may_return: bool


def services_of_files(on: date) -> list[Priced]:
    """Every service that has a definition on a day, by code."""
    catalogue = read_catalogue()
    stages: dict[str, dict[str, tuple[int, int]]] = {}
    for listed in catalogue.price_lists:
        if listed.demonstration_in_force_from <= on:
            for line in listed.loaded_lines:
                stages.setdefault(line.service, {})[line.stage] = (line.line, line.baisa)
    defined = {d.service for d in catalogue.definitions if d.in_force_from <= on}
    found = []
    for service in catalogue.services:
        if service.code not in defined:
            continue
        of_it = stages.get(service.code, {})
        number, baisa = of_it.get(first_stage(set(of_it)) or "", (None, 0))
        resend = of_it.get(RESEND, (0, 0))[1]
        found.append(Priced(service.code, service.entity, number, baisa, resend == 0))
    return sorted(found, key=lambda one: one.code)


def calibrated(
    calibration: str, quarter: Quarter | None = None, *, seed: int = SEED,
    transactions: int | None = None,
) -> Model:  # fmt: skip
    """The model of a calibration's quarter. Raises `UnknownCalibration`, `NoVolumes`."""
    assumed, data = read_assumptions(), read_network()
    network = demonstration_network(seed, calibration)
    if transactions:
        assumed |= smaller(assumed, transactions, sum(portal_year(data, 2025)))
    quarter = quarter or Quarter.parse(assumed["quarter"])
    years = sorted({row.year for row in data.series} & {row.year for row in data.most_used})
    if quarter.year not in years:
        raise NoVolumes(year=quarter.year, first=years[0], last=years[-1])
    # The list is dated 2026 and taken as in force from 2025 on; an earlier year is lived with it.
    priced = services_of_files(max(quarter.last_day, date(2025, 1, 1)))
    of_governorate, of_service = totals(calibration, quarter, assumed, data, priced, seed)
    places = sorted(network.centres, key=lambda one: one.id)
    days = np.arange(f"{quarter.first_day}", f"{quarter.next.first_day}", dtype="datetime64[D]")
    holidays = np.array([h.day for h in data.listed_holidays], dtype="datetime64[D]")
    spans, hours = hours_of([one.hours for one in places])
    points = points_of(places, serving_at(network))
    governorates = sorted({one.governorate_code for one in places})
    sizes = assumed["requests_per_visit"]
    mean_size = sum(k * share for k, share in sizes.items()) / sum(sizes.values())
    visits = np.zeros(len(places))
    for position, code in enumerate(governorates):
        here = np.array([row for row, one in enumerate(places) if one.governorate_code == code])
        weights = centre_weights(Streams(seed), position, points[here], assumed)
        visits[here] = of_governorate[position] / mean_size * weights / weights.sum()
    entities = sorted({one.entity for one in priced})
    of_entity = np.array([entities.index(one.entity) for one in priced])
    medians = 60 * service_medians(Streams(seed), assumed, len(priced))
    sigma = assumed["service_minutes_sigma"]
    returned = returned_shares(Streams(seed), assumed, len(entities))[of_entity]
    decides = decision_medians(Streams(seed), assumed, len(entities))
    fee = prices(seed, places, priced)
    call = assumed["question_minutes_median"]
    return Model(
        days=days, is_holiday=np.isin(days, holidays),
        centre=np.array([one.id for one in places]),
        governorate=np.array([one.governorate_code for one in places]),
        wilayat=np.array([one.wilayat_code for one in places]),
        village=np.array([one.village_code for one in places]),
        servers=points, visits=visits,
        hours=hours,
        spans=spans,
        of_hour=np.array([assumed["hours"].get(slot // 2, 0.0) for slot in range(SLOTS)]),
        of_weekday=np.array([assumed["weekdays"][name] for name in WEEKDAYS]),
        of_season=np.ones(len(days)), day_spread=0.0,
        services=tuple(one.code for one in priced), entity=of_entity, entities=tuple(entities),
        share=of_service / of_service.sum(), seconds=medians * np.exp(sigma**2 / 2),
        fee=fee, vat_per_mille=np.array([vat_per_mille_of(one.id) for one in places]),
        seconds_sigma=sigma, further=assumed["further_request_factor"],
        lead_seconds=float(LEAD_SECONDS), sizes=np.array(list(sizes), dtype=np.int64),
        size_share=np.array(list(sizes.values()), dtype=np.float64),
        questions=assumed["questions_share"], question_seconds=60.0 * call,
        question_patience=60.0 * assumed["patience_minutes_mean"], patience=0.0,
        without_ticket=assumed["without_ticket_share"],
        returned=returned * np.array([one.may_return for one in priced]),
        correct_days=(assumed["days_to_correct"]["low"], assumed["days_to_correct"]["high"]),
        in_hall=0.0, decision_days=decides[of_entity],
        decision_sigma=assumed["decision_days_sigma"], at_once=assumed["decided_at_once_share"],
        approved=assumed["approved_share"],
        outages=np.full(len(entities), float(assumed["outages_per_entity"])),
        outage_seconds=3600.0 * assumed["outage_hours_median"],
        outage_sigma=assumed["outage_hours_sigma"], outage_pace=1.0,
        booked=0.0, missed=0.0, break_seconds=0.0,
    )  # fmt: skip


def smaller(assumed: dict[str, Any], transactions: int, portal: int) -> dict[str, Any]:
    """What a story of fewer transactions assumes instead."""
    return {
        "announced_transactions": transactions,
        "portal_quarter_share_percent": 100 * transactions / portal,
    }


def portal_year(data: NetworkData, year: int) -> list[int]:
    """The portal's transactions of a year by governorate, in the ministry's order."""
    rows = [row for row in data.series if row.year == year]
    return [row.transactions for row in sorted(rows, key=lambda row: row.governorate_code)]


def totals(
    calibration: str, quarter: Quarter, assumed: dict[str, Any], data: NetworkData,
    sold: Sequence[Offered], seed: int,
) -> tuple[Ints, Ints]:  # fmt: skip
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


def points_of(places: Sequence[MadeUpCentre], serving: Mapping[int, Sequence[Member]]) -> Ints:
    """(K,) counters at which somebody sits."""
    return np.array([min(one.service_points, len(serving[one.id])) for one in places])


def own_price_baisa(seed: int, centres: int, services: int) -> Ints:
    """(K, S): 1.000 to 6.000 rials by service, a fifth more or less by centre, by 0.100."""
    streams = Streams(seed)
    base = 1000 + 500 * streams.below("own price/service", 11, services)
    factor = 0.8 + 0.4 * streams.fractions("own price/centre", centres)
    return np.round(base * factor[:, None] / 100).astype(np.int64) * 100


def prices(seed: int, places: Sequence[MadeUpCentre], priced: Sequence[Priced]) -> Ints:
    """(K, S) the centre's charge: the published cap, or a price of its own."""
    listed = np.array([one.fee_line is not None for one in priced])
    caps = np.array([one.cap_baisa for one in priced], dtype=np.int64)
    return np.where(listed, caps, own_price_baisa(seed, len(places), len(priced)))
