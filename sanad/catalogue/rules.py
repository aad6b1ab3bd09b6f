"""Decisions of the catalogue without I/O: the government fee of a request, its documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanad.catalogue.shapes import Document, GovernmentFee
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused


class ListOlderThanNewest(Refused):
    code = "catalogue.list_older_than_newest"
    sentence = N_(
        "The price list of {list_date} in force from {in_force_from} cannot be published: the list "
        "of {newest_date} is already in force from {newest_from}, and past prices are never "
        "changed. Publish a list with later dates."
    )


class ListChanged(Refused):
    code = "catalogue.list_changed"
    sentence = N_(
        "The price list of {list_date} was published before with other lines or another day, and a "
        "published list is never edited. Give the corrected list a date of its own."
    )


class DefinitionChanged(Refused):
    code = "catalogue.definition_changed"
    sentence = N_(
        "The definition of {service} from {in_force_from} was loaded before with other words. "
        "Past definitions are never edited: give the new one a later in_force_from."
    )


@dataclass(frozen=True, slots=True)
class GovernmentFeeDue:
    """What the entity charges for one request.

    `kind` is "fixed" or "table" with `baisa` known; "needs_answer" while the answer to the field
    `by` is open; "to_be_confirmed" when only the portal will show it.
    """

    kind: str
    baisa: int | None
    by: str | None
    lowest_baisa: int | None
    highest_baisa: int | None
    note: Text
    provenance: str

    @property
    def is_known(self) -> bool:
        return self.baisa is not None


@dataclass(frozen=True, slots=True)
class PublishedList:
    """What publishing has to know of a list that is already there."""

    list_date: date
    in_force_from: date
    digest: str


def government_fee_due(fee: GovernmentFee, answers: Mapping[str, Any]) -> GovernmentFeeDue:
    """The government fee of a request with these (cleaned) answers."""
    amounts = [fee.baisa] if fee.baisa is not None else sorted(fee.rows.values())
    amount = fee.baisa if fee.kind == "fixed" else fee.rows.get(str(answers.get(fee.by or "")))
    kind = "needs_answer" if fee.kind == "table" and amount is None else fee.kind
    return GovernmentFeeDue(
        kind=kind,
        baisa=amount,
        by=fee.by,
        lowest_baisa=amounts[0] if amounts else None,
        highest_baisa=amounts[-1] if amounts else None,
        note=fee.note,
        provenance=fee.provenance,
    )


def documents_needed(
    documents: tuple[Document, ...], answers: Mapping[str, Any]
) -> tuple[Document, ...]:
    """The documents that a request with these answers must bring; optional ones are left out."""
    return tuple(
        document
        for document in documents
        if document.required and (document.when is None or document.when.holds(dict(answers)))
    )


def is_published_already(new: PublishedList, published: list[PublishedList]) -> bool:
    """True when this very list is there. Raises when it may not be published.

    A list may only follow the newest one, in its own date and in the day it takes force:
    otherwise a charge that was right on its day would turn wrong afterwards.
    """
    for old in published:
        if old.list_date == new.list_date:
            if old != new:
                raise ListChanged(list_date=new.list_date)
            return True
    newest = max(published, key=lambda one: one.in_force_from, default=None)
    if newest and (
        new.list_date <= max(old.list_date for old in published)
        or new.in_force_from <= newest.in_force_from
    ):
        raise ListOlderThanNewest(
            list_date=new.list_date,
            in_force_from=new.in_force_from,
            newest_date=newest.list_date,
            newest_from=newest.in_force_from,
        )
    return False
