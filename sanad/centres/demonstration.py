"""The demonstration network: real number and place of centres, everything else made up.

By seed the same on every machine. Centres, villages, owners and staff have the official counts;
names, licences, hours, service points and the position inside the wilayat are invented, and
`data/demonstration.yaml` holds what is assumed. Both calibrations share centres and people; the
calibration "announced" adds the people that lack to the announced number of jobs.
"""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, cast, get_args

from sanad.centres.assumptions import Assumptions, read_assumptions
from sanad.centres.files import DATA, read_network
from sanad.centres.made_up_names import (
    PersonName,
    centre_names,
    read_centre_words,
    read_people_names,
)
from sanad.centres.network_data import NetworkData, Village, Wilayat
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.draws import Draws, in_proportion
from sanad.lib.opening_hours import WeeklyHours, is_working_day
from sanad.lib.refusal import N_, Refused

Calibration = Literal["announced", "portal"]
ILLUSTRATIVE: Final = "illustrative: scattered around a point of the wilayat"
# Assumed, for who is above the threshold is not published: every fourth centre charges VAT.
VAT_PER_MILLE: Final = 50
VAT_EVERY: Final = 4
_KM_PER_DEGREE: Final = 111.2
_INLAND_SPREAD: Final = math.radians(75)  # most seats lie on the coast: scatter away from the sea


class UnknownCalibration(Refused):
    code = "centres.unknown_calibration"
    sentence = N_("There is no calibration “{text}”. Use {known}.")


@dataclass(frozen=True, slots=True)
class MadeUpCentre:
    id: int
    name: Text
    village_code: int
    wilayat_code: int
    governorate_code: int
    lat: float
    lon: float
    position_provenance: str
    licence_number: str
    opened_on: dt.date
    hours: WeeklyHours
    service_points: int


@dataclass(frozen=True, slots=True)
class Member:
    """An owner or one of the staff. An owner may have several centres, staff have one."""

    id: int
    role: Literal["owner", "staff"]
    centres: tuple[int, ...]
    name: PersonName
    assumed: bool = False


@dataclass(frozen=True)
class Network:
    seed: int
    calibration: Calibration
    centres: tuple[MadeUpCentre, ...]
    members: tuple[Member, ...]

    @property
    def owners(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.role == "owner")

    @property
    def staff(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.role == "staff")

    @property
    def jobs(self) -> int:
        return len(self.members)


def vat_per_mille_of(centre: int) -> int:
    """What a made-up centre charges as VAT, in thousandths."""
    return VAT_PER_MILLE if centre % VAT_EVERY == 0 else 0


def serving_at(network: Network) -> dict[int, list[Member]]:
    """Who may serve at each centre: its staff, then its owners, each of whom sits at one centre."""
    at: dict[int, list[Member]] = {centre.id: [] for centre in network.centres}
    for member in sorted(network.members, key=lambda m: (m.role == "owner", m.id)):
        place = min(member.centres, key=lambda centre: (len(at[centre]), centre))
        at[place].append(member)
    return at


def demonstration_network(
    seed: int, calibration: str = "announced", folder: Path = DATA
) -> Network:
    """The made-up network of one seed and calibration ("announced" or "portal")."""
    if calibration not in get_args(Calibration):
        raise UnknownCalibration(text=calibration, known=" / ".join(get_args(Calibration)))
    making = _Making(seed, read_network(folder), read_assumptions(folder), folder)
    members = [*making.owners(), *making.staff()]
    if calibration == "announced":
        members += making.assumed_staff(making.assumptions.announced_jobs - len(members))
    return Network(
        seed=seed,
        calibration=cast(Calibration, calibration),
        centres=tuple(making.centres()),
        members=tuple(
            Member(number, role, centres, making.person(number), assumed)
            for number, (role, centres, assumed) in enumerate(members, start=1)
        ),
    )


_Post = tuple[Literal["owner", "staff"], tuple[int, ...], bool]


class _Making:
    """One run of the generator. Every draw has a stream of its own by purpose and number."""

    def __init__(
        self, seed: int, data: NetworkData, assumptions: Assumptions, folder: Path
    ) -> None:
        self.seed = seed
        self.data = data
        self.assumptions = assumptions
        self.words = read_centre_words(folder)
        self.people_names = read_people_names(folder)

    def draws(self, *purpose: object) -> Draws:
        return Draws(self.seed, *purpose)

    def person(self, number: int) -> PersonName:
        return self.people_names.omani(self.draws("person", number))

    # Centres

    @cached_property
    def village_of(self) -> dict[int, Village]:
        """The village of each centre, centres numbered from 1 by village."""
        villages = (village for village in self.data.villages for _ in range(village.centres))
        return dict(enumerate(villages, start=1))

    @cached_property
    def centres_of(self) -> dict[int, list[int]]:
        """The numbers of the centres of each governorate."""
        centres: dict[int, list[int]] = {one.code: [] for one in self.data.governorates}
        for number, village in self.village_of.items():
            centres[self._wilayat(village).governorate_code].append(number)
        return centres

    def centres(self) -> Iterator[MadeUpCentre]:
        names = {village.code: self._names(village) for village in self.data.villages}
        for number, village in self.village_of.items():
            wilayat = self._wilayat(village)
            lat, lon = self._position(number, village, wilayat)
            yield MadeUpCentre(
                id=number,
                name=next(names[village.code]),
                village_code=village.code,
                wilayat_code=wilayat.code,
                governorate_code=wilayat.governorate_code,
                lat=lat,
                lon=lon,
                position_provenance=ILLUSTRATIVE,
                licence_number=f"DEMO-{number:04d}",
                opened_on=self._opened_on(number),
                hours=self._hours(number),
                service_points=self.assumptions.points_for(self.people_at[number]),
            )

    def _wilayat(self, village: Village) -> Wilayat:
        return self.data.wilayat_by_code[village.wilayat_code]

    def _names(self, village: Village) -> Iterator[Text]:
        draws = self.draws("centre name", village.code)
        return iter(centre_names(self.words, village.name, village.centres, draws))

    def _hours(self, number: int) -> WeeklyHours:
        assumed = self.assumptions
        return self.draws("hours", number).one_by_share(assumed.hours, assumed.hours_shares)

    def _opened_on(self, number: int) -> dt.date:
        first, last = self.assumptions.opened_first, self.assumptions.opened_last
        day = first + dt.timedelta(self.draws("opened", number).below((last - first).days))
        while not is_working_day(day):
            day += dt.timedelta(days=1)
        return day

    def _position(self, number: int, village: Village, wilayat: Wilayat) -> tuple[float, float]:
        in_wilayat = self.draws("village position", village.code)
        around_seat = ar_norm(village.name.ar) == ar_norm(wilayat.name.ar)
        reach = 0.0 if around_seat else self.assumptions.village_scatter_km
        middle = _scattered(wilayat.seat or (wilayat.lat, wilayat.lon), wilayat, reach, in_wilayat)
        in_village = self.draws("centre position", number)
        return _scattered(middle, wilayat, self.assumptions.centre_scatter_km, in_village)

    # People

    def owners(self) -> Iterator[_Post]:
        """Every centre has an owner; more owners than centres share, fewer have two centres."""
        for row in self.data.staff:
            centres = self.centres_of[row.governorate_code]
            draws = self.draws("owners", row.governorate_code)
            with_two = max(0, len(centres) - row.owners)
            firsts = draws.some_of(range(0, len(centres) - 1, 2), with_two)
            pairs = {first: centres[first + 1] for first in firsts}
            second = set(pairs.values())
            for index, number in enumerate(centres):
                if number not in second:
                    more = (pairs[index],) if index in pairs else ()
                    yield "owner", (number, *more), False
            for number in draws.some_of(centres, max(0, row.owners - len(centres))):
                yield "owner", (number,), False

    def staff(self) -> Iterator[_Post]:
        for number, people in self.staff_at.items():
            for _ in range(people):
                yield "staff", (number,), False

    @cached_property
    def staff_at(self) -> dict[int, int]:
        """The staff of each centre: few have many, some have none beside the owner."""
        staff: dict[int, int] = {}
        for row in self.data.staff:
            centres = self.centres_of[row.governorate_code]
            weights = [0.2 + self.draws("staff", number).fraction() ** 2 for number in centres]
            staff.update(zip(centres, in_proportion(row.staff, weights), strict=True))
        return staff

    @cached_property
    def people_at(self) -> dict[int, int]:
        """Owners and staff of each centre, without the assumed ones."""
        people = dict(self.staff_at)
        for _, centres, _ in self.owners():
            for number in centres:
                people[number] += 1
        return people

    def assumed_staff(self, count: int) -> Iterator[_Post]:
        """`count` more staff, by governorate in proportion to the staff there."""
        parts = in_proportion(count, [row.staff for row in self.data.staff])
        for row, part in zip(self.data.staff, parts, strict=True):
            draws = self.draws("assumed staff", row.governorate_code)
            for number in draws.some_of(self.centres_of[row.governorate_code], part):
                yield "staff", (number,), True


def _scattered(
    middle: tuple[float, float], wilayat: Wilayat, reach_km: float, draws: Draws
) -> tuple[float, float]:
    """A place up to `reach_km` from `middle`, towards the inside of the wilayat."""
    lat, lon = middle
    squeeze = math.cos(math.radians(lat))
    inland = math.atan2(wilayat.lat - lat, (wilayat.lon - lon) * squeeze)
    spread = _INLAND_SPREAD if wilayat.seat else math.pi
    angle = inland + draws.between(-spread, spread)
    reach = reach_km * math.sqrt(draws.fraction()) / _KM_PER_DEGREE
    return (
        round(lat + reach * math.sin(angle), 5),
        round(lon + reach * math.cos(angle) / squeeze, 5),
    )
