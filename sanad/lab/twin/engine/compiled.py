"""How the loops are compiled.

A `loop` may make arrays; a `step` is a part of a loop that makes none and keeps none. A step needs
no reference counts, which Numba would otherwise keep, atomically, of every array handed over: the
event loop took fourteen times as long with them.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Compiled = TypeVar("Compiled", bound=Callable[..., object])


def loop(function: Compiled) -> Compiled:
    """A kernel that Python calls; it holds no lock, so threads run at once."""
    return cast(Compiled, njit(cache=True, nogil=True)(function))


def step(function: Compiled) -> Compiled:
    """A part of a kernel."""
    # `_nrt` is an option of Numba's that its type stubs do not list.
    without_counts: Any = {"_nrt": False}
    return cast(Compiled, njit(cache=True, nogil=True, **without_counts)(function))
