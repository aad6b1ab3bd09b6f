"""Bulk load of deliveries, tries and answers, at set-up, as the loader."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sanad.db.bulk import Json, copy_columns
from sanad.gateway.models import ACKNOWLEDGED
from sanad.gateway.rules import BY_LINE, CLAIM_LASTS
from sanad.lib.columns import (
    Bytes,
    Ints,
    chosen,
    iso_seconds,
    joined,
    moments,
    repeated,
    uuid_text,
)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Deliveries:
    """Acknowledged deliveries by row. `body` is JSON with sorted keys, as `actions._hash` has it.

    `last_claim` is the moment of the try that was acknowledged.
    """

    id: Bytes
    case: Bytes
    centre: Ints
    entity: Ints
    person: Bytes
    resend_of: pa.Array
    body: pa.Array
    made: Ints
    made_by: Bytes
    last_claim: Ints
    tries: Ints
    acknowledged: Ints
    reference: pa.Array


@dataclass(frozen=True)
class Answers:
    """Answers by an entity's officers, applied when they were given. `fields` is a JSON list."""

    id: Bytes
    delivery: Bytes
    case: Bytes
    centre: Ints
    entity: Ints
    kind: pa.Array
    reason_ar: pa.Array  # as JSON text, in its quotation marks
    reason_en: pa.Array
    fields: pa.Array
    by: Bytes
    at: Ints


def digests(texts: pa.Array) -> pa.Array:
    """SHA-256 of each text."""
    sha256 = hashlib.sha256
    found = b"".join(sha256(text.encode()).digest() for text in texts.to_pylist())
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(texts), [None, pa.py_buffer(found)]
    )


def load_deliveries(d: Deliveries) -> int:
    """Write deliveries."""
    return copy_columns(
        "gateway_delivery",
        {
            "id": d.id, "case_id": d.case, "centre_id": d.centre.astype(np.int32),
            "entity_id": d.entity.astype(np.int32), "person_id": d.person,
            "resend_of_id": d.resend_of, "body": Json(d.body), "body_hash": digests(d.body),
            "state": repeated(ACKNOWLEDGED, len(d.id)), "made_at": moments(d.made),
            "made_by": d.made_by,
            "next_try_at": moments(d.last_claim + int(CLAIM_LASTS.total_seconds())),
            "tries": d.tries.astype(np.int16), "acknowledged_at": moments(d.acknowledged),
            "entity_reference": d.reference,
        },
    )  # fmt: skip


def load_attempts(
    *, id: Bytes, delivery: Bytes, centre: Ints, number: Ints, at: Ints, milliseconds: Ints,  # noqa: A002
    taken: Flags,
) -> int:  # fmt: skip
    """Tries: acknowledged with 202, or put off with 503."""
    return copy_columns(
        "gateway_attempt",
        {
            "id": id, "delivery_id": delivery, "centre_id": centre.astype(np.int32),
            "number": number.astype(np.int16), "at": moments(at),
            "milliseconds": milliseconds.astype(np.int32),
            "status": np.where(taken, 202, 503).astype(np.int16),
            "outcome": chosen(["delayed", "acknowledged"], taken.astype(np.int64)),
            "response_id": repeated("", len(id)),
        },
    )  # fmt: skip


def load_answers(a: Answers) -> int:
    """Write answers; an officer's is signed by their sign-in, so `signature` is empty."""
    reason = joined('{"ar": ', a.reason_ar, ', "en": ', a.reason_en, "}")
    answer = joined('{"answer_id": "', uuid_text(a.id), '", ')
    decided = joined('"decided_at": "', iso_seconds(a.at), '", ')
    rest = joined(
        '"fields": ', a.fields, ', "kind": "', a.kind, '", "reason": ', reason,
        ', "request_id": "', uuid_text(a.delivery), '"}',
    )  # fmt: skip
    return copy_columns(
        "gateway_answer",
        {
            "id": a.id, "delivery_id": a.delivery, "case_id": a.case,
            "centre_id": a.centre.astype(np.int32), "entity_id": a.entity.astype(np.int32),
            "kind": a.kind, "body": Json(joined(answer, decided, rest)),
            "body_hash": digests(joined(answer, rest)),
            "signature": pa.repeat(pa.scalar(b"", pa.binary()), len(a.id)), "by_account": a.by,
            "answered_at": moments(a.at), "received_at": moments(a.at),
            "applied_at": moments(a.at),
        },
    )  # fmt: skip


def load_outages(*, entity: Ints, started: Ints, ended: Ints, waited: list[int]) -> int:
    """Outages that our line saw and that are over; `waited` requests waited for the end."""
    return copy_columns(
        "gateway_outage",
        {
            "entity_id": entity.astype(np.int32), "started_at": moments(started),
            "ended_at": moments(ended), "found_by": repeated(BY_LINE, len(entity)),
            "note_ar": repeated("", len(entity)), "note_en": repeated("", len(entity)),
            "deliveries": np.array(waited, np.int32),
        },
    )  # fmt: skip
