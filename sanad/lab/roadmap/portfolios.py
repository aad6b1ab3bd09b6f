"""Portfolios: asked for, solved at once or in the background, kept with their trail, run again.

What was asked is kept whole: the instance as a document, with every initiative's value and the
baselines, weights and scales that it follows from. So the same again gives the same, whatever the
initiatives say by then. The digest is of these inputs.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from sanad.db import jobs
from sanad.db.scope import acting, system_scope
from sanad.lab.code_version import code_version
from sanad.lab.long_work import HowFar, ask_to_stop, left_behind
from sanad.lab.models import Portfolio, StudyState
from sanad.lab.portfolio import told, turns
from sanad.lab.portfolio.contradictions import first_starts
from sanad.lab.portfolio.instance import UNITS_A_POINT, Instance
from sanad.lab.portfolio.read import instance_of
from sanad.lab.portfolio.solve import SMALL, solve
from sanad.lab.portfolio.value import worth
from sanad.lab.roadmap.baseline import Baselines
from sanad.lab.roadmap.initiatives import InitiativeView
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused

RUN = "lab.run_portfolio"
SHOWN = 50
AT_ONCE_SECONDS = 2.0
SOLVE_SECONDS, TURN_SECONDS = 30.0, 600.0


class NoSuchPortfolio(Refused):
    code = "lab.no_such_portfolio"
    sentence = N_("There is no such portfolio. Choose one from the list.")


class NothingToChoose(Refused):
    code = "lab.nothing_to_choose"
    sentence = N_("A portfolio needs at least one initiative to choose from. Choose one.")


class PortfolioUntitled(Refused):
    code = "lab.portfolio_untitled"
    sentence = N_(
        "Give the portfolio a name of at most {most} characters, so that it is found again."
    )


class PortfolioOver(Refused):
    code = "lab.portfolio_over"
    sentence = N_("The portfolio is solved already, so there is nothing to stop.")


class LeftOut(Refused):
    code = "lab.dependency_left_out"
    sentence = N_(
        "“{name}” depends on {code}, which is not among the initiatives to choose from. Add it."
    )


@dataclass(frozen=True)
class Wish:
    """What somebody wants of the choice: the plan's frame, its money and people, and the musts."""

    title: str
    first: Quarter
    quarters: int
    budget_baisa: Mapping[int, int]
    crews: Mapping[str, tuple[int, ...]]
    must: frozenset[str]
    never: frozenset[str]
    weights: Mapping[str, float]
    scales: Mapping[str, float]


@dataclass(frozen=True)
class PortfolioView(HowFar):
    """A portfolio as screens show it."""

    id: UUID
    title: str
    asked_by: UUID
    asked_at: datetime
    asked: dict[str, Any]
    digest: str
    is_example: bool
    state: str
    done: int
    parts: int
    stop_asked: bool
    ended_at: datetime | None
    result: dict[str, Any] | None
    refusal: dict[str, Any] | None
    code_version: str
    again_of: UUID | None
    adopted_at: datetime | None
    adopted_by: UUID | None
    starts: dict[str, str] | None

    @property
    def instance(self) -> Instance:
        return instance_of(self.asked["instance"])


def ask(
    wish: Wish, initiatives: Sequence[InitiativeView], found: Baselines, *, at: datetime, by: UUID
) -> UUID:  # fmt: skip
    """Ask for the best choice of `initiatives`; small ones are solved before this returns.

    Raises `PortfolioUntitled`, `NothingToChoose`, `LeftOut`, `NoScale`, every `Contradiction` that
    is found without solving, and what an instance refuses; then nothing is asked.
    """
    if not initiatives:
        raise NothingToChoose
    scales = {**found.values, **wish.scales}
    asked = {
        "instance": instance_document(wish, initiatives, scales),
        "baseline_quarter": str(found.quarter),
        "filled_at": found.filled_at.isoformat() if found.filled_at else None,
        "weights": dict(wish.weights),
        "scales": {kpi: scales.get(kpi) for kpi in _kpis(initiatives)},
        "own_scales": sorted(wish.scales),
        "versions": {one.code: one.version for one in initiatives},
        "assumed": sorted(one.code for one in initiatives if one.facts.is_assumed),
    }
    is_example = any(one.is_example for one in initiatives)
    return _ask(wish.title, asked, is_example=is_example, at=at, by=by, again_of=None)


def again(portfolio: UUID, *, at: datetime, by: UUID) -> UUID:
    """The same once more, to see that the same comes out. Raises `NoSuchPortfolio`."""
    found = one(portfolio)
    return _ask(
        found.title, found.asked, is_example=found.is_example, at=at, by=by,
        again_of=found.again_of or found.id,
    )  # fmt: skip


def _ask(
    title: str, asked: dict[str, Any], *, is_example: bool, at: datetime, by: UUID,
    again_of: UUID | None,
) -> UUID:  # fmt: skip
    most = Portfolio._meta.get_field("title").max_length or 0
    if not 0 < len(title.strip()) <= most:
        raise PortfolioUntitled(most=most)
    first_starts(instance_of(asked["instance"]))
    row = Portfolio(
        id=new_id(), title=title.strip(), asked_by=by, asked_at=at, asked=asked,
        digest=digest_of(asked), is_example=is_example, again_of_id=again_of,
    )  # fmt: skip
    with transaction.atomic():
        row.save(force_insert=True)
        with acting(system_scope()):
            if not _run(row, now=lambda: at, at_once=True):
                jobs.defer(RUN, queue="lab", portfolio=str(row.id))
    return row.id


def digest_of(asked: Mapping[str, Any]) -> str:
    """SHA-256 over what the answer follows from."""
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def stop(portfolio: UUID, *, at: datetime) -> None:
    """Stop one that waits or runs; nothing of it is kept. Raises `PortfolioOver`,
    `NoSuchPortfolio`."""
    with transaction.atomic():
        row = locked(portfolio)
        if not ask_to_stop(row, at=at):
            raise PortfolioOver


def one(portfolio: UUID) -> PortfolioView:
    """Raises `NoSuchPortfolio`."""
    row = Portfolio.objects.filter(id=portfolio).first()
    if row is None:
        raise NoSuchPortfolio
    return view(row)


def newest(most: int = SHOWN) -> list[PortfolioView]:
    return [view(row) for row in Portfolio.objects.order_by("-asked_at")[:most]]


def same_as_before(found: PortfolioView) -> bool | None:
    """Whether one run again gave the same; None where it cannot be said."""
    if found.again_of is None or found.result is None:
        return None
    first = one(found.again_of)
    return first.result == found.result if first.result is not None else None


def run(portfolio: UUID, *, now: Callable[[], datetime]) -> None:
    """Solve it, as background work. A refusal is kept as what came out; a stop keeps nothing."""
    with acting(system_scope()):
        row = Portfolio.objects.get(id=portfolio)
    if row.state == StudyState.WAITING:
        _run(row, now=now, at_once=False)


def rescue(*, at: datetime) -> int:
    """Those whose worker has been silent for long are solved again; how many."""
    with acting(system_scope()):
        found = left_behind(Portfolio, at=at)
        for portfolio in found:
            jobs.defer(RUN, queue="lab", portfolio=str(portfolio))
    return len(found)


def _run(row: Portfolio, *, now: Callable[[], datetime], at_once: bool) -> bool:
    """Whether it is over. At once nothing is written before it is."""
    if not at_once:
        _write(row.id, state=StudyState.RUNNING, seen_at=now())
    try:
        result = _solved(row, now, at_once=at_once)
    except turns.Stopped:
        _write(row.id, state=StudyState.STOPPED, ended_at=now())
    except Refused as refused:
        facts = {
            name: asdict(value) if isinstance(value, Text) else str(value)
            for name, value in refused.facts.items()
        }
        said = {"code": refused.code, "sentence": refused.sentence, "facts": facts}
        if at_once and refused.code == "portfolio.not_solved_in_time":
            return False
        _write(row.id, state=StudyState.REFUSED, refusal=said, ended_at=now(),
               code_version=code_version())  # fmt: skip
    except Exception:
        _write(row.id, state=StudyState.STOPPED, ended_at=now())
        raise
    else:
        if result is None:
            return False
        _write(row.id, state=StudyState.DONE, result=result, ended_at=now(),
               code_version=code_version())  # fmt: skip
    return True


def _solved(row: Portfolio, now: Callable[[], datetime], *, at_once: bool) -> dict[str, Any] | None:
    """The result; None where it takes longer than it may at once."""
    instance = instance_of(row.asked["instance"])
    if at_once and len(instance.initiatives) * instance.quarters > SMALL:
        return None
    seconds = AT_ONCE_SECONDS / 2 if at_once else SOLVE_SECONDS
    answer = solve(instance, seconds=seconds)
    if at_once and not answer.proven:
        return None

    def tell(done: int, parts: int) -> bool:
        if at_once:
            return True
        _write(row.id, done=done, parts=parts, seen_at=now())
        with acting(system_scope()):
            return not Portfolio.objects.filter(id=row.id, stop_asked=True).exists()

    found = turns.turns(
        instance, answer, seconds=seconds if at_once else TURN_SECONDS, told=tell
    )  # fmt: skip
    late = any(one.value.why == turns.NOT_IN_TIME or one.value.tolerance for one in found)
    return None if at_once and late else told.document(instance, answer, found)


def _write(portfolio: UUID, **written: Any) -> None:
    with acting(system_scope()):
        Portfolio.objects.filter(id=portfolio).update(**written)


def instance_document(
    wish: Wish, initiatives: Sequence[InitiativeView], scales: Mapping[str, float | None]
) -> dict[str, Any]:
    """The instance as the document that the command line reads too."""
    codes = {one.code for one in initiatives}
    found = []
    for one in initiatives:
        for code in one.facts.after:
            if code not in codes:
                raise LeftOut(name=one.facts.name, code=code)
        facts = one.facts
        value = worth([e.effect for e in facts.effects], scales=scales, weights=wish.weights)
        entry = {
            "code": one.code, "name": asdict(facts.name), "owner": asdict(facts.owner),
            "entity": asdict(facts.entity), "duration": facts.duration,
            "cost_baisa": list(facts.cost_baisa),
            "crew": {kind: list(needs) for kind, needs in facts.crew.items()},
            "value": {
                end: getattr(value, end) / UNITS_A_POINT for end in ("low", "mid", "high")
            },
            "after": list(facts.after),
            "excludes": [code for code in facts.excludes if code in codes],
            "one_of": [code for code in facts.one_of if code in codes],
            "must": one.code in wish.must, "never": one.code in wish.never,
        }  # fmt: skip
        found.append(entry | ({"earliest": facts.earliest} if facts.earliest else {}))
    return {
        "first": str(wish.first), "quarters": wish.quarters,
        "budget_baisa": {str(year): baisa for year, baisa in wish.budget_baisa.items()},
        "crews": {kind: list(there) for kind, there in wish.crews.items()},
        "initiatives": found,
    }  # fmt: skip


def _kpis(initiatives: Sequence[InitiativeView]) -> list[str]:
    return sorted({effect.kpi for one in initiatives for effect in one.facts.effects})


def locked(portfolio: UUID) -> Portfolio:
    """The row until the transaction ends. Raises `NoSuchPortfolio`."""
    row = Portfolio.objects.select_for_update().filter(id=portfolio).first()
    if row is None:
        raise NoSuchPortfolio
    return row


def view(row: Portfolio) -> PortfolioView:
    return PortfolioView(
        id=row.id, title=row.title, asked_by=row.asked_by, asked_at=row.asked_at, asked=row.asked,
        digest=row.digest, is_example=row.is_example, state=row.state, done=row.done,
        parts=row.parts, stop_asked=row.stop_asked, ended_at=row.ended_at, result=row.result,
        refusal=row.refusal, code_version=row.code_version, again_of=row.again_of_id,
        adopted_at=row.adopted_at, adopted_by=row.adopted_by, starts=row.starts,
    )  # fmt: skip
