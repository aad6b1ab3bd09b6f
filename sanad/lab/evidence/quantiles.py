"""Exact quantiles: no sketch, no histogram.

Between two values it is linear, definition 7 of Hyndman and Fan (1996), which is numpy's default.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np

from sanad.lab.evidence import kernels, parts
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND

SHARES: Final = (0.5, 0.9, 0.95)
TOGETHER_AT_MOST: Final = 2_000  # values; more of a group are quicker by numpy, one group at a time


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
        """Of int64 [n] microseconds, whose order this changes; n may be 0, then all is 0."""
        if not durations.size:
            return cls(0, 0.0, 0.0, 0.0, 0.0, 0.0)
        lows = [int((durations.size - 1) * share) for share in SHARES]
        most = durations.size - 1
        durations.partition(sorted({place for low in lows for place in (low, min(low + 1, most))}))
        total = float(durations.sum()) / SECOND
        median, p90, p95 = (quantile(durations, share) for share in SHARES)
        return cls(durations.size, total, total / durations.size, median, p90, p95)


def spreads(values: Int64, begins: Int64) -> list[Spread]:
    """Of each group of microseconds begins[g]:begins[g + 1]; the order of `values` is changed."""
    found = parts.each(
        lambda part: _spreads(values, part), [(part,) for part in parts.of_cases(begins)]
    )
    return [spread for part in found for spread in part]


def _spreads(values: Int64, begins: Int64) -> list[Spread]:
    sums, quantiles = kernels.spreads(values, begins, np.array(SHARES), TOGETHER_AT_MOST)
    places = begins.tolist()
    seconds = zip((sums / SECOND).tolist(), *(quantiles / SECOND).tolist(), strict=True)
    return [
        Spread.of(values[first:after])
        if after - first > TOGETHER_AT_MOST
        else Spread(after - first, total, total / max(after - first, 1), *three)
        for (first, after), (total, *three) in zip(pairwise(places), seconds, strict=True)
    ]


def quantile(ordered: Int64, share: float) -> float:
    """Seconds below which `share` of `ordered` lies; int64 [n >= 1] microseconds, ascending, or at
    least with the two values about that place where they would be."""
    place = (ordered.size - 1) * share
    low = int(np.floor(place))
    high = min(low + 1, ordered.size - 1)
    below, above = int(ordered[low]), int(ordered[high])
    return (below + (above - below) * (place - low)) / SECOND
