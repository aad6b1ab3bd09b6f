"""Inverse tables of whole arrays: the tables of the engine, filled and read without a loop."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.tables import CELLS, mean_of
from sanad.lab.twin.world import Floats

_END = 1 - np.exp(-2.0) / CELLS**2
PROBABILITIES: Floats = np.concatenate(
    [
        np.arange(CELLS) / CELLS,
        1 - (CELLS - np.arange(CELLS)) / CELLS**2,
        [_END],
    ]
)


def table(inverse: Callable[[Floats], Floats], mean: float | None = None) -> Floats:
    """As :func:`sanad.lab.twin.engine.tables.table`, of an inverse that takes whole arrays."""
    points = inverse(PROBABILITIES)
    found = np.stack([points[: CELLS + 1], points[CELLS:]])
    whole = mean_of(found)
    return found if mean is None or whole == 0 else found * (mean / whole)


def observed(seconds: npt.ArrayLike) -> Floats:
    """As :func:`sanad.lab.twin.engine.tables.observed`: a sample's quantiles, with its mean."""
    sample = np.asarray(seconds, dtype=np.float64)
    return table(lambda p: np.quantile(sample, p), float(sample.mean()))


def look_up(found: Floats, u: Floats) -> Floats:
    """The values of a table (seconds) at probabilities `u`, which are below 1."""
    x = u * CELLS
    in_tail = x >= CELLS - 1
    x = np.where(in_tail, (x - (CELLS - 1)) * CELLS, x)
    row, cell = in_tail.astype(np.int64), x.astype(np.int64)
    low = found[row, cell]
    values: Floats = low + (found[row, cell + 1] - low) * (x - cell)
    return values
