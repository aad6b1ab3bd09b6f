"""Bulk load of people, mandates, messages and ratings, at set-up, as the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sanad.beneficiaries.actions import index_of
from sanad.beneficiaries.models import CIVIL
from sanad.beneficiaries.notices import NOTICES
from sanad.beneficiaries.queries import keyring
from sanad.db.bulk import copy_columns, copy_rows
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.columns import Bytes, Ints, chosen, filled, ids_or_null, moments, repeated
from sanad.lib.ids import new_id

Bilingual = tuple[Any, Any]  # what `columns.filled` takes, in Arabic and in English


@dataclass(frozen=True)
class PersonRow:
    """A person as written: with the civil number in clear, which is sealed on the way."""

    civil_number: str
    name: Text
    phone: str
    language: str
    nationality: str
    id: UUID | None = None


def load_people(people: Iterable[PersonRow], *, at: datetime) -> dict[str, int]:
    """People and their identities; rows by kind."""
    rows = [(person.id or new_id(), person) for person in people]
    count = copy_rows(
        "beneficiaries_person",
        ("id", "name_ar", "name_en", "name_fold", "phone", "language", "nationality",
         "created_at"),
        ((key, p.name.ar, p.name.en, ar_norm(f"{p.name.ar} {p.name.en}"), p.phone, p.language,
          p.nationality, at) for key, p in rows),
    )  # fmt: skip
    copy_rows(
        "beneficiaries_identity",
        ("id", "person_id", "kind", "sealed", "index", "last_four"),
        ((new_id(), key, CIVIL, keyring().seal(p.civil_number.encode(), bound_to=key.bytes),
          index_of(CIVIL, p.civil_number), p.civil_number[-4:]) for key, p in rows),
    )  # fmt: skip
    return {"people": count}


@dataclass(frozen=True)
class Mandates:
    """Mandates by row, each given by a typed name. `revoked` is -1 for those that were used."""

    id: Bytes
    person: Bytes
    centre: Ints
    service: Ints
    case: Bytes
    ceiling_baisa: Ints
    language: pa.Array
    text_hash: pa.Array
    signature_sealed: pa.Array
    granted: Ints
    expires: Ints
    revoked: Ints


@dataclass(frozen=True)
class Notices:
    """Messages that left, by row; `facts` fill the template of `kind` in the person's language."""

    kind: str
    id: Bytes
    person: Bytes
    centre: Ints
    case: Bytes
    is_arabic: npt.NDArray[np.bool_]
    facts: dict[str, Bilingual]
    made: Ints
    sent: Ints


def load_companies(*, id: Bytes, number: pa.Array, name_ar: pa.Array, name_en: pa.Array,  # noqa: A002
                   at: datetime) -> int:  # fmt: skip
    """Commercial registrations known before the story begins."""
    return copy_columns(
        "beneficiaries_company",
        {
            "id": id, "cr_number": number, "name_ar": name_ar, "name_en": name_en,
            "created_at": moments(np.full(len(id), int(at.timestamp()))),
        },
    )  # fmt: skip


def load_person_centres(*, centre: Ints, person: Bytes, since: Ints) -> int:
    """Who was served where, since when."""
    return copy_columns(
        "beneficiaries_personcentre",
        {"centre_id": centre.astype(np.int32), "person_id": person, "since": moments(since)},
    )


def sealed_names(names: list[str], persons: Bytes) -> pa.Array:
    """The typed name of each mandate, sealed for its person as `grant_mandate` does."""
    seal = keyring().seal
    rows = persons.tobytes()
    return pa.array(
        [seal(name.encode(), bound_to=rows[16 * i : 16 * i + 16]) for i, name in enumerate(names)],
        pa.binary(),
    )


def load_mandates(m: Mandates) -> int:
    """Write mandates; one that was revoked belongs to no case any more."""
    live = m.revoked < 0
    return copy_columns(
        "beneficiaries_mandate",
        {
            "id": m.id, "person_id": m.person, "centre_id": m.centre.astype(np.int32),
            "service_id": m.service, "case_id": ids_or_null(m.case, live),
            "ceiling_baisa": m.ceiling_baisa, "language": m.language,
            "text_hash": m.text_hash, "method": repeated("card_and_typed_name", len(m.id)),
            "signature_sealed": m.signature_sealed, "granted_at": moments(m.granted),
            "expires_at": moments(m.expires), "revoked_at": moments(m.revoked),
        },
    )  # fmt: skip


def load_notices(n: Notices) -> int:
    """Write messages as `write_notice` words them and `send_notice` sent them."""
    words = NOTICES[n.kind]
    arabic = filled(words.ar, **{name: fact[0] for name, fact in n.facts.items()})
    english = filled(words.en, **{name: fact[1] for name, fact in n.facts.items()})
    return copy_columns(
        "beneficiaries_notice",
        {
            "id": n.id, "person_id": n.person, "centre_id": n.centre.astype(np.int32),
            "case_id": n.case, "kind": repeated(n.kind, len(n.id)),
            "language": chosen(["en", "ar"], n.is_arabic.astype(np.int64)),
            "text": pc.if_else(pa.array(n.is_arabic), arabic, english),
            "made_at": moments(n.made), "sent_at": moments(n.sent),
        },
    )  # fmt: skip


def load_feedback(*, case: Bytes, centre: Ints, face: Ints, reason: pa.Array, at: Ints) -> int:
    """Ratings."""
    return copy_columns(
        "beneficiaries_feedback",
        {
            "case_id": case, "centre_id": centre.astype(np.int32), "face": face.astype(np.int16),
            "reason": reason, "at": moments(at),
        },
    )  # fmt: skip
