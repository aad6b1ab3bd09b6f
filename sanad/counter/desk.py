"""Steps of the desk that touch several rooms: where the walk is held together."""

from datetime import datetime
from uuid import UUID

from sanad.cases import actions as cases
from sanad.cases.duplicates import require_not_duplicate
from sanad.cases.rules import Status, Verb, after
from sanad.catalogue import queries as catalogue
from sanad.gateway import actions as gateway
from sanad.lib.refusal import N_, Refused
from sanad.till import queries as till
from sanad.till.queries import NoSuchStage


class ResendNotPaid(Refused):
    code = "counter.resend_not_paid"
    sentence = N_(
        "The official list has a charge for sending a corrected request again. Show the person "
        "the amount, let them agree, and take it first."
    )


class StageNotPaid(Refused):
    code = "counter.stage_not_paid"
    sentence = N_(
        "The official list has a charge for “{stage}”. Show the person the amount, let them agree, "
        "and take it first."
    )


def submit(*, case: UUID, at: datetime, by: UUID) -> UUID:
    """Send a paid case, or a corrected one whose resend charge, if the list has one, is paid.

    Raises `NotNow`, `RefundAsked`, `ResendNotPaid`, `LooksLikeDuplicate` and what
    `gateway.submit` raises.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.SUBMIT)
    till.require_no_refund(case)
    if found.status == Status.RETURNED and till.owes_resend(case, at=at):
        raise ResendNotPaid
    require_not_duplicate(case=case, at=at)
    return gateway.submit(case=case, at=at, by=by)


def send_stage(*, case: UUID, stage: str, at: datetime, by: UUID) -> UUID:
    """Send a further step of a request that the entity has; the delivery's id.

    Raises `NotNow`, `NoSuchStage`, `StageNotPaid` or `StageSent`.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.PAY_FURTHER)
    asked = {one.stage: one for one in till.further_stages(case, at=at)}.get(stage)
    if asked is None:
        raise NoSuchStage
    if not asked.is_paid:
        raise StageNotPaid(stage=catalogue.STAGE_NAMES[stage])
    return gateway.submit_stage(case=case, stage=stage, at=at, by=by)


def reopen(*, case: UUID, at: datetime, by: UUID) -> None:
    """Back to the form, while no money has moved or may have. Raises `PaymentOpen`, `NotNow`."""
    cases.locked(case)
    till.require_nothing_open(case)
    cases.reopen(case=case, at=at, by=by)


def correct_person(*, case: UUID, person: UUID, at: datetime, by: UUID) -> None:
    """The case is another person's, while no money has moved or may have.

    Raises `PaymentOpen` and what `cases.correct_person` raises.
    """
    cases.locked(case)
    till.require_nothing_open(case)
    cases.correct_person(case=case, person=person, at=at, by=by)
