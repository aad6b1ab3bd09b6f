"""Loads a whole catalogue: the set-up's way in. Everything or nothing, and safe to repeat."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sanad.catalogue import shapes
from sanad.catalogue.actions import publish_price_list
from sanad.catalogue.files import read_catalogue
from sanad.catalogue.folding import search_fold
from sanad.catalogue.models import Entity, Service, ServiceDefinition, Source
from sanad.catalogue.rules import DefinitionChanged
from sanad.catalogue.shapes import Catalogue, Definition, as_json
from sanad.db import sql
from sanad.lib.ar_norm import ar_norm

PARTS = ("family", "description", "form", "documents", "procedure", "government_fee", "provenance")


@transaction.atomic
def load_catalogue(
    *,
    catalogue: Catalogue | None = None,
    demonstration: bool,
    at: datetime,
    by: UUID | None = None,
) -> dict[str, int]:
    """Load entities, services, definitions and price lists; how many of each are new.

    Without `catalogue` the project's own data folder is read. A demonstration puts each list in
    force on its `demonstration_in_force_from`, a real network on the list's own date. Names and
    search words are brought up to date; dated rows are only added and closed.

    Raises CatalogueRefused, DefinitionChanged and what `publish_price_list` raises; then nothing
    is changed.
    """
    found = catalogue or read_catalogue()
    before = (Entity.objects.count(), Service.objects.count())
    _load_sources(found)
    _load_entities(found.entities)
    _load_services(found)
    definitions = _load_definitions(found.definitions)
    lines = 0
    for price_list in found.price_lists:
        start = price_list.demonstration_in_force_from if demonstration else price_list.list_date
        lines += publish_price_list(price_list=price_list, in_force_from=start, at=at, by=by)
    return {
        "entities": Entity.objects.count() - before[0],
        "services": Service.objects.count() - before[1],
        "definitions": definitions,
        "fee_lines": lines,
    }


def _load_sources(catalogue: Catalogue) -> None:
    rows = [
        Source(
            code=source.code,
            kind=source.kind,
            title_ar=source.title.ar,
            title_en=source.title.en,
            url=source.url or "",
            date=source.date,
        )
        for source in catalogue.sources.values()
    ]
    _upsert(Source, rows, key="code")


def _load_entities(entities: tuple[shapes.Entity, ...]) -> None:
    rows = [
        Entity(
            number=entity.number,
            code=entity.code,
            official_name_ar=entity.official_name_ar,
            name_ar=entity.name.ar,
            name_en=entity.name.en,
            name_sort=ar_norm(entity.name.ar),
            aliases=list(entity.aliases),
            provenance=entity.provenance,
        )
        for entity in entities
    ]
    _upsert(Entity, rows, key="number")


def _load_services(catalogue: Catalogue) -> None:
    entities = {entity.number: entity for entity in catalogue.entities}
    rows = [_service_row(one, entities[one.entity]) for one in catalogue.services]
    _upsert(Service, rows, key="code")


def _service_row(service: shapes.Service, entity: shapes.Entity) -> Service:
    keywords = " ".join((*service.keywords, *service.also_known))
    owner = " ".join((entity.name.ar, entity.name.en, *entity.aliases))
    return Service(
        code=service.code,
        entity_id=service.entity,
        official_name_ar=service.official_name_ar,
        name_ar=service.name.ar,
        name_en=service.name.en,
        name_sort=ar_norm(service.name.ar),
        kind=service.kind,
        keywords=list(service.keywords),
        list_group=service.list_group,
        fold_ar=search_fold(service.name.ar),
        fold_en=search_fold(service.name.en),
        fold_all=search_fold(f"{service.name.ar} {service.name.en} {keywords} {owner}"),
        provenance=service.provenance,
    )


def _upsert(model: Any, rows: list[Any], *, key: str) -> None:
    columns = [field.name for field in model._meta.fields if field.name not in {"id", key}]
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=columns
    )


def _load_definitions(definitions: tuple[Definition, ...]) -> int:
    services = dict(Service.objects.values_list("code", "id"))
    kept = {(row.service_id, row.valid.lower): row for row in ServiceDefinition.objects.all()}
    new = []
    for definition in sorted(definitions, key=lambda one: one.in_force_from):
        row = _definition_row(definition, services[definition.service])
        old = kept.get((row.service_id, definition.in_force_from))
        if old is None:
            sql.execute(
                "catalogue/close_definition",
                {"service": row.service_id, "on": definition.in_force_from},
            )
            row.save()
            new.append(row)
        elif any(getattr(old, part) != getattr(row, part) for part in PARTS):
            raise DefinitionChanged(
                service=definition.service, in_force_from=definition.in_force_from
            )
    return len(new)


def _definition_row(definition: Definition, service: int) -> ServiceDefinition:
    return ServiceDefinition(
        service_id=service,
        valid=DateRange(definition.in_force_from, None),
        family=definition.family or "",
        description=as_json(definition.description),
        form=as_json(definition.form),
        documents=as_json(definition.documents),
        procedure=as_json(definition.procedure),
        government_fee=as_json(definition.government_fee),
        provenance=definition.provenance,
    )
