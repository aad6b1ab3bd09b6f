"""The entity officer: what was sent to the entity, and its answers where no machine answers."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import ServiceView
from sanad.gateway import actions, queries, rules
from sanad.gateway.queries import RequestLine, RequestView
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.money import MoneyRefused, parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import queries as till
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

OFFICER = screen(Role.ENTITY_OFFICER)
LONGEST_REASON: Final = 400
ANSWERS: Final = {
    rules.ACCEPTED: N_("Taken in, no decision yet"),
    rules.RETURNED: N_("Returned for correction"),
    rules.APPROVED: N_("Approved"),
    rules.REJECTED: N_("Rejected"),
    rules.FEE: N_("Government fee stated"),
}
STATES: Final = {
    "pending": N_("On its way to you"),
    "acknowledged": N_("New"),
    "dead": N_("Refused by your system"),
}
TONES: Final = {
    rules.APPROVED: "state-good",
    rules.REJECTED: "state-bad",
    rules.RETURNED: "state-wait",
}


class ReasonMissing(Refused):
    code = "entity.reason_missing"
    sentence = N_("Say why; the person reads it. Then send the answer again.")


@dataclass(frozen=True)
class Row:
    """A request in the list."""

    line: RequestLine
    service: Text
    state: str
    tone: str


@dataclass(frozen=True)
class Typed:
    """What was typed into one field of the form. `is_marked`: ticked for correction."""

    key: str
    label: Text
    value: str | Text
    is_masked: bool
    is_marked: bool


@OFFICER
@require_GET
def requests(request: SanadRequest) -> HttpResponse:
    """The newest requests; those that wait for an answer, or all."""
    everything = request.GET.get("show") == "all"
    lines = queries.requests_of(seat_entity(request))
    waiting = [line for line in lines if line.answer not in rules.SETTLES and not line.stage]
    rows = _rows(lines if everything else waiting, request)
    context = {"rows": rows, "everything": everything, "waiting": len(waiting), "all": len(lines)}
    return render(request, "entity/requests.html", context)


@OFFICER
@require_http_methods(["GET", "POST"])
def one_request(request: SanadRequest, request_id: UUID) -> HttpResponse:
    """One request, and the answer to it."""
    reason, refusal = "", None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            with attempt():
                _answer(request, request_id)
        except rules.UnknownRequest as unknown:
            raise Http404(str(unknown)) from unknown
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The answer is recorded and on its way to the centre."))
            return redirect("entity_request", request_id)
    return _draw(request, request_id, reason=reason, refusal=refusal)


def _draw(
    request: SanadRequest, request_id: UUID, *, reason: str, refusal: Refused | None
) -> HttpResponse:
    try:
        found = queries.request(seat_entity(request), request_id)
    except rules.UnknownRequest as unknown:
        raise Http404(str(unknown)) from unknown
    service = catalogue.service(found.line.service_code, business_date(request.at))
    # Made with the form: a second click is then the same answer.
    answer_id = request.POST.get("answer_id") or new_id()
    context = {
        "found": found,
        "row": _rows([found.line], request)[0],
        "typed": _typed(found, service, set(request.POST.getlist("fields"))),
        "documents": _documents(found, service),
        "answers": [(ANSWERS[a.kind], TONES.get(a.kind, ""), a) for a in found.answers],
        "labels": {field.key: field.label for field in service.form},
        "answer_id": answer_id,
        "reason": _reason_field(reason, refusal),
        "fee": _fee_field(request, refusal),
        "fee_paid_at": till.fee_paid_at(found.case_id),
        "refusal": None if isinstance(refusal, ReasonMissing | MoneyRefused) else refusal,
    }
    return render(request, "entity/request.html", context, status=422 if refusal else 200)


def _answer(request: SanadRequest, request_id: UUID) -> None:
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "").strip()
    if kind in (rules.RETURNED, rules.REJECTED) and not reason:
        raise ReasonMissing
    more = {}
    if kind == rules.FEE:
        more["government_baisa"] = parse_baisa(request.POST.get("fee", ""))
    words = reason[:LONGEST_REASON]
    document = {
        "answer_id": request.POST.get("answer_id", ""),
        "request_id": str(request_id),
        "kind": kind,
        "reason": {"ar": words, "en": words} if words else {},
        "fields": request.POST.getlist("fields") if kind == rules.RETURNED else [],
        "decided_at": request.at.isoformat(),
        **more,
    }
    actions.receive_answer(
        entity=seat_entity(request),
        raw=json.dumps(document).encode(),
        signature=b"",
        at=request.at,
        by=request.account,
    )


def seat_entity(request: SanadRequest) -> int:
    """The entity that the officer sits at."""
    entity = request.seat.entity_id
    assert entity is not None, "an officer sits at an entity"
    return entity


def _rows(lines: list[RequestLine], request: SanadRequest) -> list[Row]:
    on = business_date(request.at)
    codes = {line.service_code for line in lines}
    names = {code: catalogue.service(code, on).name for code in codes}
    return [
        Row(
            line,
            names[line.service_code],
            ANSWERS.get(line.answer) or STATES[line.state],
            TONES.get(line.answer, ""),
        )
        for line in lines
    ]


def _typed(found: RequestView, service: ServiceView, marked: set[str]) -> list[Typed]:
    fields = {field.key: field for field in service.form}
    order = [key for key in fields if key in found.form]
    order += [key for key in found.form if key not in fields]
    return [
        Typed(
            key=key,
            label=fields[key].label if key in fields else Text(key, key),
            value=_value(found.form[key], fields.get(key)),
            is_masked=key in found.masked,
            is_marked=key in marked,
        )
        for key in order
    ]


def _value(value: Any, field: Any) -> str | Text:
    """A choice by its label; everything else as it was typed."""
    options: dict[Any, Text] = {one.value: one.label for one in field.options} if field else {}
    return options.get(value) or str(value)


def _documents(found: RequestView, service: ServiceView) -> list[tuple[Text, str]]:
    names = {document.code: document.name for document in service.documents or ()}
    return [(names.get(code, Text(code, code)), held_as) for code, held_as in found.documents]


def _fee_field(request: SanadRequest, refusal: Refused | None) -> Field:
    return Field(
        name="fee", label=_("Government fee"), kind="money", value=request.POST.get("fee", ""),
        help=_("In rials, such as 12.500; 0 where there is none."),
        error=say(refusal) if isinstance(refusal, MoneyRefused) else "",
    )  # fmt: skip


def _reason_field(reason: str, refusal: Refused | None) -> Field:
    missing = isinstance(refusal, ReasonMissing)
    return Field(
        name="reason", label=_("Reason, as the person will read it"), kind="multiline",
        value=reason, max_length=LONGEST_REASON,
        help=_("Needed to return or reject. Do not write numbers of cards or people here."),
        error=_(ReasonMissing.sentence) if missing else "",
    )  # fmt: skip
