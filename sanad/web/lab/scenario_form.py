"""The form of a study: what it starts from, which scenarios, and one of the analyst's own making.

Everything typed comes back with the page, so that nothing is lost when a lever is added, taken out,
or refused. A lever of the own scenario is a handful of fields named `lever-<n>-<parameter>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanad.lab import basis, snapshot
from sanad.lab.fitted import is_fitted
from sanad.lab.twin.network.levers import LEVERS, SHARE
from sanad.lab.twin.network.scenarios import (
    BASELINE,
    NoSuchLever,
    Scenario,
    known_scenarios,
    lever_of,
    scenario_of,
)
from sanad.lab.twin.network.where import Centres, Services
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.scenario_words import (
    PARAMETER_NAMES,
    WHERE,
    WHICH,
    entity_names,
    governorate_names,
    wilayat_names,
)
from sanad.web.shell.fields import Choice, Field

OWN = "own"
LEVERS_AT_MOST = 6
REPLICATIONS, SEED = "20", "2025"
QUARTERS = tuple(f"{year}Q{n}" for year in (2025, 2024) for n in (4, 3, 2, 1))
FIRST_QUARTER = "2025Q3"


class NotANumber(Refused):
    code = "lab.not_a_number"
    sentence = N_("“{value}” in “{field}” is not a number. Write it in digits, such as 20 or 0.5.")


@dataclass(frozen=True)
class LeverForm:
    """One lever of the own scenario with its fields."""

    number: int
    code: str
    name: str
    fields: tuple[Field, ...]
    sliders: tuple["Slider", ...]


@dataclass(frozen=True)
class Slider:
    """A number with its range."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: str
    default: str

    @property
    def id(self) -> str:
        return f"field-{self.name}"


class StudyForm:
    """The form as it was sent, or as it begins."""

    def __init__(self, typed: QueryDict | Mapping[str, Any], *, sent: bool) -> None:
        self.typed, self.sent = typed, sent

    def text(self, name: str, default: str = "") -> str:
        """What stands in a field."""
        return str(self.typed.get(name, default)).strip()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the own scenario's levers, in their order."""
        return [n for n in self._said if self.lever_code(n) in LEVERS][:LEVERS_AT_MOST]

    @property
    def _said(self) -> list[int]:
        return [int(n) for n in self.text("levers").split(",") if n.isascii() and n.isdigit()]

    def lever_code(self, number: int) -> str:
        return self.text(f"lever-{number}")

    @property
    def title(self) -> Field:
        return Field(
            name="title", label=_("Name of the study"), value=self.text("title"), required=True,
            max_length=120, help=_("Such as: Appointments in Muscat"), autocomplete="off",
        )  # fmt: skip

    @property
    def basis_field(self) -> Field:
        choices = [
            Choice(f"announced {quarter}", _("Assumed, announced volumes, {quarter}"))
            for quarter in QUARTERS
        ] + [Choice(f"portal {q}", _("Assumed, the portal's volumes, {quarter}")) for q in QUARTERS]
        named = [
            Choice(one.value, one.label.format(quarter=one.value.split()[1])) for one in choices
        ]
        learned = [
            Choice(f"snapshot {one.id}", _("Learned from snapshot {id}").format(id=one.id))
            for one in snapshot.snapshots()
            if is_fitted(one)
        ]
        return Field(
            name="basis", label=_("It starts from"), kind="choice", required=True,
            choices=(*learned, *named),
            value=self.text("basis", learned[0].value if learned else f"announced {FIRST_QUARTER}"),
            help=_("What was learned from the log, or what is assumed where nothing is known."),
        )  # fmt: skip

    @property
    def replications(self) -> Field:
        return Field(
            name="replications", label=_("How often the period is lived"), kind="number",
            value=self.text("replications", REPLICATIONS), required=True,
            help=_("More makes the bands narrower and takes longer."),
        )  # fmt: skip

    @property
    def seed(self) -> Field:
        return Field(
            name="seed", label=_("Seed"), kind="number", value=self.text("seed", SEED),
            required=True, help=_("The same seed gives the same numbers again."),
        )  # fmt: skip

    @property
    def known(self) -> list[Field]:
        """A tick for each scenario that the Lab knows."""
        ticked = set(self._list("scenario"))
        return [
            Field(
                name="scenario", html_id=f"field-scenario-{one.code}", kind="tick",
                label=one.name.in_language(_language()), value="on" if one.code in ticked else "",
                attributes=(("value", one.code),),
            )
            for one in known_scenarios().values()
            if one.code != BASELINE
        ]  # fmt: skip

    @property
    def own_name(self) -> Field:
        return Field(
            name="own_name", label=_("Name of your scenario"), value=self.text("own_name"),
            max_length=80, autocomplete="off",
        )  # fmt: skip

    @property
    def addable(self) -> Field:
        return Field(
            name="add", label=_("Add a change"), kind="choice",
            choices=tuple(Choice(code, _text(one.name)) for code, one in LEVERS.items()),
        )  # fmt: skip

    @property
    def levers(self) -> list[LeverForm]:
        """The own scenario's levers, each with its fields."""
        return [self._lever(number) for number in self.numbers]

    def with_changes(self, do: str) -> "StudyForm":
        """The form after adding a lever (`add`) or taking one out (`remove-<n>`)."""
        typed = {**_flat(self.typed)}
        numbers = self.numbers
        if do == "add" and self.text("add") in LEVERS and len(numbers) < LEVERS_AT_MOST:
            number = max(numbers, default=0) + 1
            numbers.append(number)
            typed[f"lever-{number}"] = self.text("add")
        if do.startswith("remove-"):
            numbers = [n for n in numbers if str(n) != do.removeprefix("remove-")]
        typed["levers"], typed["add"] = ",".join(map(str, numbers)), ""
        return StudyForm(_Typed(typed, self._list("scenario")), sent=True)

    def asked(self) -> dict[str, Any]:
        """What is asked, as `studies.ask` takes it. Raises what cannot be read."""
        return {
            "title": self.text("title"), "basis_": self.basis(), "scenarios": self.scenarios(),
            "replications": self._whole("replications", _("How often the period is lived")),
            "seed": self._whole("seed", _("Seed")),
        }  # fmt: skip

    def basis(self) -> dict[str, Any]:
        """The basis as data. Raises `BasisUnknown`."""
        kind, _space, which = self.text("basis").partition(" ")
        if kind == "snapshot" and which:
            return {"kind": basis.SNAPSHOT, "snapshot": which}
        if kind in ("announced", "portal") and which:
            return {"kind": basis.CALIBRATION, "calibration": kind, "quarter": which}
        raise basis.BasisUnknown

    def scenarios(self) -> list[Scenario]:
        """The scenarios chosen, the own one last. Raises what cannot be read."""
        for number in self._said:
            if self.lever_code(number) not in LEVERS:
                raise NoSuchLever(lever=self.lever_code(number), known=", ".join(LEVERS))
        known = known_scenarios()
        chosen = [known[code] for code in self._list("scenario") if code in known]
        if self.numbers:
            data = [self._lever_data(number) for number in self.numbers]
            name = self.text("own_name") or _("Own scenario")
            own = scenario_of({"code": OWN, "name": {"ar": name, "en": name}, "levers": []})
            chosen.append(Scenario(OWN, own.name, tuple(map(lever_of, data))))
        return chosen

    def _list(self, name: str) -> list[str]:
        getlist = getattr(self.typed, "getlist", None)
        return list(getlist(name)) if getlist else []

    def _whole(self, name: str, label: str) -> int:
        typed = ascii_digits(self.text(name)).replace(",", "")
        if not typed.isdigit() or len(typed) > 9:
            raise NotANumber(value=self.text(name), field=label)
        return int(typed)

    def _number(self, name: str, label: str) -> float:
        typed = ascii_digits(self.text(name)).replace(",", "").replace("−", "-")
        try:
            return float(typed)
        except ValueError:
            raise NotANumber(value=self.text(name), field=label) from None

    def _lever(self, number: int) -> LeverForm:
        code = self.lever_code(number)
        kind = LEVERS[code]
        hints = get_type_hints(kind)
        asked: list[Field] = []
        sliders: list[Slider] = []
        for one in fields(kind):
            name = f"lever-{number}-{one.name}"
            if "unit" in one.metadata:
                sliders.append(self._slider(name, code, one))
            elif hints[one.name] is Centres:
                asked.append(self._where(name))
            elif hints[one.name] is Services:
                asked += self._which(name)
            else:
                asked.append(self._one(name, code, one.name))
        return LeverForm(number, code, _text(kind.name), tuple(asked), tuple(sliders))

    def _slider(self, name: str, code: str, one: Any) -> Slider:
        scale = 100 if one.metadata["unit"] == SHARE else 1
        low, high = scale * one.metadata["low"], scale * one.metadata["high"]
        default = f"{scale * one.default:g}"
        step = 1 if high - low > 20 or get_type_hints(LEVERS[code])[one.name] is int else 0.05
        return Slider(
            name, str(PARAMETER_NAMES[code, one.name]), low, high, step,
            self.text(name, default) or default, default,
        )  # fmt: skip

    def _where(self, name: str) -> Field:
        everywhere = [Choice("all", _("All centres"))]
        governorates = [
            Choice(f"governorate {code}", _("Governorate: {name}").format(name=_text(text)))
            for code, text in governorate_names().items()
        ]
        wilayats = [
            Choice(f"wilayat {code}", _text(text)) for code, text in wilayat_names().items()
        ]
        return Field(
            name=name, label=str(WHERE), kind="choice", required=True,
            choices=(*everywhere, *governorates, *wilayats), value=self.text(name, "all"),
        )  # fmt: skip

    def _which(self, name: str) -> list[Field]:
        entities = [Choice("all", _("All services"))] + [
            Choice(str(number), _text(text)) for number, text in entity_names().items()
        ]
        return [
            Field(
                name=name, label=str(WHICH), kind="choice", required=True,
                choices=tuple(entities), value=self.text(name, "all"),
            ),
            Field(
                name=f"{name}-service", label=_("Or one service, by its code"),
                value=self.text(f"{name}-service"), left_to_right=True, autocomplete="off",
                help=_("The code stands in the address of the service's page."),
            ),
        ]  # fmt: skip

    def _one(self, name: str, code: str, parameter: str) -> Field:
        if parameter == "entity":
            choices = tuple(Choice(str(n), _text(text)) for n, text in entity_names().items())
            label = _("Entity")
        elif parameter == "wilayat":
            choices = tuple(Choice(str(n), _text(text)) for n, text in wilayat_names().items())
            label = _("Wilayat")
        else:
            return Field(
                name=name,
                label=str(PARAMETER_NAMES[code, parameter]),
                kind="number",
                value=self.text(name),
                required=True,
            )
        return Field(
            name=name, label=label, kind="choice", required=True, choices=choices,
            value=self.text(name),
        )  # fmt: skip

    def _lever_data(self, number: int) -> dict[str, Any]:
        code = self.lever_code(number)
        kind = LEVERS[code]
        hints = get_type_hints(kind)
        data: dict[str, Any] = {"lever": code}
        for one in fields(kind):
            name = f"lever-{number}-{one.name}"
            if hints[one.name] is Centres:
                what, _space, which = self.text(name, "all").partition(" ")
                if which:
                    data[one.name] = {what: int(which) if which.isdigit() else which}
            elif hints[one.name] is Services:
                data |= self._services(name, one.name)
            else:
                label = str(PARAMETER_NAMES.get((code, one.name), one.name))
                value: Any = one.default
                if self.text(name) or "unit" not in one.metadata:
                    value = self._number(name, label)
                is_share = one.metadata.get("unit") == SHARE and self.text(name)
                data[one.name] = value / 100 if is_share else value
        return data

    def _services(self, name: str, parameter: str) -> dict[str, Any]:
        service, entity = self.text(f"{name}-service"), self.text(name, "all")
        if service:
            return {parameter: {"service": service}}
        if entity in ("", "all"):
            return {}
        return {parameter: {"entity": int(entity) if entity.isdigit() else entity}}


class _Typed(dict[str, Any]):
    """What was typed, with one field of several values."""

    def __init__(self, typed: Mapping[str, Any], scenarios: list[str]) -> None:
        super().__init__(typed)
        self.scenarios = scenarios

    def getlist(self, name: str) -> list[str]:
        return self.scenarios if name == "scenario" else [str(self[name])] if name in self else []


def form_of(asked: Mapping[str, Any], title: str) -> StudyForm:
    """The form that asks for the same again, to be changed."""
    said = asked["basis"]
    which = said.get("snapshot") or f"{said.get('calibration')} {said.get('quarter')}"
    typed: dict[str, Any] = {
        "title": title, "replications": str(asked["replications"]), "seed": str(asked["seed"]),
        "basis": f"snapshot {which}" if said["kind"] == basis.SNAPSHOT else which,
    }  # fmt: skip
    known = known_scenarios()
    own = [
        lever
        for one in asked["scenarios"]
        if one["code"] not in known or known[one["code"]].version != one["version"]
        for lever in one["levers"]
    ]
    codes = [one["code"] for one in asked["scenarios"] if one["code"] in known]
    typed["levers"] = ",".join(str(n) for n in range(1, len(own) + 1))
    for number, lever in enumerate(own, start=1):
        typed |= _typed_lever(number, lever)
    return StudyForm(_Typed(typed, codes), sent=False)


def _typed_lever(number: int, lever: Mapping[str, Any]) -> dict[str, str]:
    kind = LEVERS[lever["lever"]]
    typed = {f"lever-{number}": str(lever["lever"])}
    for one in fields(kind):
        name, value = f"lever-{number}-{one.name}", lever.get(one.name)
        if one.name == "where":
            typed[name] = " ".join(map(str, next(iter(value.items())))) if value else "all"
        elif one.name == "which":
            typed[name] = str((value or {}).get("entity", "all"))
            typed[f"{name}-service"] = str((value or {}).get("service", ""))
        else:
            scale = 100 if one.metadata.get("unit") == SHARE else 1
            typed[name] = f"{scale * float(value or 0):g}"
    return typed


def _flat(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: typed.get(name) for name in typed}


def _text(text: Any) -> str:
    found: str = text.in_language(_language())
    return found


def _language() -> str:
    return get_language() or "ar"
