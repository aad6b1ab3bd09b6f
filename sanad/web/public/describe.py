"""A service's facts in the shape of its page: conditions, prices, steps and sources in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import STAGE_NAMES, PriceListView, ServiceView, Source
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_

# What a reader is told about where a fact comes from.
SOURCE_KINDS: Final = {
    "official-list": N_("official price list"),
    "public-directory": N_("public directory of government services"),
    "verified-page": N_("page of the entity"),
    "our-translation": N_("our translation"),
    "our-correction": N_("our correction of the spelling"),
    "our-classification": N_("our classification"),
    "our-keywords": N_("our search words"),
    "assumption": N_("our assumption, not published"),
    "not-published": N_("not published"),
}
HOLDERS: Final = {
    "centre": N_("The centre"),
    "entity": N_("The entity"),
    "person": N_("You"),
}


@dataclass(frozen=True)
class Condition:
    """Only for who answers a question of the form in one way."""

    question: Text
    answer: Text


@dataclass(frozen=True)
class DocumentShown:
    name: Text
    why: Text
    required: bool
    condition: Condition | None
    must_be_in_date: bool
    valid_for_days: int | None
    source: Source | None


@dataclass(frozen=True)
class CentreCharge:
    """The most a centre may charge for a stage."""

    stage: Text
    baisa: int
    is_by_page: bool


@dataclass(frozen=True)
class GovernmentLine:
    """A line of the entity's own fee: for everybody, or for one answer of the form."""

    label: Text | None
    baisa: int


@dataclass(frozen=True)
class StageShown:
    name: Text
    holder: str
    amount: int | None
    unit: str
    may_return: bool
    source: Source | None


@dataclass(frozen=True)
class ServiceShown:
    """Everything the page of a service says beyond its name."""

    documents: list[DocumentShown] | None
    charges: list[CentreCharge]
    price_list: PriceListView | None
    government: list[GovernmentLine]
    government_question: Text | None
    government_source: Source | None
    stages: list[StageShown]
    document_source: Source | None
    sources: list[tuple[str, Source]]


def describe(service: ServiceView) -> ServiceShown:
    """Answers all of the page's questions; reads the price lists and the sources."""
    sources = catalogue.sources()
    fee = service.government_fee
    return ServiceShown(
        documents=_documents(service, sources),
        charges=_charges(service),
        price_list=_price_list(service),
        government=_government(service),
        government_question=_question(service, fee.by),
        government_source=sources.get(fee.provenance),
        stages=_stages(service, sources),
        document_source=sources.get(service.provenance.get("documents", "")),
        sources=_named(_used(service), sources),
    )


def _documents(service: ServiceView, sources: dict[str, Source]) -> list[DocumentShown] | None:
    if service.documents is None:
        return None
    return [
        DocumentShown(
            name=one.name,
            why=one.why,
            required=one.required,
            condition=_condition(service, one.when),
            must_be_in_date=one.must_be_in_date,
            valid_for_days=one.valid_for_days,
            source=sources.get(one.provenance),
        )
        for one in service.documents
    ]


def _condition(service: ServiceView, when: Any) -> Condition | None:
    if when is None:
        return None
    asked = next((field for field in service.form if field.key == when.field), None)
    answer = asked and next((o.label for o in asked.options if o.value == when.equals), None)
    return Condition(asked.label, answer) if asked and answer else None


def _charges(service: ServiceView) -> list[CentreCharge]:
    """In the order in which the stages come."""
    lines = service.fee_lines
    return [
        CentreCharge(name, lines[stage].baisa, lines[stage].unit == "page")
        for stage, name in STAGE_NAMES.items()
        if stage in lines
    ]


def _price_list(service: ServiceView) -> PriceListView | None:
    codes = {line.price_list for line in service.fee_lines.values()}
    return next((one for one in catalogue.price_lists() if one.code in codes), None)


def _government(service: ServiceView) -> list[GovernmentLine]:
    fee = service.government_fee
    if fee.kind == "fixed" and fee.baisa is not None:
        return [GovernmentLine(None, fee.baisa)]
    asked = next((field for field in service.form if field.key == fee.by), None)
    labels = {option.value: option.label for option in asked.options} if asked else {}
    return [GovernmentLine(labels.get(value), baisa) for value, baisa in fee.rows.items()]


def _question(service: ServiceView, key: str | None) -> Text | None:
    return next((field.label for field in service.form if field.key == key), None)


def _stages(service: ServiceView, sources: dict[str, Source]) -> list[StageShown]:
    return [
        StageShown(
            name=one.name,
            holder=HOLDERS[one.responsible],
            amount=one.target.amount if one.target else None,
            unit=one.target.unit if one.target else "",
            may_return=one.may_return,
            source=sources.get(one.provenance),
        )
        for one in service.procedure
    ]


def _used(service: ServiceView) -> Iterable[str]:
    yield from service.provenance.values()
    yield service.government_fee.provenance
    for group in (service.documents or (), service.procedure):
        yield from (one.provenance for one in group)


def _named(codes: Iterable[str], sources: dict[str, Source]) -> list[tuple[str, Source]]:
    """Each source once, with the kind of thing it is."""
    once = dict.fromkeys(code for code in codes if code in sources)
    return [(SOURCE_KINDS.get(sources[code].kind, ""), sources[code]) for code in once]
