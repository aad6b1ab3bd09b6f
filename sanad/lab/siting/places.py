"""The network as siting sees it: wilayats with people and volume, points with people, centres.

Figures come from the open data (`sanad/centres/data`); where a village or centre lies is made up by
the demonstration, and how people are shared within a wilayat is an assumption.
"""

from dataclasses import dataclass

import numpy as np

from sanad.centres.demonstration import Network
from sanad.centres.network_data import NetworkData, Wilayat
from sanad.lab.siting.arrays import Floats, Ints
from sanad.lib.refusal import N_, Refused

EARTH_KM = 6371.0088  # mean radius (IUGG: Moritz 2000, "Geodetic Reference System 1980")


class NobodyToServe(Refused):
    code = "siting.nobody_to_serve"
    sentence = N_(
        "The open data holds no people, no centres or no transactions of {year}, so nothing can be "
        "sited. Complete wilayats.csv, villages.csv and series.csv."
    )


@dataclass(frozen=True)
class Points:
    """Places by latitude and longitude in degrees."""

    lat: Floats
    lon: Floats

    def __len__(self) -> int:
        return self.lat.size


@dataclass(frozen=True)
class Places:
    """Wilayats in the order of the file; `of` is indexes into them."""

    wilayats: tuple[Wilayat, ...]
    seats: Points
    people: Floats  # of each wilayat
    volume: Floats  # transactions a year
    centres: Ints
    year: int
    villages: Points  # where people live, with the seat of a wilayat without villages
    village_people: Floats
    of: Ints  # the wilayat of each such point
    at: Points  # each centre


def places(data: NetworkData, network: Network) -> Places:
    """From the open data and the demonstration's positions; the newest year counts."""
    wilayats = data.wilayats
    number = {one.code: k for k, one in enumerate(wilayats)}
    year = max((row.year for row in data.series), default=0)
    volume = _volume(data, year)
    if not network.centres or volume.sum() <= 0:
        raise NobodyToServe(year=year)
    points, of, people = _villages(data, network, number)
    seats = [one.seat or (one.lat, one.lon) for one in wilayats]
    return Places(
        wilayats,
        _points(seats),
        np.array([float(one.people) for one in wilayats]),
        volume,
        np.bincount([number[one.wilayat_code] for one in network.centres], minlength=len(wilayats)),
        year,
        points,
        people,
        of,
        _points([(one.lat, one.lon) for one in network.centres]),
    )


def road_km(begin: Points, end: Points, detour: float) -> Floats:
    """[begin, end] kilometres: the great circle (haversine, Sinnott 1984) times `detour`."""
    lat, lon = np.radians(begin.lat)[:, None], np.radians(begin.lon)[:, None]
    to_lat, to_lon = np.radians(end.lat)[None], np.radians(end.lon)[None]
    half = (
        np.sin((to_lat - lat) / 2) ** 2
        + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    )
    return detour * 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def _volume(data: NetworkData, year: int) -> Floats:
    """Each wilayat's part of its governorate's transactions, by its part of the people."""
    of = {row.governorate_code: row.transactions for row in data.series if row.year == year}
    people: dict[int, int] = {}
    for one in data.wilayats:
        people[one.governorate_code] = people.get(one.governorate_code, 0) + one.people
    return np.array(
        [
            of.get(one.governorate_code, 0) * one.people / max(1, people[one.governorate_code])
            for one in data.wilayats
        ]
    )


def _villages(
    data: NetworkData, network: Network, number: dict[int, int]
) -> tuple[Points, Ints, Floats]:
    """Where people live: villages by their centres, the seat where a wilayat has no centre."""
    at: dict[int, list[tuple[float, float]]] = {}
    for centre in network.centres:
        at.setdefault(centre.village_code, []).append((centre.lat, centre.lon))
    points, of, people = [], [], []
    for village in data.villages:
        if found := at.get(village.code):
            wilayat = data.wilayat_by_code[village.wilayat_code]
            points.append(tuple(np.mean(found, axis=0)))
            of.append(number[wilayat.code])
            people.append(wilayat.people * len(found) / wilayat.centres)
    for k in sorted(set(number.values()) - set(of)):
        one = data.wilayats[k]
        points.append(one.seat or (one.lat, one.lon))
        of.append(k)
        people.append(float(one.people))
    return _points(points), np.array(of), np.array(people)


def _points(pairs: list[tuple[float, ...]] | list[tuple[float, float]]) -> Points:
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return Points(table[:, 0], table[:, 1])
