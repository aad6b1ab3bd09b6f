"""The client's screen: what the person reads, signs and agrees to, in the person's own language."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules
from sanad.beneficiaries.queries import PersonView
from sanad.cases import actions, queries
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import MUSCAT, business_date
from sanad.lib.refusal import Refused
from sanad.till import actions as till_actions
from sanad.till import queries as till
from sanad.till import rules as money
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.fields import Field
from sanad.web.shell.qr import qr
from sanad.web.shell.screen import SanadRequest, attempt

LANGUAGES = ("ar", "en")
# A charge by the page is agreed to for at most this many.
MOST_UNITS = 50


@OPERATOR
@require_http_methods(["GET", "POST"])
def mandate(request: SanadRequest, visit: UUID, service: str) -> HttpResponse:
    """The person agrees to one service; the case opens."""
    found = queries.visit(visit)
    if found.person is None:
        return redirect("desk_person", visit)
    wanted = catalogue.service(service, business_date(request.at))

    def open_case(mandate: UUID) -> UUID:
        return actions.open_case(
            visit=visit, service_code=service, mandate=mandate, at=request.at, by=request.account
        )

    return _mandate_page(request, found.person, wanted, open_case)


@OPERATOR
@require_http_methods(["GET", "POST"])
def new_mandate(request: SanadRequest, case: UUID) -> HttpResponse:
    """The person agrees again: the first mandate expired, or was somebody else's."""
    view = queries.case(case, at=request.at)
    wanted = catalogue.service(view.service_code, business_date(request.at))

    def renew(mandate: UUID) -> UUID:
        actions.renew_mandate(case=case, mandate=mandate, at=request.at, by=request.account)
        return case

    return _mandate_page(request, view.person, wanted, renew)


@OPERATOR
@require_http_methods(["GET", "POST"])
def agree(request: SanadRequest, case: UUID) -> HttpResponse:
    """The four lines, shown to the person, who agrees to them."""
    view = queries.case(case, at=request.at)
    quote = till.live_quote(case, at=request.at)
    if quote is None or quote.paid:
        return redirect("desk_case", case)
    context: dict[str, Any] = {"case": view, "quote": quote, "person": view.person}
    if request.method == "POST":
        try:
            with attempt():
                till_actions.agree_quote(quote=quote.id, at=request.at, by=request.account)
            return redirect("desk_case", case)
        except Refused as refused:
            context["refused"] = refused
    return _in_their_language(request, view.person, "desk/agree.html", context)


@OPERATOR
@require_http_methods(["GET"])
def pay_link(request: SanadRequest, case: UUID) -> HttpResponse:
    """The payment link as a QR, for the person's own phone."""
    view = queries.case(case, at=request.at)
    found = till.open_payment_of(case)
    if found is None or not found.link or not found.is_registered:
        return redirect("desk_case", case)
    context = {"case": view, "person": view.person, "payment": found, "qr": qr(found.link)}
    return _in_their_language(request, view.person, "desk/pay_link.html", context)


def _mandate_page(
    request: SanadRequest, person: PersonView, service: catalogue.ServiceView, then: Any
) -> HttpResponse:
    actions.require_offered(service)
    till.require_priced(service, centre=place(request), on=business_date(request.at))
    language = language_of(request, person)
    ends = _ends(request)
    terms = _terms(request, service, ends)
    words = terms.in_words(language)
    typed = request.POST
    context: dict[str, Any] = {
        "person": person, "service": service, "text": words, "ends": ends.isoformat(),
        "words": rules.hash_of(words).hex(),
        "ceiling_baisa": terms.ceiling_baisa, "fee_is_open": terms.fee_is_open,
    }  # fmt: skip
    if request.method == "POST":
        name = typed.get("typed_name", "").strip()
        try:
            with attempt():
                if typed.get("words") != context["words"]:
                    raise rules.WordsChanged
                given = beneficiaries.grant_mandate(
                    person=person.id, service_id=service.id, service_code=service.code,
                    centre=place(request), terms=terms, language=language,
                    method="card_and_typed_name" if name else "card_and_signature",
                    signature=name or typed.get("signature", ""),
                    card_seen="card_seen" in typed, until=ends, at=request.at,
                    by=request.account,
                )  # fmt: skip
                case = then(given)
            return redirect("desk_case", case)
        except Refused as refused:
            context["refused"] = refused
    with translation.override(language):
        context["name_field"] = Field(
            name="typed_name", label=_("Or type your full name"),
            value=typed.get("typed_name", ""), autocomplete="off",
            help=_("As it stands on your card. It counts as your signature."),
        )  # fmt: skip
        context["card_field"] = Field(
            name="card_seen", label=_("The operator has seen the card and compared the photo"),
            kind="tick", value="on" if "card_seen" in typed else "", required=True,
        )  # fmt: skip
    return _in_their_language(request, person, "desk/mandate.html", context)


def language_of(request: SanadRequest, person: PersonView) -> str:
    """The person's language, or the one touched on the client's screen."""
    asked = request.POST.get("client_language") or request.GET.get("client_language", "")
    return asked if asked in LANGUAGES else person.language


def _in_their_language(
    request: SanadRequest, person: PersonView, template: str, context: dict[str, Any]
) -> HttpResponse:
    language = language_of(request, person)
    status = 409 if "refused" in context else 200
    with translation.override(language):
        return render(request, template, context | {"client_language": language}, status=status)


def _ends(request: SanadRequest) -> datetime:
    """When the mandate ends, to the minute: as the page showed it, else as late as it may be."""
    latest = (request.at + rules.MANDATE_LASTS).replace(second=0, microsecond=0)
    try:
        shown = datetime.fromisoformat(request.POST.get("ends", ""))
    except ValueError:
        return latest
    return shown if shown.tzinfo and request.at < shown <= latest else latest


def _terms(request: SanadRequest, service: catalogue.ServiceView, ends: datetime) -> rules.Terms:
    """What is agreed to: the highest this service can cost at this centre, as far as is known."""
    centre = centres.centre(place(request))
    stage = money.first_stage(set(service.fee_lines))
    line = service.fee_lines.get(stage or "")
    charge = line.baisa * (1 if line.unit == "request" else MOST_UNITS) if line else 0
    own = till.own_price(centre=centre.id, service=service.id, on=business_date(request.at))
    if own is not None and not service.fee_lines:
        charge = own.baisa
    due = catalogue.government_fee_due(service.government_fee, {})
    return rules.Terms(
        centre=centre.name,
        service=service.name,
        entity=service.entity.name,
        ceiling_baisa=charge
        + money.vat_on(charge, centre.vat_per_mille)
        + (due.highest_baisa or 0),
        fee_is_open=due.highest_baisa is None,
        until=f"{ends.astimezone(MUSCAT):%Y-%m-%d %H:%M}",
    )
