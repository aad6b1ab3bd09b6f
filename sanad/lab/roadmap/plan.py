"""The roadmap: the portfolio adopted last, moved by hand within its rules, followed, published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from sanad.lab.models import Portfolio, PublishedRoadmap, RoadmapMove, Stage, StudyState
from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.instance import Instance
from sanad.lab.portfolio.schedule import named
from sanad.lab.roadmap import initiatives
from sanad.lab.roadmap.baseline import Baselines
from sanad.lab.roadmap.facts import EffectFact, Facts
from sanad.lab.roadmap.initiatives import InitiativeView
from sanad.lab.roadmap.portfolios import PortfolioView, locked, view
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused

EARLIER: Final = -1
LATER: Final = 1
NO_RULE, REACHED, NOT_REACHED, UNKNOWN = "no_rule", "reached", "not_reached", "unknown"
NOT_BEGUN = "not_begun"


class NotSolved(Refused):
    code = "lab.portfolio_not_solved"
    sentence = N_("This portfolio has no result, so it cannot be adopted. Choose another.")


class AdoptedAlready(Refused):
    code = "lab.portfolio_adopted_already"
    sentence = N_("This portfolio is adopted already. Its roadmap is on the page of the roadmap.")


class StillIdeas(Refused):
    code = "lab.still_ideas"
    sentence = N_(
        "These are still ideas, or were stopped: {names}. Have them studied first, then adopt the "
        "portfolio."
    )


class NoRoadmap(Refused):
    code = "lab.no_roadmap"
    sentence = N_("No portfolio has been adopted yet, so there is no roadmap. Adopt one first.")


class NotOnRoadmap(Refused):
    code = "lab.not_on_roadmap"
    sentence = N_("{code} is not on the roadmap. Load the page again.")


class NothingPublished(Refused):
    code = "lab.nothing_published"
    sentence = N_("Nothing is published, so there is nothing to take back.")


@dataclass(frozen=True)
class Bar:
    """An initiative on the roadmap: its quarters and how it goes."""

    initiative: InitiativeView
    number: int  # of the first quarter, within the plan
    start: Quarter
    end: Quarter
    cost_baisa: int
    progress_percent: int | None  # milestones reached; None where there are none
    review_due: bool
    stop: str  # NO_RULE, REACHED, NOT_REACHED, UNKNOWN
    measured: float | None  # the stop rule's KPI now

    @property
    def code(self) -> str:
        return self.initiative.code

    @property
    def effects(self) -> tuple[EffectFact, ...]:
        return self.initiative.facts.effects


@dataclass(frozen=True)
class Roadmap:
    """The adopted portfolio as it stands."""

    portfolio: PortfolioView
    instance: Instance
    bars: tuple[Bar, ...]
    left_out: tuple[InitiativeView, ...]
    spent_baisa: dict[int, int]

    @property
    def is_example(self) -> bool:
        return self.portfolio.is_example

    @property
    def has_assumptions(self) -> bool:
        return any(bar.initiative.facts.is_assumed for bar in self.bars)


@dataclass(frozen=True)
class Published:
    """What everybody reads."""

    at: datetime
    by: UUID
    document: dict[str, Any]


def adopt(portfolio: UUID, *, at: datetime, by: UUID) -> None:
    """The ministry makes it the roadmap; what was studied is chosen.

    Raises `NotSolved`, `AdoptedAlready` and, by name, `StillIdeas`.
    """
    with transaction.atomic():
        row = locked(portfolio)
        if row.state != StudyState.DONE or row.result is None:
            raise NotSolved
        if row.adopted_at is not None:
            raise AdoptedAlready
        starts = {one["code"]: one["start"] for one in row.result["chosen"]}
        instance = view(row).instance
        found = {code: initiatives.one(code) for code in starts}
        ideas = [
            instance.by_code[code]
            for code, one in found.items()
            if one.stage in (Stage.IDEA, Stage.STOPPED)
        ]
        if ideas:
            raise StillIdeas(names=named(ideas))
        for code, one in found.items():
            if one.stage == Stage.STUDIED:
                initiatives.step(
                    code, Stage.CHOSEN, is_ministry=True, reason=row.title, at=at, by=by
                )
        row.adopted_at, row.adopted_by, row.starts = at, by, starts
        row.save(update_fields=["adopted_at", "adopted_by", "starts"])


def current() -> PortfolioView:
    """The portfolio adopted last. Raises `NoRoadmap`."""
    row = Portfolio.objects.filter(adopted_at__isnull=False).order_by("-adopted_at").first()
    if row is None:
        raise NoRoadmap
    return view(row)


def move(code: str, quarters: int, *, at: datetime, by: UUID) -> Quarter:
    """An initiative so many quarters later, or earlier where below nought; its new first quarter.

    Raises `NoRoadmap`, `NotOnRoadmap` and the `ScheduleRefused` that the new quarter breaks.
    """
    with transaction.atomic():
        row = locked(current().id)
        found = view(row)
        instance, starts = found.instance, numbers(found)
        if code not in starts:
            raise NotOnRoadmap(code=code)
        before = starts[code]
        starts[code] = before + quarters
        schedule.require_holds(instance, starts)
        after = instance.horizon[starts[code]]
        row.starts = {**(row.starts or {}), code: str(after)}
        row.save(update_fields=["starts"])
        RoadmapMove.objects.create(
            id=new_id(), portfolio=row, at=at, by=by, code=code,
            before=str(instance.horizon[before]), after=str(after),
        )  # fmt: skip
    return after


def moves(portfolio: UUID) -> list[dict[str, Any]]:
    """Every move since it was adopted, the newest first."""
    rows = RoadmapMove.objects.filter(portfolio_id=portfolio).order_by("-at", "-id")
    return [dict(row) for row in rows.values("at", "by", "code", "before", "after")]


def numbers(found: PortfolioView) -> dict[str, int]:
    """The starts within the plan."""
    horizon = [str(quarter) for quarter in found.instance.horizon]
    return {code: horizon.index(quarter) for code, quarter in (found.starts or {}).items()}


def roadmap(found: Baselines, *, on: date) -> Roadmap:
    """The roadmap as it stands on a day, with the KPIs of now. Raises `NoRoadmap`."""
    portfolio = current()
    instance, starts = portfolio.instance, numbers(portfolio)
    known = {one.code: one for one in initiatives.listed()}
    codes = sorted(starts, key=lambda code: (starts[code], code))
    return Roadmap(
        portfolio, instance,
        tuple(_bar(instance, known[code], starts[code], found, on) for code in codes),
        tuple(known[code] for code in instance.by_code if code not in starts),
        schedule.spent(instance, starts),
    )  # fmt: skip


def _bar(
    instance: Instance, one: InitiativeView, start: int, found: Baselines, on: date
) -> Bar:  # fmt: skip
    planned = instance.by_code[one.code]
    facts = one.facts
    reached = sum(each.actual is not None for each in facts.milestones)
    measured = found.values.get(facts.stop.kpi)
    return Bar(
        one, start, instance.horizon[start], instance.horizon[start + planned.duration - 1],
        sum(instance.cost_in(planned, start).values()),
        100 * reached // len(facts.milestones) if facts.milestones else None,
        facts.review <= on and one.stage in (Stage.CHOSEN, Stage.RUNNING),
        stop_state(facts, measured, one.stage), measured,
    )  # fmt: skip


def stop_state(facts: Facts, measured: float | None, stage: str) -> str:
    """Whether the stop rule is reached by its KPI as it is measured, once it has begun."""
    if not facts.stop.kpi:
        return NO_RULE
    if stage not in (Stage.RUNNING, Stage.DONE):
        return NOT_BEGUN
    states = {True: REACHED, False: NOT_REACHED, None: UNKNOWN}
    return states[facts.stop.is_reached(measured)]


def publish(found: Roadmap, *, at: datetime, by: UUID) -> None:
    """The ministry shows the roadmap, as it stands, to everybody."""
    PublishedRoadmap.objects.create(
        id=new_id(), at=at, by=by, portfolio_id=found.portfolio.id, document=public_document(found)
    )


def take_back(*, at: datetime, by: UUID) -> None:
    """Nothing is shown any more. Raises `NothingPublished`."""
    if published() is None:
        raise NothingPublished
    PublishedRoadmap.objects.create(id=new_id(), at=at, by=by)


def published() -> Published | None:
    """What everybody reads now."""
    row = PublishedRoadmap.objects.order_by("-at", "-id").first()
    if row is None or row.document is None:
        return None
    return Published(row.at, row.by, row.document)


def public_document(found: Roadmap) -> dict[str, Any]:
    """Plain values in both languages; nothing of who wrote what."""

    def both(text: Text) -> dict[str, str]:
        return {"ar": text.ar, "en": text.en}

    return {
        "title": found.portfolio.title, "is_example": found.is_example,
        "quarters": [str(quarter) for quarter in found.instance.horizon],
        "budget_baisa": {str(y): found.instance.budget_baisa[y] for y in found.instance.years},
        "spent_baisa": {str(year): baisa for year, baisa in found.spent_baisa.items()},
        "initiatives": [
            {
                "code": bar.code, "name": both(bar.initiative.facts.name),
                "words": both(bar.initiative.facts.words),
                "owner": both(bar.initiative.facts.owner),
                "entity": both(bar.initiative.facts.entity),
                "stage": bar.initiative.stage, "start": str(bar.start), "end": str(bar.end),
                "cost_baisa": bar.cost_baisa, "assumed": bar.initiative.facts.is_assumed,
                "review": bar.initiative.facts.review.isoformat(),
                "effects": [
                    {"kpi": e.kpi, "low": e.low, "mid": e.mid, "high": e.high, "target": e.target,
                     "assumed": e.is_assumed}
                    for e in bar.effects
                ],
            }
            for bar in found.bars
        ],
    }  # fmt: skip
