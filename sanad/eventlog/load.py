"""Bulk load of events, at set-up, as the loader. What each kind may carry is checked by `kinds`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.db.bulk import Json, copy_columns
from sanad.lib.columns import Bytes, Ints, moments, or_null, uuids


@dataclass(frozen=True)
class Happened:
    """Events of one kind. `at` is UTC seconds; ids are Arrow columns of 16 bytes, null for none.

    `centre` is -1 for events of no centre.

    `payload` is the JSON text of each; `order` tells events of one second apart, small first.
    """

    kind: str
    at: Ints
    centre: Ints
    actor: pa.Array
    visit: pa.Array
    case: pa.Array
    seq: pa.Array
    payload: pa.Array
    order: int


def load_events(parts: Sequence[Happened], *, words: Any) -> int:
    """Write the events of all kinds together in the order of time; how many there were.

    `words(n)` gives n times 64 random bits for the identifiers.
    """
    parts = [part for part in parts if len(part.at)]
    at = np.concatenate([part.at for part in parts])
    rank = np.concatenate([np.full(len(part.at), part.order) for part in parts])
    order = np.lexsort((rank, at))
    ids: Bytes = uuids(at[order], words(len(at)))
    ids[:, :6] = _rising(at[order])
    kinds = pa.array([part.kind for part in parts], pa.string())
    which = np.concatenate([np.full(len(part.at), i) for i, part in enumerate(parts)])
    taken = pa.array(order)
    centre = np.concatenate([part.centre for part in parts])[order]
    return copy_columns(
        "eventlog_event",
        {
            "id": ids,
            "kind": kinds.take(pa.array(which[order])),
            "occurred_at": moments(at[order]),
            "centre_id": or_null(centre, centre >= 0, np.int32),
            "actor_id": pa.concat_arrays([part.actor for part in parts]).take(taken),
            "visit_id": pa.concat_arrays([part.visit for part in parts]).take(taken),
            "case_id": pa.concat_arrays([part.case for part in parts]).take(taken),
            "seq": pc.cast(pa.concat_arrays([part.seq for part in parts]), pa.int32()).take(taken),
            "payload": Json(pa.concat_arrays([part.payload for part in parts]).take(taken)),
        },
    )


def _rising(at: Ints) -> Bytes:
    """The first six bytes of the identifiers: milliseconds that rise within one second."""
    begins = np.searchsorted(at, at)
    within = np.minimum(np.arange(len(at)) - begins, 999)
    milliseconds = (at * 1000 + within).astype(">u8")
    first: Bytes = milliseconds.view(np.uint8).reshape(-1, 8)[:, 2:]
    return first
