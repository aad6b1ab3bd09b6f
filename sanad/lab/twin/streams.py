"""Counter-based random numbers: the n-th draw of a purpose is a function of (seed, purpose, n).

No state is kept, so that draws for one purpose change nothing elsewhere and the order of
computing, or the number of threads, changes no result. The mixer is the finaliser of splitmix64
(Steele, Lea and Flood 2014).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
TO_FRACTION = 2.0**-53


@dataclass(frozen=True)
class Streams:
    """The streams of one seed."""

    seed: int

    def words(self, purpose: str, count: int) -> Words:
        """The first `count` words of a purpose, 64 random bits each."""
        key = hashlib.sha256(f"{self.seed}/{purpose}".encode()).digest()
        start = np.uint64(int.from_bytes(key[:8], "little"))
        with np.errstate(over="ignore"):
            return mixed(start + np.arange(count, dtype=np.uint64) * STEP)

    def fractions(self, purpose: str, count: int) -> Floats:
        """The first `count` draws of a purpose, at least 0 and below 1."""
        drawn: Floats = (self.words(purpose, count) >> np.uint64(11)) * np.float64(TO_FRACTION)
        return drawn

    def below(self, purpose: str, limits: npt.ArrayLike, count: int) -> npt.NDArray[np.int64]:
        """Whole numbers from 0 to just below each limit."""
        return (self.fractions(purpose, count) * np.asarray(limits)).astype(np.int64)

    def normals(self, purpose: str, count: int) -> Floats:
        """Standard normal draws (Box and Muller 1958)."""
        u = 1.0 - self.fractions(f"{purpose}/radius", count)
        v = self.fractions(f"{purpose}/angle", count)
        drawn: Floats = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
        return drawn

    def choices(self, purpose: str, weights: npt.ArrayLike, count: int) -> npt.NDArray[np.int64]:
        """Indexes, each as likely as its weight."""
        cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = self.fractions(purpose, count) * cumulative[-1]
        found = np.searchsorted(cumulative, drawn, side="right")
        return np.minimum(found, len(cumulative) - 1).astype(np.int64)

    def order(self, purpose: str, count: int) -> npt.NDArray[np.int64]:
        """A random order of `count` things."""
        return np.argsort(self.words(purpose, count), kind="stable").astype(np.int64)


def mixed(words: Words) -> Words:
    """Every bit of the result depends on every bit of the word."""
    with np.errstate(over="ignore"):
        words = (words ^ (words >> np.uint64(30))) * FIRST
        words = (words ^ (words >> np.uint64(27))) * SECOND
        return words ^ (words >> np.uint64(31))


def in_proportion(total: int, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`total` in whole parts as close to the weights as can be (largest remainder)."""
    exact = np.asarray(weights, dtype=np.float64)
    exact = exact * (total / exact.sum())
    parts = np.floor(exact).astype(np.int64)
    lacking = np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]
    parts[lacking] += 1
    return parts
