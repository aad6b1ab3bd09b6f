"""The network's model as a snapshot shows it, kept for the next study in the memory of a process.

Size: a fit of the announced quarter reads 7 million events into some 600 MB for as long as it
takes; what stays is a model of 3 MB.
"""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lab import snapshot as snapshots
from sanad.lab.fitting.network.log import Events, Place
from sanad.lab.fitting.network.model import Learned, learned
from sanad.lab.snapshot import Snapshot
from sanad.lab.twin.facts import Ints

KINDS = (
    "ticket.issued", "ticket.no_show", "visit.started", "visit.ended", "case.opened",
    "case.submitted", "case.returned", "case.decided", "delivery.acknowledged",
    "delivery.delayed", "quote.agreed",
)  # fmt: skip
COLUMNS = [
    "occurred_at", "kind", "centre", "request", "visit", "resource", "ticket", "service", "entity",
    "outcome", "charge_baisa",
]  # fmt: skip
SEED = 2025
Fitted = Learned


@lru_cache(maxsize=4)
def fitted(snapshot: str) -> Learned:
    """What a snapshot shows. Raises `NoSuchSnapshot`, `SnapshotDamaged`, `NothingToFit`."""
    found = snapshots.snapshot(snapshot)
    snapshots.require_whole(found)
    places = [
        Place(one.id, one.village, one.wilayat, one.governorate, one.vat_per_mille, one.hours)
        for one in centres.registered()
    ]
    on = max(month.month for month in found.months)
    listed = catalogue.listed(np.datetime64(f"{on}-28").astype(object))
    entity_of = {one.code: one.entity.number for one in listed.values()}
    holidays = np.array(list(centres.holidays().names), dtype="datetime64[D]")
    return learned(events_of(found), places, entity_of, holidays, seed=SEED)


def events_of(found: Snapshot) -> Events:
    """The events that the fits read."""
    rows = snapshots.rows_of(found, columns=COLUMNS, only=ds.field("kind").isin(KINDS))
    kind, kinds = _coded(rows["kind"])
    service, services = _coded(rows["service"])
    outcome, outcomes = _coded(rows["outcome"])
    numbers = {
        name: rows[name].to_numpy().astype(np.int64)
        for name in ("centre", "request", "visit", "resource", "ticket", "entity", "charge_baisa")
    }
    return Events(
        at=rows["occurred_at"].cast(pa.int64()).to_numpy() / 1e6, kind=kind, kinds=kinds,
        service=service, services=services, outcome=outcome, outcomes=outcomes, **numbers,
    )  # fmt: skip


def _coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    whole = column.unify_dictionaries().combine_chunks()
    codes = whole.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(str(name) for name in whole.dictionary.to_pylist())
