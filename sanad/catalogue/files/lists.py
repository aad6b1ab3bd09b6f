"""Entities, services and price lists, each file read and checked by itself."""

from typing import Final

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block
from sanad.catalogue.files.definitions import read_fee
from sanad.catalogue.files.registry import (
    Registry,
    marked_fields,
    need_source,
    read_provenance,
)
from sanad.catalogue.shapes import (
    KINDS,
    STAGES,
    UNITS,
    Entity,
    PriceLine,
    PriceList,
    Provenance,
    Service,
    Source,
)
from sanad.lib.bilingual import Text

# Where it is known from that centres offer a service; a mark without a field of its own.
AT_CENTRES: Final = "at_centres"
FEES_WITHOUT_A_FORM: Final = ("fixed", "to_be_confirmed")


def read_entities(root: Block, sources: dict[str, Source], numbers: Registry) -> list[Entity]:
    provenance = read_provenance(root, sources)
    codes = Registry(root.file)
    entities = []
    for block in root.blocks("entities"):
        number, code = block.whole("number", low=1), block.text("code")
        numbers.add(block, "number", number)
        codes.add(block, "code", code)
        official, display, english = _names(block)
        aliases = block.texts("aliases")
        fields = ("number", "name_ar", "name_ar_display", "name_en", "aliases")
        marks = marked_fields(block, _with_own(block, provenance, sources), fields)
        block.finish()
        entities.append(Entity(number or 0, code, official, Text(display, english), aliases, marks))
    root.finish()
    return entities


def read_services(
    root: Block,
    sources: dict[str, Source],
    entities: Registry,
    codes: Registry,
    defined: set[str],
) -> list[Service]:
    provenance = read_provenance(root, sources)
    entity = root.whole("entity", low=1)
    entities.need(root, "entity", entity)
    services = []
    for block in root.blocks("services"):
        code = block.text("code")
        codes.add(block, "code", code)
        official, display, english = _names(block)
        kind = block.one_of("kind", KINDS)
        keywords = block.texts("keywords")
        also_known = block.texts("also_known")
        group = block.whole("list_group", low=1, required=False)
        fields = ("name_ar", "name_ar_display", "name_en", "kind", "keywords", "also_known")
        inherited = _with_own(block, provenance, sources)
        marks = marked_fields(block, inherited, fields)
        if AT_CENTRES in inherited:
            marks[AT_CENTRES] = inherited[AT_CENTRES]
        fee = block.block("government_fee", required=False)
        if fee and code in defined:
            fee.note(faults.FEE_TWICE, value=code)
        government_fee = read_fee(fee, (), sources, FEES_WITHOUT_A_FORM) if fee else None
        block.finish()
        services.append(
            Service(
                code=code,
                entity=entity or 0,
                official_name_ar=official,
                name=Text(display, english),
                kind=kind,
                keywords=keywords,
                list_group=group or entity or 0,
                provenance=marks,
                also_known=also_known,
                government_fee=government_fee,
            )
        )
    root.finish()
    return services


def read_price_list(
    root: Block, sources: dict[str, Source], services: Registry
) -> PriceList | None:
    code, source = root.text("price_list"), root.text("source")
    need_source(root, "source", source, sources)
    listed = root.day("list_date")
    demonstration = root.day("demonstration_in_force_from")
    if demonstration > listed:
        root.note(
            faults.DATES_REVERSED,
            "demonstration_in_force_from",
            value=demonstration,
            list_date=listed,
        )
    lines = _Lines(services).read(root.blocks("lines"))
    root.finish()
    if source not in sources:
        return None
    return PriceList(code, listed, demonstration, sources[source], tuple(lines))


class _Lines:
    """The lines of one list: no number twice, and one fee for a service and stage."""

    def __init__(self, services: Registry) -> None:
        self.services = services
        self.numbers = Registry("")
        self.first: dict[tuple[str, str], tuple[PriceLine, int]] = {}
        self.by_number: dict[int, PriceLine] = {}

    def read(self, blocks: list[Block]) -> list[PriceLine]:
        return [self._line(block) for block in blocks]

    def _line(self, block: Block) -> PriceLine:
        number = block.whole("line", low=1)
        line = PriceLine(
            line=number or 0,
            service=block.text("service"),
            stage=block.one_of("stage", STAGES),
            baisa=block.baisa("baisa"),
            unit=block.one_of("per", UNITS, default="request"),
            duplicate_of=block.whole("duplicate_of", low=1, required=False),
        )
        self.numbers.add(block, "line", number)
        self.services.need(block, "service", line.service)
        block.finish()
        self._check_repetition(block, line)
        self.by_number.setdefault(line.line, line)
        return line

    def _check_repetition(self, block: Block, line: PriceLine) -> None:
        if line.duplicate_of is not None:
            original = self.by_number.get(line.duplicate_of)
            if original is None or _what(original) != _what(line):
                block.note(
                    faults.NOT_A_DUPLICATE,
                    "duplicate_of",
                    value=line.duplicate_of,
                )
            return
        first, where = self.first.setdefault(
            (line.service, line.stage), (line, block.place_of("line")[1])
        )
        if first is not line:
            block.note(
                faults.OVERLAP,
                "stage",
                stage=line.stage,
                service=line.service,
                line=where,
                source_line=first.line,
            )


def _what(line: PriceLine) -> tuple[str, str, int, str]:
    return line.service, line.stage, line.baisa, line.unit


def _names(block: Block) -> tuple[str, str, str]:
    """The official Arabic name, the one to show, and the English name."""
    official, english = block.text("name_ar"), block.text("name_en")
    return official, block.text("name_ar_display", required=False) or official, english


def _with_own(block: Block, inherited: Provenance, sources: dict[str, Source]) -> Provenance:
    return {**inherited, **read_provenance(block, sources)}
