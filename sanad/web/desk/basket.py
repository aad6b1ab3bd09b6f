"""The basket of a visit: several requests agreed to, paid and printed together."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.cases import queries as cases
from sanad.cases.actions import PersonMissing
from sanad.cases.rules import Status
from sanad.centres import queries as centres
from sanad.lib.money import format_omr, parse_baisa
from sanad.lib.refusal import Refused
from sanad.till import basket, queries, receipts
from sanad.till.basket import Basket, BasketEmpty, Wanted
from sanad.till.receipt_pdf import TEMPLATES, Sheet, receipts_pdf
from sanad.web.desk.client import language_of
from sanad.web.desk.line import OPERATOR, screen_here
from sanad.web.desk.money import PAPER_KEY, id_in, paper_of
from sanad.web.shell.isolate import plain
from sanad.web.shell.screen import SanadRequest, attempt


@OPERATOR
@require_http_methods(["GET", "POST"])
def together(request: SanadRequest, visit: UUID) -> HttpResponse:
    """What the visit has to pay, and taking it with one tender."""
    found = basket.of_visit(visit, at=request.at)
    if request.method == "GET":
        return _draw(request, visit, found)
    try:
        with attempt():
            paid = _paid(request)
    except Refused as refused:
        return _draw(request, visit, basket.of_visit(visit, at=request.at), refused=refused)
    _say_change(request, paid)
    return redirect("desk_basket", visit)


@OPERATOR
@require_http_methods(["GET", "POST"])
def agree(request: SanadRequest, visit: UUID) -> HttpResponse:
    """The client's screen: every request with its lines, agreed to with one touch."""
    found, person = basket.of_visit(visit, at=request.at), cases.visit(visit).person
    if person is None:
        raise PersonMissing
    if found.is_agreed and request.method == "GET":
        return redirect("desk_basket", visit)
    context: dict[str, Any] = {"basket": found, "person": person, "visit_id": visit,
                               "screen": screen_here(request)}  # fmt: skip
    if request.method == "POST":
        try:
            with attempt():
                shown = [id_in(text) for text in request.POST.getlist("quote")]
                basket.agree_together(quotes=shown, at=request.at, by=request.account)
            return redirect("desk_basket", visit)
        except Refused as refused:
            context["refused"] = refused
    language = language_of(request, person)
    with translation.override(language):
        status = 409 if "refused" in context else 200
        context["client_language"] = language
        return render(request, "desk/basket_agree.html", context, status=status)


@OPERATOR
@require_POST
def paper(request: SanadRequest, visit: UUID) -> HttpResponse:
    """One paper with every receipt of the visit; each printing is counted."""
    printed = [
        (line, one) for line in cases.visit(visit).cases for one in queries.receipts_of(line.id)
    ]
    copies = receipts.print_copies(
        receipts=[one.id for _, one in printed], at=request.at, by=request.account
    )
    sheets = [Sheet(one, line.service, line.entity, copies[one.id]) for line, one in printed]
    if not sheets:
        raise BasketEmpty
    centre = centres.centre(sheets[0].receipt.centre_id)
    pdf = receipts_pdf(
        sheets, centre=centre.name, place=centre.wilayat, licence_no=centre.licence_no,
        paper=paper_of(request),
    )  # fmt: skip
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="receipts.pdf"'
    return response


def _draw(request: SanadRequest, visit: UUID, found: Basket, **more: Any) -> HttpResponse:
    view = cases.visit(visit)
    context = {
        "visit": view,
        "basket": found,
        "rows": [(line, quote, uuid4()) for line, quote in found.rows],
        "drawer": queries.open_drawer_of(request.account),
        "receipts": [one for line in view.cases for one in queries.receipts_of(line.id)],
        "paper": request.session.get(PAPER_KEY, "a5"),
        "papers": [(value, value.upper()) for value in TEMPLATES],
        "typed": request.POST,
        "again": _again(request),
        "to_send": sum(line.status is Status.PAID for line in view.cases),
    }
    return render(request, "desk/basket.html", context | more, status=409 if more else 200)


def _paid(request: SanadRequest) -> list[UUID]:
    typed = request.POST
    wanted = [
        Wanted(id_in(payment), id_in(quote))
        for payment, quote in zip(typed.getlist("payment"), typed.getlist("quote"), strict=False)
    ]
    return basket.pay_together(
        wanted=wanted, means=typed.get("means", ""), at=request.at, by=request.account,
        tendered_baisa=parse_baisa(typed["tendered"]) if typed.get("tendered") else None,
        card_reference=typed.get("card_reference", ""),
    )  # fmt: skip


def _again(request: SanadRequest) -> dict[str, str]:
    """By quote the payment's id that a refused tender came with: a repeat is the same payment."""
    typed = request.POST
    return dict(zip(typed.getlist("quote"), typed.getlist("payment"), strict=False))


def _say_change(request: SanadRequest, paid: list[UUID]) -> None:
    views = [queries.receipt(one) for one in paid]
    change = sum(
        one.tendered_baisa - int(one.body["total_baisa"])
        for one in views
        if one.tendered_baisa is not None
    )
    text = _("Paid together.")
    if change:
        text = _("Paid. Change to give: OMR {amount}.").format(amount=format_omr(change))
    messages.success(request, plain(text))
