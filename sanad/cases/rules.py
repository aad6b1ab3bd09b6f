"""The life of a case as data: what may follow what, and on whose desk it lies."""

from dataclasses import dataclass
from enum import StrEnum

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused


class Status(StrEnum):
    """How far a case has come."""

    DRAFT = "draft"
    READY = "ready"
    PAID = "paid"
    QUEUED = "queued"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Holder(StrEnum):
    """On whose desk a case lies."""

    CENTRE = "centre"
    LINE = "line"
    ENTITY = "entity"
    PERSON = "person"
    NOBODY = "nobody"


class Verb(StrEnum):
    """What can be done to a case."""

    EDIT = "edit"
    COMPLETE = "complete"
    REOPEN = "reopen"
    PAY = "pay"
    PAY_FURTHER = "pay_further"
    STATE_FEE = "state_fee"
    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    HAND_OVER = "hand_over"
    CANCEL = "cancel"
    CORRECT_PERSON = "correct_person"
    RENEW_MANDATE = "renew_mandate"


S, V = Status, Verb
TRANSITIONS: dict[tuple[Status, Verb], Status] = {
    (S.DRAFT, V.EDIT): S.DRAFT,
    (S.DRAFT, V.CORRECT_PERSON): S.DRAFT,
    (S.DRAFT, V.RENEW_MANDATE): S.DRAFT,
    (S.DRAFT, V.COMPLETE): S.READY,
    (S.DRAFT, V.CANCEL): S.CANCELLED,
    (S.READY, V.REOPEN): S.DRAFT,
    (S.READY, V.CORRECT_PERSON): S.DRAFT,
    (S.READY, V.RENEW_MANDATE): S.READY,
    (S.READY, V.PAY): S.PAID,
    (S.READY, V.CANCEL): S.CANCELLED,
    (S.PAID, V.RENEW_MANDATE): S.PAID,
    (S.PAID, V.SUBMIT): S.QUEUED,
    (S.PAID, V.CANCEL): S.CANCELLED,
    (S.QUEUED, V.ACKNOWLEDGE): S.SENT,
    (S.QUEUED, V.RETURN): S.RETURNED,  # the entity's system refused it as it was
    (S.SENT, V.RETURN): S.RETURNED,
    (S.SENT, V.APPROVE): S.APPROVED,
    (S.SENT, V.REJECT): S.REJECTED,
    (S.RETURNED, V.EDIT): S.RETURNED,
    (S.RETURNED, V.PAY): S.RETURNED,
    (S.RETURNED, V.SUBMIT): S.QUEUED,
    (S.QUEUED, V.PAY_FURTHER): S.QUEUED,
    (S.SENT, V.PAY_FURTHER): S.SENT,
    (S.RETURNED, V.PAY_FURTHER): S.RETURNED,
    (S.APPROVED, V.PAY_FURTHER): S.APPROVED,
    (S.REJECTED, V.PAY_FURTHER): S.REJECTED,
    (S.SENT, V.STATE_FEE): S.SENT,
    (S.RETURNED, V.STATE_FEE): S.RETURNED,
    (S.APPROVED, V.STATE_FEE): S.APPROVED,
    (S.APPROVED, V.HAND_OVER): S.DELIVERED,
    (S.REJECTED, V.HAND_OVER): S.DELIVERED,
}
HOLDERS: dict[Status, Holder] = {
    S.DRAFT: Holder.CENTRE,
    S.READY: Holder.PERSON,
    S.PAID: Holder.CENTRE,
    S.QUEUED: Holder.LINE,
    S.SENT: Holder.ENTITY,
    S.RETURNED: Holder.CENTRE,
    S.APPROVED: Holder.PERSON,
    S.REJECTED: Holder.PERSON,
    S.DELIVERED: Holder.NOBODY,
    S.CANCELLED: Holder.NOBODY,
}
BEFORE_SUBMISSION = frozenset({S.DRAFT, S.READY, S.PAID})
DECIDED = frozenset({S.APPROVED, S.REJECTED, S.DELIVERED})
AT_WORK = frozenset({S.DRAFT, S.READY, S.PAID, S.RETURNED})
# A visit in which nothing changed for so long was probably not finished. Ours to set.
FORGOTTEN_MINUTES = 45
CHANNEL_NAMES = {
    "hall": Text("من القاعة", "From the hall"),
    "appointment": Text("بموعد", "By appointment"),
    "quick": Text("عند المنضدة دون تذكرة", "At the counter, without a ticket"),
    "phone": Text("بالهاتف", "By phone"),
    "remote": Text("برسالة", "By message"),
}
STATUS_NAMES = {
    S.DRAFT: Text("مسودة", "Draft"),
    S.READY: Text("جاهز للموافقة والدفع", "Ready to agree and pay"),
    S.PAID: Text("مدفوع ولم يُرسل بعد", "Paid, not sent yet"),
    S.QUEUED: Text("في طريقه إلى الجهة", "On its way to the entity"),
    S.SENT: Text("لدى الجهة", "With the entity"),
    S.RETURNED: Text("أُعيد للتصحيح", "Returned for correction"),
    S.APPROVED: Text("تمت الموافقة", "Approved"),
    S.REJECTED: Text("رُفض", "Rejected"),
    S.DELIVERED: Text("سُلّم", "Handed over"),
    S.CANCELLED: Text("ملغى", "Cancelled"),
}
HOLDER_NAMES = {
    Holder.CENTRE: N_("the centre"),
    Holder.LINE: N_("the line to the entity"),
    Holder.ENTITY: N_("the entity"),
    Holder.PERSON: N_("you"),
    Holder.NOBODY: N_("nobody: it is finished"),
}


class NotNow(Refused):
    code = "cases.not_now"
    sentence = N_(
        "This request is “{status}”, so that step is not possible. Reload the page to see what "
        "can be done now."
    )


class FormIncomplete(Refused):
    code = "cases.form_incomplete"
    sentence = N_("The form is not complete: {count} fields need attention. They are marked.")


class DocumentsMissing(Refused):
    code = "cases.documents_missing"
    sentence = N_("These documents are missing: {names}. Tick what you have seen or add the file.")


class ServiceWithdrawn(Refused):
    code = "cases.service_withdrawn"
    sentence = N_(
        "{entity} has withdrawn “{service}”. What was typed is kept, but the request cannot go on; "
        "cancel it and return what was paid."
    )


@dataclass(frozen=True)
class Held:
    """A document on a case's checklist, as it is held."""

    code: str
    held_as: str


def after(status: Status, verb: Verb) -> Status:
    """The status that follows. Raises `NotNow`."""
    following = TRANSITIONS.get((status, verb))
    if following is None:
        raise NotNow(status=STATUS_NAMES[status])
    return following


def allowed(status: Status) -> frozenset[Verb]:
    """What can be done to a case in a status."""
    return frozenset(verb for (found, verb) in TRANSITIONS if found is status)
