"""Three centres with two entities, and costs that can be worked out by hand."""

from typing import Any

import numpy as np

from sanad.lab.sustainability.costs import Costs
from sanad.lab.sustainability.income import Income
from sanad.lab.twin.network.model import Model
from tests.lab.twin.network.small import small_model

# The first two services are the official list's, then one of the centre's own price, one private.
KIND = np.array([0, 0, 1, 2])


def model(**changes: Any) -> Model:
    """The small model at places that exist."""
    told: dict[str, Any] = {
        "wilayat": np.array([2, 2, 19]), "governorate": np.array([1, 1, 3]),
        "village": np.array([201, 201, 1901]),
    }  # fmt: skip
    return small_model(**(told | changes))


def income(requests: Any, months: float = 1.0, **changes: Any) -> Income:
    """Income of given requests, (K, S), in one life."""
    return Income(model(**changes), KIND, np.asarray(requests)[None], months)


def costs(**given: Any) -> Costs:
    """Nothing but what is given, for three centres."""
    names = ("rent", "wages", "utilities", "licence", "connection", "each", "living")
    arrays = {name: np.zeros(3, dtype=np.int64) for name in names}
    arrays |= {"reserve": np.full(3, np.nan), "stated": np.zeros(3, dtype=bool)}
    return Costs(**(arrays | {name: np.asarray(value) for name, value in given.items()}))
