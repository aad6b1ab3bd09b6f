"""Bulk load of people, at set-up, as the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sanad.beneficiaries.actions import index_of
from sanad.beneficiaries.models import CIVIL
from sanad.beneficiaries.queries import keyring
from sanad.db.bulk import copy_rows
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id


@dataclass(frozen=True)
class PersonRow:
    """A person as written: with the civil number in clear, which is sealed on the way."""

    civil_number: str
    name: Text
    phone: str
    language: str
    nationality: str


def load_people(people: Iterable[PersonRow], *, at: datetime) -> dict[str, int]:
    """People and their identities; rows by kind."""
    rows = [(new_id(), person) for person in people]
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
