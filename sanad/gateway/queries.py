"""Reads about the line to the entities, within the reader's scope."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from sanad.beneficiaries import actions as beneficiaries
from sanad.catalogue import queries as catalogue
from sanad.gateway.models import ACKNOWLEDGED, PENDING, Answer, Attempt, Delivery
from sanad.gateway.rules import FEE, SETTLES, UnknownRequest
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.civil_number import mask_civil_number

MOST_IN_A_LIST = 200
OVERDUE_AFTER = timedelta(seconds=90)


@dataclass(frozen=True)
class RequestLine:
    """A request as its entity sees it."""

    id: UUID
    case_code: str
    service_code: str
    represented: str
    centre_code: str
    state: str
    made_at: datetime
    resend: bool
    answer: str  # the last answer's kind; empty while there is none
    stage: str  # a further step of the official list; empty for the request itself


@dataclass(frozen=True)
class AttemptView:
    """Evidence of one try."""

    number: int
    at: datetime
    status: int | None
    outcome: str
    milliseconds: int


@dataclass(frozen=True)
class DeliveryView:
    """A sending of a case, with its tries."""

    id: UUID
    stage: str
    state: str
    made_at: datetime
    next_try_at: datetime
    acknowledged_at: datetime | None
    entity_reference: str
    attempts: tuple[AttemptView, ...]


@dataclass(frozen=True)
class AnswerView:
    """What an entity said of a request. `by_account` is empty for a machine's answer."""

    kind: str
    received_at: datetime
    by_account: UUID | None
    reason: Text
    fields: tuple[str, ...]
    applied: bool


@dataclass(frozen=True)
class RequestView:
    """One request as its entity sees it: who asks, by whose hand, and what was typed.

    `form` has the answers by field; those in `masked` are shown by their last digits only.
    `documents` are pairs of the document's code and how the centre holds it.
    """

    line: RequestLine
    represented: Text
    company: str
    agent: Text
    form: dict[str, Any]
    masked: frozenset[str]
    documents: tuple[tuple[str, str], ...]
    answers: tuple[AnswerView, ...]
    acknowledged_at: datetime | None
    reference: str
    is_open: bool
    case_id: UUID
    fee_is_open: bool  # nothing is published, and the entity has not stated it
    stated_fee_baisa: int | None


def deliveries_of(case: UUID) -> list[DeliveryView]:
    """Every sending of a case, oldest first."""
    found = Delivery.objects.filter(case_id=case).order_by("made_at")
    return [
        DeliveryView(
            id=d.id, stage=d.stage, state=d.state, made_at=d.made_at, next_try_at=d.next_try_at,
            acknowledged_at=d.acknowledged_at, entity_reference=d.entity_reference,
            attempts=tuple(
                AttemptView(a.number, a.at, a.status, a.outcome, a.milliseconds)
                for a in Attempt.objects.filter(delivery=d).order_by("number")
            ),
        )
        for d in found
    ]  # fmt: skip


def requests_of(entity: int) -> list[RequestLine]:
    """What was sent to an entity, newest first, as the entity."""
    found = Delivery.objects.filter(entity_id=entity).order_by("-made_at")[:MOST_IN_A_LIST]
    kinds = dict(
        Answer.objects.filter(delivery__in=[d.id for d in found])
        .order_by("received_at")
        .values_list("delivery_id", "kind")
    )
    return [_line(d, kinds.get(d.id, "")) for d in found]


def request(entity: int, delivery: UUID) -> RequestView:
    """One request, as its entity. Raises `UnknownRequest`."""
    found = Delivery.objects.filter(id=delivery, entity_id=entity).first()
    if found is None:
        raise UnknownRequest
    answers = [
        AnswerView(
            kind=a.kind, received_at=a.received_at, by_account=a.by_account,
            reason=_reason(a.body), fields=tuple(a.body["fields"]),
            applied=a.applied_at is not None,
        )
        for a in Answer.objects.filter(delivery=found).order_by("received_at")
    ]  # fmt: skip
    agent, party = found.body["agent"], found.body["represented_party"]
    sealed = {key for key, value in found.body["answers"].items() if isinstance(value, dict)}
    return RequestView(
        line=_line(found, answers[-1].kind if answers else ""),
        represented=Text(party["name"], party.get("name_en") or party["name"]),
        company=party.get("company") or "",
        agent=Text(agent.get("name", ""), agent.get("name_en") or agent.get("name", "")),
        form={
            key: _masked(value["sealed"], found) if key in sealed else value
            for key, value in found.body["answers"].items()
        },
        masked=frozenset(sealed),
        documents=tuple((d["code"], d["held_as"]) for d in found.body["documents"]),
        answers=tuple(answers),
        acknowledged_at=found.acknowledged_at,
        reference=found.entity_reference,
        is_open=not found.stage
        and not any(a.kind in SETTLES for a in answers)
        and not Delivery.objects.filter(resend_of=found).exists(),
        case_id=found.case_id,
        fee_is_open=_fee_is_open(found),
        stated_fee_baisa=_stated_fee(found),
    )


def delayed(centre: int, *, at: datetime) -> list[tuple[UUID, datetime]]:
    """A centre's requests that no entity has taken for a while: (case, since when)."""
    found = Delivery.objects.filter(
        centre_id=centre, state=PENDING, made_at__lt=at - OVERDUE_AFTER
    ).order_by("made_at")
    return list(found.values_list("case_id", "made_at"))


def is_of_centre(delivery: UUID, centre: int) -> bool:
    """Whether a sending is this centre's."""
    return Delivery.objects.filter(id=delivery, centre_id=centre).exists()


def counts_by_state(entity: int | None = None) -> dict[str, int]:
    """Deliveries by state in sight: the count that must equal the entity's own."""
    found = Delivery.objects.all()
    if entity is not None:
        found = found.filter(entity_id=entity)
    return dict(found.values_list("state").annotate(Count("id")))


def acknowledged(entity: int | None = None) -> int:
    return counts_by_state(entity).get(ACKNOWLEDGED, 0)


def due(*, at: datetime) -> list[tuple[UUID, int]]:
    """Deliveries that should have been tried by now, as the system: (id, centre)."""
    found = Delivery.objects.filter(state=PENDING, next_try_at__lt=at).order_by("made_at")
    return list(found.values_list("id", "centre_id"))


def unapplied(*, at: datetime) -> list[tuple[UUID, int]]:
    """Answers that no worker has applied for a while, as the system: (id, centre)."""
    found = Answer.objects.filter(applied_at=None, received_at__lt=at - OVERDUE_AFTER)
    return list(found.order_by("received_at").values_list("id", "centre_id"))


def _line(d: Delivery, answer: str) -> RequestLine:
    return RequestLine(
        id=d.id, case_code=d.body["case_code"], service_code=d.body["service_code"],
        represented=d.body["represented_party"]["name"],
        centre_code=d.body["agent"]["centre_code"], state=d.state, made_at=d.made_at,
        resend=d.resend_of_id is not None, answer=answer, stage=d.stage,
    )  # fmt: skip


def _stated_fee(d: Delivery) -> int | None:
    found = Answer.objects.filter(case_id=d.case_id, kind=FEE).first()
    return int(found.body["government_baisa"]) if found else None


def _fee_is_open(d: Delivery) -> bool:
    if d.stage or _stated_fee(d) is not None:
        return False
    service = catalogue.service(d.body["service_code"], business_date(d.made_at))
    return catalogue.government_fee_due(service.government_fee, d.body["answers"]).baisa is None


def _reason(body: dict[str, Any]) -> Text:
    reason = body["reason"]
    return Text(str(reason.get("ar", "")), str(reason.get("en", "")))


def _masked(sealed: str, d: Delivery) -> str:
    return mask_civil_number(beneficiaries.open_text(sealed, bound_to=d.case_id))
