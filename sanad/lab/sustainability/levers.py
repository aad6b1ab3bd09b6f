"""Which change brings centres most: each computed with the least and the most that is assumed.

A lever's worth is the change a month of what is left over all centres after costs and the owners'
living, for each centre of today. It is computed in expectations, so that chance is not in it; the
band spans the lever's assumption and the costs', each from low to high. Where the bands of two
levers overlap, which is better is not known, and the ranking says so.

`hours` is the twin's levers `hours` and `growth`, and `fee_lines` its `fee` for the official list
alone; `renewals` and `business_accounts` change the model's mix; `private_services`, `merging` and
`digital_help` are arithmetic over centres.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np

from sanad.catalogue.files import read_catalogue
from sanad.lab.forecast.series import portal
from sanad.lab.sustainability.costs import LEVELS, Costs, read_defaults
from sanad.lab.sustainability.income import KINDS, PORTAL, PRIVATE, Income, expected
from sanad.lab.twin.facts import Flags
from sanad.lab.twin.network.after import COMPANY_FROM
from sanad.lab.twin.network.levers import Growth, Hours
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.world import Floats, works
from sanad.lib.bilingual import Text

HELP_BAISA: Final = 1000
FEE_PERCENT: Final = 10.0
LATER_MINUTES: Final = 60.0
RENEW: Final = "renew"


@dataclass(frozen=True)
class Worth:
    """A lever with what it brings, low, mid and high: baisa a month and centre of today."""

    code: str
    name: Text
    assumption: Text
    baisa: tuple[float, float, float]
    more_live: tuple[int, int, int]  # centres that live with it and do not now, less the others
    unlike: tuple[str, ...] = ()  # the lower levers that it surely beats

    @property
    def low(self) -> float:
        return self.baisa[0]

    @property
    def high(self) -> float:
        return self.baisa[2]

    @property
    def is_distinguishable(self) -> bool:
        """Whether it surely brings something, or surely costs."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Basis:
    """What levers start from: the model in expectations, its kinds, and costs."""

    income: Income
    costs: Costs
    level: str  # of the costs

    @property
    def model(self) -> Model:
        return self.income.model

    @property
    def margin(self) -> Floats:
        return margin_of(self.income, self.costs)

    def changed(self, model: Model) -> "Basis":
        """The same costs with another model of the same centres."""
        return Basis(expected(model, self.income.kind), self.costs, self.level)


def margin_of(income: Income, costs: Costs) -> Floats:
    """(K,) baisa a month."""
    found: Floats = (income.baisa - costs.each[:, None] * income.requests).sum(axis=1)
    return found - costs.fixed


def ranked(income: Income, costs: Mapping[str, Costs], *, level: str = "mid") -> list[Worth]:
    """Every lever, the one with the most in the middle first, with whom it surely beats.

    `costs` are by level: the middle is that of `level`, the band's ends are of any level.
    """
    start = expected(income.model, income.kind)
    bases = {name: Basis(start, one, name) for name, one in costs.items()}
    found = sorted((worth(bases, code, level) for code in LEVERS), key=lambda one: -one.baisa[1])
    return [
        replace(one, unlike=tuple(b.code for b in found[at + 1 :] if one.low > b.high))
        for at, one in enumerate(found)
    ]


def worth(bases: Mapping[str, Basis], code: str, level: str = "mid") -> Worth:
    """One lever at the three levels of its assumption, under each level of costs."""
    said = read_defaults().levers[code]
    brought, more = {}, {}
    for at, basis in bases.items():
        before = basis.margin - basis.costs.living
        for name in LEVELS:
            margin, living = LEVERS[code].of(basis, float(said[name]))
            left = margin - living
            brought[at, name] = float(left.sum() - before.sum()) / len(before)
            more[at, name] = int((left >= 0).sum()) - int((before >= 0).sum())
    return Worth(
        code, LEVERS[code].name, _words(said),
        (min(brought.values()), brought[level, "mid"], max(brought.values())),
        (min(more.values()), more[level, "mid"], max(more.values())),
    )  # fmt: skip


def _words(said: dict[str, Any]) -> Text:
    sign = "%" if said["unit"] == "percent" else ""
    values = {level: f"{said[level]:g}{sign}" for level in LEVELS}
    return Text(said["ar"].format(**values), said["en"].format(**values))


Changed = tuple[Floats, Any]  # margins and livings, of as many centres as there are after it


def _renewals(basis: Basis, percent: float) -> Changed:
    """More requests for services that renew something."""
    renews = np.isin(basis.model.services, list(renewing()))
    share = basis.model.share * np.where(renews, 1 + percent / 100, 1.0)
    return basis.changed(replace(basis.model, share=share)).margin, basis.costs.living


@cache
def renewing() -> frozenset[str]:
    """Services of the catalogue that renew something, by code."""
    return frozenset(one.code for one in read_catalogue().services if one.kind == RENEW)


def _business_accounts(basis: Basis, percent: float) -> Changed:
    """More visits with three requests or more; the others stay as they are."""
    model = basis.model
    large = model.sizes >= COMPANY_FROM
    sizes = model.size_share * np.where(large, 1 + percent / 100, 1.0)
    grown = float(sizes.sum() / model.size_share.sum())
    more = replace(model, size_share=sizes, visits=model.visits * grown)
    return basis.changed(more).margin, basis.costs.living


def _private_services(basis: Basis, each_day: float) -> Changed:
    """So many private services more on a working day, at the centre's mean price of them."""
    private = basis.income.kind == KINDS.index(PRIVATE)
    if not private.any():
        return basis.margin, basis.costs.living
    model = basis.model
    days = int(works(model.days, model.days[model.is_holiday]).sum()) / basis.income.months
    price = model.fee[:, private].mean(axis=1)
    return basis.margin + each_day * days * (price - basis.costs.each), basis.costs.living


def _merging(basis: Basis, percent: float) -> Changed:
    """Every two centres of a village in one place: the dearer one's, without the other's costs.

    Wages: all who serve stay, and of two owners one is paid as staff.
    """
    keeps, goes = pairs_of(basis.model)
    costs, margin = basis.costs, basis.margin
    brought = margin + costs.fixed
    place = costs.rent + costs.utilities + costs.licence + costs.connection
    wage = read_defaults().value("wages", basis.level)
    after = margin.copy()
    after[keeps] = (
        brought[keeps] + percent / 100 * brought[goes]
        - np.maximum(place[keeps], place[goes]) - costs.wages[keeps] - costs.wages[goes] - wage
    )  # fmt: skip
    stays = np.ones(len(after), dtype=bool)
    stays[goes] = False
    return after[stays], costs.living[stays]


def pairs_of(model: Model) -> tuple[Any, Any]:
    """(N,) positions of the larger and the smaller centre of each pair, village by village."""
    keeps, goes = [], []
    for village in np.unique(model.village[model.village >= 0]):
        here = np.flatnonzero(model.village == village)
        here = here[np.argsort(-model.visits[here], kind="stable")]
        pairs = len(here) // 2
        keeps += here[: 2 * pairs : 2].tolist()
        goes += here[1 : 2 * pairs : 2].tolist()
    return np.array(keeps, dtype=np.int64), np.array(goes, dtype=np.int64)


def _hours(basis: Basis, percent: float) -> Changed:
    """The twin's hour more, its growth of visits, and wages for the hours added."""
    before = basis.model
    later = Growth(percent=percent).apply(Hours(later=LATER_MINUTES).apply(before))
    hours = _open_hours(later) / np.maximum(_open_hours(before), 1e-9)
    more = basis.costs.wages * (hours - 1)
    return basis.changed(later).margin - more, basis.costs.living


def _open_hours(model: Model) -> Floats:
    """(K,) seconds of a week that doors are open."""
    spans = np.where(model.spans >= 0, model.spans, 0)
    found: Floats = (spans[..., 1] - spans[..., 0]).sum(axis=(1, 2))[model.hours]
    return found.astype(np.float64)


def _fee_lines(basis: Basis, answer: float) -> Changed:
    """A tenth more on the official list, with a constant elasticity of demand."""
    listed: Flags = basis.income.kind == KINDS.index(PORTAL)
    factor = 1 + FEE_PERCENT / 100
    fee = np.where(listed, np.round(basis.model.fee * factor).astype(np.int64), basis.model.fee)
    share = np.where(listed, basis.model.share * factor**-answer, basis.model.share)
    return basis.changed(replace(basis.model, fee=fee, share=share)).margin, basis.costs.living


def _digital_help(basis: Basis, percent: float) -> Changed:
    """Of a governorate's transactions that went to self-service, some come to be helped."""
    counted = portal()
    lost = np.maximum(counted.transactions[:, 0] - counted.transactions[:, -1], 0) / 12
    model = basis.model
    helped = np.zeros(len(model.centre))
    for code, count in zip(counted.governorates, lost, strict=True):
        here = model.governorate == code
        visits = np.where(here, model.visits, 0.0)
        helped += count * percent / 100 * visits / max(visits.sum(), 1e-300)
    return basis.margin + helped * (HELP_BAISA - basis.costs.each), basis.costs.living


@dataclass(frozen=True)
class Lever:
    """A lever's name and what it does to margins."""

    name: Text
    of: Callable[[Basis, float], Changed]


LEVERS: Final = {
    "renewals": Lever(Text("التذكير بالتجديد", "Reminders of renewals"), _renewals),
    "business_accounts": Lever(Text("حسابات الشركات", "Business accounts"), _business_accounts),
    "private_services": Lever(Text("خدمات خاصة", "Private services"), _private_services),
    "merging": Lever(Text("دمج مركزين في القرية", "Merging two centres of a village"), _merging),
    "hours": Lever(Text("إغلاق متأخر ساعة", "Closing an hour later"), _hours),
    "fee_lines": Lever(Text("رسوم القائمة الرسمية", "The official list's charges"), _fee_lines),
    "digital_help": Lever(Text("إعانة رقمية بأجر", "Paid digital help"), _digital_help),
}
