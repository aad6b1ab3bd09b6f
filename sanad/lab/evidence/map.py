"""The directly-follows map: which activity comes right after which, how often and how much later.

A time is from the completion of one event to the completion of the next, in seconds; working time
is from a known start to its completion. W. van der Aalst, Process Mining, 2016, chapter 6.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.evidence import kernels, parts
from sanad.lab.evidence.log import UNKNOWN, EventLog
from sanad.lab.evidence.moves import moves
from sanad.lab.evidence.quantiles import Spread, spreads
from sanad.lib.refusal import N_, Refused


class ShareOutside(Refused):
    code = "evidence.share_outside"
    sentence = N_("A share of {share} cannot be kept. Give one above 0 and up to 1.")


@dataclass(frozen=True, slots=True)
class ActivityOnMap:
    """An activity: its events, cases, cases it starts and ends; `working` if starts are known."""

    name: str
    count: int
    cases: int
    starts: int
    ends: int
    working: Spread | None


@dataclass(frozen=True, slots=True)
class Edge:
    """One activity right after another: how often, in how many cases, and the time between."""

    source: str
    target: str
    count: int
    cases: int
    between: Spread


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """The map of a log; activities and edges the most frequent first."""

    events: int
    cases: int
    activities: tuple[ActivityOnMap, ...]
    edges: tuple[Edge, ...]

    def edges_to_share(self, share: float) -> "ProcessMap":
        """The fewest, most frequent edges that hold at least `share` of all moves, and the
        activities they touch or that start or end a case. Raises `ShareOutside`."""
        if not 0 < share <= 1:
            raise ShareOutside(share=share)
        moves = np.cumsum([edge.count for edge in self.edges] or [0])
        kept = self.edges[: int(np.searchsorted(moves, share * moves[-1] - 1e-9)) + 1]
        touched = {name for edge in kept for name in (edge.source, edge.target)}
        activities = tuple(
            one for one in self.activities if one.name in touched or one.starts or one.ends
        )
        return ProcessMap(self.events, self.cases, activities, kept)


def process_map(log: EventLog) -> ProcessMap:
    """The map of the whole log. O(events); quantiles by selection, not by sorting; 8 bytes a move
    beside the log."""
    return ProcessMap(len(log), log.cases, _activities(log), _edges(log))


def _edges(log: EventLog) -> tuple[Edge, ...]:
    names = log.activity.names
    found = moves(log, log.activity.codes, log.activities, log.time)
    between = found.spreads()
    source, target, counts, cases = (
        column.tolist() for column in (found.source, found.target, found.counts, found.cases)
    )
    return tuple(
        Edge(names[source[edge]], names[target[edge]], counts[edge], cases[edge], between[edge])
        for edge in found.most_frequent().tolist()
    )


def _activities(log: EventLog) -> tuple[ActivityOnMap, ...]:
    counted = parts.each(
        kernels.activity_counts,
        [(log.activity.codes, part, log.activities) for part in parts.of_cases(log.offsets)],
    )
    counts = np.sum(counted, axis=0)
    working = working_by_activity(log)
    return tuple(
        ActivityOnMap(
            log.activity.names[code],
            int(counts[0, code]),
            int(counts[1, code]),
            int(counts[2, code]),
            int(counts[3, code]),
            None if working is None else working[code],
        )
        for code in most_frequent(counts[0])
    )


def working_by_activity(log: EventLog) -> tuple[Spread, ...] | None:
    """For each activity code the time from start to completion; None where no start is known."""
    if log.start is None:
        return None
    known = log.start != UNKNOWN
    return spread_by(log.activity.codes[known], (log.time - log.start)[known], log.activities)


def spread_by(codes: kernels.Int32, durations: kernels.Int64, groups: int) -> tuple[Spread, ...]:
    """For each of `groups` codes the spread of its durations (microseconds): both [n]."""
    ordered = durations[np.argsort(codes, kind="stable")]
    begins = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=groups))])
    return tuple(spreads(ordered, begins))


def most_frequent(counts: kernels.Int64) -> list[int]:
    """The places of the counts above zero, the greatest first; equals in their order."""
    order = np.argsort(-counts, kind="stable")
    return [int(place) for place in order[: np.count_nonzero(counts)]]
