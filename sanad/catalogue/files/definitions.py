"""Definitions: the form, the documents, the steps and the government fee of a service."""

from dataclasses import dataclass
from typing import Final

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block
from sanad.catalogue.files.form_fields import condition, need_choice, read_form, used
from sanad.catalogue.files.registry import Registry, need_source, read_provenance
from sanad.catalogue.shapes import (
    FEE_KINDS,
    RESPONSIBLE,
    TIME_UNITS,
    Definition,
    Document,
    Field,
    GovernmentFee,
    ProcedureStage,
    Provenance,
    Source,
    Target,
)
from sanad.lib.bilingual import Text

NOT_PUBLISHED = "not-published"
UNKNOWN_FEE: Final = GovernmentFee("to_be_confirmed", NOT_PUBLISHED, Text("", ""))
PARTS = ("form", "documents", "procedure", "government_fee")


@dataclass(frozen=True, slots=True)
class Libraries:
    """What definitions may name with `use:`, and the sources they may name."""

    fields: Block
    documents: Block
    stages: Block
    sources: dict[str, Source]


def read_definition(root: Block, services: Registry, libraries: Libraries) -> Definition:
    service = root.text("service")
    services.need(root, "service", service)
    provenance = read_provenance(root, libraries.sources)
    for part in PARTS:
        if part not in provenance:
            root.note(faults.UNMARKED, part, key=part)
    form = read_form(root, libraries.fields)
    definition = Definition(
        service=service,
        in_force_from=root.day("in_force_from"),
        description=root.pair("description"),
        form=form,
        documents=read_documents(root, form, provenance, libraries),
        procedure=read_procedure(root, provenance, libraries),
        government_fee=_government_fee(root, form, libraries.sources),
        provenance=provenance,
    )
    root.finish(also=("provenance",))
    return definition


def read_procedure(
    root: Block, provenance: Provenance, libraries: Libraries
) -> tuple[ProcedureStage, ...]:
    codes = Registry(root.file)
    stages = []
    for raw in root.blocks("procedure"):
        block = used(raw, libraries.stages, key="code")
        if block is None:
            continue
        code = block.text("code")
        codes.add(block, "code", code)
        own = block.text("provenance", required=False)
        need_source(block, "provenance", own, libraries.sources)
        stages.append(
            ProcedureStage(
                code=code,
                responsible=block.one_of("responsible", RESPONSIBLE),
                name=block.pair("name"),
                target=_target(block),
                may_return=block.flag("may_return", default=False),
                provenance=own or provenance.get("procedure", ""),
            )
        )
        block.finish()
    return tuple(stages)


def read_documents(
    root: Block, form: tuple[Field, ...], provenance: Provenance, libraries: Libraries
) -> tuple[Document, ...]:
    codes = Registry(root.file)
    documents = []
    for raw in root.blocks("documents"):
        block = used(raw, libraries.documents)
        if block is None:
            continue
        code = block.text("key")
        codes.add(block, "key", code)
        own = block.text("provenance", required=False)
        need_source(block, "provenance", own, libraries.sources)
        document = Document(
            code=code,
            name=block.pair("name"),
            why=block.pair("why"),
            required=block.flag("required", default=True),
            when=condition(block, "when"),
            file_types=block.texts("file_types", required=True),
            must_be_in_date=block.flag("must_be_in_date", default=False),
            valid_for_days=block.whole("valid_for_days", low=1, required=False),
            provenance=own or provenance.get("documents", ""),
        )
        if document.when is not None:
            need_choice(block, "when", form, document.when.field)
        block.finish()
        documents.append(document)
    return tuple(documents)


def _target(block: Block) -> Target | None:
    found = block.block("target", required=False)
    if found is None:
        return None
    target = Target(found.whole("amount", low=1) or 0, found.one_of("unit", TIME_UNITS))
    found.finish()
    return target


def _government_fee(
    root: Block, form: tuple[Field, ...], sources: dict[str, Source]
) -> GovernmentFee:
    block = root.block("government_fee")
    if block is None:
        return UNKNOWN_FEE
    return read_fee(block, form, sources, FEE_KINDS)


def read_fee(
    block: Block, form: tuple[Field, ...], sources: dict[str, Source], kinds: tuple[str, ...]
) -> GovernmentFee:
    kind, source = block.one_of("kind", kinds), block.text("provenance")
    need_source(block, "provenance", source, sources)
    fee = GovernmentFee(
        kind=kind,
        provenance=source,
        note=block.pair("note"),
        baisa=block.baisa("baisa") if kind == "fixed" else None,
        by=block.text("by") if kind == "table" else None,
        rows=_rows(block) if kind == "table" else {},
    )
    if fee.by:
        _check_table(block, form, fee)
    block.finish()
    return fee


def _rows(block: Block) -> dict[str, int]:
    rows = block.block("rows")
    return {value: rows.baisa(value) for value in rows.items} if rows else {}


def _check_table(block: Block, form: tuple[Field, ...], fee: GovernmentFee) -> None:
    field = need_choice(block, "by", form, fee.by or "")
    if field is None:
        return
    known = [option.value for option in field.options]
    if sorted(known) != sorted(fee.rows):
        block.note(faults.TABLE_INCOMPLETE, "rows", by=fee.by, known=", ".join(known))
