"""The aims of Oman Vision 2040 that an initiative can serve."""

from functools import cache
from pathlib import Path

import yaml

from sanad.lib.bilingual import Text

FILE = Path(__file__).parents[1] / "data" / "vision_2040.yaml"


@cache
def priorities() -> dict[str, Text]:
    """The names by code, as the file has them."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {one["code"]: Text(**one["name"]) for one in found["priorities"]}


@cache
def is_checked() -> bool:
    """Whether somebody has held the names against their source."""
    return bool(yaml.safe_load(FILE.read_text(encoding="utf-8"))["checked"])
