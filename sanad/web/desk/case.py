"""One case: its form, what can be done with it now, and what happened to it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts import queries as accounts
from sanad.beneficiaries import held
from sanad.beneficiaries import queries as beneficiaries
from sanad.cases import actions, duplicates, queries
from sanad.cases.rules import AT_WORK, Status, Verb
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import Problem
from sanad.counter import actions as counter
from sanad.counter import client_screen, desk
from sanad.eventlog.queries import events
from sanad.gateway import portals
from sanad.gateway import queries as gateway
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.till import actions as till_actions
from sanad.till import queries as till
from sanad.web.desk.form import form_fields, typed_answers
from sanad.web.desk.history import named
from sanad.web.desk.line import OPERATOR, around, place, point, screen_here, visit_here
from sanad.web.shell.lasted import in_words
from sanad.web.shell.screen import SanadRequest, attempt

# While a request is one of these, it matters whether the entity's portal takes anything.
BEFORE_THE_ENTITY = frozenset(
    {Status.DRAFT, Status.READY, Status.PAID, Status.QUEUED, Status.RETURNED}
)


@OPERATOR
@require_GET
def case(request: SanadRequest, case: UUID) -> HttpResponse:
    """The case as it stands."""
    client_screen.stop_asking(screen_here(request))
    return draw(request, case)


@OPERATOR
@require_POST
def draft(request: SanadRequest, case: UUID) -> HttpResponse:
    """Keep what was typed so far; answers the field that changed, checked.

    Only that field is written: a colleague may have the same draft open and type into another.
    """
    service = _service(request, case)
    changed = request.headers.get("HX-Trigger-Name", "")
    typed = typed_answers(service, request.POST)
    if changed in typed:
        typed = {changed: typed[changed]}
    problems = actions.save_draft(case=case, answers=typed, at=request.at)
    view = queries.case(case, at=request.at)
    shown = {key: problem for key, problem in problems.items() if key == changed}
    if not request.POST.get(changed):
        shown = {}  # an empty field is only asked for when the form is finished
    fields = form_fields(service, view, shown, saves=reverse("desk_draft", args=[case]))
    field = next((field for field in fields if field.name == changed), None)
    return render(request, "desk/saved.html", {"field": field, "at": request.at})


@OPERATOR
@require_POST
def complete(request: SanadRequest, case: UUID) -> HttpResponse:
    """The form is finished: check all of it and work out the four lines."""
    service = _service(request, case)
    problems: dict[str, Problem] = {}
    try:
        with attempt():  # what was typed is kept whatever follows
            problems = actions.save_draft(
                case=case, answers=typed_answers(service, request.POST), at=request.at
            )
        with attempt():
            if queries.case(case, at=request.at).line.status is not Status.RETURNED:
                actions.complete(case=case, at=request.at, by=request.account)
                till_actions.make_quote(case=case, at=request.at)
            elif problems:
                actions.require_complete(actions.locked(case), at=request.at)
    except Refused as refused:
        page = draw(request, case, problems=problems, refused=refused)
    else:
        page = draw(request, case) if request.htmx else redirect("desk_case", case)
    if request.htmx:  # the page in answer to the form: no second request, no new document
        page.headers["HX-Replace-Url"] = reverse("desk_case", args=[case])
    return page


@OPERATOR
@require_POST
def reopen(request: SanadRequest, case: UUID) -> HttpResponse:
    """Back to the form, before anything was paid."""
    return _do(request, case, lambda: desk.reopen(
        case=case, at=request.at, by=request.account
    ))  # fmt: skip


@OPERATOR
@require_POST
def submit(request: SanadRequest, case: UUID) -> HttpResponse:
    """Hand the case to the line; a returned one with what was corrected on the page."""
    service = _service(request, case)
    problems: dict[str, Problem] = {}
    try:
        if any(one.key in request.POST for one in service.form):
            with attempt():
                problems = actions.save_draft(
                    case=case, answers=typed_answers(service, request.POST), at=request.at
                )
        with attempt():
            desk.submit(case=case, at=request.at, by=request.account)
    except Refused as refused:
        return draw(request, case, problems=problems, refused=refused)
    messages.success(
        request, _("The request is on its way. It counts as sent when the entity has taken it.")
    )
    return redirect("desk_case", case)


@OPERATOR
@require_POST
def not_duplicate(request: SanadRequest, case: UUID) -> HttpResponse:
    """It looks like another request and is none: why."""
    return _do(request, case, lambda: duplicates.overrule(
        case=case, reason=request.POST.get("why_other", ""), at=request.at, by=request.account
    ))  # fmt: skip


@OPERATOR
@require_POST
def take_over(request: SanadRequest, case: UUID) -> HttpResponse:
    """Go on with it here, in the visit that is open now or in one without a ticket."""

    def go_on() -> None:
        now = queries.open_visit_of(request.account)
        visit = now.id if now else counter.serve_without_ticket(
            centre=place(request), point=point(request), at=request.at, by=request.account
        )  # fmt: skip
        actions.take_over(case=case, visit=visit, at=request.at, by=request.account)

    return _do(request, case, go_on)


@OPERATOR
@require_POST
def hand_over(request: SanadRequest, case: UUID) -> HttpResponse:
    """The person has the result."""
    return _do(request, case, lambda: actions.hand_over(
        case=case, at=request.at, by=request.account
    ))  # fmt: skip


def draw(
    request: SanadRequest, case: UUID, *, problems: dict[str, Any] | None = None, **more: Any
) -> HttpResponse:
    """The case page, with a refusal where there is one."""
    view = queries.case(case, at=request.at)
    service = catalogue.service(view.service_code, business_date(request.at))
    allowed = view.allowed
    editable = Verb.EDIT in allowed
    saves = reverse("desk_draft", args=[case]) if editable else ""
    happened = list(events(case=case))
    quote = till.live_quote(case, at=request.at)
    context: dict[str, Any] = around(request) | {
        "case": view,
        "service": service,
        "fields": form_fields(service, view, problems or {}, saves=saves),
        "documents": document_rows(service, view, at=request.at),
        "editable": editable,
        "can": {verb.value: verb in allowed for verb in Verb},
        "quote": quote,
        "owes_resend": view.line.status is Status.RETURNED
        and till.owes_resend(case, at=request.at),
        "owes_fee": till.owes_stated_fee(case, at=request.at),
        "further": till.further_stages(case, at=request.at),
        "sent_stages": {d.stage for d in gateway.deliveries_of(case) if d.stage},
        "open_payment": till.open_payment_of(case),
        "refund": till.live_refund_of(case),
        "payment_id": _payment_id(request),
        "typed": request.POST,
        "drawer": till.open_drawer_of(request.account),
        "receipts": till.receipts_of(case),
        "deliveries": gateway.deliveries_of(case),
        "portal": portals.portal_of(service.entity.number, request.at),
        "goes_to_portal": view.line.status in BEFORE_THE_ENTITY,
        "mandate": beneficiaries.mandate_for_case(case),
        "history": named(happened, accounts.names_of({e.actor_id for e in happened if e.actor_id})),
        "problems": problems,
        "stays": [
            (stay, in_words(stay.lasted), stay.is_overdue(request.at))
            for stay in queries.stays_of(case, at=request.at)
        ],
        "alike": duplicates.alike_of(case, at=request.at),
        "overruled": duplicates.overruled(case),
        "can_take_over": view.line.status in AT_WORK and not _is_in_hand(request, view),
        "at": request.at,
    }
    return render(request, "desk/case.html", context | more, status=409 if more else 200)


def document_rows(
    service: Any, view: queries.CaseView, *, at: datetime
) -> list[dict[str, Any]]:  # fmt: skip
    """The checklist: each document with its reason, whether it is needed, and how it is held."""
    if service.documents is None:
        return []
    answers = view.answers
    needed = {d.code for d in catalogue.documents_needed(service.documents, answers)}
    kept = held.kept_for(
        person=view.person.id, centre=view.centre_id, at=at,
        codes=[d.code for d in service.documents],
    )  # fmt: skip
    return [
        {
            "document": d, "needed": d.code in needed, "held": view.documents.get(d.code),
            "kept": kept.get(d.code),
            "expires": d.must_be_in_date or d.valid_for_days is not None,
        }
        for d in service.documents
    ]  # fmt: skip


def _is_in_hand(request: SanadRequest, view: queries.CaseView) -> bool:
    now = visit_here(request)
    return now is not None and now.id == view.visit_id


def _service(request: SanadRequest, case: UUID) -> catalogue.ServiceView:
    view = queries.case(case, at=request.at)
    return catalogue.service(view.service_code, business_date(request.at))


def _payment_id(request: SanadRequest) -> UUID:
    """The id that a refused payment came with, so that a repeat is the same payment."""
    try:
        return UUID(request.POST.get("payment", ""))
    except ValueError:
        return uuid4()


def _do(request: SanadRequest, case: UUID, verb: Any) -> HttpResponse:
    try:
        with attempt():
            verb()
    except Refused as refused:
        return draw(request, case, refused=refused)
    return redirect("desk_case", case)
