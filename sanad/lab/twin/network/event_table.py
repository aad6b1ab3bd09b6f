"""The events of one run as a table, in the columns of a snapshot of the network's own log.

Size: some six events a request; the announced quarter has 5.6 million, 90 MB of Parquet.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sanad.lab.twin.engine.model import State
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.after import (
    COLUMNS,
    PEOPLE,
    SITTING_DOWN,
    count,
    outages_of,
    told_of,
)
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known, plan_of
from sanad.lab.twin.network.simulate import served
from sanad.lab.twin.network.visits import mix_of, visits_of
from sanad.lab.twin.world import Floats, midnight_of

# In the order in which they happen at one moment.
KINDS = (
    "ticket.issued", "visit.started", "case.opened", "case.submitted", "case.returned",
    "case.resubmitted", "case.decided",
)  # fmt: skip
OPENED_AT = 0.15  # of a request's time at the counter
MICROSECONDS = 1_000_000


def events_of(model: Model, seed: int) -> pa.Table:
    """Every event of the run of `model` under `seed`, by request and time.

    Columns: occurred_at (UTC), kind, centre, seq, request, visit, service, entity, outcome.
    """
    plan, mix, down = plan_of(Known(model)), mix_of(model), outages_of(model, seed)
    rows = slice(0, len(plan.centre))
    visits = visits_of(model, plan, mix, seed, 0, rows.stop)
    began, state = served(model, plan, rows, visits, down)
    drawn, customers = visits.drawn, visits.customers
    asks = (state == State.SERVED) & (drawn.kind < mix.services)
    visit = np.repeat(np.flatnonzero(asks), drawn.size[asks])
    log = np.full((len(visit), 5), np.nan)
    count(
        plan.centre, plan.day, visits, began, state, told_of(model, down),
        np.zeros((COLUMNS, len(model.centre), len(model.days)), dtype=np.int64),
        np.zeros((PEOPLE, 4), dtype=np.int64), log,
    )  # fmt: skip
    first = np.searchsorted(visit, visit)
    place = np.arange(len(visit)) - first
    part = (place + OPENED_AT) / drawn.size[visit]
    sat = began[visit] + SITTING_DOWN
    opened = sat + part * customers.service[visit]
    moments = np.stack([customers.arrived[visit], sat, opened, *log[:, :4].T], axis=1)
    # What was not sent within the period is not in the log either.
    moments[:, :3][np.isnan(log[:, 0])] = np.nan
    stretch = np.repeat(np.arange(len(plan.centre)), np.diff(customers.first))
    return _table(model, moments, visit, plan.centre[stretch], drawn.kind, log[:, 4])


def _table(
    model: Model, moments: Floats, visit: Ints, centre: Ints, kind: np.ndarray, approved: Floats
) -> pa.Table:
    happened = ~np.isnan(moments)
    request, what = np.nonzero(happened)
    at = moments[happened]
    seq = np.arange(len(request)) - np.searchsorted(request, request) + 1
    start = int(midnight_of(model.days[:1])[0])
    service = kind[visit][request].astype(np.int32)
    outcome = np.where(approved[request] > 0, 0, 1).astype(np.int8)
    is_decision = what == KINDS.index("case.decided")
    return pa.table(
        {
            "occurred_at": pa.array(
                ((start + at) * MICROSECONDS).astype(np.int64), pa.timestamp("us", tz="UTC")
            ),
            "kind": pa.DictionaryArray.from_arrays(what.astype(np.int8), list(KINDS)),
            "centre": pa.array(model.centre[centre[visit]][request].astype(np.int32)),
            "seq": pa.array(seq.astype(np.int32)),
            "request": pa.array(request + 1),
            "visit": pa.array(visit[request] + 1),
            "service": pa.DictionaryArray.from_arrays(service, list(model.services)),
            "entity": pa.array(np.array(model.entities)[model.entity[service]].astype(np.int32)),
            "outcome": pa.DictionaryArray.from_arrays(
                pa.array(outcome, mask=~is_decision), ["approved", "rejected"]
            ),
        }
    )


def write_events(model: Model, seed: int, file: Path) -> int:
    """Write the events as Parquet, whole or not at all; how many there are."""
    found = events_of(model, seed)
    beside = file.with_name(f".{file.name}.part")
    try:
        pq.write_table(found, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return len(found)
