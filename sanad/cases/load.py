"""Bulk load of visits, cases and the papers seen, at set-up, as the loader."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sanad.db.bulk import Json, copy_columns
from sanad.lib.columns import Bytes, Ints, moments, repeated

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Visits:
    """Visits by row; `person` and `company` are null where nobody was found or named."""

    id: Bytes
    centre: Ints
    channel: pa.Array
    operator: Bytes
    point: Ints
    person: pa.Array
    company: pa.Array
    started: Ints
    ended: Ints


@dataclass(frozen=True)
class Cases:
    """Cases by row, as they stand. Moments are -1 where there is none."""

    id: Bytes
    code: pa.Array
    centre: Ints
    visit: Bytes
    person: Bytes
    company: pa.Array
    service: Ints
    entity: Ints
    status: pa.Array
    answers: pa.Array
    marked_fields: pa.Array
    reason_ar: pa.Array
    reason_en: pa.Array
    last_seq: Ints
    opened: Ints
    submitted: Ints
    due: Ints
    decided: Ints
    updated: Ints


def load_visits(v: Visits) -> int:
    """Write visits that have ended."""
    return copy_columns(
        "cases_visit",
        {
            "id": v.id, "centre_id": v.centre.astype(np.int32), "channel": v.channel,
            "account_id": v.operator, "point": v.point.astype(np.int16), "person_id": v.person,
            "company_id": v.company, "started_at": moments(v.started),
            "ended_at": moments(v.ended),
        },
    )  # fmt: skip


def load_cases(c: Cases) -> int:
    """Write cases."""
    return copy_columns(
        "cases_case",
        {
            "id": c.id, "code": c.code, "centre_id": c.centre.astype(np.int32),
            "visit_id": c.visit, "person_id": c.person, "company_id": c.company,
            "service_id": c.service, "entity_id": c.entity.astype(np.int32), "status": c.status,
            "answers": Json(c.answers), "marked_fields": Json(c.marked_fields),
            "reason_ar": c.reason_ar, "reason_en": c.reason_en,
            "last_seq": c.last_seq.astype(np.int32), "opened_at": moments(c.opened),
            "submitted_at": moments(c.submitted), "due_at": moments(c.due),
            "decided_at": moments(c.decided), "updated_at": moments(c.updated),
        },
    )  # fmt: skip


def load_papers(*, id: Bytes, case: Bytes, centre: Ints, code: pa.Array, seen: Ints) -> int:  # noqa: A002
    """Documents that were seen on paper at the counter."""
    return copy_columns(
        "cases_casedocument",
        {
            "id": id, "case_id": case, "centre_id": centre.astype(np.int32), "code": code,
            "held_as": repeated("paper", len(id)), "file_name": repeated("", len(id)),
            "media_type": repeated("", len(id)), "size_bytes": np.zeros(len(id), np.int32),
            "sha256": pa.nulls(len(id), pa.binary()), "added_at": moments(seen),
        },
    )  # fmt: skip
