"""What an initiative says of itself, and the same as a document.

The document is what the example's file holds and what every version keeps; docs/roadmap.md lists
its fields.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from sanad.lab.portfolio import fields as given
from sanad.lab.portfolio.read import MOST_CREW, MOST_QUARTERS
from sanad.lab.portfolio.value import Effect
from sanad.lib.bilingual import Text
from sanad.lib.money import MAX_BAISA
from sanad.oversight.kpis import KPIS

ABOVE, BELOW = "above", "below"
CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
MOST_EFFECTS: Final = 3
UNSAID: Final = Text("", "")
A_CODE: Final = Text(
    "من ثلاثة حروف إنجليزية صغيرة فأكثر، ومعها أرقام وشرطات",
    "three small letters or more, with digits and hyphens",
)
A_KPI: Final = Text("رمز مؤشر من مؤشرات الشبكة", "the code of a KPI of the network")
AT_MOST: Final = Text("ثلاثة آثار على الأكثر", "three effects at most")
BOTH: Final = Text("نص بالعربية ونص بالإنجليزية", "a text in Arabic and one in English")
SIDE: Final = Text("above أو below", "above or below")
REASONED: Final = Text(
    "دراسة وتصور، أو تعليل للتقدير", "a study with its scenario, or the estimate's reasoning"
)


@dataclass(frozen=True)
class EffectFact:
    """A change of a KPI in its own unit: of a study's scenario, or assumed with its reasoning."""

    kpi: str
    low: float
    mid: float
    high: float
    target: float | None = None
    study: str = ""
    scenario: int = 0  # which of the study's scenarios, from nought
    reasoning: Text = UNSAID

    @property
    def is_assumed(self) -> bool:
        return not self.study

    @property
    def effect(self) -> Effect:
        return Effect(self.kpi, self.low, self.mid, self.high)


@dataclass(frozen=True)
class StopRule:
    """When to give it up: in words, and, where it can be measured, a KPI beyond a threshold."""

    words: Text
    kpi: str = ""
    side: str = BELOW
    threshold: float | None = None

    def is_reached(self, value: float | None) -> bool | None:
        """Whether the KPI lies beyond the threshold; None where nothing is measured."""
        if not self.kpi or self.threshold is None or value is None:
            return None
        return value > self.threshold if self.side == ABOVE else value < self.threshold


@dataclass(frozen=True)
class Milestone:
    """A day by which something is to be there, and the day on which it was."""

    name: Text
    planned: dt.date
    actual: dt.date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything an initiative says of itself. Costs in baisa and crews by quarter since start."""

    code: str
    name: Text
    words: Text
    owner: Text
    entity: Text
    duration: int
    cost_baisa: tuple[int, ...]
    effects: tuple[EffectFact, ...]
    stop: StopRule
    review: dt.date
    crew: Mapping[str, tuple[int, ...]]
    after: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    earliest: str = ""  # a quarter
    legal: Text = UNSAID
    vision: str = ""  # a priority of vision_2040.yaml
    milestones: tuple[Milestone, ...] = ()

    @property
    def total_baisa(self) -> int:
        return sum(self.cost_baisa)

    @property
    def is_assumed(self) -> bool:
        """Whether any effect is assumed rather than studied."""
        return any(one.is_assumed for one in self.effects)

    def as_json(self) -> dict[str, Any]:
        """The document, with days as texts."""
        return _plain(asdict(self))

    def reached(self, number: int, on: dt.date | None) -> "Facts":
        """The same with one milestone reached on a day, or not yet."""
        changed = replace(self.milestones[number], actual=on)
        before, after = self.milestones[:number], self.milestones[number + 1 :]
        return replace(self, milestones=(*before, changed, *after))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def facts_of(document: Mapping[str, Any]) -> Facts:
    """The facts of a document. Raises `FieldWrong` and `FieldUnknown`."""
    code = document.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise given.wrong("code", str(code), A_CODE)
    given.only(document, frozenset(one.name for one in fields(Facts)), code)
    crew = given.table(document.get("crew", {}), "crew", code)
    if len(given.listed(document.get("effects", []), "effects", code)) > MOST_EFFECTS:
        raise given.wrong("effects", code, AT_MOST)
    return Facts(
        code, name=_both(document, "name", code), words=_both(document, "words", code),
        owner=_both(document, "owner", code), entity=_both(document, "entity", code),
        duration=given.whole(document.get("duration"), "duration", code, 1, MOST_QUARTERS),
        cost_baisa=given.wholes(document.get("cost_baisa", []), "cost_baisa", code, MAX_BAISA),
        effects=tuple(
            _effect(one, code)
            for one in given.listed(document.get("effects", []), "effects", code)
        ),
        stop=_stop(given.table(document.get("stop"), "stop", code), code),
        review=given.day(document.get("review"), "review", code),
        crew={
            str(kind): given.wholes(needs, f"crew.{kind}", code, MOST_CREW)
            for kind, needs in crew.items()
        },
        after=_codes(document, "after"), excludes=_codes(document, "excludes"),
        one_of=_codes(document, "one_of"), earliest=_earliest(document, code),
        legal=_maybe(document, "legal", code), vision=str(document.get("vision", "")),
        milestones=tuple(
            _milestone(one, code)
            for one in given.listed(document.get("milestones", []), "milestones", code)
        ),
    )  # fmt: skip


def _both(document: Mapping[str, Any], name: str, where: str) -> Text:
    found = given.text(document.get(name), name, where)
    if not found.ar.strip() or not found.en.strip():
        raise given.wrong(name, where, BOTH)
    return Text(found.ar.strip(), found.en.strip())


def _maybe(document: Mapping[str, Any], name: str, where: str) -> Text:
    """Both texts or none."""
    found = given.text(document.get(name, ""), name, where)
    return _both(document, name, where) if found.ar.strip() or found.en.strip() else UNSAID


def _effect(one: Any, where: str) -> EffectFact:
    said = given.table(one, "effects", where)
    given.only(said, frozenset(each.name for each in fields(EffectFact)), where)
    low, mid, high = (given.number(said.get(end), end, where) for end in ("low", "mid", "high"))
    if not low <= mid <= high:
        raise given.wrong("effects", where, given.RANGE)
    study, reasoning = str(said.get("study", "")), _maybe(said, "reasoning", where)
    if not study and reasoning == UNSAID:
        raise given.wrong("effects", where, REASONED)
    return EffectFact(
        _kpi(said.get("kpi"), where), low, mid, high, _number(said.get("target"), "target", where),
        study, given.whole(said.get("scenario", 0), "scenario", where, 0, 100), reasoning,
    )  # fmt: skip


def _stop(said: Mapping[Any, Any], where: str) -> StopRule:
    given.only(said, frozenset(each.name for each in fields(StopRule)), where)
    side = said.get("side", BELOW)
    if side not in (ABOVE, BELOW):
        raise given.wrong("stop.side", where, SIDE)
    kpi = _kpi(said["kpi"], where) if said.get("kpi") else ""
    threshold = _number(said.get("threshold"), "stop.threshold", where)
    if bool(kpi) != (threshold is not None):
        raise given.wrong("stop.threshold", where, given.NUMBER)
    return StopRule(_both(said, "words", where), kpi, side, threshold)


def _milestone(one: Any, where: str) -> Milestone:
    said = given.table(one, "milestones", where)
    given.only(said, frozenset(each.name for each in fields(Milestone)), where)
    actual = said.get("actual")
    return Milestone(
        _both(said, "name", where), given.day(said.get("planned"), "planned", where),
        None if actual is None else given.day(actual, "actual", where),
    )  # fmt: skip


def _kpi(code: Any, where: str) -> str:
    if code not in KPIS:
        raise given.wrong("kpi", where, A_KPI)
    return str(code)


def _number(value: Any, name: str, where: str) -> float | None:
    return None if value is None else given.number(value, name, where)


def _codes(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    codes = given.listed(document.get(name, []), name, str(document["code"]))
    return tuple(dict.fromkeys(str(code) for code in codes))


def _earliest(document: Mapping[str, Any], where: str) -> str:
    said = document.get("earliest", "")
    return str(given.quarter(said, "earliest", where)) if said else ""
