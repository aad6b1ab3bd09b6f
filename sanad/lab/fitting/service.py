"""Service times by kind, as they were measured."""

import math
from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting import inverse
from sanad.lab.fitting.queue_log import QueueLog
from sanad.lab.twin.engine.runs import student
from sanad.lab.twin.engine.tables import FOREVER, constant
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

LEAST = 30  # services of a kind; fewer are drawn from all kinds together


class NobodyServed(Refused):
    code = "fitting.nobody_served"
    sentence = N_(
        "On the days to learn from in “{source}” no service has both a beginning and an end, so "
        "its length is not known. Choose days on which customers were served."
    )


@dataclass(frozen=True)
class OfKind:
    """The service of a kind: seconds."""

    kind: str | None
    count: int
    mean: float
    low: float  # Student's interval of the mean
    high: float
    is_pooled: bool  # too few, so the figures are those of all kinds


@dataclass(frozen=True)
class Service:
    """`tables[row[code + 1]]` is a kind's; row[0] is of who has none."""

    kinds: tuple[OfKind, ...]
    tables: Floats  # (T, 2, CELLS + 1) seconds
    row: Ints

    def draw(self, codes: Ints, u: Floats) -> Floats:
        """The service of customers of these kinds at probabilities `u` (seconds)."""
        rows = self.row[codes + 1]
        drawn = np.empty(len(u))
        for row in range(len(self.tables)):
            here = rows == row
            drawn[here] = inverse.look_up(self.tables[row], u[here])
        return drawn


def fit(log: QueueLog, *, confidence: float = 0.9) -> Service:
    """The service times of each kind with enough of them, of all kinds together for the others."""
    known = ~np.isnan(log.service)
    seconds, codes = log.service[known], log.kind.codes[known]
    if not len(seconds):
        raise NobodyServed(source=log.source)
    tables, row, kinds = [_table(seconds)], [], []
    for code in range(-1, len(log.kind.names)):
        own = seconds[codes == code]
        is_pooled = len(own) < LEAST or len(own) == len(seconds)
        row.append(0 if is_pooled else len(tables))
        if not is_pooled:
            tables.append(_table(own))
        if len(own):
            name = log.kind.names[code] if code >= 0 else None
            low, mean, high = _interval(seconds if is_pooled else own, confidence)
            too_few = len(own) < LEAST and len(own) < len(seconds)
            kinds.append(OfKind(name, len(own), mean, low, high, too_few))
    return Service(tuple(kinds), np.stack(tables), np.array(row, dtype=np.int64))


def _table(seconds: Floats) -> Floats:
    return inverse.observed(seconds) if len(seconds) > 1 else constant(float(seconds[0]))


def _interval(seconds: Floats, confidence: float) -> tuple[float, float, float]:
    mean = float(seconds.mean())
    if len(seconds) < 2:
        return 0.0, mean, FOREVER  # one service says nothing of how services differ
    half = student(confidence, len(seconds) - 1) * float(seconds.std(ddof=1))
    half /= math.sqrt(len(seconds))
    return mean - half, mean, mean + half
