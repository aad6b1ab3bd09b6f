"""Initiatives: proposed, changed in the open, decided on, followed. Every change is a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from sanad.lab import studies
from sanad.lab.models import Initiative, InitiativeVersion, Stage
from sanad.lab.portfolio.contradictions import UnknownInitiative
from sanad.lab.roadmap import vision
from sanad.lab.roadmap.facts import EffectFact, Facts, facts_of
from sanad.lab.twin.network.measures import MEASURES
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.oversight.kpis import KPIS

MADE, CHANGED, MILESTONE = "made", "changed", "milestone"
NEXT: Final = {
    Stage.IDEA: (Stage.STUDIED, Stage.STOPPED),
    Stage.STUDIED: (Stage.CHOSEN, Stage.IDEA, Stage.STOPPED),
    Stage.CHOSEN: (Stage.RUNNING, Stage.STUDIED, Stage.STOPPED),
    Stage.RUNNING: (Stage.DONE, Stage.STOPPED),
    Stage.DONE: (),
    Stage.STOPPED: (Stage.IDEA,),
}
MINISTRY_DECIDES: Final = frozenset({Stage.CHOSEN, Stage.RUNNING, Stage.DONE, Stage.STOPPED})
OPEN: Final = (Stage.IDEA, Stage.STUDIED)
CLOSE = 1e-9  # of a study's figure


class NoSuchInitiative(Refused):
    code = "lab.no_such_initiative"
    sentence = N_("There is no initiative {code}. Choose one from the list.")


class InitiativeExists(Refused):
    code = "lab.initiative_exists"
    sentence = N_("There is an initiative {code} already. Choose another code.")


class ChangedMeanwhile(Refused):
    code = "lab.initiative_changed_meanwhile"
    sentence = N_(
        "Somebody has changed this initiative since you opened it. Look at its history, then enter "
        "your change again."
    )


class NotOpenToChange(Refused):
    code = "lab.initiative_not_open"
    sentence = N_(
        "“{name}” has been chosen, so it is not changed any more. The ministry can take it back to "
        "“studied” first."
    )


class StageNotNext(Refused):
    code = "lab.stage_not_next"
    sentence = N_("“{name}” cannot take this step from where it stands. Load the page again.")


class MinistryDecides(Refused):
    code = "lab.ministry_decides"
    sentence = N_("Only the ministry takes this step. Ask it to look at “{name}”.")


class NothingStudied(Refused):
    code = "lab.nothing_studied"
    sentence = N_("“{name}” names no effect on a KPI yet. Enter one, then it counts as studied.")


class ReasonMissing(Refused):
    code = "lab.reason_missing"
    sentence = N_("Say why, in a few words, so that it can be read in the history.")


class VisionUnknown(Refused):
    code = "lab.vision_unknown"
    sentence = N_("“{code}” is not a priority of Oman Vision in the list. Choose from it.")


class StudySaysOther(Refused):
    code = "lab.study_says_other"
    sentence = N_(
        "The study does not give this effect on “{kpi}”. Take the figures from its scenario, or "
        "enter them as assumed, with the reasoning."
    )


class NoSuchMilestone(Refused):
    code = "lab.no_such_milestone"
    sentence = N_("There is no such milestone. Load the page again.")


@dataclass(frozen=True)
class InitiativeView:
    """An initiative as screens and files show it."""

    facts: Facts
    stage: str
    version: int
    is_example: bool
    changed_at: datetime

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def steps(self) -> tuple[str, ...]:
        """The stages that may follow."""
        return NEXT[Stage(self.stage)]


@dataclass(frozen=True)
class Version:
    """One change: who, when, what, why."""

    number: int
    at: datetime
    by: UUID
    what: str
    reason: str
    stage: str
    facts: dict[str, Any]


def propose(
    proposed: Sequence[Facts], *, at: datetime, by: UUID, is_example: bool = False
) -> None:  # fmt: skip
    """New initiatives, as ideas. They may name each other.

    Raises `InitiativeExists`, `UnknownInitiative`, `VisionUnknown`, `StudySaysOther`; then none is
    there.
    """
    with transaction.atomic():
        for facts in proposed:
            if Initiative.objects.filter(code=facts.code).exists():
                raise InitiativeExists(code=facts.code)
            row = Initiative.objects.create(
                code=facts.code, facts=facts.as_json(), is_example=is_example, changed_at=at
            )
            _keep(row, MADE, at=at, by=by)
        for facts in proposed:
            _require_sound(facts)


def change(
    facts: Facts, *, version: int, reason: str, at: datetime, by: UUID
) -> None:  # fmt: skip
    """Other facts for an initiative that is still an idea or studied.

    Raises `NoSuchInitiative`, `ChangedMeanwhile`, `NotOpenToChange`, `ReasonMissing` and what
    `propose` does of the facts.
    """
    with transaction.atomic():
        row = _locked(facts.code)
        if row.version != version:
            raise ChangedMeanwhile
        if row.stage not in OPEN:
            raise NotOpenToChange(name=facts_of(row.facts).name)
        if not reason.strip():
            raise ReasonMissing
        _require_sound(facts)
        row.facts = facts.as_json()
        _next(row, CHANGED, at=at, by=by, reason=reason)


def step(
    code: str, stage: str, *, is_ministry: bool, reason: str, at: datetime, by: UUID
) -> None:  # fmt: skip
    """To the next stage. Raises `StageNotNext`, `MinistryDecides`, `NothingStudied` and
    `ReasonMissing`."""
    with transaction.atomic():
        row = _locked(code)
        facts = facts_of(row.facts)
        if stage not in NEXT[Stage(row.stage)]:
            raise StageNotNext(name=facts.name)
        if not is_ministry and (stage in MINISTRY_DECIDES or row.stage not in OPEN):
            raise MinistryDecides(name=facts.name)
        if stage == Stage.STUDIED and not facts.effects:
            raise NothingStudied(name=facts.name)
        if stage == Stage.STOPPED and not reason.strip():
            raise ReasonMissing
        row.stage = stage
        _next(row, stage, at=at, by=by, reason=reason)


def reach(
    code: str, milestone: int, *, on: date | None, at: datetime, by: UUID
) -> None:  # fmt: skip
    """A milestone was reached on a day, or, with None, not yet. Raises `NoSuchMilestone`."""
    with transaction.atomic():
        row = _locked(code)
        facts = facts_of(row.facts)
        if not 0 <= milestone < len(facts.milestones):
            raise NoSuchMilestone
        row.facts = facts.reached(milestone, on).as_json()
        _next(row, MILESTONE, at=at, by=by, reason="")


def one(code: str) -> InitiativeView:
    """Raises `NoSuchInitiative`."""
    row = Initiative.objects.filter(code=code).first()
    if row is None:
        raise NoSuchInitiative(code=code)
    return _view(row)


def listed() -> list[InitiativeView]:
    """All of them by their code."""
    return [_view(row) for row in Initiative.objects.order_by("code")]


def history(code: str) -> list[Version]:
    """Every version, the newest first."""
    rows = InitiativeVersion.objects.filter(initiative_id=code).order_by("-number")
    return [
        Version(row.number, row.at, row.by, row.what, row.reason, row.stage, row.facts)
        for row in rows
    ]


def effect_of(study: UUID, scenario: int, kpi: str) -> EffectFact:
    """What a study says of a KPI: its band of 95 % around the mean.

    Raises `NoSuchStudy`, `StudySaysOther`.
    """
    found = studies.one(study)
    scenarios = (found.result or {}).get("scenarios", [])
    if not 0 <= scenario < len(scenarios) or kpi not in MEASURES:
        raise StudySaysOther(kpi=_kpi_name(kpi))
    told = scenarios[scenario]["difference"][kpi]
    if told["mean"] is None or told["low"] is None:
        raise StudySaysOther(kpi=_kpi_name(kpi))
    return EffectFact(
        kpi, told["low"], told["mean"], told["high"], study=str(study), scenario=scenario
    )


def _require_sound(facts: Facts) -> None:
    known = set(Initiative.objects.values_list("code", flat=True))
    for code in (*facts.after, *facts.excludes, *facts.one_of):
        if code not in known:
            raise UnknownInitiative(name=facts.name, code=code)
    if facts.vision and facts.vision not in vision.priorities():
        raise VisionUnknown(code=facts.vision)
    for effect in facts.effects:
        if effect.study:
            _require_study(effect)


def _require_study(effect: EffectFact) -> None:
    try:
        study = UUID(effect.study)
    except ValueError:
        raise studies.NoSuchStudy from None
    said = effect_of(study, effect.scenario, effect.kpi)
    for end in ("low", "mid", "high"):
        there, told = getattr(effect, end), getattr(said, end)
        if abs(there - told) > CLOSE * max(1.0, abs(told)):
            raise StudySaysOther(kpi=_kpi_name(effect.kpi))


def _kpi_name(kpi: str) -> Text:
    return KPIS[kpi].name if kpi in KPIS else Text(kpi, kpi)


def _locked(code: str) -> Initiative:
    row = Initiative.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NoSuchInitiative(code=code)
    return row


def _next(row: Initiative, what: str, *, at: datetime, by: UUID, reason: str) -> None:
    row.version += 1
    row.changed_at = at
    row.save(update_fields=["facts", "stage", "version", "changed_at"])
    _keep(row, what, at=at, by=by, reason=reason)


def _keep(row: Initiative, what: str, *, at: datetime, by: UUID, reason: str = "") -> None:
    InitiativeVersion.objects.create(
        initiative=row, number=row.version, at=at, by=by, what=what, reason=reason.strip(),
        stage=row.stage, facts=row.facts,
    )  # fmt: skip


def _view(row: Initiative) -> InitiativeView:
    return InitiativeView(
        facts_of(row.facts), row.stage, row.version, row.is_example, row.changed_at
    )
