"""Seeded draws that give the same results on every machine and every version of Python.

Only the stream of `random.Random.random()` is promised to stay the same between versions, so every
draw here is made from it. Each purpose has a stream of its own: adding a draw for one purpose
changes nothing elsewhere.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """The stream of one purpose, named by a seed and any number of words."""

    def __init__(self, seed: int, *purpose: object) -> None:
        name = "/".join(map(str, (seed, *purpose)))
        self._random = random.Random(name)  # noqa: S311 - made-up data, no secret

    def fraction(self) -> float:
        """At least 0 and below 1."""
        return self._random.random()

    def below(self, limit: int) -> int:
        return int(self.fraction() * limit)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.fraction()

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def one_by_share(self, things: Sequence[T], shares: Sequence[float]) -> T:
        """One of `things`, each as likely as its share."""
        left = self.fraction() * sum(shares)
        for thing, share in zip(things, shares, strict=True):
            left -= share
            if left < 0:
                return thing
        return things[-1]

    def some_of(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different ones of `things`, in the order drawn."""
        if count > len(things):
            raise ValueError(f"{count} cannot be drawn from {len(things)}")
        pool = list(things)
        return [pool.pop(self.below(len(pool))) for _ in range(count)]


def in_proportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split into whole parts as close to `weights` as can be (largest remainder).

    The parts add up to `total` exactly; equal remainders go to the earlier weight.
    """
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
