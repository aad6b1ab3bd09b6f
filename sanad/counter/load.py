"""Bulk load of tickets and their series, at set-up, as the loader."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sanad.counter.rules import DONE, NO_SHOW, WAITING
from sanad.db.bulk import copy_columns
from sanad.lib.columns import Bytes, Ints, ids_or_null, moments, or_null, repeated

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tickets:
    """Tickets by row. `called` is -1 for those who still wait; `came` is whether they sat down."""

    id: Bytes
    centre: Ints
    date: npt.NDArray[np.datetime64]
    group: pa.Array
    number: Ints
    service_code: pa.Array
    issued: Ints
    called: Ints
    operator: Bytes
    point: Ints
    came: Flags
    visit: Bytes


def load_tickets(t: Tickets) -> int:
    """Write tickets as they stand after their visit ended, in vain, or before they were called."""
    called = t.called >= 0
    states = np.where(~called, 0, np.where(t.came, 1, 2))
    sat = called & t.came
    return copy_columns(
        "counter_ticket",
        {
            "id": t.id, "centre_id": t.centre.astype(np.int32), "business_date": t.date,
            "group": t.group, "number": t.number.astype(np.int32),
            "status": pa.array([WAITING, DONE, NO_SHOW]).take(pa.array(states)),
            "service_code": t.service_code, "issued_at": moments(t.issued),
            "rank_at": moments(t.issued), "called_at": moments(t.called),
            "called_by": ids_or_null(t.operator, sat),
            "point": or_null(t.point, called, np.int16), "calls": called.astype(np.int16),
            "hold_reason": repeated("", len(t.id)), "visit_id": ids_or_null(t.visit, sat),
        },
    )  # fmt: skip


def load_series(
    *, centre: Ints, date: npt.NDArray[np.datetime64], group: pa.Array, last_number: Ints
) -> int:
    """The last number of each centre, day and group."""
    return copy_columns(
        "counter_ticketseries",
        {
            "centre_id": centre.astype(np.int32), "business_date": date, "group": group,
            "last_number": last_number.astype(np.int32),
        },
    )  # fmt: skip
