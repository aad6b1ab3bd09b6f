"""Studies: asked for by an analyst, run in the background, kept with their trail, run again.

A study names what its numbers follow from: the basis (a calibration of assumptions, or a snapshot
whose fit it uses), the quarter, the scenarios with their versions, the seed, the replications, and
the version of the code. The same of these gives the same bytes, which `same_as_before` checks.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sanad.db import jobs
from sanad.db.scope import acting, system_scope
from sanad.lab import basis
from sanad.lab.code_version import code_version
from sanad.lab.long_work import HowFar, ask_to_stop, left_behind
from sanad.lab.models import Study, StudyState
from sanad.lab.twin.network import compare
from sanad.lab.twin.network.scenarios import Scenario, scenario_of
from sanad.lib.bilingual import Text
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

RUN = "lab.run_study"
SHOWN = 50


class NoSuchStudy(Refused):
    code = "lab.no_such_study"
    sentence = N_("There is no such study. Choose one from the list.")


class NothingToCompare(Refused):
    code = "lab.nothing_to_compare"
    sentence = N_("A study needs at least one scenario beside the present. Choose one.")


class StudyUntitled(Refused):
    code = "lab.study_untitled"
    sentence = N_("Give the study a name of at most {most} characters, so that it is found again.")


class StudyOver(Refused):
    code = "lab.study_over"
    sentence = N_("The study is over already, so there is nothing to stop.")


@dataclass(frozen=True)
class StudyView(HowFar):
    """A study as screens show it."""

    id: UUID
    title: str
    asked_by: UUID
    asked_at: datetime
    asked: dict[str, Any]
    state: str
    done: int
    parts: int
    stop_asked: bool
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any] | None
    refusal: dict[str, Any] | None
    code_version: str
    again_of: UUID | None


def ask(
    *, title: str, basis_: Mapping[str, Any], scenarios: Sequence[Scenario], replications: int,
    seed: int, at: datetime, by: UUID, again_of: UUID | None = None,
) -> UUID:  # fmt: skip
    """Ask for a study; it runs when the worker comes to it. What cannot be run is refused now.

    Raises `StudyUntitled`, `NothingToCompare`, what the basis and the scenarios refuse,
    `TooManyScenarios`, `ReplicationsOutOfRange`; then nothing is asked.
    """
    most = Study._meta.get_field("title").max_length or 0
    if not 0 < len(title.strip()) <= most:
        raise StudyUntitled(most=most)
    if not scenarios:
        raise NothingToCompare
    compare.refuse_size(len(scenarios), replications)
    model = basis.model_of(basis_)
    for one in scenarios:
        one.apply(model)
    study = Study(
        id=new_id(), title=title.strip(), asked_by=by, asked_at=at, again_of_id=again_of,
        asked={
            "basis": dict(basis_), "scenarios": [one.as_json() for one in scenarios],
            "replications": replications, "seed": seed,
        },
    )  # fmt: skip
    with transaction.atomic():
        study.save(force_insert=True)
        with acting(system_scope()):
            jobs.defer(RUN, queue="lab", study=str(study.id))
    return study.id


def again(study: UUID, *, at: datetime, by: UUID) -> UUID:
    """The same study once more, to see that the same comes out. Raises `NoSuchStudy`."""
    found = one(study)
    return ask(
        title=found.title, basis_=found.asked["basis"],
        scenarios=[scenario_of(data) for data in found.asked["scenarios"]],
        replications=found.asked["replications"], seed=found.asked["seed"], at=at, by=by,
        again_of=found.again_of or found.id,
    )  # fmt: skip


def stop(study: UUID, *, at: datetime) -> None:
    """Stop a study that waits or runs; nothing of it is kept. Raises `StudyOver`, `NoSuchStudy`."""
    with transaction.atomic():
        row = Study.objects.select_for_update().filter(id=study).first()
        if row is None:
            raise NoSuchStudy
        if not ask_to_stop(row, at=at):
            raise StudyOver


def one(study: UUID) -> StudyView:
    """Raises `NoSuchStudy`."""
    row = Study.objects.filter(id=study).first()
    if row is None:
        raise NoSuchStudy
    return _view(row)


def newest(most: int = SHOWN) -> list[StudyView]:
    """The newest studies, without their results."""
    rows = Study.objects.order_by("-asked_at").defer("result")[:most]
    return [_view(row, whole=False) for row in rows]


def same_as_before(found: StudyView) -> bool | None:
    """Whether a study run again gave the same bytes as before; None where it cannot be said.

    Another version of the code may rightly give others, and is told apart by `code_version`.
    """
    if found.again_of is None or found.result is None:
        return None
    first = one(found.again_of)
    return first.result == found.result if first.result is not None else None


def run(study: UUID, *, now: Callable[[], datetime]) -> None:
    """Run it, as background work; `now` tells the time while it runs.

    A refusal is kept as what came out; a stop keeps nothing.
    """
    with acting(system_scope()):
        started = Study.objects.filter(id=study, state=StudyState.WAITING).update(
            state=StudyState.RUNNING,
            started_at=now(),
            seen_at=now(),
            code_version=code_version(),
        )
        row = Study.objects.get(id=study)
    if not started:
        return
    try:
        result = _compared(row, now)
    except compare.Stopped:
        _end(study, now, state=StudyState.STOPPED)
    except Refused as refused:
        facts = {
            name: asdict(value) if isinstance(value, Text) else str(value)
            for name, value in refused.facts.items()
        }
        said = {"code": refused.code, "sentence": refused.sentence, "facts": facts}
        _end(study, now, state=StudyState.REFUSED, refusal=said)
    except Exception:
        _end(study, now, state=StudyState.STOPPED)
        raise
    else:
        _end(study, now, state=StudyState.DONE, result=result)


def _compared(row: Study, now: Callable[[], datetime]) -> dict[str, Any]:
    asked = row.asked

    def told(done: int, parts: int) -> bool:
        with acting(system_scope()):
            Study.objects.filter(id=row.id).update(done=done, parts=parts, seen_at=now())
            return not Study.objects.filter(id=row.id, stop_asked=True).exists()

    return compare.compare(
        basis.model_of(asked["basis"]), [scenario_of(data) for data in asked["scenarios"]],
        seed=asked["seed"], replications=asked["replications"], threads=os.cpu_count() or 1,
        cluster=settings.SANAD_CLUSTER, told=told,
    )  # fmt: skip


def _end(study: UUID, now: Callable[[], datetime], **written: Any) -> None:
    with acting(system_scope()):
        Study.objects.filter(id=study).update(ended_at=now(), **written)


def rescue(*, at: datetime) -> int:
    """Studies whose worker has been silent for long are run again from the start; how many."""
    with acting(system_scope()):
        found = left_behind(Study, at=at)
        for study in found:
            jobs.defer(RUN, queue="lab", study=str(study))
    return len(found)


def _view(row: Study, *, whole: bool = True) -> StudyView:
    return StudyView(
        id=row.id, title=row.title, asked_by=row.asked_by, asked_at=row.asked_at, asked=row.asked,
        state=row.state, done=row.done, parts=row.parts, stop_asked=row.stop_asked,
        started_at=row.started_at, ended_at=row.ended_at, result=row.result if whole else None,
        refusal=row.refusal, code_version=row.code_version, again_of=row.again_of_id,
    )  # fmt: skip
