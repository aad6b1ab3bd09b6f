"""How requests really went, from a snapshot of our own log or from a log that somebody uploaded.

`Studied` is a log with what is known of its events besides. Of ours it is the requests of one
service, or of two entities; nothing in it leads back to a person.

Size: a busy service has some 50,000 requests of fifteen events in a quarter. Its rows are found in
one pass over two columns of the snapshot, some 0.1 seconds a million rows; its log of 750,000
events is some 30 MB. The last few are kept in the memory of the process for the next page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog
from sanad.lab.evidence.map import ProcessMap, process_map
from sanad.lab.evidence.quantiles import Spread
from sanad.lab.evidence.select import count_by
from sanad.lab.evidence.variants import Variants, variants
from sanad.lab.snapshot import Snapshot, files_of, rows_of

VARIANTS_SHOWN = 20
REMEMBERED = 64
LOGS_REMEMBERED = 4
REQUESTS_AT_MOST = 100_000  # of two entities together; above it a fair draw of them


@dataclass(frozen=True)
class Variant:
    """One way in which requests went, how many did, and how long half of them took at most."""

    steps: tuple[str, ...]
    requests: int
    share: float
    seconds_median: float


@dataclass(frozen=True)
class Procedure:
    """What really happened to the requests of one service."""

    map: ProcessMap
    throughput: Spread
    variants: int
    most_frequent: tuple[Variant, ...]
    position: dict[str, float]  # where a step comes on average: 0 first, 1 last


@dataclass(frozen=True, eq=False)
class Studied:
    """A log that is studied.

    `log` knows when work began where that can be told; `centre` int32 [events] is the number of the
    centre, None in a log that is not ours. `kind` and `kind_name` are what the cases can be told
    apart by: codes [cases]. `drawn_from` is how many requests there are where a part was drawn.
    """

    log: EventLog
    centre: Any = None
    kind: Coded | None = None
    kind_name: str = ""
    drawn_from: int = 0

    @cached_property
    def ways(self) -> Variants:
        return variants(self.log)

    @cached_property
    def procedure(self) -> Procedure:
        """The map of all its cases and their most frequent ways."""
        log, ways = self.log, self.ways
        return Procedure(
            process_map(log), Spread.of(log.throughput.copy()), len(ways),
            tuple(
                Variant(
                    ways.activities(one), int(ways.counts[one]), ways.share(one),
                    ways.seconds_median(one),
                )
                for one in range(min(len(ways), VARIANTS_SHOWN))
            ),
            _positions(log),
        )  # fmt: skip

    @property
    def as_it_was(self) -> EventLog:
        """The log for taking away. Ours holds no beginnings: those here follow from the visits."""
        return self.log if self.centre is None else replace(self.log, start=None)

    @cached_property
    def began(self) -> Int64:
        """When the first event of each case was, microseconds UTC: int64 [cases]."""
        return self.log.time[self.log.offsets[:-1]]


@lru_cache(maxsize=REMEMBERED)
def services(found: Snapshot) -> tuple[tuple[str, int], ...]:
    """Services that were asked for, with how many requests each has; the most frequent first."""
    return tuple(count_by(files_of(found), "service", where={"kind": "case.opened"}).items())


@lru_cache(maxsize=REMEMBERED)
def entities(found: Snapshot) -> tuple[tuple[int, int], ...]:
    """Entities that were asked, by number, with how many requests each has; most first."""
    counts = count_by(files_of(found), "entity", where={"kind": "case.opened"})
    return tuple((int(number), count) for number, count in counts.items())


@lru_cache(maxsize=LOGS_REMEMBERED)
def studied(found: Snapshot, service: str) -> Studied | None:
    """The requests of a service; None where nobody asked for it."""
    opened = rows_of(
        found, columns=["request"],
        only=(ds.field("kind") == "case.opened") & (ds.field("service") == service),
    )  # fmt: skip
    return _of(found, pc.unique(opened["request"])) if len(opened) else None


@lru_cache(maxsize=LOGS_REMEMBERED)
def of_entities(
    found: Snapshot, first: int, second: int, most: int = REQUESTS_AT_MOST
) -> Studied | None:
    """The requests to two entities, told apart by the entity's number; None where there are none.

    Where there are more than `most`, a fair draw that is the same each time: those with the lowest
    pseudonyms, which are digests and know nothing of what they stand for.
    """
    opened = rows_of(
        found, columns=["request", "entity"],
        only=(ds.field("kind") == "case.opened") & ds.field("entity").isin([first, second]),
    )  # fmt: skip
    if not len(opened):
        return None
    requests = opened["request"].combine_chunks().to_numpy()
    drawn = np.argsort(requests)[:most]
    one = _of(found, pa.array(requests[drawn]))
    entity = dict(
        zip(map(_pseudonym, requests.tolist()), opened["entity"].to_pylist(), strict=True)
    )
    kind = Coded.of([str(entity[name]) for name in one.log.case.names])
    return replace(one, kind=kind, drawn_from=len(requests) if len(requests) > most else 0)


def part(log: EventLog, events: Any) -> tuple[EventLog, Int64]:
    """The log of the events where `events` is true, bool [events]; of each of its cases the number
    that it has in `log`, int64 [cases]."""
    used, codes = np.unique(log.case.codes[events], return_inverse=True)
    names = [log.case.names[case] for case in used.tolist()]

    def kept(column: Coded | None) -> Coded | None:
        return None if column is None else column.taken(np.flatnonzero(events))

    shorter = EventLog.of(
        case=Coded(codes.astype(np.int32), names),
        activity=log.activity.taken(np.flatnonzero(events)), time=log.time[events],
        start=None if log.start is None else log.start[events],
        resource=kept(log.resource), group=kept(log.group),
    )  # fmt: skip
    return shorter, used.astype(np.int64)


def _of(found: Snapshot, requests: pa.Array) -> Studied:
    """The log of these requests by case and time; ties stay as the snapshot has them, by `seq`."""
    rows = rows_of(
        found, columns=["request", "kind", "occurred_at", "centre", "resource", "visit"],
        only=ds.field("request").isin(requests),
    )  # fmt: skip
    case, time = _coded(rows["request"], name=_pseudonym), _times(rows["occurred_at"])
    order = np.lexsort((time, case.codes))
    visit = rows["visit"].combine_chunks().to_numpy()[order]
    centre = rows["centre"].combine_chunks().to_numpy()[order]
    log = EventLog.of(
        case=case.taken(order), activity=_coded(rows["kind"]).taken(order), time=time[order],
        resource=_coded(rows["resource"], name=_pseudonym, nobody=0).taken(order),
        group=_coded(rows["centre"], nobody=0).taken(order),
    )  # fmt: skip
    return Studied(replace(log, start=_starts(log, visit, _ends_of_visits(found, visit))), centre)


def _starts(log: EventLog, visit: Int64, ends: Int64) -> Int64:
    """When work on each event began, int64 [events]: at the event before, where both lie in one
    visit and are of one person's hands; else it is not known. `ends` int64 [events] is when the
    event's visit was over."""
    starts = np.full(len(log), UNKNOWN, np.int64)
    assert log.resource is not None
    case, hands = log.case.codes, log.resource.codes
    same = (case[1:] == case[:-1]) & (visit[1:] == visit[:-1]) & (visit[1:] != 0)
    same &= (hands[1:] == hands[:-1]) & (hands[1:] != UNKNOWN)
    sat = np.flatnonzero(same & (log.time[1:] <= ends[1:])) + 1
    starts[sat] = log.time[sat - 1]
    return starts


def _ends_of_visits(found: Snapshot, visit: Int64) -> Int64:
    """For each event the end of its visit, int64 [events]; a visit that goes on has none yet."""
    never = np.iinfo(np.int64).max
    visits = np.unique(visit)
    rows = rows_of(
        found, columns=["visit", "occurred_at"],
        only=(ds.field("kind") == "visit.ended") & ds.field("visit").isin(pa.array(visits)),
    )  # fmt: skip
    ends = np.full(visits.size, never, np.int64)
    ends[np.searchsorted(visits, rows["visit"].to_numpy())] = _times(rows["occurred_at"])
    return ends[np.searchsorted(visits, visit)]


def _pseudonym(number: int) -> str:
    """A pseudonym as it is written everywhere: sixteen signs."""
    return f"{number & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def _times(column: pa.ChunkedArray) -> Int64:
    return column.cast(pa.int64()).combine_chunks().to_numpy()


def _coded(column: pa.ChunkedArray, *, name: Any = str, nobody: int | None = None) -> Coded:
    """Codes of a column; `nobody` is the number that stands for none."""
    whole = column.unify_dictionaries().combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    values: Iterable[Any] = whole.dictionary.to_pylist()
    codes = whole.indices.cast(pa.int32()).to_numpy()
    if nobody is not None and nobody in values:
        place = list(values).index(nobody)
        codes = np.where(codes == place, UNKNOWN, codes - (codes > place)).astype(np.int32)
        values = [value for value in values if value != nobody]
    return Coded(codes, tuple(name(value) for value in values))


def _positions(log: EventLog) -> dict[str, float]:
    lengths = np.diff(log.offsets)
    place = np.arange(len(log)) - np.repeat(log.offsets[:-1], lengths)
    relative = place / np.maximum(np.repeat(lengths, lengths) - 1, 1)
    codes = log.activity.codes
    sums = np.bincount(codes, relative, minlength=len(log.activity.names))
    counts = np.maximum(np.bincount(codes, minlength=len(log.activity.names)), 1)
    return dict(zip(map(str, log.activity.names), (sums / counts).tolist(), strict=True))
