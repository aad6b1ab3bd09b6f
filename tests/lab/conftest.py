"""Fixtures of committed rows: the loader has a connection of its own."""

from tests.committed import at_ten, committed, served

__all__ = ["at_ten", "committed", "served"]
