"""The network's model as a snapshot shows it, kept beside the snapshot.

    var/snapshots/fits/<snapshot>-<code version>.npz

Size: a fit of the announced quarter reads 7 million events into some 600 MB for as long as it
takes; what stays is a model of 3 MB.
"""

import json
import os
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
from django.conf import settings

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lab import snapshot as snapshots
from sanad.lab.code_version import code_version
from sanad.lab.evidence.arrow import coded
from sanad.lab.fitting.network.log import Events, Finding, Place
from sanad.lab.fitting.network.model import Learned, learned
from sanad.lab.snapshot import Snapshot
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.compare import Band
from sanad.lab.twin.network.model import Model
from sanad.lib.refusal import N_, Refused

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
SAID = "said"


class NotFitted(Refused):
    code = "lab.not_fitted"
    sentence = N_(
        "Nothing has been learned of the snapshot {id} with this version of the program yet. Ask "
        "for it on the page of studies, or start from a calibration."
    )


@lru_cache(maxsize=4)
def fitted(snapshot: str) -> Learned:
    """What was learned of a snapshot. Raises `NotFitted`, `NoSuchSnapshot`."""
    place = _place(snapshots.snapshot(snapshot))
    if not place.exists():
        raise NotFitted(id=snapshot)
    with np.load(place, allow_pickle=False) as kept:
        return _from_arrays({name: kept[name] for name in kept.files})


def is_fitted(snapshot: Snapshot) -> bool:
    """Whether a study may start from it."""
    return _place(snapshot).exists()


def fit(snapshot: str) -> Learned:
    """Learn the model of a snapshot and keep it beside; kept once, whole or not at all.

    Raises `NoSuchSnapshot`, `SnapshotDamaged`, `NothingToFit`.
    """
    found = snapshots.snapshot(snapshot)
    if is_fitted(found):
        return fitted(snapshot)
    snapshots.require_whole(found)
    places = [
        Place(one.id, one.village, one.wilayat, one.governorate, one.vat_per_mille, one.hours)
        for one in centres.registered()
    ]
    last = max(month.month for month in found.months)
    listed = catalogue.listed(date.fromisoformat(f"{last}-28"))
    entity_of = {one.code: one.entity.number for one in listed.values()}
    holidays = np.array(list(centres.holidays().names), dtype="datetime64[D]")
    made = learned(events_of(found), places, entity_of, holidays, seed=SEED)
    place = _place(found)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_suffix(f".{os.getpid()}.part")
    with beside.open("wb") as file:
        np.savez(file, **_as_arrays(made))
    beside.replace(place)
    fitted.cache_clear()
    return made


def _place(found: Snapshot) -> Path:
    """A fit is of a snapshot and of the code that made it."""
    folder: Path = settings.SANAD_SNAPSHOTS
    return folder / "fits" / f"{found.id}-{code_version()}.npz"


def _as_arrays(made: Learned) -> dict[str, Any]:
    """The arrays of the model as they are; everything else as one JSON text."""
    arrays = {n: v for n, v in made.model.parts() if isinstance(v, np.ndarray)}
    rest = {n: v for n, v in made.model.parts() if n not in arrays}
    said = {
        "model": rest, "findings": [asdict(one) for one in made.findings],
        "away_seconds": made.away_seconds, "train_days": made.train_days,
        "test_days": made.test_days, "seen_wait_minutes": made.seen_wait_minutes,
        "foretold_wait_minutes": asdict(made.foretold_wait_minutes),
    }  # fmt: skip
    return arrays | {SAID: np.array(json.dumps(said, default=float))}


def _from_arrays(kept: dict[str, Any]) -> Learned:
    said = json.loads(str(kept.pop(SAID)))
    rest: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.pop("model").items()
    }
    fields: dict[str, Any] = kept | rest
    return Learned(
        model=Model(**fields),
        findings=tuple(Finding(**one) for one in said.pop("findings")),
        foretold_wait_minutes=Band(**said.pop("foretold_wait_minutes")), **said,
    )  # fmt: skip


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
    found = coded(column)
    return found.codes.astype(np.int64), tuple(map(str, found.names))
