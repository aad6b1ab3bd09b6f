"""Two entries of one person become one, with their requests and visits, and may be taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sanad.beneficiaries import merging as people
from sanad.beneficiaries.actions import clean_reason
from sanad.cases.models import Case, Visit
from sanad.cases.rules import Status
from sanad.db.locks import Rank, lock
from sanad.eventlog.queries import events
from sanad.lib.refusal import N_, Refused

# A request that was sent, or for which money has moved, names its person outside this system.
MAY_MOVE = frozenset({Status.DRAFT, Status.READY, Status.CANCELLED})
MONEY_MOVED = ("payment.", "receipt.")


class AlreadyOutside(Refused):
    code = "cases.already_outside"
    sentence = N_(
        "Request {code} of the person who would disappear was paid or sent, so their name is on "
        "receipts and with the entity. Keep that person instead, or leave both."
    )


class LinkUnderWay(Refused):
    code = "cases.link_under_way"
    sentence = N_(
        "One of the two is being asked for a mandate on their phone. Wait for the answer, then "
        "merge."
    )


def merge_people(
    *, keep: UUID, gone: UUID, centre: int, reason: str, at: datetime, by: UUID
) -> UUID:
    """Everything of `gone` at this centre becomes `keep`'s; the merge's id.

    In this order: visits, the two people, the requests of `gone`, then the rest. Raises
    `AlreadyOutside`, `LinkUnderWay`, and what `beneficiaries.merging.require_mergeable` and
    `.move` raise; then nothing has moved.
    """
    reason = clean_reason(reason)
    visits = lock(Rank.VISIT, Visit.objects.filter(person_id=gone))
    people.require_mergeable(keep=keep, gone=gone)
    if people.open_requests(gone, at):
        raise LinkUnderWay
    cases = lock(Rank.CASE, Case.objects.filter(person_id=gone))
    for case in cases:
        _require_inside(case)
    also = {
        "visits": [str(visit.id) for visit in visits],
        "cases": [[str(case.id), case.last_seq, case.status] for case in cases],
    }
    Visit.objects.filter(id__in=[visit.id for visit in visits]).update(person_id=keep)
    Case.objects.filter(id__in=[case.id for case in cases]).update(person_id=keep)
    return people.move(keep=keep, gone=gone, centre=centre, reason=reason, also=also, at=at, by=by)


def undo_merge(*, merge: UUID, at: datetime, by: UUID) -> None:
    """Put back exactly what went over.

    Raises `CannotUndo` after a week, or when a request or mandate that moved was touched since.
    """
    found = people.undoable(merge, at=at)
    moved = found.moved
    lasts = people.UNDO_WITHIN.days
    ids = [UUID(key) for key, _, _ in moved["cases"]]
    cases = lock(Rank.CASE, Case.objects.filter(id__in=ids, person_id=found.keep_id))
    now = [[str(case.id), case.last_seq, case.status] for case in cases]
    if sorted(now) != sorted(moved["cases"]):
        raise people.CannotUndo(days=lasts)
    people.require_untouched(found)
    Case.objects.filter(id__in=ids).update(person_id=found.gone_id)
    Visit.objects.filter(id__in=moved["visits"], person_id=found.keep_id).update(
        person_id=found.gone_id
    )
    people.put_back(found, at=at, by=by)


def _require_inside(case: Any) -> None:
    happened = events(case=case.id).values_list("kind", flat=True)
    if Status(case.status) not in MAY_MOVE or any(k.startswith(MONEY_MOVED) for k in happened):
        raise AlreadyOutside(code=case.code)
