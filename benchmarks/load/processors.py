"""How much of the processors a family of processes has used, as Linux counts it."""

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def family_of(parent: int) -> set[int]:
    """A process and everything below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = set(), [parent]
    while todo:
        one = todo.pop()
        found.add(one)
        todo += children.get(one, [])
    return found


def seconds_used(*parents: int) -> float:
    """Processor seconds, in user and kernel mode, of the families so far, ended children too."""
    total = 0
    for parent in parents:
        for process in family_of(parent):
            fields = _fields(process)
            if fields:
                total += sum(map(int, fields[11:15]))
    return total / TICKS_A_SECOND


def memory_megabytes(*parents: int) -> float:
    """Proportional memory of the families, in MB: what they share is counted once."""
    total = 0
    for parent in parents:
        for process in family_of(parent):
            try:
                text = Path(f"/proc/{process}/smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(x.split()[1]) for x in text.splitlines() if x.startswith("Pss:"))
    return total / 1024


def _fields(process: int) -> list[str]:
    """The fields of /proc/N/stat after the name in brackets; empty for one that has ended."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()
