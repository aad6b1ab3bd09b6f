"""The open catalogue: services, prices, forms, for any program and without an account."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from sanad.api.problems import responses
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import ServiceView
from sanad.catalogue.shapes import as_json
from sanad.db.scope import acting, public_scope
from sanad.lib import clock
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date

MOST_FOUND = 20


class Name(Schema):
    """The same in Arabic and in English."""

    ar: str
    en: str


class EntityOut(Schema):
    number: int
    code: str
    name: Name


class ServiceLine(Schema):
    """A service in a list. `offered` is false while its entity has withdrawn it."""

    code: str
    name: Name
    entity: EntityOut
    kind: str
    offered: bool


class Charge(Schema):
    """The most a centre may charge for a stage, in baisa for each `unit`."""

    stage: str
    baisa: int
    unit: str
    price_list: str


class ServiceDetail(ServiceLine):
    """A service as it stands today.

    `documents` is null where the entity publishes no list; `form_schema` is JSON Schema 2020-12;
    `provenance` names the source of each fact.
    """

    description: Name | None
    charges: list[Charge]
    government_fee: dict[str, Any]
    documents: list[dict[str, Any]] | None
    procedure: list[dict[str, Any]]
    form_schema: dict[str, Any]
    general_request: bool = Field(
        description="The owner has published no form: form, documents and steps are assumed."
    )
    provenance: dict[str, str]


router = Router(tags=["public"])


@router.get(
    "/services",
    response=list[ServiceLine],
    summary="Every service, or those of an entity, or the best matches of some words",
)
def services(request: HttpRequest, q: str = "", entity: str = "") -> list[dict[str, Any]]:
    """About 400 lines at most. `q` forgives spelling and finds at most 20, the best first."""
    today = business_date(clock.now())
    with acting(public_scope()):
        if q:
            found = [
                catalogue.service(hit.code, today)
                for hit in catalogue.search(q, limit=MOST_FOUND, on=today)
            ]
        else:
            found = [
                one
                for owner in catalogue.entities()
                if not entity or owner.code == entity
                for one in catalogue.services_of(owner.number, today)
            ]
    return [_line(one) for one in found if not entity or one.entity.code == entity]


@router.get(
    "/services/{slug:code}",
    response=ServiceDetail,
    summary="One service: what to bring, what it costs, how long it takes",
    openapi_extra={"responses": responses(HTTPStatus.NOT_FOUND)},
)
def service(request: HttpRequest, code: str) -> dict[str, Any]:
    """The service of today, also while it is withdrawn."""
    with acting(public_scope()):
        found = catalogue.service(code, business_date(clock.now()))
    return _line(found) | {
        "description": _name(found.description) if found.description else None,
        "charges": [
            {
                "stage": line.stage,
                "baisa": line.baisa,
                "unit": line.unit,
                "price_list": line.price_list,
            }
            for line in found.fee_lines.values()
        ],
        "government_fee": as_json(found.government_fee),
        "documents": as_json(found.documents),
        "procedure": as_json(found.procedure),
        "form_schema": catalogue.form_schema(found.form),
        "general_request": not found.is_in_full,
        "provenance": found.provenance,
    }


def _line(found: ServiceView) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": _name(found.name),
        "entity": {
            "number": found.entity.number,
            "code": found.entity.code,
            "name": _name(found.entity.name),
        },
        "kind": found.kind,
        "offered": found.is_offered,
    }


def _name(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}
