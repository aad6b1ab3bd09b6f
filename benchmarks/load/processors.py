"""How much processor and memory a family of processes takes, as the kernel counts it."""

from collections.abc import Iterator
from contextlib import suppress

import psutil


def family_of(parent: int) -> set[int]:
    """A process and everything below it."""
    return {process.pid for process in _family(parent)}


def seconds_used(*parents: int) -> float:
    """Processor seconds, in user and kernel mode, of the families so far, ended children too."""
    total = 0.0
    for parent in parents:
        for process in _family(parent):
            with suppress(psutil.Error):
                took = process.cpu_times()
                total += took.user + took.system + took.children_user + took.children_system
    return total


def memory_megabytes(*parents: int) -> float:
    """Proportional memory of the families, in MB: what they share is counted once."""
    total = 0
    for parent in parents:
        for process in _family(parent):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total / 1024**2


def _family(parent: int) -> Iterator[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(parent)
        yield process
        yield from process.children(recursive=True)
