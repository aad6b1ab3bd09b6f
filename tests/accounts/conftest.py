"""Fixtures of tests that commit."""

from tests.committed import committed

__all__ = ["committed"]
