"""The executive programme as plain values in one language, from which every file is made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from sanad.lab.roadmap import vision
from sanad.lab.roadmap.baseline import Baselines
from sanad.lab.roadmap.facts import ABOVE, EffectFact, Facts
from sanad.lab.roadmap.plan import Bar, Roadmap
from sanad.lab.roadmap.programme_words import STAGES, STOPS, WORDS
from sanad.lib.bilingual import Text
from sanad.lib.business_day import in_muscat
from sanad.lib.money import format_omr
from sanad.oversight.kpis import BAISA, COUNT, KPIS, PERCENT, UNITS

LANGUAGES: Final = ("ar", "en")
SIDES: Final = {ABOVE: Text("فوق", "above"), "below": Text("دون", "below")}


def programme(
    found: Roadmap, kpis: Baselines, *, language: str, at: datetime, code_version: str
) -> dict[str, Any]:  # fmt: skip
    """Everything that the files say: texts of one language, days as days, amounts in baisa."""

    def said(text: Text) -> str:
        return text.in_language(language)

    names = {
        one.code: said(one.name) for one in found.instance.initiatives
    }  # fmt: skip
    portfolio = found.portfolio
    result = portfolio.result or {}
    turns = {one["code"]: one for one in result.get("turns", [])}
    bars = [_bar(bar, kpis.values, names, turns, language) for bar in found.bars]
    starts = {one["code"]: one["start"] for one in result.get("chosen", [])}
    return {
        "language": language,
        "words": {name: said(text) for name, text in WORDS.items()},
        "title": portfolio.title,
        "is_example": found.is_example,
        "is_simulated": bool(settings.SANAD_DEMONSTRATION),
        "made_at": f"{in_muscat(at):%Y-%m-%d %H:%M}",
        "stamp": at,
        "quarters": [str(quarter) for quarter in found.instance.horizon],
        "years": [
            {"year": year, "spent_baisa": spent, "budget_baisa": found.instance.budget_baisa[year]}
            for year, spent in found.spent_baisa.items()
        ],
        "bars": bars,
        "left_out": [
            {
                "code": one.code,
                "name": names[one.code],
                "turn": _turn(turns.get(one.code), language),
            }
            for one in found.left_out
        ],
        "value": {
            end: f"{part / 1000:,.1f}"
            for end, part in _value(found).items()
        },
        "proven": bool(result.get("proven")),
        "gap": f"{result.get('gap_percent', 0):.2f}%",
        "is_confirmed": _is_confirmed(turns),
        "is_moved": starts != portfolio.starts,
        "assumed": [bar["name"] for bar in bars if bar["assumed"]],
        "is_all_assumed": all(bar["assumed"] for bar in bars),
        "scales": [
            {
                "kpi": said(_kpi_name(kpi)), "scale": figure(kpi, scale, language),
                "weight": f"{portfolio.asked['weights'].get(kpi, 1):g}",
            }
            for kpi, scale in portfolio.asked["scales"].items()
        ],
        "baseline_quarter": str(kpis.quarter),
        "filled_at": f"{in_muscat(kpis.filled_at):%Y-%m-%d %H:%M}" if kpis.filled_at else "",
        "digest": portfolio.digest[:16],
        "code_version": code_version,
        "solved_by": portfolio.code_version,
        "portfolio": str(portfolio.id),
    }  # fmt: skip


def figure(kpi: str, value: float | None, language: str, *, signed: bool = False) -> str:
    """A KPI's value, or a change of it, with its unit."""
    if value is None or kpi not in KPIS:
        return "–"
    unit = KPIS[kpi].unit
    size = abs(value)
    text = f"{size:,.0f}" if float(size).is_integer() else f"{size:,.{2 if size < 10 else 1}f}"
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    if unit == BAISA:
        return f"{sign}{format_omr(round(size))} {WORDS['rials'].in_language(language)}"
    if unit == PERCENT:
        return f"{sign}{text}%"
    return f"{sign}{text}" + ("" if unit == COUNT else f" {UNITS[unit].in_language(language)}")


def _value(found: Roadmap) -> dict[str, int]:
    value = found.instance.value_of({bar.code: bar.number for bar in found.bars})
    return {"low": value.low, "mid": value.mid, "high": value.high}


def _bar(
    bar: Bar, values: Mapping[str, float | None], names: Mapping[str, str],
    turns: Mapping[str, Any], language: str,
) -> dict[str, Any]:  # fmt: skip
    facts = bar.initiative.facts

    def said(text: Text) -> str:
        return text.in_language(language)

    def called(codes: tuple[str, ...]) -> list[str]:
        return [names.get(code, code) for code in codes]

    return {
        "code": facts.code, "name": said(facts.name), "words": said(facts.words),
        "owner": said(facts.owner), "entity": said(facts.entity),
        "stage": said(STAGES[bar.initiative.stage]), "start": str(bar.start), "end": str(bar.end),
        "first_day": bar.start.first_day, "last_day": bar.end.last_day,
        "first": bar.number, "span": facts.duration,
        "cost_baisa": bar.cost_baisa, "after": called(facts.after),
        "one_of": called(facts.one_of), "excludes": called(facts.excludes),
        "legal": said(facts.legal), "review": facts.review,
        "stop": said(facts.stop.words), "rule": _rule(facts, language),
        "stop_state": said(STOPS[bar.stop]),
        "measured": figure(facts.stop.kpi, bar.measured, language) if facts.stop.kpi else "",
        "vision": said(vision.priorities()[facts.vision]) if facts.vision else "",
        "vision_checked": vision.is_checked(), "assumed": facts.is_assumed,
        "effects": [_effect(one, values, language) for one in facts.effects],
        "milestones": [
            {"name": said(one.name), "planned": one.planned, "actual": one.actual}
            for one in facts.milestones
        ],
        "turn": _turn(turns.get(facts.code), language),
    }  # fmt: skip


def _effect(
    one: EffectFact, values: Mapping[str, float | None], language: str
) -> dict[str, Any]:  # fmt: skip
    baseline = values.get(one.kpi)
    source = (
        f"{WORDS['assumed'].in_language(language)}: {one.reasoning.in_language(language)}"
        if one.is_assumed
        else f"{WORDS['studied'].in_language(language)} {one.study}"
    )
    return {
        "kpi": _kpi_name(one.kpi).in_language(language),
        "baseline": figure(one.kpi, baseline, language),
        "target": figure(one.kpi, one.target, language),
        "low": figure(one.kpi, one.low, language, signed=True),
        "mid": figure(one.kpi, one.mid, language, signed=True),
        "high": figure(one.kpi, one.high, language, signed=True),
        "numbers": (baseline, one.target, one.low, one.mid, one.high),
        "assumed": one.is_assumed, "source": source,
    }  # fmt: skip


def _kpi_name(kpi: str) -> Text:
    return KPIS[kpi].name if kpi in KPIS else Text(kpi, kpi)


def _rule(facts: Facts, language: str) -> str:
    stop = facts.stop
    if not stop.kpi:
        return ""
    parts = (
        _kpi_name(stop.kpi).in_language(language), SIDES[stop.side].in_language(language),
        figure(stop.kpi, stop.threshold, language),
    )  # fmt: skip
    return " ".join(parts)


def _is_confirmed(turns: Mapping[str, Any]) -> bool:
    """Whether there are turns and each of them was confirmed on both its sides."""
    found = [turn[what] for turn in turns.values() for what in ("value", "cost")]
    told = [one["confirmed"] for one in found if one["change"] is not None]
    return bool(told) and all(told)


def _turn(turn: Mapping[str, Any] | None, language: str) -> str:
    """What would turn the answer, in words."""
    if turn is None:
        return ""
    keys = ("turn_drop", "turn_cost") if turn["chosen"] else ("turn_in", "turn_in_cost")
    said = [
        WORDS[key].in_language(language).format(percent=f"{turn[what]['percent']:.1f}%")
        for key, what in zip(keys, ("value", "cost"), strict=True)
        if turn[what]["change"] is not None and turn[what]["percent"] is not None
    ]
    mark = "؛ " if language == "ar" else "; "
    return mark.join(said) or WORDS["turn_none"].in_language(language)
