"""Quote, payment, receipt and cancellation of a case; what is paid after it was sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.cases import queries as cases
from sanad.centres import queries as centres
from sanad.counter import desk
from sanad.lib.digits import ascii_digits
from sanad.lib.money import format_omr, parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import actions, queries, receipts, rules, unsettled
from sanad.till.receipt_pdf import TEMPLATES, receipt_pdf
from sanad.web.desk.case import draw
from sanad.web.desk.line import OPERATOR
from sanad.web.shell.isolate import plain
from sanad.web.shell.screen import SanadRequest, attempt

PAPER_KEY = "paper"


class PaymentUnreadable(Refused):
    code = "desk.payment_unreadable"
    sentence = N_("The payment could not be read from the page. Reload it and try again.")


@OPERATOR
@require_POST
def quote(request: SanadRequest, case: UUID) -> HttpResponse:
    """Work the four lines out: anew, for a resend, or for what is paid beside the case's way."""
    try:
        with attempt():
            units = _units(request.POST.get("units", "1"))
            stage = request.POST.get("stage") or None
            actions.make_quote(case=case, at=request.at, units=units, stage=stage)
    except Refused as refused:
        return draw(request, case, refused=refused)
    return redirect("desk_case", case)


@OPERATOR
@require_POST
def pay(request: SanadRequest, case: UUID) -> HttpResponse:
    """Take the money and give the receipt."""
    typed = request.POST
    try:
        with attempt():
            found = actions.pay(
                payment=id_in(typed.get("payment")), quote=_quote_in(typed, case),
                means=typed.get("means", ""), at=request.at, by=request.account,
                tendered_baisa=parse_baisa(typed["tendered"]) if typed.get("tendered") else None,
                card_reference=typed.get("card_reference", ""),
            )  # fmt: skip
    except Refused as refused:
        return draw(request, case, refused=refused)
    _say_change(request, queries.receipt(found))
    return redirect("desk_case", case)


@OPERATOR
@require_POST
def doubt(request: SanadRequest, case: UUID) -> HttpResponse:
    """The terminal gave no answer: the payment is in doubt, and nothing else is taken."""
    return _begin(request, case, unsettled.pay_in_doubt)


@OPERATOR
@require_POST
def link(request: SanadRequest, case: UUID) -> HttpResponse:
    """Begin a payment that the person makes at the provider."""
    return _begin(request, case, unsettled.start_link)


@OPERATOR
@require_POST
def send_stage(request: SanadRequest, case: UUID, stage: str) -> HttpResponse:
    """Send a further step of a request that the entity has."""
    try:
        with attempt():
            desk.send_stage(case=case, stage=stage, at=request.at, by=request.account)
    except Refused as refused:
        return draw(request, case, refused=refused)
    messages.success(request, _("The further step is on its way to the entity."))
    return redirect("desk_case", case)


@OPERATOR
@require_POST
def cancel(request: SanadRequest, case: UUID) -> HttpResponse:
    """Give the request up before it is sent; what was paid is asked back."""
    try:
        with attempt():
            refund = actions.cancel(
                case=case, reason=request.POST.get("reason", ""), at=request.at, by=request.account
            )
    except Refused as refused:
        return draw(request, case, refused=refused)
    if refund:
        said = _("The refund is asked for. A second person of the centre decides under “Refunds”.")
        messages.success(request, said)
    return redirect("desk_case", case)


@OPERATOR
@require_http_methods(["GET", "POST"])
def receipt(request: SanadRequest, receipt: UUID) -> HttpResponse:
    """The receipt as a page; printing it (POST) gives the PDF and counts the copy."""
    view = queries.receipt(receipt)
    case = cases.case(view.case_id, at=request.at)
    centre = centres.centre(view.centre_id)
    if request.method == "GET":
        context = {"receipt": view, "case": case, "centre": centre,
                   "paper": request.session.get(PAPER_KEY, "a5"),
                   "papers": [(value, value.upper()) for value in TEMPLATES]}  # fmt: skip
        return render(request, "desk/receipt.html", context)
    copy = receipts.print_copy(receipt=receipt, at=request.at, by=request.account)
    pdf = receipt_pdf(
        view, service=case.line.service, entity=case.line.entity, centre=centre.name,
        place=centre.wilayat, licence_no=centre.licence_no, copy=copy,
        paper=paper_of(request),
    )  # fmt: skip
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'inline; filename="receipt-{view.centre_id}-{view.number}.pdf"'
    )
    return response


def paper_of(request: SanadRequest) -> str:
    """The paper that was chosen, remembered for the next receipt of this browser."""
    chosen = str(request.POST.get("paper") or request.session.get(PAPER_KEY, "a5"))
    paper = chosen if chosen in TEMPLATES else "a5"
    if request.session.get(PAPER_KEY) != paper:
        request.session[PAPER_KEY] = paper
    return paper


def _begin(request: SanadRequest, case: UUID, verb: Any) -> HttpResponse:
    typed = request.POST
    try:
        with attempt():
            verb(payment=id_in(typed.get("payment")), quote=_quote_in(typed, case), at=request.at,
                 by=request.account)  # fmt: skip
    except Refused as refused:
        return draw(request, case, refused=refused)
    return redirect("desk_case", case)


def _say_change(request: SanadRequest, view: queries.ReceiptView) -> None:
    if view.tendered_baisa is None:
        return
    change = view.tendered_baisa - int(view.body["total_baisa"])
    if change:
        text = _("Paid. Change to give: OMR {amount}.").format(amount=format_omr(change))
        messages.success(request, plain(text))


def _units(typed: str) -> int:
    digits = ascii_digits(typed).strip()
    readable = digits.isdecimal() and len(digits) < 10
    return rules.require_units(int(digits) if readable else 0, typed=typed)


def _quote_in(typed: Any, case: UUID) -> UUID:
    """The quote that a form of this request names; another request's is refused."""
    quote = id_in(typed.get("quote"))
    if not queries.is_quote_of(quote, case):
        raise PaymentUnreadable
    return quote


def id_in(text: Any) -> UUID:
    """Raises `PaymentUnreadable`."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise PaymentUnreadable from error
