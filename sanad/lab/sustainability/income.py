"""What centres earn, by service: the twin's people, counted by what they came for.

Income is the centre's own charge. Fees held for entities and VAT are not in it: the twin charges
neither into a model's `fee`. A request is counted where its visit was served, as the twin's
`EARNED_BAISA` is; the sum over services is that column (a test holds it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from sanad.catalogue.files import read_catalogue
from sanad.lab.twin.engine.model import State
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.after import outages_of
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known, plan_of
from sanad.lab.twin.network.simulate import served
from sanad.lab.twin.network.visits import mix_of, visits_of
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text

LIVES: Final = 3
MONTH_DAYS: Final = 365.25 / 12
PORTAL, OWN_PRICE, PRIVATE = "portal", "own_price", "private"
KINDS: Final = (PORTAL, OWN_PRICE, PRIVATE)
KIND_NAMES: Final = {
    PORTAL: Text("خدمات البوابات بالسعر الرسمي", "Portal services at the official price"),
    OWN_PRICE: Text("خدمات حكومية يسعّرها المركز", "Government services priced by the centre"),
    PRIVATE: Text("خدمات خاصة", "Private services"),
}
PRIVATE_ENTITY: Final = "private"


@dataclass(frozen=True)
class Income:
    """What a model's centres earn. L lives, K centres, S services, E entities."""

    model: Model
    kind: Ints  # (S,) position in KINDS
    lives: Ints  # (L, K, S) requests served in the period
    months: float  # of the period

    @property
    def requests(self) -> Floats:
        """(K, S) a month, mean over lives."""
        found: Floats = self.lives.mean(axis=0) / self.months
        return found

    @property
    def baisa(self) -> Floats:
        """(K, S) the centre's charge a month, mean over lives."""
        return self.requests * self.model.fee

    def of_life(self, number: int) -> "Income":
        """One life alone."""
        return Income(self.model, self.kind, self.lives[number : number + 1], self.months)


def income_of(model: Model, *, seed: int, lives: int = LIVES, kind: Ints | None = None) -> Income:
    """Live the period of a model so many times. Raises what the twin refuses."""
    found = np.stack([_lived(model, seed_of(seed, number)) for number in range(lives)])
    if kind is None:
        kind = kinds_of(model.services)
    return Income(model, kind, found, len(model.days) / MONTH_DAYS)


def expected(model: Model, kind: Ints) -> Income:
    """The same in expectations, as one life of fractions: nobody leaves unserved (patience 0)."""
    assert model.patience == 0, "who leaves is known only by living it"
    size = float(model.sizes @ model.size_share / model.size_share.sum())
    requests = model.visits[:, None] * (model.share * size)
    return Income(model, kind, requests[None], len(model.days) / MONTH_DAYS)  # type: ignore[arg-type]


def kinds_of(services: Sequence[str]) -> Ints:
    """(S,) what kind of income each service is, by the catalogue's files."""
    listed, private = _catalogue()
    return np.array([KINDS.index(_kind(code, listed, private)) for code in services])


def of_entity(income: Income) -> Floats:
    """(K, E) baisa a month by the entity whose service it is."""
    return _summed(income.baisa, income.model.entity, len(income.model.entities))


def of_kind(income: Income) -> Floats:
    """(K, kinds) baisa a month."""
    return _summed(income.baisa, income.kind, len(KINDS))


def masked(income: Income, services: Flags) -> Income:
    """Only these services' income; the others' requests are not there."""
    return Income(income.model, income.kind, income.lives * services, income.months)


def _summed(values: Floats, group: Ints, groups: int) -> Floats:
    belongs = (group[:, None] == np.arange(groups)).astype(np.float64)
    found: Floats = values @ belongs
    return found


def _kind(code: str, listed: frozenset[str], private: frozenset[str]) -> str:
    if code in private:
        return PRIVATE
    return PORTAL if code in listed else OWN_PRICE


@cache
def _catalogue() -> tuple[frozenset[str], frozenset[str]]:
    """Services of the official list, and those of private providers."""
    catalogue = read_catalogue()
    lines = {line.service for listed in catalogue.price_lists for line in listed.loaded_lines}
    numbers = {one.number for one in catalogue.entities if one.code == PRIVATE_ENTITY}
    return frozenset(lines), frozenset(
        one.code for one in catalogue.services if one.entity in numbers
    )


def _lived(model: Model, seed: int) -> Ints:
    """(K, S) requests whose visits were served, under one seed."""
    plan, services = plan_of(Known(model)), len(model.services)
    rows = slice(0, len(plan.centre))
    visits = visits_of(model, plan, mix_of(model), seed, rows.start, rows.stop)
    _, state = served(model, plan, rows, visits, outages_of(model, seed))
    stretch = np.repeat(np.arange(rows.stop), np.diff(visits.customers.first))
    kind = visits.drawn.kind.astype(np.int64)
    counts = (kind < services) & (state == State.SERVED)
    cell = plan.centre[stretch[counts]] * services + kind[counts]
    found = np.bincount(cell, visits.drawn.size[counts], len(model.centre) * services)
    return found.astype(np.int64).reshape(len(model.centre), services)
