"""A log's work in parts of like size, one for each processor.

The kernels and numpy let go of Python's lock while they run, so threads are enough; what the parts
give is put together in their order, and a result does not depend on how many there were.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np

from sanad.lab.evidence.kernels import Int64

AT_MOST: Final = 4
WORTH_DIVIDING: Final = 200_000  # events; below, starting threads takes longer than the work
Found = TypeVar("Found")


def how_many(size: int) -> int:
    """Into how many parts work on `size` events is divided."""
    return 1 if size < WORTH_DIVIDING else min(AT_MOST, os.cpu_count() or 1)


def spans(size: int) -> list[slice]:
    """The rows 0 to `size` in parts."""
    edges = [size * part // how_many(size) for part in range(how_many(size) + 1)]
    return [slice(first, after) for first, after in pairwise(edges)]


def groups(count: int, events: int) -> list[range]:
    """The row groups 0 to `count` of a file of so many events, in parts; at least one."""
    wanted = max(1, min(count, how_many(events)))
    edges = [count * part // wanted for part in range(wanted + 1)]
    return [range(first, after) for first, after in pairwise(edges)]


def of_cases(offsets: Int64) -> list[Int64]:
    """`offsets` of whole cases, in parts with as many events each as whole cases allow."""
    events, count = int(offsets[-1]), how_many(int(offsets[-1]))
    aimed = [events * part // count for part in range(1, count)]
    places = [0, *np.searchsorted(offsets, aimed).tolist(), offsets.size - 1]
    return [offsets[first : after + 1] for first, after in pairwise(places) if after > first]


def each(work: Callable[..., Found], parts: Iterable[tuple[Any, ...]]) -> list[Found]:
    """`work` done on the arguments of each part, at once where there are several."""
    listed = list(parts)
    if len(listed) <= 1:
        return [work(*part) for part in listed]
    with ThreadPoolExecutor(len(listed)) as pool:
        return list(pool.map(lambda part: work(*part), listed))
