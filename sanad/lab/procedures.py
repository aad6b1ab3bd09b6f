"""How one service's requests really went, from a snapshot of our own log.

Size: a busy service has some 50,000 requests of fifteen events in a quarter. Its rows are found in
one pass over two columns of the snapshot, some 0.1 seconds a million rows, and kept for the next
page in the memory of the process; a map is a few kilobytes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from sanad.lab.evidence.log import Coded, EventLog
from sanad.lab.evidence.map import ProcessMap, process_map
from sanad.lab.evidence.quantiles import Spread
from sanad.lab.evidence.variants import variants
from sanad.lab.snapshot import Snapshot, rows_of

VARIANTS_SHOWN = 20
REMEMBERED = 64


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


@lru_cache(maxsize=REMEMBERED)
def services(found: Snapshot) -> tuple[tuple[str, int], ...]:
    """Services that were asked for, with how many requests each has; the most frequent first."""
    opened = rows_of(found, columns=["service"], only=ds.field("kind") == "case.opened")
    counts = opened["service"].cast(pa.string()).value_counts()
    pairs = ((one["values"].as_py(), one["counts"].as_py()) for one in counts)
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


@lru_cache(maxsize=REMEMBERED)
def procedure(found: Snapshot, service: str) -> Procedure | None:
    """The procedure of a service as it went; None where nobody asked for it."""
    opened = rows_of(
        found, columns=["request"],
        only=(ds.field("kind") == "case.opened") & (ds.field("service") == service),
    )  # fmt: skip
    if not len(opened):
        return None
    rows = rows_of(
        found, columns=["request", "kind", "occurred_at"],
        only=ds.field("request").isin(pc.unique(opened["request"])),
    )  # fmt: skip
    log = EventLog.of(
        case=_coded(rows["request"]), activity=_coded(rows["kind"]),
        time=rows["occurred_at"].cast(pa.int64()).combine_chunks().to_numpy(),
    )  # fmt: skip
    ways = variants(log)
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


def _coded(column: pa.ChunkedArray) -> Coded:
    whole = column.unify_dictionaries().combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    names = tuple(str(name) for name in whole.dictionary.to_pylist())
    return Coded(whole.indices.cast(pa.int32()).to_numpy(), names)


def _positions(log: EventLog) -> dict[str, float]:
    lengths = np.diff(log.offsets)
    place = np.arange(len(log)) - np.repeat(log.offsets[:-1], lengths)
    relative = place / np.maximum(np.repeat(lengths, lengths) - 1, 1)
    codes = log.activity.codes
    sums = np.bincount(codes, relative, minlength=len(log.activity.names))
    counts = np.maximum(np.bincount(codes, minlength=len(log.activity.names)), 1)
    return dict(zip(map(str, log.activity.names), (sums / counts).tolist(), strict=True))
