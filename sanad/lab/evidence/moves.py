"""Every move of a log, from an event to the next of its case, put together by what it goes between.

What it goes between are codes: of activities for the map, of parties for hand-overs. Few codes are
counted in a square of all pairs; many, as where every event has a name of its own, by sorting the
pairs there are, so that memory grows with the log and not with the square.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sanad.lab.evidence import kernels, parts
from sanad.lab.evidence.kernels import Int32, Int64
from sanad.lab.evidence.log import EventLog
from sanad.lab.evidence.quantiles import Spread, spreads

SQUARE_AT_MOST: Final = 1_024  # codes; the squares of a part are then 20 MB


@dataclass(frozen=True, eq=False)
class Moves:
    """The edges there are, in order of a code a and then b: all int64 [edges].

    `counts` moves in `cases` cases; the microseconds of edge e are
    values[begins[e]:begins[e + 1]].
    """

    source: Int64
    target: Int64
    counts: Int64
    cases: Int64
    begins: Int64
    values: Int64

    def most_frequent(self) -> Int64:
        """The edges by their count, the greatest first; equals in their order."""
        return np.argsort(-self.counts, kind="stable")

    def spreads(self) -> list[Spread]:
        """Of each edge's times."""
        return spreads(self.values, self.begins)


def moves(log: EventLog, codes: Int32, width: int, end: Int64) -> Moves:
    """The moves between `codes` int32 [events] below `width`, from the completion of the event
    before until `end` int64 [events]; none where that is earlier. O(events), with many codes
    O(events log events)."""
    if width > SQUARE_AT_MOST:
        return _by_sorting(log, codes, width, end)
    cases = parts.of_cases(log.offsets)
    counted = parts.each(kernels.directly_follows, [(codes, part, width) for part in cases])
    counts = np.sum([count for count, _ in counted], axis=0).ravel()
    in_cases = np.sum([case for _, case in counted], axis=0).ravel()
    begins = np.concatenate([[0], np.cumsum(counts)])
    values, free, filling = np.empty(begins[-1], np.int64), begins[:-1].copy(), []
    for part, (count, _) in zip(cases, counted, strict=True):
        filling.append((codes, log.time, end, part, width, free, values))
        free = free + count.ravel()
    parts.each(kernels.edge_values, filling)
    there = np.flatnonzero(counts)
    return Moves(
        there // width, there % width, counts[there], in_cases[there],
        np.append(begins[there], begins[-1]), values,
    )  # fmt: skip


def later(log: EventLog) -> Int64:
    """The events that have one before them in their case."""
    after = np.ones(len(log), bool)
    after[log.offsets[:-1]] = False
    return np.flatnonzero(after)


def _by_sorting(log: EventLog, codes: Int32, width: int, end: Int64) -> Moves:
    place = later(log)
    pair = codes[place - 1].astype(np.int64) * width + codes[place]
    edges, edge, counts = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.argsort(edge, kind="stable")
    values = np.maximum(end[place] - log.time[place - 1], 0)[order]
    case, edge = log.case.codes[place][order], edge[order]
    first = np.ones(edge.size, bool)  # of an edge in a case: a case's moves lie together
    first[1:] = (edge[1:] != edge[:-1]) | (case[1:] != case[:-1])
    cases = np.bincount(edge[first], minlength=edges.size)
    begins = np.concatenate([[0], np.cumsum(counts)])
    return Moves(edges // width, edges % width, counts, cases, begins, values)
