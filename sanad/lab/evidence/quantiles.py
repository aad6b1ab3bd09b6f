"""Exact quantiles: no sketch, no histogram.

Between two values it is linear, definition 7 of Hyndman and Fan (1996), which is numpy's default.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND


@dataclass(frozen=True, slots=True)
class Spread:
    """What a number of durations look like, in seconds."""

    count: int
    seconds_total: float
    seconds_mean: float
    seconds_median: float
    seconds_p90: float
    seconds_p95: float

    @classmethod
    def of(cls, durations: Int64) -> Self:
        """Of int64 [n] microseconds, which this sorts in place; n may be 0, then all is 0."""
        if not durations.size:
            return cls(0, 0.0, 0.0, 0.0, 0.0, 0.0)
        durations.sort()
        total = float(durations.sum()) / SECOND
        median, p90, p95 = (quantile(durations, share) for share in (0.5, 0.9, 0.95))
        return cls(durations.size, total, total / durations.size, median, p90, p95)


def quantile(ordered: Int64, share: float) -> float:
    """Seconds below which `share` of `ordered` lies; int64 [n >= 1] microseconds, ascending."""
    place = (ordered.size - 1) * share
    low = int(np.floor(place))
    high = min(low + 1, ordered.size - 1)
    below, above = int(ordered[low]), int(ordered[high])
    return (below + (above - below) * (place - low)) / SECOND
