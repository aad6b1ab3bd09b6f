"""The executive programme as PDF, in Arabic or in English, set by typst."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings

from sanad.lib.money import format_omr

TEMPLATE: Final = Path(__file__).parents[1] / "print" / "programme.typ"
WEIGHTS: Final = ("400Regular", "600SemiBold", "700Bold")
# Latin words, codes and numbers inside Arabic text stand in one piece, left to right.
_LATIN: Final = re.compile(r"[−+]?[A-Za-z0-9](?:[A-Za-z0-9 .,:/_%=+\-–−]*[A-Za-z0-9%])?%?")
_ISOLATE: Final = "\u2066{}\u2069"
AS_THEY_ARE: Final = frozenset(
    {"language", "quarters", "code", "start", "end", "made_at", "digest", "code_version",
     "baseline_quarter", "filled_at", "portfolio", "solved_by", "spent", "budget", "left", "cost",
     "review", "planned", "actual", "year"}
)  # fmt: skip


def pdf(data: dict[str, Any]) -> bytes:
    """The bytes of the PDF."""
    said = json.dumps(_said(_written(data), data["language"]), ensure_ascii=False)
    made = _compiler().compile(str(TEMPLATE), format="pdf", sys_inputs={"data": said})
    assert isinstance(made, bytes)
    return made


def _written(data: dict[str, Any]) -> dict[str, Any]:
    """Amounts as they are read; what files for machines need is left out."""
    years = [
        {
            "year": str(one["year"]), "spent": format_omr(one["spent_baisa"]),
            "budget": format_omr(one["budget_baisa"]),
            "left": format_omr(one["budget_baisa"] - one["spent_baisa"]),
            "part": one["spent_baisa"] / one["budget_baisa"] if one["budget_baisa"] else 0.0,
        }
        for one in data["years"]
    ]  # fmt: skip
    spent = sum(one["spent_baisa"] for one in data["years"])
    budget = sum(one["budget_baisa"] for one in data["years"])
    bars = [
        {
            **bar, "cost": format_omr(bar["cost_baisa"]),
            "effects": [{k: v for k, v in e.items() if k != "numbers"} for e in bar["effects"]],
        }
        for bar in data["bars"]
    ]  # fmt: skip
    total = {"spent": format_omr(spent), "budget": format_omr(budget),
             "left": format_omr(budget - spent)}  # fmt: skip
    left = {name: value for name, value in data.items() if name != "stamp"}
    return left | {"years": years, "bars": bars, "total": total}


def _said(value: Any, language: str, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _said(one, language, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_said(one, language, name) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and language == "ar" and name not in AS_THEY_ARE:
        return _LATIN.sub(lambda run: _ISOLATE.format(run[0]), value)
    return value


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process: fonts are read once. System fonts never decide how we look."""
    fonts = settings.HOME / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
    return typst.Compiler(
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts / weight) for weight in WEIGHTS],
        ignore_system_fonts=True,
    )
