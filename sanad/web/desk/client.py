"""What the person reads, signs and agrees to, in their own language, on the operator's own screen.

Where the client has a screen of their own (`client_side`), the page waits for what is signed there.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import held, remote, rules
from sanad.beneficiaries import queries as people
from sanad.beneficiaries.queries import PersonView
from sanad.cases import actions, duplicates, queries, repeat
from sanad.catalogue import queries as catalogue
from sanad.counter import client_screen
from sanad.counter.terms import latest_end, terms_of
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.till import actions as till_actions
from sanad.till import queries as till
from sanad.web.desk.line import OPERATOR, place, screen_here
from sanad.web.shell.fields import Field
from sanad.web.shell.qr import qr
from sanad.web.shell.screen import SanadRequest, attempt
from sanad.web.shell.signing import name_field

LANGUAGES = ("ar", "en")


@OPERATOR
@require_http_methods(["GET", "POST"])
def mandate(request: SanadRequest, visit: UUID, service: str) -> HttpResponse:
    """The person agrees to one service; the case opens."""
    found = queries.visit(visit)
    if found.person is None:
        return redirect("desk_person", visit)
    wanted = catalogue.service(service, business_date(request.at))

    like = _like(request)

    def open_case(mandate: UUID) -> UUID:
        case = actions.open_case(
            visit=visit, service_code=service, mandate=mandate, at=request.at, by=request.account
        )
        if like is not None:
            repeat.take_over_answers(case=case, like=like, at=request.at)
        return case

    alike = duplicates.alike(
        person=found.person.id, company=found.company.id if found.company else None,
        service_id=wanted.id, at=request.at,
    )  # fmt: skip
    return _mandate_page(request, found.person, wanted, None, open_case, alike=alike, like=like)


@OPERATOR
@require_http_methods(["GET", "POST"])
def new_mandate(request: SanadRequest, case: UUID) -> HttpResponse:
    """The person agrees again: the first mandate expired, or was somebody else's."""
    view = queries.case(case, at=request.at)
    wanted = catalogue.service(view.service_code, business_date(request.at))

    def renew(mandate: UUID) -> UUID:
        actions.renew_mandate(case=case, mandate=mandate, at=request.at, by=request.account)
        return case

    return _mandate_page(request, view.person, wanted, case, renew)


@OPERATOR
@require_http_methods(["GET", "POST"])
def agree(request: SanadRequest, case: UUID) -> HttpResponse:
    """The four lines, shown to the person, who agrees to them."""
    view = queries.case(case, at=request.at)
    quote = till.live_quote(case, at=request.at)
    if quote is None or quote.paid or (quote.agreed_at and request.method == "GET"):
        return redirect("desk_case", case)
    context: dict[str, Any] = {"case": view, "quote": quote, "person": view.person,
                               "screen": screen_here(request)}  # fmt: skip
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


@OPERATOR
@require_GET
def approval(request: SanadRequest, approval: UUID) -> HttpResponse:
    """Whether the person has answered on their phone: a part of the page, asked again and again."""
    found = remote.approval(approval, at=request.at)
    if found is None:
        raise remote.LinkOver
    person = people.person(found.person_id)
    context = {"approval": found, "person": person}
    return _in_their_language(request, person, "desk/approval.html", context)


def _like(request: SanadRequest) -> UUID | None:
    """The earlier request whose answers are taken over, where the address names one."""
    try:
        return UUID(request.GET.get("like", ""))
    except ValueError:
        return None


def _mandate_page(
    request: SanadRequest, person: PersonView, service: catalogue.ServiceView, case: UUID | None,
    then: Any, **more: Any,
) -> HttpResponse:  # fmt: skip
    actions.require_offered(service)
    till.require_priced(service, centre=place(request), on=business_date(request.at))
    language = language_of(request, person)
    ends = _ends(request)
    screen = screen_here(request)
    if screen:
        screen = client_screen.ask(screen, client_screen.Asked(person.id, service.code, case, ends))
        ends = screen.asked.ends if screen.asked else ends
    terms = terms_of(service, centre=place(request), ends=ends, at=request.at)
    words = terms.in_words(language)
    consent = held.consent_words(terms.centre, language)
    context: dict[str, Any] = more | {
        "person": person, "service": service, "text": words, "ends": ends.isoformat(),
        "words": rules.hash_of(words).hex(),
        "ceiling_baisa": terms.ceiling_baisa, "fee_is_open": terms.fee_is_open,
        "screen": screen, "is_silent": screen is not None and screen.is_silent(request.at),
        "keeps_already": held.has_consent(person=person.id, centre=place(request)),
    }  # fmt: skip
    if request.method == "POST":
        try:
            with attempt():
                if request.POST.get("do") == "phone":
                    _ask_on_phone(request, person, service, terms, ends)
                    return redirect(request.get_full_path())
                here = _signed_here(request.POST, language, ends)
                given = _given(request, person, service, case, screen, here)
                if "keep_documents" in request.POST:
                    held.give_consent(
                        person=person.id, centre=place(request), words=consent, language=language,
                        at=request.at, by=request.account,
                    )  # fmt: skip
                opened = then(given)
                client_screen.stop_asking(screen)
            return redirect("desk_case", opened)
        except Refused as refused:
            context["refused"] = refused
    context["approval"] = remote.waiting_approval(
        person=person.id, service_id=service.id, at=request.at
    )
    with translation.override(language):
        context |= _fields(request.POST, consent)
    return _in_their_language(request, person, "desk/mandate.html", context)


def _given(
    request: SanadRequest, person: PersonView, service: catalogue.ServiceView, case: UUID | None,
    screen: client_screen.Screen | None, here: client_screen.Signed,
) -> UUID:  # fmt: skip
    """The mandate: agreed to on the phone, signed on the client's own screen, or here and now."""
    do = request.POST.get("do")
    if do == "agreed-on-phone":
        found = remote.waiting_approval(person=person.id, service_id=service.id, at=request.at)
        if found is None or found.mandate_id is None:
            raise rules.MandateNotLive
        return found.mandate_id
    signed = here
    if do == "signed-on-screen":
        signed = client_screen.take_signed(
            screen, person=person.id, service=service.code, case=case
        )  # fmt: skip
    terms = terms_of(service, centre=place(request), ends=signed.ends, at=request.at)
    if signed.words != rules.hash_of(terms.in_words(signed.language)).hex():
        raise rules.WordsChanged
    return beneficiaries.grant_mandate(
        person=person.id, service_id=service.id, service_code=service.code,
        centre=place(request), terms=terms, language=signed.language,
        method="card_and_typed_name" if signed.typed_name else "card_and_signature",
        signature=signed.typed_name or signed.signature, card_seen="card_seen" in request.POST,
        until=signed.ends, at=request.at, by=request.account,
    )  # fmt: skip


def _signed_here(typed: Any, language: str, ends: datetime) -> client_screen.Signed:
    return client_screen.Signed(
        language=language, ends=ends, words=typed.get("words", ""),
        typed_name=typed.get("typed_name", "").strip(), signature=typed.get("signature", ""),
    )  # fmt: skip


def _ask_on_phone(
    request: SanadRequest, person: PersonView, service: catalogue.ServiceView, terms: rules.Terms,
    ends: datetime,
) -> None:  # fmt: skip
    remote.ask_by_phone(
        person=person.id, service_id=service.id, service_code=service.code, centre=place(request),
        terms=terms, until=ends, at=request.at, by=request.account,
    )  # fmt: skip


def _fields(typed: Any, consent: str) -> dict[str, Field]:
    return {
        "name_field": name_field(typed),
        "card_field": Field(
            name="card_seen", label=_("The operator has seen the card and compared the photo"),
            kind="tick", value="on" if "card_seen" in typed else "", required=True,
            attributes=(("autofocus", "autofocus"),),
        ),
        "keep_field": Field(
            name="keep_documents", label=consent, kind="tick",
            value="on" if "keep_documents" in typed else "",
        ),
    }  # fmt: skip


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
    latest = latest_end(request.at)
    try:
        shown = datetime.fromisoformat(request.POST.get("ends", ""))
    except ValueError:
        return latest
    return shown if shown.tzinfo and request.at < shown <= latest else latest
