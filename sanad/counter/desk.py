"""Steps of the desk that touch several rooms: where the walk is held together."""

from datetime import datetime
from uuid import UUID

from sanad.cases import actions as cases
from sanad.cases.duplicates import require_not_duplicate
from sanad.cases.rules import Status, Verb, after
from sanad.gateway import actions as gateway
from sanad.lib.refusal import N_, Refused
from sanad.till import queries as till


class ResendNotPaid(Refused):
    code = "counter.resend_not_paid"
    sentence = N_(
        "The official list has a charge for sending a corrected request again. Show the person "
        "the amount, let them agree, and take it first."
    )


def submit(*, case: UUID, at: datetime, by: UUID) -> UUID:
    """Send a paid case, or a corrected one whose resend charge, if the list has one, is paid.

    Raises `NotNow`, `ResendNotPaid`, `LooksLikeDuplicate` and what `gateway.submit` raises.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.SUBMIT)
    if found.status == Status.RETURNED and till.owes_resend(case, at=at):
        raise ResendNotPaid
    require_not_duplicate(case=case, at=at)
    return gateway.submit(case=case, at=at, by=by)
