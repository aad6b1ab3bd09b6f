"""Fixtures of committed rows, for tests that speak HTTP."""

from tests.committed import at_ten, committed

__all__ = ["at_ten", "committed"]
