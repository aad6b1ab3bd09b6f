"""Small logs by hand and at random, and the reference that reads them with dictionaries."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog

T0 = 1_750_000_000_000_000

Row = tuple[str, str, int]

patient = settings(deadline=None)  # the first example compiles or loads a kernel

rows = st.lists(
    st.tuples(st.sampled_from("pqrst"), st.sampled_from("abcde"), st.integers(0, 6)),
    min_size=1,
    max_size=80,
)


def log_of(given: list[Row], **columns: Any) -> EventLog:
    """A log of (case, activity, seconds after T0)."""
    for name in ("resource", "group"):
        if name in columns:
            columns[name] = Coded.of(columns[name])
    if "start" in columns:
        columns["start"] = np.array(
            [UNKNOWN if at is None else T0 + at * 1_000_000 for at in columns["start"]], np.int64
        )
    return EventLog.of(
        case=Coded.of([row[0] for row in given]),
        activity=Coded.of([row[1] for row in given]),
        time=np.array([T0 + row[2] * 1_000_000 for row in given], np.int64),
        **columns,
    )


def words(*cases: str) -> EventLog:
    """A log of cases whose activities are letters, an hour apart."""
    return log_of(
        [
            (f"c{number}", letter, 3_600 * place)
            for number, word in enumerate(cases)
            for place, letter in enumerate(word)
        ]
    )


def traces(given: list[Row]) -> dict[str, list[Row]]:
    """The events of each case by time; Python's sort keeps ties as they stood."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in given:
        found[row[0]].append(row)
    return {case: sorted(events, key=lambda row: row[2]) for case, events in found.items()}


def moves(given: list[Row]) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """For each edge the case and seconds of every move."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for case, events in traces(given).items():
        for one, other in pairwise(events):
            found[one[1], other[1]].append((case, other[2] - one[2]))
    return found


def sequences(given: list[Row]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[1] for row in events) for events in traces(given).values())


def same(one: EventLog, other: EventLog) -> bool:
    """The same events in the same order by name, whatever the codes."""
    return as_rows(one) == as_rows(other)


def as_rows(log: EventLog) -> list[tuple[Any, ...]]:
    return [
        (
            str(log.case.name(event)),
            log.activity.name(event),
            int(log.time[event]),
            UNKNOWN if log.start is None else int(log.start[event]),
            log.resource and log.resource.name(event),
            log.group and log.group.name(event),
        )
        for event in range(len(log))
    ]
