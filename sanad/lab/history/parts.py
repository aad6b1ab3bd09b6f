"""Small pieces that every part of the history is made with."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from sanad.eventlog.load import Happened
from sanad.lab.history.story import Story
from sanad.lib.columns import Ints, ids_or_null, no_ids


def event(
    kind: str, at: Ints, centre: Ints, *, payload: Any, order: int, actor: Any = None,
    visit: Any = None, case: Any = None, seq: Any = None,
) -> Happened:  # fmt: skip
    """Events of one kind; who and what is left out is null."""
    count = len(at)
    none = no_ids(count)
    number = pa.nulls(count, pa.int64()) if seq is None else pa.array(seq)
    said = (
        pa.repeat(pa.scalar(payload, pa.string()), count) if isinstance(payload, str) else payload
    )
    return Happened(
        kind, at, centre, none if actor is None else actor, none if visit is None else visit,
        none if case is None else case, number, said, order,
    )  # fmt: skip


def of(rows: Ints, events: Happened) -> Happened:
    """Only the events of these rows."""
    taken = pa.array(rows)
    return replace(
        events, at=events.at[rows], centre=events.centre[rows], actor=events.actor.take(taken),
        visit=events.visit.take(taken), case=events.case.take(taken), seq=events.seq.take(taken),
        payload=events.payload.take(taken),
    )  # fmt: skip


def actor(story: Story, operator: Ints) -> pa.Array:
    """The accounts of those who served."""
    return ids_or_null(story.accounts[operator])


def split(count: Ints) -> tuple[Ints, Ints]:
    """For rows that stand for `count` things each: the row of each thing, and its place from 0."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - np.searchsorted(row, row)
