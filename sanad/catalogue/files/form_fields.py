"""The fields of a form, and what forms and documents share: the libraries and the conditions."""

import re

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block
from sanad.catalogue.files.located import Located
from sanad.catalogue.files.registry import Registry
from sanad.catalogue.shapes import FIELD_TYPES, RELATIVE_DATES, Condition, Field, Option


def read_form(root: Block, library: Block) -> tuple[Field, ...]:
    """The fields under `form`, each its own or taken from the library by `use:`."""
    keys = Registry(root.file)
    blocks = (used(block, library) for block in root.blocks("form"))
    return tuple(_field(block, keys) for block in blocks if block)


def used(block: Block, library: Block, *, key: str = "key") -> Block | None:
    """The block laid over what it names by `use:`, whose name becomes its `key`."""
    name = block.text("use", required=False)
    if not name:
        return block
    found = library.items.get(name)
    if found is None or not isinstance(found.value, dict):
        block.note(faults.UNKNOWN_REFERENCE, "use", value=name, file=library.file)
        return None
    file, line = block.place_of("use")
    own = {name: value for name, value in block.items.items() if name != "use"}
    block.items = {**found.value, key: Located(name, line, file), **own}
    return block


def condition(block: Block, key: str) -> Condition | None:
    found = block.block(key, required=False)
    if found is None:
        return None
    read = Condition(found.text("field"), found.text("equals"))
    found.finish()
    return read


def need_choice(block: Block, key: str, form: tuple[Field, ...], name: str) -> Field | None:
    for field in form:
        if field.key == name and field.options:
            return field
    block.note(faults.NOT_A_CHOICE, key, value=name)
    return None


def _field(block: Block, keys: Registry) -> Field:
    key = block.text("key")
    keys.add(block, "key", key)
    pattern = block.text("pattern", required=False) or None
    _check_pattern(block, pattern)
    field = Field(
        key=key,
        type=block.one_of("type", FIELD_TYPES),
        label=block.pair("label"),
        help=block.pair("help"),
        guidance=block.pair("guidance"),
        required=block.flag("required", default=True),
        required_when=condition(block, "required_when"),
        min_length=block.whole("min_length", required=False),
        max_length=block.whole("max_length", low=1, required=False),
        pattern=pattern,
        relative=block.one_of("relative", RELATIVE_DATES, default="any"),
        min_baisa=block.whole("min_baisa", required=False),
        max_baisa=block.whole("max_baisa", required=False),
        options=tuple(_option(one) for one in block.blocks("options", required=False)),
    )
    if field.type == "choice" and not field.options:
        block.note(faults.MISSING, key="options")
    block.finish()
    return field


def _check_pattern(block: Block, pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error:
        block.note(faults.BAD_PATTERN, "pattern", value=pattern)


def _option(block: Block) -> Option:
    option = Option(block.text("value"), block.pair("label"))
    block.finish()
    return option
