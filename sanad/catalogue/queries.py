"""Reads of the catalogue, each for a day: what was true on that day, whenever it is asked.

The forms' own functions are offered here too, so that other rooms need one door:
`form_schema`, `validate`, `sealed_keys`, `documents_needed`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from sanad.catalogue.folding import LONGEST_QUERY, search_fold
from sanad.catalogue.forms import Answers, Problem, form_schema, sealed_keys, validate
from sanad.catalogue.layouts import readings
from sanad.catalogue.models import (
    Entity,
    FeeLine,
    PriceList,
    Service,
    ServiceDefinition,
)
from sanad.catalogue.models import Source as SourceRow
from sanad.catalogue.rules import GovernmentFeeDue, documents_needed, government_fee_due
from sanad.catalogue.shapes import (
    STAGE_NAMES,
    Document,
    Field,
    GovernmentFee,
    ProcedureStage,
    Source,
    document_from_json,
    fee_from_json,
    field_from_json,
    stage_from_json,
)
from sanad.db import sql
from sanad.db.reference import remembered
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

__all__ = [
    "STAGE_NAMES",
    "Answers",
    "EntityView",
    "FeeLineView",
    "GovernmentFeeDue",
    "Hit",
    "NoSuchService",
    "PriceListView",
    "Problem",
    "ServiceView",
    "Source",
    "Unpriced",
    "counts",
    "documents_needed",
    "entities",
    "entity_number",
    "fee_line",
    "form_schema",
    "government_fee",
    "government_fee_due",
    "listed",
    "price_lists",
    "sealed_keys",
    "search",
    "service",
    "service_by_id",
    "services_of",
    "sources",
    "unpriced",
    "validate",
]


class NoSuchService(Refused):
    code = "catalogue.no_such_service"
    sentence = N_("The catalogue has no service {code} on {on}. Search for it by its name.")


@dataclass(frozen=True, slots=True)
class EntityView:
    number: int
    code: str
    name: Text
    services: int = 0


@dataclass(frozen=True, slots=True)
class FeeLineView:
    """The cap of one stage. `baisa` is for each `unit` ("request", or "page")."""

    id: int
    stage: str
    baisa: int
    unit: str
    price_list: str


@dataclass(frozen=True, slots=True)
class PriceListView:
    """A screen that shows prices says both dates where they differ."""

    code: str
    list_date: date
    in_force_from: date
    source: Text
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result."""

    code: str
    name: Text
    entity: EntityView
    score: float


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service of the catalogue, also one that is not offered on the day."""

    code: str
    name: Text
    entity: EntityView
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A service whose price each centre sets for itself."""

    id: int
    code: str
    name: Text
    entity: Text


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as it stood on a day.

    `documents` is None where its owner publishes none, which is not the same as an empty tuple.
    `family` names the family whose assumed form stands in for an unpublished one; else it is empty.
    `withdrawn_from` is the day since which it is not offered. `fee_lines` are by stage.
    """

    id: int
    code: str
    kind: str
    name: Text
    official_name_ar: str
    entity: EntityView
    definition_id: int
    definition_from: date
    family: str
    description: Text | None
    form: tuple[Field, ...]
    documents: tuple[Document, ...] | None
    procedure: tuple[ProcedureStage, ...]
    government_fee: GovernmentFee
    fee_lines: dict[str, FeeLineView]
    withdrawn_from: date | None
    provenance: dict[str, str]

    @property
    def is_offered(self) -> bool:
        """Whether a request for it may be opened or submitted on that day."""
        return self.withdrawn_from is None

    @property
    def is_in_full(self) -> bool:
        """Whether it is described by itself, and not only by what its family assumes."""
        return not self.family

    @property
    def documents_are_assumed(self) -> bool:
        """Whether the list of documents is ours, for want of one from the owner."""
        return self.documents is not None and self.provenance.get("documents") == "assumption"


@remembered
def service(code: str, on: date) -> ServiceView:
    """The service, also when it is withdrawn. Raises NoSuchService."""
    for found in _views(on, code=code):
        return found
    raise NoSuchService(code=code, on=on)


@remembered
def service_by_id(service: int, on: date) -> ServiceView:
    """The same by the key that other rooms store. Raises NoSuchService."""
    for found in _views(on, id=service):
        return found
    raise NoSuchService(code=service, on=on)


def entity_number(code: str) -> int | None:
    """The number of the entity with this code; None for a code that nobody has."""
    return Entity.objects.filter(code=code).values_list("number", flat=True).first()


def services_of(entity: int, on: date) -> list[ServiceView]:
    """The services of an entity on a day, in the order of their Arabic names."""
    return _views(on, entity=entity)


def unpriced(on: date) -> list[Unpriced]:
    """The services offered on a day that the official list has no price for, by their owners."""
    found = (
        Service.objects.exclude(fee_lines__valid__contains=on)
        .exclude(withdrawals__valid__contains=on)
        .select_related("entity")
        .order_by("entity__name_sort", "name_sort")
    )
    return [
        Unpriced(
            row.pk,
            row.code,
            Text(row.name_ar, row.name_en),
            Text(row.entity.name_ar, row.entity.name_en),
        )
        for row in found
    ]


def fee_line(service: str, stage: str, on: date) -> FeeLineView | None:
    """The published cap of a stage on a day; None where no fee is published for it."""
    line = (
        FeeLine.objects.filter(service__code=service, stage=stage, valid__contains=on)
        .select_related("price_list")
        .first()
    )
    if line is None:
        return None
    return FeeLineView(line.pk, line.stage, line.baisa, line.unit, line.price_list.code)


def unit_of(fee_line: int) -> str:
    """What a fee line's charge is for each of: a request, or a page."""
    return str(FeeLine.objects.values_list("unit", flat=True).get(pk=fee_line))


def government_fee(service: str, answers: Mapping[str, Any], on: date) -> GovernmentFeeDue:
    """What the entity charges for a request with these cleaned answers. Raises NoSuchService."""
    fee = (
        ServiceDefinition.objects.filter(service__code=service, valid__contains=on)
        .values_list("government_fee", flat=True)
        .first()
    )
    if fee is None:
        raise NoSuchService(code=service, on=on)
    return government_fee_due(fee_from_json(fee), answers)


def search(words: str, *, limit: int = 10, on: date) -> list[Hit]:
    """The services offered on a day that the words mean best, best first.

    Forgives Arabic spelling, the article, one or two typos and the wrong keyboard layout; reads
    Arabic, English, the entity's name and everyday words. Nothing typed finds nothing.
    """
    folded = [search_fold(reading) for reading in readings(words[:LONGEST_QUERY])]
    parameters = {"readings": [one for one in folded if one], "on": on, "limit": limit}
    return [
        Hit(
            code=row["code"],
            name=Text(row["name_ar"], row["name_en"]),
            entity=_owner(row),
            score=row["score"],
        )
        for row in sql.rows("catalogue/search", parameters)
    ]


def listed(on: date) -> dict[str, ListedService]:
    """Every service by its code, and whether it is offered on a day."""
    return {
        row["code"]: ListedService(
            row["code"], Text(row["name_ar"], row["name_en"]), _owner(row), row["is_offered"]
        )
        for row in sql.rows("catalogue/listed", {"on": on})
    }


def entities() -> list[EntityView]:
    """Every entity with the number of its services, in the order of its Arabic name."""
    return [
        EntityView(row.number, row.code, Text(row.name_ar, row.name_en), row.count)
        for row in Entity.objects.annotate(count=Count("services")).order_by("name_sort")
    ]


def price_lists() -> list[PriceListView]:
    """Every published list, the newest first."""
    return [
        PriceListView(
            row.code,
            row.list_date,
            row.in_force_from,
            Text(row.source_title_ar, row.source_title_en),
            row.source_url,
        )
        for row in PriceList.objects.order_by("-in_force_from")
    ]


def sources() -> dict[str, Source]:
    """Every source by its code: what a `provenance` says of a field, in words."""
    return {
        row.code: Source(row.code, row.kind, Text(row.title_ar, row.title_en), row.url, row.date)
        for row in SourceRow.objects.all()
    }


def counts(on: date) -> dict[str, int]:
    """How many entities and services there are, and what is in force on a day."""
    definitions = ServiceDefinition.objects.filter(valid__contains=on)
    return {
        "entities": Entity.objects.count(),
        "services": Service.objects.count(),
        "services_in_full": definitions.filter(family="").count(),
        "fee_lines": FeeLine.objects.filter(valid__contains=on).count(),
        "price_lists": PriceList.objects.count(),
    }


def _views(on: date, **key: str | int) -> list[ServiceView]:
    asked = {"on": on, "code": None, "id": None, "entity": None, **key}
    return [_service_view(row) for row in sql.rows("catalogue/service", asked)]


def _service_view(row: dict[str, Any]) -> ServiceView:
    data = {name: _loaded(row[name]) for name in _JSON_COLUMNS}
    documents = data["documents"]
    return ServiceView(
        id=row["id"],
        code=row["code"],
        kind=row["kind"],
        name=Text(row["name_ar"], row["name_en"]),
        official_name_ar=row["official_name_ar"],
        entity=_owner(row),
        definition_id=row["definition_id"],
        definition_from=row["definition_from"],
        family=row["family"],
        description=Text(**data["description"]) if data["description"] else None,
        form=tuple(map(field_from_json, data["form"])),
        documents=None if documents is None else tuple(map(document_from_json, documents)),
        procedure=tuple(map(stage_from_json, data["procedure"])),
        government_fee=fee_from_json(data["government_fee"]),
        fee_lines={one["stage"]: FeeLineView(**one) for one in data["fee_lines"] or []},
        withdrawn_from=row["withdrawn_from"],
        provenance={**data["provenance"], **data["definition_provenance"]},
    )


def _owner(row: dict[str, Any]) -> EntityView:
    name = Text(row["entity_ar"], row["entity_en"])
    return EntityView(row["entity_number"], row["entity_code"], name)


_JSON_COLUMNS = (
    "provenance",
    "description",
    "form",
    "documents",
    "procedure",
    "government_fee",
    "definition_provenance",
    "fee_lines",
)


def _loaded(value: Any) -> Any:
    """Django's connection gives JSON columns of plain SQL as text."""
    return json.loads(value) if isinstance(value, str) else value
