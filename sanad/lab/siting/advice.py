"""Advice on the network: where centres lack, where more should stand, and where too many do."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from sanad.centres.demonstration import demonstration_network
from sanad.centres.files import read_network
from sanad.lab.siting import capacity, reasons
from sanad.lab.siting.arrays import Floats, Ints
from sanad.lab.siting.assumed import SAID, Assumed
from sanad.lab.siting.catchment import Catchment, catchment
from sanad.lab.siting.coverage import Covered, maximal_covering
from sanad.lab.siting.nearer import Nearer, shortest_ways
from sanad.lab.siting.places import Places, Points, places, road_km
from sanad.lib.bilingual import Text

SECONDS: Final = 20.0  # the most that one program may take
PROVEN_PERCENT: Final = 1e-3  # a gap below this is the rounding of the solver
FOR_PEOPLE: Final = 10_000  # access is centres for so many people


def advise(*, add: int, within_km: float, assumed: Assumed | None = None) -> dict[str, Any]:
    """The advice of the project's own data as one document."""
    assumed = assumed or Assumed()
    network = demonstration_network(assumed.seed, "announced")
    return Advice(places(read_network(), network), assumed, add, within_km).as_json()


@dataclass(frozen=True)
class Advice:
    """One set of places, so many centres more, and the kilometres that people go."""

    places: Places
    assumed: Assumed
    add: int
    within_km: float

    @cached_property
    def demand(self) -> capacity.Demand:
        there, assumed = self.places, self.assumed
        has = there.centres > 0
        load = np.repeat(there.volume[has] / there.centres[has], there.centres[has])
        least = float(np.quantile(load, assumed.viable_quantile))
        most = max(float(np.quantile(load, assumed.carried_quantile)), 2 * least)
        km = road_km(there.seats, there.seats, assumed.detour)
        return capacity.Demand(there.volume, there.centres, km, self.within_km, least, most)

    @cached_property
    def today(self) -> capacity.Added:
        return capacity.add(self.demand, 0, seconds=SECONDS)

    @cached_property
    def added(self) -> capacity.Added:
        return capacity.add(self.demand, self.add, seconds=SECONDS)

    @cached_property
    def surplus(self) -> capacity.Surplus:
        return capacity.surplus(self.demand, self.today, seconds=SECONDS)

    @cached_property
    def to_centres(self) -> Floats:
        """[villages, centres] kilometres by road."""
        return road_km(self.places.villages, self.places.at, self.assumed.detour)

    @cached_property
    def catchment(self) -> Catchment:
        supply = np.ones(len(self.places.at))
        return catchment(self.places.village_people, supply, self.to_centres, self.within_km)

    @cached_property
    def to_sites(self) -> Floats:
        """[villages, sites] kilometres to where a centre might stand: every village and seat."""
        there = self.places
        sites = Points(
            np.concatenate([there.villages.lat, there.seats.lat]),
            np.concatenate([there.villages.lon, there.seats.lon]),
        )
        return road_km(there.villages, sites, self.assumed.detour)

    @cached_property
    def covered(self) -> Covered:
        """The most people that so many more could bring within reach, living or not."""
        return maximal_covering(
            self.places.village_people, self.to_sites <= self.within_km, self.add,
            already=self.to_centres.min(axis=1) <= self.within_km, seconds=SECONDS,
        )  # fmt: skip

    @cached_property
    def nearer(self) -> Nearer:
        """The shortest ways that so many more could give, living or not."""
        people, now = self.places.village_people, self.to_centres.min(axis=1)
        return shortest_ways(people, now, self.to_sites, self.add, seconds=SECONDS)

    @cached_property
    def gap_percent(self) -> float:
        """The widest of all programs."""
        programs = (self.today, self.added, self.surplus, self.covered, self.nearer)
        return float(max(one.gap_percent for one in programs))

    def as_json(self) -> dict[str, Any]:
        there, demand = self.places, self.demand
        return {
            "add": self.add,
            "within_km": self.within_km,
            "year": there.year,
            "centres": int(there.centres.sum()),
            "people": round(float(there.people.sum())),
            "transactions": round(float(there.volume.sum())),
            "volume_a_centre": {
                "mean": round(float(there.volume.sum() / there.centres.sum())),
                "lives_on": round(demand.least),
                "carries": round(demand.most),
            },
            "placed": int(self.added.count.sum()),
            "recommended": [self._one(k, self.added.count, reasons.more) for k in self._added()],
            "surplus": int(self.surplus.count.sum()),
            "too_many": [self._one(k, self.surplus.count, reasons.fewer) for k in self._fewer()],
            "without": [self._one(k, self._people_without, reasons.none) for k in self._without()],
            "reach": self._reach(),
            "load_met": {
                "now": round(float(self.today.met), 1),
                "then": round(float(self.added.met), 1),
                "bound": round(float(self.added.bound), 1),
            },
            "beyond_capacity": {
                "now": round(float(self.today.over.sum())),
                "then": round(float(self.added.over.sum())),
            },
            "beyond_reach": {
                "now": round(float(self.today.unserved.sum())),
                "then": round(float(self.added.unserved.sum())),
            },
            "catchment": self._catchment(),
            "gap_percent": round(self.gap_percent, 6),
            "proven": self.gap_percent <= PROVEN_PERCENT,
            "illustrative": True,
            "assumptions": [_said(one) for one in SAID],
        }

    def _added(self) -> list[int]:
        return [int(k) for k in np.argsort(-self.added.count, kind="stable") if self.added.count[k]]

    def _fewer(self) -> list[int]:
        count = self.surplus.count
        return [int(k) for k in np.argsort(-count, kind="stable") if count[k]]

    @cached_property
    def _people_without(self) -> Ints:
        """People of each wilayat with no centre within reach."""
        far = self.to_centres.min(axis=1) > self.within_km
        there = self.places
        people = np.bincount(
            there.of[far], there.village_people[far], minlength=len(there.wilayats)
        )
        return np.round(people).astype(np.int64)

    def _without(self) -> list[int]:
        people = self._people_without
        return [int(k) for k in np.argsort(-people, kind="stable") if people[k]]

    def _one(self, k: int, count: Ints, reason: reasons.Reason) -> dict[str, Any]:
        wilayat = self.places.wilayats[k]
        return {
            "code": wilayat.code,
            "wilayat": _said(wilayat.name),
            "governorate_code": wilayat.governorate_code,
            "people": wilayat.people,
            "place": "seat" if wilayat.seat else "point inside",
            "centres": int(self.places.centres[k]),
            "count": int(count[k]),
            "reason": _said(reason(self._facts(k))),
        }

    def _facts(self, k: int) -> reasons.Facts:
        there = self.places
        more, fewer = int(self.added.count[k]), int(self.surplus.count[k])
        has = int(there.centres[k])
        return reasons.Facts(
            people=there.wilayats[k].people,
            centres=has,
            more=more,
            fewer=fewer,
            volume=float(there.volume[k]),
            then=float(self.added.load[k]) / max(1, has + more),
            kept=float(self.surplus.load[k]) / max(1, has - fewer),
            without=int(self._people_without[k]),
            people_a_centre=float(there.people.sum() / there.centres.sum()),
            least=self.demand.least,
            most=self.demand.most,
            within_km=self.within_km,
        )

    def _reach(self) -> dict[str, Any]:
        """Shares of the people, and mean kilometres to the nearest centre."""
        people, nearest = self.places.village_people, self.to_centres.min(axis=1)
        everybody = float(people.sum())
        return {
            "covered_percent": round(
                100 * float(people[nearest <= self.within_km].sum()) / everybody, 3
            ),
            "covered_percent_most": round(100 * self.covered.people / everybody, 3),
            "mean_km": round(float(people @ nearest) / everybody, 3),
            "mean_km_least": round(self.nearer.ways / everybody, 3),
        }

    def _catchment(self) -> list[dict[str, Any]]:
        """Centres within reach for 10,000 people, by wilayat, the fewest first."""
        there = self.places
        size = len(there.wilayats)
        people = np.bincount(there.of, there.village_people, minlength=size)
        access = np.bincount(there.of, there.village_people * self.catchment.access, minlength=size)
        per = FOR_PEOPLE * np.divide(access, people, out=np.zeros(size), where=people > 0)
        return [
            {
                "code": there.wilayats[k].code,
                "wilayat": _said(there.wilayats[k].name),
                "centres_for_10000_people": round(float(per[k]), 3),
            }
            for k in np.argsort(per, kind="stable")
        ]


def _said(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}
