"""Verbs about visits and cases. Each is one transaction: lock, ask the rule, write, record."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import held as held_documents
from sanad.beneficiaries.queries import PersonView, require_not_merged
from sanad.beneficiaries.queries import person as person_view
from sanad.cases import rules
from sanad.cases.models import Case, CaseDocument, Visit
from sanad.cases.rules import Status, Verb
from sanad.cases.uploads import check_upload, keep
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import Problem, documents_needed, sealed_keys, validate
from sanad.centres import queries as centres
from sanad.db.locks import Rank, is_held, lock
from sanad.eventlog.actions import append
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.opening_hours import add_working_days
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret
from sanad.lib.tracking_code import new_code

# Without a ticket somebody comes straight to the counter, calls, or writes.
WITHOUT_TICKET = ("quick", "phone", "remote")
CHANNELS = ("hall", "appointment", *WITHOUT_TICKET)
NO_FILE: dict[str, Any] = {
    "file_name": "", "media_type": "", "size_bytes": 0, "sha256": None, "expires_on": None,
    "held_id": None,
}  # fmt: skip


class NoSuchCase(Refused):
    code = "cases.no_such_case"
    sentence = N_("There is no such request at this centre. Look it up in the work list.")


class NoSuchVisit(Refused):
    code = "cases.no_such_visit"
    sentence = N_("There is no such visit at this centre. Go back to the service desk.")


class NoSuchDocument(Refused):
    code = "cases.no_such_document"
    sentence = N_(
        "The checklist of this service has no such document. Reload the page and choose one of "
        "those shown."
    )


class VisitOver(Refused):
    code = "cases.visit_over"
    sentence = N_("The visit has ended. Call the next person, or start a visit without a ticket.")


class VisitOpenAlready(Refused):
    code = "cases.visit_open_already"
    sentence = N_("You are already serving somebody. Finish that visit before you start another.")


class TimingOver(Refused):
    code = "cases.timing_over"
    sentence = N_(
        "The timing of this visit cannot be marked any more: it is not yours, or not of today. "
        "Yesterday's figures are counted already."
    )


class PersonMissing(Refused):
    code = "cases.person_missing"
    sentence = N_("Nobody has been chosen for this visit. Find or enter the person first.")


class SamePerson(Refused):
    code = "cases.same_person"
    sentence = N_("This request is for that person already. Choose another one, or leave it.")


class PaidForThisPerson(Refused):
    code = "cases.paid_for_this_person"
    sentence = N_(
        "Money was taken for this person, so the request cannot be given to somebody else. "
        "Cancel it, return the money, and open a new one."
    )


class FaceMissing(Refused):
    code = "cases.face_missing"
    sentence = N_("Choose one of the three faces first.")


class AlreadyRated(Refused):
    code = "cases.already_rated"
    sentence = N_("This request was rated already, or is not decided yet. Thank you.")


class SomebodyElseIsServed(Refused):
    code = "cases.somebody_else_is_served"
    sentence = N_(
        "You are serving somebody else. Finish that visit, then go on with this request in a visit "
        "of its own person."
    )


class DocumentOutOfDate(Refused):
    code = "cases.document_out_of_date"
    sentence = N_("The document was valid until {day}. Ask the person for one that is in date.")


class ReasonMissing(Refused):
    code = "cases.reason_missing"
    sentence = N_("Say why it is cancelled; the reason stays with the request.")


# -- visits -----------------------------------------------------------------------------------


def start_visit(
    *, centre: int, channel: str, point: int | None, at: datetime, by: UUID, **ticket: Any
) -> UUID:
    """Somebody sits down at the counter; `ticket` is what the event says of their ticket.

    Raises `VisitOpenAlready`: one at a time an operator.
    """
    assert channel in CHANNELS
    visit = Visit(
        id=new_id(), centre_id=centre, channel=channel, point=point, account_id=by, started_at=at
    )
    try:
        with transaction.atomic(savepoint=False):
            visit.save(force_insert=True)
    except IntegrityError as error:
        raise VisitOpenAlready from error
    append("visit.started", at=at, by=by, centre=centre, visit=visit.id, channel=channel, **ticket)
    return visit.id


def end_visit(*, visit: UUID, at: datetime, by: UUID, **ticket: Any) -> None:
    """The person leaves; drafts stay. Raises `VisitOver`."""
    found = _open_visit(visit)
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    append("visit.ended", at=at, by=by, centre=found.centre_id, visit=visit, **ticket)


def mark_timing_wrong(*, visit: UUID, at: datetime, by: UUID) -> None:
    """The moments of one's own visit of today are not what happened: no average counts them.

    A forgotten "finish" is the usual reason. Marking it twice changes nothing. Raises `TimingOver`.
    """
    found = lock(Rank.VISIT, Visit.objects.filter(id=visit, account_id=by))
    if not found or business_date(found[0].ended_at or at) != business_date(at):
        raise TimingOver
    if found[0].timing_wrong_at is None:
        found[0].timing_wrong_at = at
        found[0].save(update_fields=["timing_wrong_at"])
        append("visit.timing_marked_wrong", at=at, by=by, centre=found[0].centre_id, visit=visit)


def look_up_person(
    *, visit: UUID, key_kind: str, key: str, at: datetime, by: UUID
) -> PersonView | None:
    """Find a person network-wide by an exact key, inside an open visit; logged either way.

    The database makes the centre see the person from then on. Raises `VisitOver`, or what is
    wrong with the key.
    """
    person = _looked_up(_open_visit(visit), key_kind, key, at=at, by=by)
    return person_view(person) if person is not None else None


def receive_person(
    *, visit: UUID, key_kind: str, key: str, at: datetime, by: UUID,
    enter: Callable[[int], PersonView],
) -> tuple[PersonView, bool]:  # fmt: skip
    """Look a person up and seat them in one step; whoever is not found is entered by `enter`.

    `enter` is told the visit's centre. The person, and whether they are new. Raises what
    `look_up_person`, `seat_person` and `enter` raise.
    """
    found = _open_visit(visit)
    known = _looked_up(found, key_kind, key, at=at, by=by)
    person = person_view(known) if known is not None else enter(found.centre_id)
    if known is not None:
        require_not_merged(known)
    found.person_id, found.company_id = person.id, None
    found.save(update_fields=["person", "company"])
    return person, known is None


def seat_person(*, visit: UUID, person: UUID, company: UUID | None = None) -> None:
    """The visit is this person's. Raises `VisitOver`, `MergedAway`, or `NoSuchPerson`."""
    found = _open_visit(visit)
    require_not_merged(person)
    found.person_id = person
    found.company_id = company
    found.save(update_fields=["person", "company"])


# -- cases ------------------------------------------------------------------------------------


def open_case(*, visit: UUID, service_code: str, mandate: UUID, at: datetime, by: UUID) -> UUID:
    """Ask for a service under a mandate that the visit's person has just given.

    Raises `VisitOver`, `PersonMissing`, `ServiceWithdrawn`, `MandateNotLive`.
    """
    found = _open_visit(visit)
    if found.person_id is None:
        raise PersonMissing
    service = catalogue.service(service_code, business_date(at))
    require_offered(service)
    case = Case(
        id=new_id(), code=new_code(), centre_id=found.centre_id, visit=found,
        person_id=found.person_id, company_id=found.company_id, service_id=service.id,
        entity_id=service.entity.number, status=Status.DRAFT, opened_at=at, updated_at=at,
        last_seq=1,
    )  # fmt: skip
    case.save(force_insert=True)
    beneficiaries.bind_mandate(
        mandate=mandate, case=case.id, person=case.person_id, service_id=service.id,
        centre=case.centre_id, at=at,
    )  # fmt: skip
    append(
        "case.opened", at=at, by=by, centre=case.centre_id, visit=visit, case=case.id, seq=1,
        service=service.code, entity=case.entity_id, person=case.person_id, mandate=mandate,
    )  # fmt: skip
    return case.id


def save_draft(*, case: UUID, answers: dict[str, Any], at: datetime) -> dict[str, Problem]:
    """Keep what was typed, right or wrong as yet; the problems by field.

    What cannot be cleaned is kept as typed, so nothing is lost; civil numbers are kept sealed,
    and an unreadable one sealed as typed. An answer that is not given stays as it was, and so
    does a sealed number left blank: the screen shows it masked and cannot send it back.
    """
    found = locked(case)
    status = rules.after(Status(found.status), Verb.EDIT)
    form = catalogue.service_by_id(found.service_id, business_date(at)).form
    sealed = sealed_keys(form)
    asked = {field.key for field in form}
    before = {key: value for key, value in open_answers(found).items() if key in asked}
    answers = before | {key: value for key, value in answers.items() if value or key not in sealed}
    checked = validate(form, answers, on=business_date(at))
    typed = {key: str(value) for key, value in answers.items() if key in checked.problems}
    kept = checked.values | {key: value for key, value in typed.items() if value}
    found.answers = {
        key: {"sealed": beneficiaries.seal_text(str(value), bound_to=found.id)}
        if key in sealed and value != ""
        else value
        for key, value in kept.items()
    }
    found.status = status
    found.updated_at = at
    found.save(update_fields=["answers", "status", "updated_at"])
    return checked.problems


def hold_document(*, case: UUID, code: str, at: datetime) -> None:
    """The paper was seen at the counter. Raises `NoSuchDocument` or `NotNow`."""
    found = _editable(case, at)
    _require_listed(found, code, at)
    CaseDocument.objects.update_or_create(
        case_id=case,
        code=code,
        defaults={"held_as": "paper", "added_at": at, "centre_id": found.centre_id, **NO_FILE},
    )


def release_document(*, case: UUID, code: str, at: datetime) -> None:
    """Untick a document."""
    _editable(case, at)
    CaseDocument.objects.filter(case_id=case, code=code).delete()


def add_file(
    *,
    case: UUID,
    code: str,
    name: str,
    content: bytes,
    at: datetime,
    expires_on: date | None = None,
) -> None:
    """Keep a scanned document; also for the next request, where the person agreed to that.

    `expires_on` is the last day on which it is valid. A copy of a document that must be in date is
    kept only with that day. Raises `NoSuchDocument`, `NotNow`, `DocumentOutOfDate` and what
    `check_upload` raises; then nothing is kept.
    """
    found = _editable(case, at)
    document = _require_listed(found, code, at)
    if expires_on is not None and expires_on < business_date(at):
        raise DocumentOutOfDate(day=f"{expires_on:%Y-%m-%d}")
    upload = check_upload(name, content)
    keep(upload, settings.SANAD_UPLOADS)
    file: dict[str, Any] = {
        "file_name": upload.name, "media_type": upload.media_type,
        "size_bytes": len(upload.content), "sha256": upload.sha256, "expires_on": expires_on,
    }  # fmt: skip
    _put(found, code, at=at, held=None, **file)
    if expires_on is not None or not document.must_be_in_date:
        held_documents.keep_copy(
            person=found.person_id, centre=found.centre_id, code=code, name=document.name, at=at,
            **file,
        )  # fmt: skip


def reuse_document(*, case: UUID, code: str, held: UUID, at: datetime, by: UUID) -> None:
    """Use the copy that was kept from an earlier request of the same person at this centre.

    Raises `NoSuchDocument`, `NotNow`, `NotKept`, `OutOfDate`.
    """
    found = _editable(case, at)
    _require_listed(found, code, at)
    kept = held_documents.require_kept(
        held=held, person=found.person_id, centre=found.centre_id, code=code, at=at
    )
    _put(
        found, code, at=at, held=kept.id, file_name=kept.file_name, media_type=kept.media_type,
        size_bytes=kept.size_bytes, sha256=kept.sha256, expires_on=kept.expires_on,
    )  # fmt: skip
    record(found, "case.document_reused", at=at, by=by, document=code, held=kept.id)


def take_over(*, case: UUID, visit: UUID, at: datetime, by: UUID) -> None:
    """Go on with a request at another counter, or on another day: it joins the open visit.

    Raises `VisitOver`, `NotNow`, or `SomebodyElseIsServed`.
    """
    now = _open_visit(visit)
    found = locked(case)
    if Status(found.status) not in rules.AT_WORK:
        raise rules.NotNow(status=rules.STATUS_NAMES[Status(found.status)])
    if now.person_id not in (None, found.person_id):
        raise SomebodyElseIsServed
    if now.person_id is None:
        now.person_id, now.company_id = found.person_id, found.company_id
        now.save(update_fields=["person", "company"])
    if found.visit_id != now.id:
        found.visit_id = now.id
        _touch(found, at, "visit")
        record(found, "case.taken_over", at=at, by=by)


def complete(*, case: UUID, at: datetime, by: UUID) -> None:
    """Form and documents are complete. Raises `FormIncomplete`, `DocumentsMissing`, `NotNow`,

    `ServiceWithdrawn`.
    """
    found = locked(case)
    status = rules.after(Status(found.status), Verb.COMPLETE)
    documents = require_complete(found, at=at)
    found.status = status
    _touch(found, at, "status")
    record(found, "case.completed", at=at, by=by, documents=documents)


def require_complete(case: Case, *, at: datetime) -> int:
    """How many documents the complete case holds. Raises what `complete` raises."""
    service = catalogue.service_by_id(case.service_id, business_date(at))
    require_goes_on(case, service)
    answers = open_answers(case)
    checked = validate(service.form, answers, on=business_date(at))
    if checked.problems:
        raise rules.FormIncomplete(count=len(checked.problems))
    held = set(CaseDocument.objects.filter(case=case).values_list("code", flat=True))
    missing = [d for d in documents_needed(service.documents or (), answers) if d.code not in held]
    if missing:
        raise rules.DocumentsMissing(names=_listed([d.name for d in missing]))
    return len(held)


def reopen(*, case: UUID, at: datetime, by: UUID) -> None:
    """Back to the form, while no money has moved."""
    found = locked(case)
    found.status = rules.after(Status(found.status), Verb.REOPEN)
    _touch(found, at, "status")
    record(found, "case.reopened", at=at, by=by)


def correct_person(*, case: UUID, person: UUID, at: datetime, by: UUID) -> None:
    """The wrong person was chosen: the case becomes the right one's, and must be agreed anew.

    Raises `PaidForThisPerson` once money has moved, `SamePerson`, `NotNow`, `NoSuchPerson`.
    """
    found = locked(case)
    if found.status == Status.PAID:
        raise PaidForThisPerson
    status = rules.after(Status(found.status), Verb.CORRECT_PERSON)
    if found.person_id == person:
        raise SamePerson
    person_view(person)
    beneficiaries.revoke_mandate(case=case, centre=found.centre_id, at=at, by=by)
    found.status, found.person_id = status, person
    _touch(found, at, "status", "person")
    Visit.objects.filter(id=found.visit_id, ended_at=None).update(person_id=person)
    record(found, "case.person_corrected", at=at, by=by, person=person)


def renew_mandate(*, case: UUID, mandate: UUID, at: datetime, by: UUID) -> None:
    """A new mandate for an old case: the first expired, or was another person's.

    Raises `NotNow` once the case was submitted, which needs none; `MandateNotLive`.
    """
    found = locked(case)
    rules.after(Status(found.status), Verb.RENEW_MANDATE)
    beneficiaries.revoke_mandate(case=case, centre=found.centre_id, at=at, by=by)
    beneficiaries.bind_mandate(
        mandate=mandate, case=case, person=found.person_id, service_id=found.service_id,
        centre=found.centre_id, at=at,
    )  # fmt: skip
    record(found, "case.mandate_renewed", at=at, by=by, mandate=mandate)


def mark_paid(case: Case, *, at: datetime) -> None:
    """Money was taken; called by the till under the case's lock.

    Only the first payment changes where a case stands: what is paid later is beside its way.
    """
    if case.submitted_at is None:
        case.status = rules.after(Status(case.status), Verb.PAY)
    _touch(case, at, "status")


def mark_submitted(
    case: Case, *, service: str, delivery: UUID, resend: bool, at: datetime, by: UUID
) -> None:
    """Handed to the line; called by the gateway under the case's lock, in one transaction.

    `service` is the service's code: the first handing over of a case is what the network counts
    as a transaction, and its event says of what.
    """
    case.status = rules.after(Status(case.status), Verb.SUBMIT)
    case.submitted_at = at
    case.marked_fields, case.reason_ar, case.reason_en = [], "", ""
    case.due_at = decision_target(case, at)
    _touch(case, at, "status", "submitted_at", "due_at", "marked_fields", "reason_ar", "reason_en")
    record(
        case, "case.submitted", at=at, by=by, entity=case.entity_id, service=service,
        delivery=delivery, resend=resend,
    )  # fmt: skip


def mark_acknowledged(case: Case, *, at: datetime) -> None:
    """The entity has it; called by the gateway, which records the event."""
    case.status = rules.after(Status(case.status), Verb.ACKNOWLEDGE)
    _touch(case, at, "status")


def mark_returned(
    case: Case, *, fields: list[str], reason_ar: str, reason_en: str, at: datetime,
    by: UUID | None, answer: UUID | None = None,
) -> None:  # fmt: skip
    """The entity wants corrections in the marked fields; `answer` is the one that said so."""
    case.status = rules.after(Status(case.status), Verb.RETURN)
    case.marked_fields, case.reason_ar, case.reason_en = fields, reason_ar, reason_en
    case.due_at = None
    _touch(case, at, "status", "marked_fields", "reason_ar", "reason_en", "due_at")
    said = {"answer": answer} if answer else {}
    record(case, "case.returned", at=at, by=by, entity=case.entity_id, fields=fields, **said)


def mark_decided(
    case: Case, *, approved: bool, reason_ar: str, reason_en: str, at: datetime, by: UUID | None,
    answer: UUID,
) -> None:  # fmt: skip
    """The entity approved or rejected."""
    case.status = rules.after(Status(case.status), Verb.APPROVE if approved else Verb.REJECT)
    case.decided_at, case.due_at = at, None
    case.reason_ar, case.reason_en = reason_ar, reason_en
    _touch(case, at, "status", "decided_at", "due_at", "reason_ar", "reason_en")
    outcome = "approved" if approved else "rejected"
    record(
        case, "case.decided", at=at, by=by, entity=case.entity_id, outcome=outcome, answer=answer
    )


def mark_fee_stated(case: Case, *, baisa: int, at: datetime, by: UUID | None, answer: UUID) -> None:
    """The entity stated the government fee, in baisa, which nothing published.

    The case stays where it is; the person is asked to agree to this fee by itself.
    """
    rules.after(Status(case.status), Verb.STATE_FEE)
    case.stated_fee_baisa = baisa
    _touch(case, at, "stated_fee_baisa")
    record(case, "case.fee_stated", at=at, by=by, entity=case.entity_id, baisa=baisa, answer=answer)


def hand_over(*, case: UUID, at: datetime, by: UUID) -> None:
    """The person has the result."""
    found = locked(case)
    found.status = rules.after(Status(found.status), Verb.HAND_OVER)
    _touch(found, at, "status")
    record(found, "case.delivered", at=at, by=by)


def mark_cancelled(case: Case, *, reason: str, at: datetime, by: UUID | None) -> None:
    """Given up before submission; called under the case's lock when the money is back.

    Raises `ReasonMissing`, `SecretRefused` or `NotNow`.
    """
    if not require_no_secret(reason).strip():
        raise ReasonMissing
    case.status = rules.after(Status(case.status), Verb.CANCEL)
    case.reason_ar = case.reason_en = reason.strip()[:400]
    _touch(case, at, "status", "reason_ar", "reason_en")
    record(case, "case.cancelled", at=at, by=by, reason="given_up")


def rate(*, code: str, face: str, reason: str, at: datetime) -> None:
    """Whoever holds the code of a decided case rates it, once: 1 unhappy, 2 so so, 3 happy.

    Raises `FaceMissing`, `SecretRefused` or `AlreadyRated`.
    """
    if face not in {"1", "2", "3"}:
        raise FaceMissing
    require_no_secret(reason)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_rate(%s, %s, %s, %s)", [code, int(face), reason.strip(), at])
        centre = cursor.fetchone()[0]
    if centre is None:
        raise AlreadyRated
    append("feedback.given", at=at, by=None, centre=centre, face=int(face))


# -- shared by the rooms above ------------------------------------------------------------------


def locked(case: UUID) -> Case:
    """The case, locked until the transaction ends. Raises `NoSuchCase`."""
    wanted = Case.objects.filter(id=case)
    found = list(wanted) if is_held(Rank.CASE, case) else lock(Rank.CASE, wanted)
    if not found:
        raise NoSuchCase
    return found[0]


def locked_together(cases: Iterable[UUID]) -> dict[UUID, Case]:
    """Several cases, locked in the order of their keys. Raises `NoSuchCase`."""
    wanted = set(cases)
    found = {
        case.id: case for case in lock(Rank.CASE, Case.objects.filter(id__in=wanted), together=True)
    }
    if wanted - found.keys():
        raise NoSuchCase
    return found


def record(case: Case, kind: str, *, at: datetime, by: UUID | None, **payload: Any) -> None:
    """Append an event of a locked case, with the next number in its order."""
    case.last_seq += 1
    case.save(update_fields=["last_seq"])
    append(
        kind, at=at, by=by, centre=case.centre_id, visit=case.visit_id, case=case.id,
        seq=case.last_seq, **payload,
    )  # fmt: skip


def open_answers(case: Case) -> dict[str, Any]:
    """The answers with their civil numbers in clear, for checking and for sending only."""
    return {
        key: beneficiaries.open_text(value["sealed"], bound_to=case.id)
        if isinstance(value, dict)
        else value
        for key, value in case.answers.items()
    }


def require_offered(service: catalogue.ServiceView) -> None:
    """Raises `ServiceWithdrawn`."""
    if not service.is_offered:
        raise rules.ServiceWithdrawn(service=service.name, entity=service.entity.name)


def require_goes_on(case: Case, service: catalogue.ServiceView) -> None:
    """A withdrawn service ends what was not submitted; what the entity has, the entity finishes.

    Raises `ServiceWithdrawn`.
    """
    if case.submitted_at is None:
        require_offered(service)


def decision_target(case: Case, at: datetime) -> datetime | None:
    """When the entity has promised to decide; None where nothing is promised."""
    service = catalogue.service_by_id(case.service_id, business_date(at))
    days = [
        stage.target.amount
        for stage in service.procedure
        if stage.responsible == "entity" and stage.target and stage.target.unit == "working_days"
    ]
    if not days:
        return None
    return add_working_days(at, sum(days), centres.holidays(since=business_date(at)))


def _editable(case: UUID, at: datetime) -> Case:
    found = locked(case)
    rules.after(Status(found.status), Verb.EDIT)
    _touch(found, at)
    return found


def _require_listed(case: Case, code: str, at: datetime) -> Any:
    service = catalogue.service_by_id(case.service_id, business_date(at))
    for document in service.documents or ():
        if document.code == code:
            return document
    raise NoSuchDocument


def _put(case: Case, code: str, *, at: datetime, held: UUID | None, **file: Any) -> None:
    """A file on the checklist, in the place of what stood there."""
    CaseDocument.objects.update_or_create(
        case_id=case.id, code=code,
        defaults=file | {"held_as": "file", "held_id": held, "added_at": at,
                         "centre_id": case.centre_id},
    )  # fmt: skip


def _touch(case: Case, at: datetime, *fields: str) -> None:
    case.updated_at = at
    case.save(update_fields=[*fields, "updated_at"])


def _looked_up(visit: Visit, key_kind: str, key: str, *, at: datetime, by: UUID) -> UUID | None:
    cleaned = beneficiaries.clean_key(key_kind, key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cases_look_up_person(%s, %s, %s, %s)",
            [visit.id, key_kind, beneficiaries.index_of(key_kind, cleaned), at],
        )
        person: UUID | None = cursor.fetchone()[0]
    details: dict[str, Any] = {"key_kind": key_kind, "found": person is not None}
    if person is not None:
        details["person"] = person
    append("person.looked_up", at=at, by=by, centre=visit.centre_id, visit=visit.id, **details)
    return person


def _open_visit(visit: UUID) -> Visit:
    found = lock(Rank.VISIT, Visit.objects.filter(id=visit, ended_at=None))
    if not found:
        raise VisitOver
    return found[0]


def _listed(names: list[Text]) -> Text:
    """Bilingual names as one bilingual text."""
    return Text("، ".join(name.ar for name in names), ", ".join(name.en for name in names))
