"""What the withdrawal of an entity, or of some services, would do: centre by centre.

The income of those services is taken out of the same lives and nobody comes for something else
instead, as the twin's `entity_withdrawn` assumes. Costs that are paid whether anybody comes or not
stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanad.lab.sustainability.costs import Costs
from sanad.lab.sustainability.income import Income
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.where import Services
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

MOST_NAMED = 10


class TooManyServices(Refused):
    code = "sustainability.too_many_services"
    sentence = N_("Name one to {most} services that are withdrawn, not {count}.")


@dataclass(frozen=True)
class Loss:
    """(K,) each, a month."""

    lost: Floats  # baisa
    share: Floats  # of the income; NaN where there was none
    falls: Flags  # covered its costs before and does not after
    margin: Floats  # after, in baisa

    @property
    def total(self) -> float:
        return float(self.lost.sum())


def of_entity(income: Income, entity: int) -> Flags:
    """(S,) the services of an entity by its number. Raises `NoSuchService`."""
    return Services(entity=entity).of(income.model)


def of_services(income: Income, codes: Sequence[str]) -> Flags:
    """(S,) services by their codes. Raises `TooManyServices`, `NoSuchService`."""
    if not 1 <= len(codes) <= MOST_NAMED:
        raise TooManyServices(most=MOST_NAMED, count=len(codes))
    found: Flags = np.any([Services(service=code).of(income.model) for code in codes], axis=0)
    return found


def ten_largest(income: Income) -> list[str]:
    """The codes of the ten services that bring the network most."""
    order: Ints = np.argsort(-income.baisa.sum(axis=0), kind="stable")[:MOST_NAMED]
    return [income.model.services[int(one)] for one in order]


def withdrawn(income: Income, costs: Costs, services: Flags) -> Loss:
    """Income and margin without these services."""
    baisa, requests = income.baisa, income.requests
    total = baisa.sum(axis=1)
    lost = baisa[:, services].sum(axis=1)
    margin = total - costs.each * requests.sum(axis=1) - costs.fixed
    after = margin - lost + costs.each * requests[:, services].sum(axis=1)
    share = lost / np.where(total > 0, total, np.nan)
    return Loss(lost, share, (margin >= 0) & (after < 0), after)
