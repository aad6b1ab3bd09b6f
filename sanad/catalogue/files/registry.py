"""Who is already there: codes across all files of a folder, each with its place."""

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block
from sanad.catalogue.shapes import SOURCE_KINDS, Provenance, Source


class Registry:
    """The codes of one kind of thing. `home` is the file to which a missing one may be added."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._places: dict[str, tuple[str, int]] = {}

    def __contains__(self, code: object) -> bool:
        return str(code) in self._places

    def place(self, code: str) -> tuple[str, int]:
        """File and line of a code that is there."""
        return self._places[code]

    def add(self, block: Block, key: str, code: object) -> None:
        """Take a code; note it when somebody has it already."""
        if code in (None, ""):
            return
        file, line = self._places.setdefault(str(code), block.place_of(key))
        if (file, line) != block.place_of(key):
            block.note(faults.TAKEN, key, key=key, value=code, file=file, line=line)

    def need(self, block: Block, key: str, code: object) -> bool:
        """Whether the code is there; note it when not."""
        if code in (None, "") or code in self:
            return code in self
        block.note(
            faults.UNKNOWN_REFERENCE,
            key,
            value=code,
            file=self.home,
        )
        return False


def read_sources(root: Block) -> dict[str, Source]:
    sources = {}
    listed = root.block("sources")
    for code in listed.items if listed else ():
        block = listed.block(code) if listed else None
        if block is not None:
            sources[code] = _source(code, block)
    root.finish()
    return sources


def _source(code: str, block: Block) -> Source:
    dated = block.value("date", required=False) is not None
    source = Source(
        code=code,
        kind=block.one_of("kind", SOURCE_KINDS),
        title=block.pair("title"),
        url=block.text("url", required=False) or None,
        date=block.day("date") if dated else None,
    )
    block.text("note", required=False)
    block.finish()
    return source


def read_provenance(block: Block, sources: dict[str, Source]) -> Provenance:
    """The `provenance` of a file or an item: which source each field has."""
    marked = block.block("provenance", required=False)
    found: Provenance = {}
    for field in marked.items if marked else ():
        source = marked.text(field) if marked else ""
        if source and marked:
            need_source(marked, field, source, sources)
            found[field] = source
    return found


def need_source(block: Block, key: str, source: str, sources: dict[str, Source]) -> None:
    if source and source not in sources:
        block.note(
            faults.UNKNOWN_REFERENCE,
            key,
            value=source,
            file="sources.yaml",
        )


def marked_fields(block: Block, provenance: Provenance, fields: tuple[str, ...]) -> Provenance:
    """The provenance of the fields that are filled in; note each that has none."""
    filled = [field for field in fields if block.value(field, required=False) is not None]
    for field in filled:
        if field not in provenance:
            block.note(faults.UNMARKED, field, key=field)
    return {field: provenance[field] for field in filled if field in provenance}
