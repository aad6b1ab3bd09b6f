"""The line to the entities: hand over, deliver, receive the answer.

`deliver` is in three parts, because the world cannot be rolled back: claim (a transaction that
must touch exactly one row), call (no transaction), conclude (a transaction).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from sanad.accounts import queries as accounts
from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.rules import Status, Verb, after, allowed
from sanad.catalogue import queries as catalogue
from sanad.db import jobs
from sanad.db.locks import Rank, lock
from sanad.gateway import rules
from sanad.gateway.models import (
    ACKNOWLEDGED,
    DEAD,
    PENDING,
    Answer,
    Attempt,
    Delivery,
    EntityEndpoint,
)
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.money import format_omr


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours to try now, with everything the call needs."""

    delivery: UUID
    centre: int
    entity: int
    number: int
    url: str
    headers: dict[str, str]
    body: dict[str, Any]

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes that are sent, at each try the same."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.raw).digest()


@dataclass(frozen=True)
class Outcome:
    """What came of a call: `status` is None when no answer came.

    `retry_after_seconds` is how long the entity's system asked us to wait, None where it did not;
    `document` is what it answered, where that was one.
    """

    status: int | None
    milliseconds: int
    reference: str = ""
    response_id: str = ""
    says: str = ""
    retry_after_seconds: int | None = None
    document: dict[str, Any] | None = None


def submit(*, case: UUID, at: datetime, by: UUID) -> UUID:
    """Hand a paid, complete case to the line; the delivery's id.

    The first time it needs a live mandate; a resend of the same case does not. Raises
    `FormIncomplete`, `DocumentsMissing`, `ServiceWithdrawn`, `MandateNotLive`, `NotNow`.
    """
    found = cases.locked(case)
    resend = found.status == Status.RETURNED
    cases.require_complete(found, at=at)
    if not resend:
        beneficiaries.require_live_mandate(case=case, at=at)
    before = Delivery.objects.filter(case=found, stage="").order_by("-made_at").first()
    body = _body(found, at=at, by=by, resend_of=before.id if before else None)
    delivery = Delivery(
        id=new_id(), case=found, centre_id=found.centre_id, entity_id=found.entity_id,
        person_id=found.person_id, resend_of=before, body=body, body_hash=_hash(body),
        made_at=at, made_by=by, next_try_at=at,
    )  # fmt: skip
    cases.mark_submitted(
        found, service=body["service_code"], delivery=delivery.id, resend=resend, at=at, by=by
    )
    delivery.save(force_insert=True)
    defer_delivery(delivery.id, found.centre_id)
    return delivery.id


def submit_stage(*, case: UUID, stage: str, at: datetime, by: UUID) -> UUID:
    """Hand a further step of a sent request to the line; the case stays as it is.

    Raises `NotNow` or `StageSent`.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.PAY_FURTHER)
    body = _body(found, at=at, by=by, resend_of=None) | {"stage": stage}
    delivery = Delivery(
        id=new_id(), case=found, centre_id=found.centre_id, entity_id=found.entity_id,
        person_id=found.person_id, body=body, body_hash=_hash(body), made_at=at, made_by=by,
        next_try_at=at, stage=stage,
    )  # fmt: skip
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError as error:
        raise rules.StageSent from error
    cases.record(
        found, "stage.sent", at=at, by=by, entity=found.entity_id, stage=stage,
        delivery=delivery.id,
    )  # fmt: skip
    defer_delivery(delivery.id, found.centre_id)
    return delivery.id


def defer_delivery(delivery: UUID, centre: int, *, seconds: int = 0) -> None:
    """Ask the worker to try a delivery, now or in some seconds."""
    jobs.defer(
        "gateway.deliver", queue="gateway", seconds=seconds, delivery=str(delivery), centre=centre
    )


def defer_answer(answer: UUID, centre: int) -> None:
    """Ask the worker to let an answer take effect."""
    jobs.defer("gateway.apply_answer", queue="gateway", answer=str(answer), centre=centre)


def claim(*, delivery: UUID, at: datetime) -> Claimed | None:
    """Take a due delivery for one try; None when another worker has it or it must wait its turn.

    A person's earlier request goes first. A worker that dies leaves the claim to expire.
    """
    earlier = Delivery.objects.filter(
        person_id=OuterRef("person_id"), state=PENDING, made_at__lt=OuterRef("made_at")
    )
    taken = (
        Delivery.objects.filter(id=delivery, state=PENDING, next_try_at__lte=at)
        .exclude(Exists(earlier))
        .update(next_try_at=at + rules.CLAIM_LASTS)
    )
    if taken != 1:
        return None
    found = Delivery.objects.select_related("case").get(id=delivery)
    found.tries += 1
    found.save(update_fields=["tries"])
    endpoint = EntityEndpoint.objects.filter(entity_id=found.entity_id).first()
    if endpoint is None:
        return None
    return Claimed(
        delivery=delivery, centre=found.centre_id, entity=found.entity_id, number=found.tries,
        url=endpoint.url, headers=_headers(found), body=_opened(found),
    )  # fmt: skip


def conclude(*, claimed: Claimed, outcome: Outcome, at: datetime) -> None:
    """Write down the try and what follows from it.

    "Sent" only on an acknowledgement that the entity's registered key signed over the bytes that
    were sent; a final refusal goes back to the centre; anything else stays in line and is tried
    again later.
    """
    found = _locked_delivery(claimed.delivery)
    acknowledged = outcome.status in rules.TAKEN_STATUSES
    taken = acknowledged and is_proved(claimed, outcome)
    final = outcome.status in rules.FINAL_STATUSES
    Attempt(
        delivery=found, centre_id=found.centre_id, number=claimed.number, at=at,
        milliseconds=outcome.milliseconds, status=outcome.status,
        outcome=rules.named(taken=taken, final=final, unproved=acknowledged and not taken),
        response_id=outcome.response_id[:60], request_id=claimed.headers["X-Road-Id"],
        headers=claimed.headers, body_sha256=claimed.sha256,
    ).save(force_insert=True)  # fmt: skip
    if found.state != PENDING:
        return
    if taken:
        found.acknowledgement = outcome.document
        _acknowledge(found, reference=outcome.reference, at=at)
    elif final:
        _bounce(found, outcome=outcome, at=at)
    else:
        wait = rules.wait_after(
            claimed.number, status=outcome.status, told_seconds=outcome.retry_after_seconds
        )
        found.next_try_at = at + wait
        found.save(update_fields=["next_try_at"])
        cases.record(
            found.case, "delivery.delayed", at=at, by=None, entity=found.entity_id,
            delivery=found.id, tries=claimed.number,
        )  # fmt: skip
        defer_delivery(found.id, found.centre_id, seconds=int(wait.total_seconds()))


def receive_answer(
    *, entity: int, raw: bytes, signature: bytes, at: datetime, by: UUID | None = None
) -> UUID:
    """Take an entity's answer, as the entity; the same answer again is the same answer.

    A machine's answer is checked against the entity's key; an officer's is signed by their
    sign-in, and is refused with `AnsweredAlready` where there is nothing left to answer. Raises
    `SignatureRefused`, `AnswerMalformed`, `UnknownRequest`, `AnswerDiffers`, and of a fee
    `FeeNotOpen` or `FeeStatedAlready`.
    """
    if by is None:
        require_signature(entity, raw, signature)
    body = rules.read_answer(raw)
    delivery = Delivery.objects.filter(id=body["request_id"], entity_id=entity).first()
    if delivery is None:
        raise rules.UnknownRequest
    digest = _digest(raw) if by is None else _digest_but_time(body)
    if by is not None:
        _require_open(delivery, but=body["answer_id"])
    if body["kind"] == rules.FEE:
        stated = _fee_stated(delivery, body)
        if stated is not None:
            return stated
    try:
        answer, new = Answer.objects.get_or_create(
            id=body["answer_id"],
            defaults={
                "delivery": delivery, "case_id": delivery.case_id,
                "centre_id": delivery.centre_id, "entity_id": entity, "kind": body["kind"],
                "body": body, "body_hash": digest, "signature": signature,
                "by_account": by, "answered_at": body["decided_at"], "received_at": at,
            },
        )  # fmt: skip
    except IntegrityError as error:  # the id stands on an answer of another entity
        if error.__cause__.diag.constraint_name == "answer_fee_once":  # type: ignore[union-attr]
            raise rules.FeeStatedAlready from error
        raise rules.AnswerDiffers from error
    if bytes(answer.body_hash) != digest:
        raise rules.AnswerDiffers
    if new:
        defer_answer(answer.id, answer.centre_id)
    return answer.id


def apply_answer(*, answer: UUID, at: datetime) -> bool:
    """Let an answer take effect on its case, once; False when it was or is overtaken.

    An answer proves that the request was taken, even where the acknowledgement was lost.
    """
    found = Answer.objects.filter(id=answer, applied_at=None).first()
    if found is None:
        return False
    case = cases.locked(found.case_id)
    delivery = lock(Rank.DELIVERY, Delivery.objects.filter(id=found.delivery_id))[0]
    delivery.case = case
    found.applied_at = at
    found.save(update_fields=["applied_at"])
    if delivery.state == PENDING:
        _acknowledge(delivery, reference="", at=at)
    if found.kind == rules.FEE and _state_fee(case, delivery, found, at):
        return True
    overtaken = case.status != Status.SENT or _is_replaced(delivery) or bool(delivery.stage)
    if found.kind in (rules.ACCEPTED, rules.FEE) or overtaken:
        cases.record(
            case, "answer.received", at=at, by=found.by_account, entity=found.entity_id,
            answer=found.id, answer_kind=found.kind,
        )  # fmt: skip
        return found.kind == rules.ACCEPTED
    _take_effect(case, found, at)
    return True


def require_signature(entity: int, message: bytes, signature: bytes) -> None:
    """That the entity's key signed exactly these bytes. Raises `SignatureRefused`."""
    endpoint = EntityEndpoint.objects.filter(entity_id=entity).first()
    if endpoint is None or endpoint.public_key is None:
        raise rules.SignatureRefused
    try:
        Ed25519PublicKey.from_public_bytes(bytes(endpoint.public_key)).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise rules.SignatureRefused from error


def is_proved(claimed: Claimed, outcome: Outcome) -> bool:
    """Whether the answer proves that the entity took exactly what was sent.

    An entity that registered no key cannot sign; its word is taken as it is.
    """
    if not EntityEndpoint.objects.filter(
        entity_id=claimed.entity, public_key__isnull=False
    ).exists():
        return True
    signed = rules.read_acknowledgement(
        outcome.document, request=claimed.delivery, sha256=claimed.sha256
    )
    if signed is None:
        return False
    try:
        require_signature(claimed.entity, *signed)
    except rules.SignatureRefused:
        return False
    return True


def retry_now(*, delivery: UUID, at: datetime, by: UUID) -> None:
    """Try a request of the line again without waiting. Raises `NotInLine`."""
    found = _locked_delivery(delivery)
    if found.state != PENDING:
        raise rules.NotInLine
    found.next_try_at = at
    found.save(update_fields=["next_try_at"])
    cases.record(
        found.case, "delivery.retried", at=at, by=by, entity=found.entity_id, delivery=found.id
    )
    defer_delivery(found.id, found.centre_id)


def register_endpoint(*, entity: int, url: str, public_key: bytes | None, at: datetime) -> None:
    """Where an entity listens and how it signs."""
    EntityEndpoint.objects.update_or_create(
        entity_id=entity, defaults={"url": url, "public_key": public_key, "key_checked_at": at}
    )


# -- inside --------------------------------------------------------------------------------------


def _acknowledge(delivery: Delivery, *, reference: str, at: datetime) -> None:
    case = delivery.case
    delivery.state, delivery.acknowledged_at = ACKNOWLEDGED, at
    delivery.entity_reference = reference[:60]
    delivery.save(update_fields=["state", "acknowledged_at", "entity_reference", "acknowledgement"])
    if delivery.stage:
        cases.record(
            case, "stage.acknowledged", at=at, by=None, entity=delivery.entity_id,
            stage=delivery.stage, delivery=delivery.id,
        )  # fmt: skip
        return
    cases.mark_acknowledged(case, at=at)
    cases.record(
        case, "delivery.acknowledged", at=at, by=None, entity=delivery.entity_id,
        delivery=delivery.id, tries=delivery.tries,
    )  # fmt: skip
    if rules.is_news(made_at=delivery.made_at, at=at):
        _tell(case, "submitted", at)


def _require_open(delivery: Delivery, *, but: str) -> None:
    if delivery.stage and delivery.acknowledged_at is not None:
        raise rules.AnsweredAlready
    others = Answer.objects.filter(delivery=delivery, kind__in=rules.SETTLES).exclude(id=but)
    if others.exists() or _is_replaced(delivery):
        raise rules.AnsweredAlready


def _is_replaced(delivery: Delivery) -> bool:
    """Whether the case was sent again since: an answer to the earlier request comes too late."""
    return Delivery.objects.filter(resend_of=delivery).exists()


def _bounce(delivery: Delivery, *, outcome: Outcome, at: datetime) -> None:
    delivery.state = DEAD
    delivery.save(update_fields=["state"])
    case = delivery.case
    cases.record(
        case, "delivery.refused", at=at, by=None, entity=delivery.entity_id, delivery=delivery.id,
        status=outcome.status,
    )  # fmt: skip
    if delivery.stage:
        return
    cases.mark_returned(
        case, fields=[], reason_ar=f"رفض نظام الجهة استلام الطلب كما أُرسل: {outcome.says}"[:400],
        reason_en=f"The entity's system refused the request as it was sent: {outcome.says}"[:400],
        at=at, by=None,
    )  # fmt: skip


def _fee_stated(delivery: Delivery, body: dict[str, Any]) -> UUID | None:
    """The answer that stated this fee before; None where it is stated for the first time.

    Raises `FeeNotOpen` or `FeeStatedAlready`.
    """
    service = catalogue.service(delivery.body["service_code"], business_date(delivery.made_at))
    due = catalogue.government_fee_due(service.government_fee, delivery.body["answers"])
    if due.baisa is not None or delivery.stage:
        raise rules.FeeNotOpen
    before = Answer.objects.filter(case_id=delivery.case_id, kind=rules.FEE).first()
    if before is None or str(before.id) == body["answer_id"]:
        return None
    if before.body["government_baisa"] != body["government_baisa"]:
        raise rules.FeeStatedAlready
    return before.id


def _state_fee(case: Any, delivery: Delivery, answer: Answer, at: datetime) -> bool:
    """Whether a stated fee takes effect: while the entity or the centre still has the case."""
    if Verb.STATE_FEE not in allowed(Status(case.status)) or case.stated_fee_baisa is not None:
        return False
    baisa = answer.body["government_baisa"]
    cases.mark_fee_stated(case, baisa=baisa, at=at, by=answer.by_account, answer=answer.id)
    if baisa:
        _tell(case, "fee_stated", at, amount=format_omr(baisa))
    return True


def _take_effect(case: Any, answer: Answer, at: datetime) -> None:
    reason = answer.body["reason"]
    words: dict[str, Any] = {"reason_ar": str(reason.get("ar", ""))[:400],
             "reason_en": str(reason.get("en", ""))[:400]}  # fmt: skip
    if answer.kind == rules.RETURNED:
        fields = answer.body["fields"]
        cases.mark_returned(
            case, fields=fields, at=at, by=answer.by_account, answer=answer.id, **words
        )
    else:
        approved = answer.kind == rules.APPROVED
        cases.mark_decided(
            case, approved=approved, at=at, by=answer.by_account, answer=answer.id, **words
        )
    _tell(case, answer.kind, at)


def _tell(case: Any, kind: str, at: datetime, **more: Any) -> None:
    service = catalogue.service_by_id(case.service_id, business_date(at))
    beneficiaries.write_notice(
        person=case.person_id, centre=case.centre_id, case=case.id, kind=kind, at=at,
        code=case.code, entity=service.entity.name, **more,
        link=f"{settings.SANAD_PUBLIC_URL}/track/{case.code}/",
    )  # fmt: skip


def _locked_delivery(delivery: UUID) -> Delivery:
    case = cases.locked(Delivery.objects.values_list("case_id", flat=True).get(id=delivery))
    found = lock(Rank.DELIVERY, Delivery.objects.filter(id=delivery))[0]
    found.case = case
    return found


def _body(case: Any, *, at: datetime, by: UUID, resend_of: UUID | None) -> dict[str, Any]:
    """What is sent, its civil numbers still sealed."""
    view = case_queries.case(case.id, at=at)
    agent = accounts.names_of({by}).get(by, Text("", ""))
    return {
        "case_code": case.code,
        "service_code": view.service_code,
        "submitted_at": at.isoformat(),
        "represented_party": {
            "person": str(case.person_id),
            "name": view.person.name.ar,
            "name_en": view.person.name.en,
            "company": view.company.cr_number if view.company else None,
        },
        "agent": {
            "centre_code": f"SND-{case.centre_id:04d}",
            "account": str(by),
            "name": agent.ar,
            "name_en": agent.en,
        },
        "answers": case.answers,
        "documents": [
            {"code": d.code, "held_as": d.held_as, "file_name": d.file_name}
            for d in sorted(view.documents.values(), key=lambda d: d.code)
        ],
        "resend_of": str(resend_of) if resend_of else None,
    }


def _opened(delivery: Delivery) -> dict[str, Any]:
    """The body at the moment of sending: civil numbers in clear, the request's id in place."""
    answers = {
        key: beneficiaries.open_text(value["sealed"], bound_to=delivery.case_id)
        if isinstance(value, dict)
        else value
        for key, value in delivery.body["answers"].items()
    }
    body: dict[str, Any] = delivery.body
    return body | {"request_id": str(delivery.id), "answers": answers}


def _headers(delivery: Delivery) -> dict[str, str]:
    """Who asks for whom, in the manner of X-Road."""
    return {
        "Idempotency-Key": str(delivery.id),
        "X-Road-Represented-Party": str(delivery.person_id),
        "X-Road-UserId": str(delivery.made_by),
        "X-Road-Issue": delivery.case.code,
        "X-Road-Id": str(new_id()),
    }


def _digest_but_time(body: dict[str, Any]) -> bytes:
    """An officer's second click comes a moment later and is the same answer."""
    return _hash({key: value for key, value in body.items() if key != "decided_at"})


def _hash(body: dict[str, Any]) -> bytes:
    return _digest(json.dumps(body, sort_keys=True).encode())


def _digest(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()
