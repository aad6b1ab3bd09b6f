"""Work over sessions on several threads; compiled loops hold no lock, so threads run at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")


def over(count: int, threads: int, work: Callable[[int, int], Found]) -> list[Found]:
    """`work(begin, end)` for equal parts of `count` sessions, in order."""
    parts = max(min(threads, count), 1)
    bounds = [count * part // parts for part in range(parts + 1)]
    if parts == 1:
        return [work(0, count)]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, bounds[:-1], bounds[1:]))
