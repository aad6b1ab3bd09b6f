"""Scenarios: versioned changes of a model, composed, refused where they contradict each other.

A scenario is data: a code, a name in two languages, and levers. Its version is a digest of what it
says, so a study that names it can be made again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from sanad.lab.twin.network.levers import LEVERS, REMOVED, Lever
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.where import Centres, Services
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

FILE = Path(__file__).parents[2] / "data" / "scenarios.yaml"
BASELINE = "baseline"
# What levers change, in words; all but the last four are of a centre or a service.
_CHANGED = {
    "staff": Text("عدد العاملين", "the staff"), "hours": Text("ساعات العمل", "the hours"),
    "visits": Text("الزيارات", "the visits"), "demand": Text("الطلب", "the demand"),
    "fee": Text("الأجر", "the charge"), "document": Text("المستندات", "the documents"),
    "stages": Text("المراحل", "the stages"),
    "opened": Text("مركز جديد في الولاية", "a new centre in wilayat"),
    "appointments": Text("المواعيد", "appointments"), "breaks": Text("الاستراحات", "breaks"),
    "outages": Text("الأعطال", "outages"), REMOVED: Text("ما أُخرج", "what is taken out"),
}  # fmt: skip
_NEEDS = ("staff", "hours", "visits", "demand", "fee", "document", "stages")
_ALL = Text("كلها", "all of them")


class NoSuchLever(Refused):
    code = "twin.no_such_lever"
    sentence = N_("There is no lever “{lever}”. Use one of: {known}.")


class NoSuchScenario(Refused):
    code = "twin.no_such_scenario"
    sentence = N_("There is no scenario “{scenario}”. Use one of: {known}.")


class ParameterUnknown(Refused):
    code = "twin.parameter_unknown"
    sentence = N_("The lever {lever} has no “{parameter}”. It has: {known}.")


class ParameterUnreadable(Refused):
    code = "twin.parameter_unreadable"
    sentence = N_("“{value}” is no {kind}, which “{parameter}” of the lever {lever} needs.")


class SaidTwice(Refused):
    code = "twin.said_twice"
    sentence = N_(
        "“{first}” and “{second}” both change the same thing: {what} ({which}). Keep one of them, "
        "or say in one what you mean together."
    )


class TakenAway(Refused):
    code = "twin.taken_away"
    sentence = N_(
        "“{first}” takes away all that “{second}” changes: {what} ({which}). Leave one of them out."
    )


@dataclass(frozen=True)
class Scenario:
    """Changes under a name."""

    code: str
    name: Text
    levers: tuple[Lever, ...]

    @property
    def version(self) -> str:
        """The first twelve digits of the SHA-256 of what it says."""
        said = json.dumps([one.as_json() for one in self.levers], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def apply(self, model: Model) -> Model:
        """The model as changed. Raises `SaidTwice`, `TakenAway` and what a lever cannot do."""
        refuse_contradictions(model, self.levers)
        order = list(LEVERS)
        for lever in sorted(self.levers, key=lambda one: order.index(one.code)):
            model = lever.apply(model)
        return model

    def as_json(self) -> dict[str, Any]:
        """The scenario as data."""
        return {
            "code": self.code, "name": {"ar": self.name.ar, "en": self.name.en},
            "version": self.version, "levers": [one.as_json() for one in self.levers],
        }  # fmt: skip


def refuse_contradictions(model: Model, levers: Sequence[Lever]) -> None:
    """Refuse two levers that change the same thing, or one that takes away what another changes."""
    said = [(one.name, one.changes(model)) for one in levers]
    for (first, here), (second, there) in combinations(said, 2):
        for what, which in sorted(here & there, key=str):
            raise SaidTwice(first=first, second=second, what=_CHANGED[what], which=_which(which))
        _refuse_taken(first, here, second, there)
        _refuse_taken(second, there, first, here)


def _refuse_taken(
    first: Text, here: set[tuple[str, Any]], second: Text, there: set[tuple[str, Any]]
) -> None:
    gone = {which for what, which in here if what == REMOVED}
    for what in _NEEDS:
        changed = {which for one, which in there if one == what}
        # A lever that changes many places or services may lose some of them and still make sense.
        few = len(changed) <= 2
        if changed and (changed <= gone or (few and changed & gone)):
            which = min(changed & gone, key=str)
            raise TakenAway(first=first, second=second, what=_CHANGED[what], which=_which(which))


def _which(which: Any) -> Any:
    return _ALL if which == "all" else which


def lever_of(data: Mapping[str, Any]) -> Lever:
    """A lever from data. Raises `NoSuchLever`, `ParameterUnknown`, `ParameterUnreadable`, ..."""
    code = str(data.get("lever"))
    kind = LEVERS.get(code)
    if kind is None:
        raise NoSuchLever(lever=code, known=", ".join(LEVERS))
    hints = get_type_hints(kind)
    known = {one.name: hints[one.name] for one in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "lever":
            continue
        if name not in known:
            raise ParameterUnknown(lever=code, parameter=name, known=", ".join(known))
        values[name] = _read(code, name, known[name], value)
    return kind(**values)


def _read(code: str, name: str, kind: Any, value: Any) -> Any:
    try:
        if kind in (Centres, Services):
            return kind(**value)
        read = kind(value)
    except (TypeError, ValueError):
        shown = "number" if kind in (int, float) else "choice of centres or services"
        raise ParameterUnreadable(lever=code, parameter=name, value=value, kind=shown) from None
    if kind is int and float(value) != read:
        raise ParameterUnreadable(lever=code, parameter=name, value=value, kind="whole number")
    return read


def scenario_of(data: Mapping[str, Any]) -> Scenario:
    """A scenario from data; its levers as `lever_of` reads them."""
    name = data.get("name") or {}
    code = str(data.get("code") or "own")
    return Scenario(
        code, Text(str(name.get("ar") or code), str(name.get("en") or code)),
        tuple(lever_of(one) for one in data.get("levers") or ()),
    )  # fmt: skip


@cache
def known_scenarios() -> dict[str, Scenario]:
    """The scenarios of the project's file by code, the baseline first."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    found = {BASELINE: Scenario(BASELINE, Text("كما هو الآن", "As it is now"), ())}
    found |= {one.code: one for one in map(scenario_of, read["scenarios"])}
    return found


def scenario(codes: str) -> Scenario:
    """A known scenario, or several composed: `appointments+hours`. Raises `NoSuchScenario`."""
    known = known_scenarios()
    parts = []
    for code in codes.split("+"):
        if code not in known:
            raise NoSuchScenario(scenario=code, known=", ".join(known))
        parts.append(known[code])
    if len(parts) == 1:
        return parts[0]
    return Scenario(
        codes, Text(" + ".join(p.name.ar for p in parts), " + ".join(p.name.en for p in parts)),
        tuple(lever for part in parts for lever in part.levers),
    )  # fmt: skip


def alone(found: Scenario) -> list[Scenario]:
    """Each lever of a scenario as one of its own, for the tornado."""
    return [
        replace(found, code=f"{found.code}/{number}", levers=(lever,))
        for number, lever in enumerate(found.levers)
    ]
