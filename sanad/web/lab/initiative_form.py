"""The form of an initiative: what is typed becomes the document that `facts_of` reads.

Lists are typed as lines or with commas, amounts in rials, digits of every script.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from sanad.lab import studies
from sanad.lab.roadmap import vision
from sanad.lab.roadmap.facts import ABOVE, BELOW, MOST_EFFECTS, Facts, facts_of
from sanad.lab.roadmap.initiatives import effect_of
from sanad.lab.roadmap.stages import StudyState
from sanad.lib.bilingual import Text
from sanad.lib.digits import ascii_digits
from sanad.lib.money import format_omr, parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.oversight.kpis import KPIS
from sanad.web.lab.roadmap_words import here
from sanad.web.shell.fields import Choice, Field

EFFECTS: Final = range(1, MOST_EFFECTS + 1)
ASSUMED = "assumed"
PAIRS: Final = {
    "name": N_("Name"), "words": N_("What it does, in a few words"), "owner": N_("Owner"),
    "entity": N_("Entity"),
}  # fmt: skip
IN_ARABIC, IN_ENGLISH = N_("{label}, in Arabic"), N_("{label}, in English")


class LineWrong(Refused):
    code = "lab.line_wrong"
    sentence = N_(
        "“{line}” in “{field}” cannot be read. Write it as the note below the field says."
    )


class InitiativeForm:
    """The form as it was sent, or as an initiative fills it."""

    def __init__(self, typed: Mapping[str, Any], *, code: str = "") -> None:
        self.typed, self.fixed_code = typed, code

    def text(self, name: str) -> str:
        return str(self.typed.get(name, "")).strip()

    @property
    def about(self) -> list[Field]:
        code = Field(
            name="code", label=_("Code"), value=self.text("code"), required=True, max_length=40,
            left_to_right=True, autocomplete="off",
            help=_("Small letters, digits and hyphens; it names the initiative for good."),
        )  # fmt: skip
        return [] if self.fixed_code else [code]

    @property
    def pairs(self) -> list[tuple[Field, Field]]:
        return [self._pair(name, _(label), required=True) for name, label in PAIRS.items()]

    @property
    def plan(self) -> list[Field]:
        return [
            self._field("duration", _("Quarters it takes"), kind="number", required=True),
            self._field("costs", _("Cost by quarter since its start, in rials"), latin=True,
                        note=_("One amount a quarter, with spaces between, like 12000 8000.500")),
            self._field("earliest", _("First possible quarter"), latin=True,
                        note=_("Such as 2026Q2; empty where any will do.")),
            self._field("after", _("Must be finished before"), latin=True,
                        note=_("Codes of initiatives, with commas between.")),
            self._field("one_of", _("One of these must be finished before"), latin=True,
                        note=_("Codes of initiatives, with commas between.")),
            self._field("excludes", _("Excludes"), latin=True,
                        note=_("Codes of initiatives, with commas between.")),
        ]  # fmt: skip

    @property
    def effects(self) -> list[dict[str, Any]]:
        kpis = tuple(Choice(code, here(kpi.name)) for code, kpi in KPIS.items())
        return [
            {
                "number": n,
                "fields": [
                    self._field(f"kpi-{n}", _("KPI"), kind="choice", choices=kpis),
                    self._field(f"target-{n}", _("Target"), latin=True, required=False),
                    self._field(f"source-{n}", _("Where the effect comes from"), kind="choice",
                                choices=self._sources()),
                ],
                "range": [
                    self._field(f"low-{n}", _("Least effect"), latin=True),
                    self._field(f"mid-{n}", _("Likely effect"), latin=True),
                    self._field(f"high-{n}", _("Greatest effect"), latin=True),
                ],
                "reasoning": self._pair(f"reasoning-{n}", _("Reasoning of the estimate")),
            }
            for n in EFFECTS
        ]  # fmt: skip

    @property
    def follow(self) -> list[Field]:
        kpis = tuple(Choice(code, here(kpi.name)) for code, kpi in KPIS.items())
        sides = (Choice(BELOW, _("below")), Choice(ABOVE, _("above")))
        return [
            self._field("stop_kpi", _("Measured by"), kind="choice", choices=kpis),
            self._field("stop_side", _("Reached where it is"), kind="choice", choices=sides),
            self._field("stop_threshold", _("Threshold"), latin=True),
            self._field("review", _("Review date"), kind="date", required=True),
            self._field("vision", _("Priority of Oman Vision"), kind="choice",
                        choices=tuple(Choice(c, here(t)) for c, t in vision.priorities().items())),
        ]  # fmt: skip

    @property
    def crew(self) -> Field:
        note = _("A line a crew with people by quarter, like: programmers: 2 2 1")
        return self._field("crew", _("Crews needed"), kind="multiline", note=note)

    @property
    def milestones(self) -> Field:
        note = _("A line each: day | Arabic | English, like 2026-03-31 | ... | ...")
        return self._field("milestones", _("Milestones"), kind="multiline", note=note)

    @property
    def stop(self) -> tuple[Field, Field]:
        return self._pair("stop", _("Stop rule: when to give it up"), required=True)

    @property
    def legal(self) -> tuple[Field, Field]:
        return self._pair("legal", _("Legal change needed"))

    @property
    def reason(self) -> Field:
        return self._field("reason", _("Why it is changed"), required=True)

    def facts(self) -> Facts:
        """What was typed. Raises what `facts_of`, amounts and lines refuse."""
        document = {
            "code": self.fixed_code or self.text("code"), **{n: self._both(n) for n in PAIRS},
            "legal": self._both("legal"), "duration": self._whole("duration"),
            "cost_baisa": [parse_baisa(one) for one in self.text("costs").split()],
            "crew": self._crew(), "earliest": self.text("earliest"),
            "after": self._codes("after"), "excludes": self._codes("excludes"),
            "one_of": self._codes("one_of"), "effects": self._effects(), "stop": self._stop(),
            "review": self.text("review"), "vision": self.text("vision"),
            "milestones": self._milestones(),
        }  # fmt: skip
        return facts_of(document)

    def _effects(self) -> list[dict[str, Any]]:
        found = []
        for n in EFFECTS:
            kpi = self.text(f"kpi-{n}")
            if not kpi:
                continue
            study, _bar, scenario = self.text(f"source-{n}").partition("|")
            target = self._number(f"target-{n}") if self.text(f"target-{n}") else None
            if study and study != ASSUMED:
                one = effect_of(_uuid(study), int(scenario or 0), kpi)
                said = {"low": one.low, "mid": one.mid, "high": one.high, "study": study,
                        "scenario": one.scenario}  # fmt: skip
            else:
                said = {end: self._number(f"{end}-{n}") for end in ("low", "mid", "high")}
                said["reasoning"] = self._both(f"reasoning-{n}")
            found.append({"kpi": kpi, "target": target} | said)
        return found

    def _stop(self) -> dict[str, Any]:
        kpi = self.text("stop_kpi")
        measured = {
            "kpi": kpi, "side": self.text("stop_side") or BELOW,
            "threshold": self._number("stop_threshold"),
        } if kpi else {}  # fmt: skip
        return {"words": self._both("stop"), **measured}

    def _crew(self) -> dict[str, list[int]]:
        found = {}
        for line in self.text("crew").splitlines():
            kind, colon, numbers = ascii_digits(line).partition(":")
            needs = numbers.split()
            if not line.strip():
                continue
            if not colon or not all(one.isdecimal() for one in needs):
                raise LineWrong(line=line, field=_("Crews needed"))
            found[kind.strip()] = [int(one) for one in needs]
        return found

    def _milestones(self) -> list[dict[str, Any]]:
        found = []
        for line in self.text("milestones").splitlines():
            parts = [part.strip() for part in line.split("|")]
            if not line.strip():
                continue
            if len(parts) not in (3, 4):
                raise LineWrong(line=line, field=_("Milestones"))
            day = ascii_digits(parts[0])
            actual = {"actual": ascii_digits(parts[3])} if len(parts) == 4 else {}
            found.append({"planned": day, "name": {"ar": parts[1], "en": parts[2]}} | actual)
        return found

    def _codes(self, name: str) -> list[str]:
        return [code for code in re.split(r"[\s,،]+", self.text(name)) if code]

    def _both(self, name: str) -> dict[str, str]:
        return {"ar": self.text(f"{name}_ar"), "en": self.text(f"{name}_en")}

    def _whole(self, name: str) -> int | str:
        typed = ascii_digits(self.text(name))
        return int(typed) if typed.isdecimal() else typed

    def _number(self, name: str) -> float | str:
        """In the KPI's unit; whoever reads the document refuses what is no number."""
        typed = ascii_digits(self.text(name)).replace("−", "-").replace("٫", ".").replace(",", "")
        try:
            return float(typed)
        except ValueError:
            return typed

    def _sources(self) -> tuple[Choice, ...]:
        found = [Choice(ASSUMED, _("Assumed, with its reasoning"))]
        for study in studies.newest():
            if study.state != StudyState.DONE:
                continue
            for n, one in enumerate(study.asked["scenarios"]):
                name = here(Text(**one["name"]))
                found.append(Choice(f"{study.id}|{n}", f"{study.title}: {name}"))
        return tuple(found)

    def _pair(self, name: str, label: str, *, required: bool = False) -> tuple[Field, Field]:
        arabic, english = _(IN_ARABIC).format(label=label), _(IN_ENGLISH).format(label=label)
        return (
            self._field(f"{name}_ar", arabic, required=required),
            self._field(f"{name}_en", english, required=required),
        )

    def _field(
        self, name: str, label: str, *, kind: str = "text", note: str = "", required: bool = False,
        latin: bool = False, choices: tuple[Choice, ...] = (),
    ) -> Field:  # fmt: skip
        return Field(
            name=name, label=label, kind=kind, value=self.text(name), help=note, required=required,
            left_to_right=latin, choices=choices, autocomplete="off",
        )  # fmt: skip


def form_of(facts: Facts) -> InitiativeForm:
    """The form that an initiative fills."""
    typed: dict[str, str] = {
        "duration": str(facts.duration), "earliest": facts.earliest,
        "costs": " ".join(format_omr(one).replace(",", "") for one in facts.cost_baisa),
        "crew": "\n".join(f"{k}: {' '.join(map(str, v))}" for k, v in facts.crew.items()),
        "after": ", ".join(facts.after), "one_of": ", ".join(facts.one_of),
        "excludes": ", ".join(facts.excludes), "review": facts.review.isoformat(),
        "vision": facts.vision, "stop_kpi": facts.stop.kpi, "stop_side": facts.stop.side,
        "stop_threshold": _plain(facts.stop.threshold),
        "milestones": "\n".join(
            " | ".join([m.planned.isoformat(), m.name.ar, m.name.en, *_day(m.actual)])
            for m in facts.milestones
        ),
        **_texts("stop", facts.stop.words), **_texts("legal", facts.legal),
    }  # fmt: skip
    for name in PAIRS:
        typed |= _texts(name, getattr(facts, name))
    for n, one in zip(EFFECTS, facts.effects, strict=False):
        typed |= {
            f"kpi-{n}": one.kpi, f"target-{n}": _plain(one.target), f"low-{n}": _plain(one.low),
            f"mid-{n}": _plain(one.mid), f"high-{n}": _plain(one.high),
            f"source-{n}": f"{one.study}|{one.scenario}" if one.study else ASSUMED,
            **_texts(f"reasoning-{n}", one.reasoning),
        }  # fmt: skip
    return InitiativeForm(typed, code=facts.code)


def _texts(name: str, text: Text) -> dict[str, str]:
    return {f"{name}_ar": text.ar, f"{name}_en": text.en}


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _day(day: dt.date | None) -> list[str]:
    return [day.isoformat()] if day else []


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise studies.NoSuchStudy from None
