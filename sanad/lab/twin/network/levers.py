"""What a scenario may change: one small class a lever, each with its assumption in words.

A lever changes a model and says what it changed, so that two that contradict each other are found.
Times are minutes or working days as the name says; shares are from 0 to 1; fees are baisa.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final

import numpy as np

from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.where import Centres, Mask, Services
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

SHARE, MINUTES, DAYS, PEOPLE, BAISA, PERCENT, FACTOR = (
    "share", "minutes", "days", "people", "baisa", "percent", "factor",
)  # fmt: skip
FURTHEST_MINUTES = 240
REMOVED = "removed"


class OutOfRange(Refused):
    code = "twin.out_of_range"
    sentence = N_("“{parameter}” of the lever {lever} may be from {low} to {high}, not {value}.")


class TooFewStaff(Refused):
    code = "twin.too_few_staff"
    sentence = N_(
        "Centre {centre} has {servers} at its counters, and {taken} cannot be taken away: one must "
        "stay. Take fewer, or close the centre."
    )


class TooManyStaff(Refused):
    code = "twin.too_many_staff"
    sentence = N_("Centre {centre} would have {servers} at its counters, and {most} is the most.")


class NothingToPool(Refused):
    code = "twin.nothing_to_pool"
    sentence = N_(
        "No village there has two centres whose counters could be one. Choose a larger place."
    )


class HoursGone(Refused):
    code = "twin.hours_gone"
    sentence = N_("After the change centre {centre} would close before it opens. Change it less.")


class NobodyToTakeFrom(Refused):
    code = "twin.nobody_to_take_from"
    sentence = N_(
        "There is no other centre in wilayat {wilayat} that a new one could take visits from or "
        "that could take those of a closed one. Say how many visits come anew."
    )


def parameter(unit: str, low: float, high: float, default: Any) -> Any:
    """A number of a lever, with its unit, its range, and what a form begins with."""
    return field(default=default, metadata={"unit": unit, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class Lever(ABC):
    """One change of a model."""

    code: ClassVar[str]
    name: ClassVar[Text]
    assumption: ClassVar[str]

    def __post_init__(self) -> None:
        for one in fields(self):
            if "unit" in one.metadata:
                low, high = one.metadata["low"], one.metadata["high"]
                value = getattr(self, one.name)
                if not low <= value <= high:
                    raise OutOfRange(
                        lever=self.name, parameter=one.name, low=low, high=high, value=value
                    )

    @abstractmethod
    def apply(self, model: Model) -> Model:
        """The model after the change. Raises what the lever cannot do."""

    @abstractmethod
    def changes(self, model: Model) -> set[tuple[str, Any]]:
        """What it changes or needs: (what, which) pairs; `REMOVED` where it takes away."""

    def as_json(self) -> dict[str, Any]:
        """The lever as data, as `scenarios.lever_of` reads it."""
        found: dict[str, Any] = {"lever": self.code}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, (Centres, Services)):
                value = {k: v for k, v in value.facts().items() if k != "all"}
                if not value:
                    continue
            found[one.name] = value
        return found


def _centres(what: str, model: Model, mask: Mask) -> set[tuple[str, Any]]:
    return {(what, int(number)) for number in model.centre[mask]}


def _services(what: str, model: Model, mask: Mask) -> set[tuple[str, Any]]:
    return {(what, code) for code, one in zip(model.services, mask, strict=True) if one}


@dataclass(frozen=True, kw_only=True)
class Appointments(Lever):
    """A share of visits comes by appointment, spread evenly over the opening hours."""

    code = "appointments"
    name = Text("زيارات بموعد", "Visits by appointment")
    assumption = N_(
        "Of a hundred visits {share} come by appointment, evenly over the opening hours, and "
        "{missed} of a hundred appointments are missed. Whoever has one is called before the rest."
    )
    share: float = parameter(SHARE, 0.0, 0.9, 0.3)
    missed: float = parameter(SHARE, 0.0, 0.5, 0.08)

    def apply(self, model: Model) -> Model:
        return replace(model, booked=self.share, missed=self.missed)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return {("appointments", "all")}


@dataclass(frozen=True, kw_only=True)
class Hours(Lever):
    """Centres open earlier or close later; negative minutes are less."""

    code = "hours"
    name = Text("ساعات العمل", "Opening hours")
    assumption = N_(
        "Centres open {earlier} minutes earlier and close {later} minutes later. The same people "
        "come, spread over the changed hours, and the same staff serve."
    )
    where: Centres = field(default_factory=Centres)
    earlier: float = parameter(MINUTES, -FURTHEST_MINUTES, FURTHEST_MINUTES, 0.0)
    later: float = parameter(MINUTES, -FURTHEST_MINUTES, FURTHEST_MINUTES, 60.0)

    def apply(self, model: Model) -> Model:
        mask = self.where.of(model)
        old = np.unique(model.hours[mask])
        new = model.spans[old].copy()
        is_open = new[:, :, :, 0] >= 0
        begins = np.where(is_open, new[:, :, :, 0], np.iinfo(np.int64).max)
        first = is_open & (begins == begins.min(axis=2, keepdims=True))
        last = is_open & (new[:, :, :, 1] == new[:, :, :, 1].max(axis=2, keepdims=True))
        new[:, :, :, 0] -= np.where(first, int(60 * self.earlier), 0)
        new[:, :, :, 1] += np.where(last, int(60 * self.later), 0)
        new[:, :, :, 1] = np.where(is_open, np.minimum(new[:, :, :, 1], 86_400), -1)
        new[:, :, :, 0] = np.where(is_open, np.maximum(new[:, :, :, 0], 0), -1)
        gone = (is_open & (new[:, :, :, 1] - new[:, :, :, 0] < 3600)).any(axis=(1, 2))
        if gone.any():
            centre = model.centre[mask & (model.hours == old[int(np.argmax(gone))])][0]
            raise HoursGone(centre=int(centre))
        row = np.full(len(model.spans), -1)
        row[old] = len(model.spans) + np.arange(len(old))
        hours = np.where(mask, row[model.hours], model.hours)
        # Half hours that were never open before have the arrivals of their nearest open one.
        return replace(
            model, hours=hours, spans=np.concatenate([model.spans, new]),
            of_hour=_filled(model.of_hour),
        )  # fmt: skip

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _centres("hours", model, self.where.of(model))


def _filled(of_hour: np.ndarray) -> np.ndarray:
    known = np.flatnonzero(of_hour > 0)
    nearest = known[np.abs(np.arange(len(of_hour))[:, None] - known).argmin(axis=1)]
    return of_hour[nearest]


@dataclass(frozen=True, kw_only=True)
class StaffAdded(Lever):
    """People more, or fewer, at the counters of each centre."""

    code = "staff_added"
    name = Text("العاملون على المناضد", "People at the counters")
    assumption = N_("Each centre there has {count} more at its counters, who work as fast.")
    where: Centres = field(default_factory=Centres)
    count: int = parameter(PEOPLE, -8, 8, 1)

    def apply(self, model: Model) -> Model:
        return replace(model, servers=_staffed(model, self.where.of(model), self.count))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _centres("staff", model, self.where.of(model))


def _staffed(model: Model, mask: Mask, count: int) -> np.ndarray:
    servers = model.servers + np.where(mask, count, 0)
    few, many = np.flatnonzero(servers < 1), np.flatnonzero(servers > MOST_SERVERS)
    if len(few):
        at = int(few[0])
        raise TooFewStaff(
            centre=int(model.centre[at]), servers=int(model.servers[at]), taken=-count
        )
    if len(many):
        at = int(many[0])
        raise TooManyStaff(
            centre=int(model.centre[at]), servers=int(servers[at]), most=MOST_SERVERS
        )
    return servers


@dataclass(frozen=True, kw_only=True)
class StaffMoved(Lever):
    """People who work at one centre now work at another."""

    code = "staff_moved"
    name = Text("نقل عاملين إلى مركز آخر", "People moved to another centre")
    assumption = N_(
        "{count} who serve at centre {source} serve at centre {target} instead, as fast as before."
    )
    source: int = 0
    target: int = 0
    count: int = parameter(PEOPLE, 1, 8, 1)

    def apply(self, model: Model) -> Model:
        left = Centres(centre=self.source).of(model)
        reached = Centres(centre=self.target).of(model)
        fewer = replace(model, servers=_staffed(model, left, -self.count))
        return replace(fewer, servers=_staffed(fewer, reached, self.count))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return {("staff", self.source), ("staff", self.target)}


@dataclass(frozen=True, kw_only=True)
class StaffPooled(Lever):
    """The centres of a village serve as one hall with all their counters."""

    code = "staff_pooled"
    name = Text("قاعة واحدة للقرية", "One hall for a village")
    assumption = N_(
        "Centres of the same village serve as one hall, at most {most} counters together: all "
        "their visits come there and whoever is free serves the next. The way there is the same."
    )
    where: Centres = field(default_factory=Centres)

    def apply(self, model: Model) -> Model:
        mask = self.where.of(model)
        into = np.arange(len(model.centre))
        for village in np.unique(model.village[mask]):
            here = np.flatnonzero(mask & (model.village == village))
            here = here[np.argsort(-model.servers[here], kind="stable")]
            leader, counters = -1, MOST_SERVERS
            for one in here.tolist():
                if counters + model.servers[one] > MOST_SERVERS:
                    leader, counters = one, 0
                into[one] = leader
                counters += int(model.servers[one])
        if (into == np.arange(len(into))).all():
            raise NothingToPool
        count = len(into)
        stays = into == np.arange(count)
        pooled = replace(
            model, servers=np.bincount(into, model.servers, minlength=count).astype(np.int64),
            visits=np.bincount(into, model.visits, minlength=count).astype(np.float64),
        )  # fmt: skip
        return kept(pooled, stays)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _centres("staff", model, self.where.of(model))


def kept(model: Model, mask: Mask) -> Model:
    """The model with only these centres."""
    names = (
        "centre", "governorate", "wilayat", "village", "servers", "visits", "hours", "fee",
        "vat_per_mille",
    )  # fmt: skip
    return replace(model, **{name: getattr(model, name)[mask] for name in names})


@dataclass(frozen=True, kw_only=True)
class DocumentRemoved(Lever):
    """A document that is asked for no more: less time at the counter, fewer returned."""

    code = "document_removed"
    name = Text("مستند أقل", "A document fewer")
    assumption = N_(
        "Without the document a request takes {minutes} minutes less at the counter, and of a "
        "hundred that came back for correction {fewer} do not any more."
    )
    which: Services = field(default_factory=Services)
    minutes: float = parameter(MINUTES, 0.0, 30.0, 1.0)
    fewer: float = parameter(SHARE, 0.0, 1.0, 0.25)

    def apply(self, model: Model) -> Model:
        mask = self.which.of(model)
        shorter = np.maximum(model.seconds - 60 * self.minutes, np.minimum(model.seconds, 60.0))
        return replace(
            model, seconds=np.where(mask, shorter, model.seconds),
            returned=np.where(mask, model.returned * (1 - self.fewer), model.returned),
        )  # fmt: skip

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _services("document", model, self.which.of(model))


@dataclass(frozen=True, kw_only=True)
class StageMerged(Lever):
    """Two stages at the entity become one: the decision comes sooner."""

    code = "stage_merged"
    name = Text("دمج مرحلتين", "Two stages made one")
    assumption = N_(
        "With two stages made one, half of the answers that take days come {days} working days "
        "sooner, and none before the next working day."
    )
    which: Services = field(default_factory=Services)
    days: float = parameter(DAYS, 0.0, 10.0, 1.0)

    def apply(self, model: Model) -> Model:
        sooner = np.maximum(model.decision_days - self.days, 0.2)
        mask = self.which.of(model)
        return replace(model, decision_days=np.where(mask, sooner, model.decision_days))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _services("stages", model, self.which.of(model))


@dataclass(frozen=True, kw_only=True)
class SelfService(Lever):
    """A share of a service's requests is made by people themselves."""

    code = "self_service"
    name = Text("خدمة ذاتية", "Self-service")
    assumption = N_(
        "Of a hundred who came for the service {share} do it themselves; of these {helped} still "
        "come and pay for help, and the rest come for nothing else instead."
    )
    which: Services = field(default_factory=Services)
    share: float = parameter(SHARE, 0.0, 1.0, 0.3)
    helped: float = parameter(SHARE, 0.0, 1.0, 0.0)

    def apply(self, model: Model) -> Model:
        stay = 1 - self.share * (1 - self.helped)
        return replace(model, share=np.where(self.which.of(model), model.share * stay, model.share))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _services("demand", model, self.which.of(model))


@dataclass(frozen=True, kw_only=True)
class EntityWithdrawn(Lever):
    """An entity takes its services out of the centres."""

    code = "entity_withdrawn"
    name = Text("انسحاب جهة", "An entity withdraws")
    assumption = N_(
        "Nobody comes for the services of {entity} any more, and nobody comes for something else "
        "instead."
    )
    entity: int = 0

    def apply(self, model: Model) -> Model:
        mask = Services(entity=self.entity).of(model)
        return replace(model, share=np.where(mask, 0.0, model.share))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _services(REMOVED, model, Services(entity=self.entity).of(model))


@dataclass(frozen=True, kw_only=True)
class OutagesLess(Lever):
    """Portals are down less often, or more."""

    code = "outages"
    name = Text("أعطال البوابات", "Outages of portals")
    assumption = N_("Portals are down {factor} times as often as now, as long each time.")
    factor: float = parameter(FACTOR, 0.0, 5.0, 0.5)

    def apply(self, model: Model) -> Model:
        return replace(model, outages=model.outages * self.factor)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return {("outages", "all")}


@dataclass(frozen=True, kw_only=True)
class FeeChanged(Lever):
    """The centres' charge for services is changed by a percentage."""

    code = "fee"
    name = Text("أجر المراكز", "The centres' charge")
    assumption = N_(
        "The charge is {percent} % more than now. A charge higher by one per cent brings {answer} "
        "per cent fewer who ask."
    )
    which: Services = field(default_factory=Services)
    percent: float = parameter(PERCENT, -100.0, 200.0, 10.0)
    answer: float = parameter(FACTOR, 0.0, 3.0, 0.0)

    def apply(self, model: Model) -> Model:
        mask = self.which.of(model)
        factor = 1 + self.percent / 100
        fee = np.where(mask, np.round(model.fee * factor).astype(np.int64), model.fee)
        # A constant elasticity of demand; at no charge it would be infinite, so a tenth is least.
        demand = max(factor, 0.1) ** -self.answer
        return replace(model, fee=fee, share=np.where(mask, model.share * demand, model.share))

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _services("fee", model, self.which.of(model))


@dataclass(frozen=True, kw_only=True)
class CentreOpened(Lever):
    """A new centre in a wilayat."""

    code = "centre_opened"
    name = Text("مركز جديد", "A new centre")
    assumption = N_(
        "A new centre with {servers} counters in wilayat {wilayat} takes {share} of a hundred "
        "visits of the other centres there, and {visits} visits in the period come anew."
    )
    wilayat: int = 0
    servers: int = parameter(PEOPLE, 1, MOST_SERVERS, 2)
    share: float = parameter(SHARE, 0.0, 0.9, 0.1)
    visits: float = parameter(PEOPLE, 0.0, 20_000.0, 0.0)

    def apply(self, model: Model) -> Model:
        beside = np.flatnonzero(Centres(wilayat=self.wilayat).of(model))
        taken = self.share * model.visits[beside].sum()
        pattern = beside[np.argmax(model.visits[beside])]
        grown = kept(model, np.append(np.arange(len(model.centre)), pattern))
        visits = grown.visits.copy()
        visits[beside] *= 1 - self.share
        visits[-1] = taken + self.visits
        centre, servers = grown.centre.copy(), grown.servers.copy()
        centre[-1], servers[-1] = model.centre.max() + 1, self.servers
        village = grown.village.copy()
        village[-1] = -1
        return replace(grown, centre=centre, servers=servers, visits=visits, village=village)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return {("opened", self.wilayat)}


@dataclass(frozen=True, kw_only=True)
class CentreClosed(Lever):
    """A centre that is no more."""

    code = "centre_closed"
    name = Text("إغلاق مركز", "A centre closed")
    assumption = N_(
        "Centre {centre} is closed. Of a hundred of its visits {stay} go to the other centres of "
        "the wilayat, in proportion to their visits; the rest are lost to the network."
    )
    centre: int = 0
    stay: float = parameter(SHARE, 0.0, 1.0, 0.8)

    def apply(self, model: Model) -> Model:
        closed = Centres(centre=self.centre).of(model)
        wilayat = int(model.wilayat[closed][0])
        beside = (model.wilayat == wilayat) & ~closed
        moved = self.stay * float(model.visits[closed].sum())
        if moved > 0 and not model.visits[beside].sum() > 0:
            raise NobodyToTakeFrom(wilayat=wilayat)
        part = np.where(beside, model.visits, 0.0)
        visits = model.visits + moved * part / max(part.sum(), 1e-300)
        return kept(replace(model, visits=visits), ~closed)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _centres(REMOVED, model, Centres(centre=self.centre).of(model))


@dataclass(frozen=True, kw_only=True)
class Growth(Lever):
    """More people come, or fewer."""

    code = "growth"
    name = Text("زيارات أكثر أو أقل", "More or fewer visits")
    assumption = N_("{percent} % more visits than now come, for the same services.")
    where: Centres = field(default_factory=Centres)
    percent: float = parameter(PERCENT, -95.0, 300.0, 10.0)

    def apply(self, model: Model) -> Model:
        factor = np.where(self.where.of(model), 1 + self.percent / 100, 1.0)
        return replace(model, visits=model.visits * factor)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return _centres("visits", model, self.where.of(model))


@dataclass(frozen=True, kw_only=True)
class Breaks(Lever):
    """Everybody at a counter has a break, one after the other."""

    code = "breaks"
    name = Text("استراحات", "Breaks")
    assumption = N_(
        "Whoever serves has a break of {minutes} minutes in the middle of each stretch of opening "
        "hours, one after the other, after the person they are serving."
    )
    minutes: float = parameter(MINUTES, 0.0, 90.0, 30.0)

    def apply(self, model: Model) -> Model:
        return replace(model, break_seconds=60 * self.minutes)

    def changes(self, model: Model) -> set[tuple[str, Any]]:
        return {("breaks", "all")}


# In the order in which they are applied: places first, then who comes, then how they are served.
LEVERS: Final[dict[str, type[Lever]]] = {
    one.code: one
    for one in (
        CentreClosed, CentreOpened, StaffMoved, StaffAdded, StaffPooled, EntityWithdrawn,
        SelfService, Growth, FeeChanged, DocumentRemoved, StageMerged, Hours, Appointments, Breaks,
        OutagesLess,
    )
}  # fmt: skip
