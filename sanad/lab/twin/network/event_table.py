"""The events of one run as a table, in the columns of a snapshot of the network's own log.

So what reads a snapshot reads a simulation as well: the process maps, and the fits. A person who
left leaves a ticket behind and no more.

Size: the announced quarter has some 6 million events, 100 MB of Parquet.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sanad.lab.twin.engine.model import State
from sanad.lab.twin.engine.recursion import serve_calling
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.after import (
    COLUMNS,
    PEOPLE,
    SENT_AT,
    SITTING_DOWN,
    count,
    outages_of,
    told_of,
)
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known, Plan, plan_of
from sanad.lab.twin.network.simulate import told_events
from sanad.lab.twin.network.visits import Visits, mix_of, visits_of
from sanad.lab.twin.world import Floats, midnight_of

# In the order in which they happen at one moment.
KINDS = (
    "ticket.issued", "visit.started", "case.opened", "quote.agreed", "case.submitted",
    "delivery.acknowledged", "case.returned", "case.resubmitted", "case.decided", "visit.ended",
)  # fmt: skip
BY_PERSON = ("visit.started", "case.opened", "quote.agreed", "case.submitted", "visit.ended")
OPENED_AT, AGREED_AT = 0.15, 0.70  # of a request's time at the counter
MICROSECONDS = 1_000_000
_KIND = {name: number for number, name in enumerate(KINDS)}


@dataclass(frozen=True)
class _Part:
    """Events of one kind: a moment each, and what they are about."""

    kind: str
    at: Floats
    visit: Ints
    request: Ints  # -1 for none


@dataclass(frozen=True)
class _Run:
    """A run with everything that its events say."""

    model: Model
    plan: Plan
    visits: Visits
    began: Floats
    server: Ints
    stretch: Ints  # of each visit


def events_of(model: Model, seed: int) -> pa.Table:
    """Every event of the run of `model` under `seed`, by time.

    Columns: occurred_at (UTC), kind, centre, seq, request, visit, resource, ticket, service,
    entity, outcome, charge_baisa. A request that was sent again has `case.resubmitted`.
    """
    run, state = _run(model, seed)
    drawn, customers = run.visits.drawn, run.visits.customers
    services = len(model.services)
    called = state == State.SERVED
    asks = np.flatnonzero(called & (drawn.kind < services))
    of_request = np.repeat(asks, drawn.size[asks])
    log = np.full((len(of_request), 5), np.nan)
    count(
        run.plan.centre, run.plan.day, run.visits, run.began, state,
        told_of(model, outages_of(model, seed)),
        np.zeros((COLUMNS, len(model.centre), len(model.days)), dtype=np.int64),
        np.zeros((PEOPLE, 4), dtype=np.int64), log,
    )  # fmt: skip
    place = np.arange(len(of_request)) - np.searchsorted(of_request, of_request)
    sat = run.began[of_request] + SITTING_DOWN

    def within(part: float) -> Floats:
        moment = (place + part) / drawn.size[of_request]
        # What was not sent within the period is not in the log either.
        return np.where(np.isnan(log[:, 0]), np.nan, sat + moment * customers.service[of_request])

    request = np.arange(len(of_request))
    sitting = np.flatnonzero(called)
    nobody = np.full(len(customers), -1)
    with_ticket = np.flatnonzero(~called | (run.began > customers.arrived))
    parts = [
        _Part("ticket.issued", customers.arrived[with_ticket], with_ticket, nobody[with_ticket]),
        _Part("visit.started", run.began[sitting] + SITTING_DOWN, sitting, nobody[sitting]),
        _Part("case.opened", within(OPENED_AT), of_request, request),
        _Part("quote.agreed", within(AGREED_AT), of_request, request),
        _Part("case.submitted", within(SENT_AT), of_request, request),
        _Part("delivery.acknowledged", log[:, 0], of_request, request),
        _Part("case.returned", log[:, 1], of_request, request),
        _Part("case.resubmitted", log[:, 2], of_request, request),
        _Part("case.decided", log[:, 3], of_request, request),
        _Part("visit.ended", run.began[sitting] + SITTING_DOWN + customers.service[sitting],
              sitting, nobody[sitting]),
    ]  # fmt: skip
    return _table(run, parts, with_ticket, log[:, 4])


def _run(model: Model, seed: int) -> tuple[_Run, np.ndarray]:
    plan, down = plan_of(Known(model)), outages_of(model, seed)
    rows = slice(0, len(plan.centre))
    visits = visits_of(model, plan, mix_of(model), seed, 0, rows.stop)
    told: Any
    if model.has_features:
        told = told_events(model, plan, rows, visits, down)
        began, state, server = told.began[0], told.state[0], told.server[0]
    else:
        told = serve_calling(plan.sessions, visits.customers, vain=0.0)
        began, state, server = told.began, told.state, told.server
    stretch = np.repeat(np.arange(len(plan.centre)), np.diff(visits.customers.first))
    return _Run(model, plan, visits, began, server.astype(np.int64), stretch), state


def _table(run: _Run, parts: list[_Part], ticketed: Ints, approved: Floats) -> pa.Table:
    model, drawn = run.model, run.visits.drawn
    kind = np.concatenate([np.full(len(part.at), _KIND[part.kind]) for part in parts])
    at, visit, request = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("at", "visit", "request")
    )
    order = np.lexsort((kind, at))[: int((~np.isnan(at)).sum())]
    kind, at, visit, request = kind[order], at[order], visit[order], request[order]
    start = int(midnight_of(model.days[:1])[0])
    centre = run.plan.centre[run.stretch[visit]]
    has_request = request >= 0
    service = np.where(has_request, drawn.kind[visit].astype(np.int64), 0)
    is_decision = kind == _KIND["case.decided"]
    says_service = np.isin(kind, [_KIND["case.opened"], _KIND["case.submitted"]])
    by_person = np.isin(kind, [_KIND[name] for name in BY_PERSON])
    has_ticket = np.zeros(len(drawn.kind), dtype=bool)
    has_ticket[ticketed] = True
    names_ticket = has_ticket[visit] & np.isin(
        kind, [_KIND["ticket.issued"], _KIND["visit.started"], _KIND["visit.ended"]]
    )
    charge = np.where(kind == _KIND["quote.agreed"], model.fee[centre, service], 0)
    entity = np.where(has_request, np.array(model.entities)[model.entity[service]], 0)
    outcome = np.where(approved[np.maximum(request, 0)] > 0, 1, 2) * is_decision
    return pa.table(
        {
            "occurred_at": pa.array(
                np.round((start + at) * MICROSECONDS).astype(np.int64),
                pa.timestamp("us", tz="UTC"),
            ),
            "kind": pa.DictionaryArray.from_arrays(kind.astype(np.int8), list(KINDS)),
            "centre": model.centre[centre].astype(np.int32),
            "seq": _numbered(request).astype(np.int32),
            "request": request + 1,
            "visit": np.where(kind == _KIND["ticket.issued"], 0, visit + 1),
            "resource": (centre * 100 + run.server[visit] + 1) * by_person,
            "ticket": (visit + 1) * names_ticket,
            "service": pa.DictionaryArray.from_arrays(
                np.where(says_service, service + 1, 0).astype(np.int32), ["", *model.services]
            ),
            "entity": entity.astype(np.int32),
            "outcome": pa.DictionaryArray.from_arrays(
                outcome.astype(np.int8), ["", "approved", "rejected"]
            ),
            "charge_baisa": charge,
        }
    )


def _numbered(request: Ints) -> Ints:
    """The place of each event in its request, from 1; 0 for what is of no request."""
    order = np.argsort(request, kind="stable")
    sorted_ = request[order]
    found = np.empty(len(request), dtype=np.int64)
    found[order] = np.arange(len(request)) - np.searchsorted(sorted_, sorted_) + 1
    return np.where(request >= 0, found, 0)


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
