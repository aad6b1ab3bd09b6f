"""How initiatives, their effects and their stop rules are said."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanad.lab.portfolio import turns
from sanad.lab.roadmap.facts import ABOVE, EffectFact, StopRule
from sanad.lab.roadmap.plan import NO_RULE, NOT_BEGUN, NOT_REACHED, REACHED, UNKNOWN
from sanad.lab.roadmap.stages import Stage
from sanad.lib.bilingual import Text
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_
from sanad.oversight.kpis import BAISA, COUNT, DAYS, KPIS, MINUTES, PERCENT

STAGES: Final[dict[str, str]] = {
    Stage.IDEA: N_("Idea"), Stage.STUDIED: N_("Studied"), Stage.CHOSEN: N_("Chosen"),
    Stage.RUNNING: N_("Under way"), Stage.DONE: N_("Finished"), Stage.STOPPED: N_("Given up"),
}  # fmt: skip
STEPS: Final[dict[str, str]] = {
    Stage.IDEA: N_("Take it back to an idea"), Stage.STUDIED: N_("Mark it as studied"),
    Stage.CHOSEN: N_("Choose it"), Stage.RUNNING: N_("Start it"),
    Stage.DONE: N_("Mark it as finished"), Stage.STOPPED: N_("Give the initiative up"),
}  # fmt: skip
CHANGES: Final[dict[str, str]] = {
    "made": N_("Proposed"), "changed": N_("Changed"), "milestone": N_("Milestone recorded"),
    **STAGES,
}  # fmt: skip
STOPS: Final[dict[str, str]] = {
    NO_RULE: N_("Only in words; nothing is measured"),
    REACHED: N_("The stop rule is reached: decide whether to give it up"),
    NOT_REACHED: N_("The stop rule is not reached"),
    NOT_BEGUN: N_("The stop rule counts once it has begun"),
    UNKNOWN: N_("There is no figure to measure it by yet"),
}
WHY: Final[dict[str, str]] = {
    turns.FORCED: N_("The wish decides it, whatever it is worth or costs"),
    turns.NEEDED: N_("No fall of its value alone drops it"),
    turns.IMPOSSIBLE: N_("No rise of its value alone brings it in: it does not fit into the plan"),
    turns.FREE: N_("It costs nothing within the plan"),
    turns.NOT_BY_COST: N_("No cost change alone would"),
    turns.NOT_IN_TIME: N_("The time did not reach to it"),
}
UNITS: Final[dict[str, str]] = {
    COUNT: "{n}", MINUTES: N_("{n} min"), DAYS: N_("{n} days"), PERCENT: "{n}%",
    BAISA: N_("{n} rials"),
}  # fmt: skip


def figure(kpi: str, value: float | None, *, signed: bool = False) -> str:
    """A KPI's value, or a change of it, with its unit."""
    if value is None or kpi not in KPIS:
        return "–"
    unit = KPIS[kpi].unit
    size = abs(value) if signed else value
    text = format_omr(round(size)) if unit == BAISA else f"{size:,.10g}"
    if unit != BAISA and not float(size).is_integer():
        text = f"{size:,.2f}" if abs(size) < 10 else f"{size:,.1f}"
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    return _(UNITS[unit]).format(n=f"{sign}{text}")


def band(effect: EffectFact) -> str:
    """An effect's range."""
    low, high = (figure(effect.kpi, end, signed=True) for end in (effect.low, effect.high))
    return _("{low} to {high}").format(low=low, high=high)


def kpi_name(kpi: str) -> Text:
    return KPIS[kpi].name if kpi in KPIS else Text(kpi, kpi)


def rule(stop: StopRule) -> str:
    """The measurable part of a stop rule."""
    if not stop.kpi:
        return ""
    facts = {"kpi": here(kpi_name(stop.kpi)), "value": figure(stop.kpi, stop.threshold)}
    if stop.side == ABOVE:
        return _("“{kpi}” above {value}").format(**facts)
    return _("“{kpi}” below {value}").format(**facts)


def effects(found: tuple[EffectFact, ...], baselines: Mapping[str, float | None]) -> list[Any]:
    """Rows of a table: KPI, baseline, target, effect."""
    return [
        {
            "kpi": kpi_name(one.kpi), "baseline": figure(one.kpi, baselines.get(one.kpi)),
            "target": figure(one.kpi, one.target), "mid": figure(one.kpi, one.mid, signed=True),
            "band": band(one), "effect": one,
        }
        for one in found
    ]  # fmt: skip


def here(text: Text) -> str:
    return text.in_language(get_language() or "ar")


def refusal(said: dict[str, Any] | None) -> str:
    """A refusal that was kept, in the reader's language."""
    if said is None:
        return ""
    facts = {
        name: here(Text(**value)) if isinstance(value, dict) else value
        for name, value in said["facts"].items()
    }
    return _(str(said["sentence"])).format(**facts)
