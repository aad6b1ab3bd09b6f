"""Faults on the line between two processes, injected on purpose and counted."""
