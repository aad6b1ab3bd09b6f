"""The client's own screen: the visit, its services and amounts, the mandate to sign. No sign-in.

The link stands for one operator's counter, so the page reads and writes with that counter's eyes,
as the operator's own page does when it is turned to the client.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from sanad.accounts import queries as accounts
from sanad.beneficiaries import queries as people
from sanad.beneficiaries.rules import Terms, hash_of
from sanad.cases import queries as cases
from sanad.cases.queries import CaseView, VisitView
from sanad.cases.rules import Status
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import client_screen
from sanad.counter.client_screen import Asked, Screen
from sanad.counter.terms import terms_of
from sanad.db.scope import acting, public_scope
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.till import basket
from sanad.till import queries as till
from sanad.till.queries import PendingView, QuoteView
from sanad.web.desk.client import LANGUAGES
from sanad.web.desk.form import form_fields
from sanad.web.desk.money import id_in
from sanad.web.public.private import private
from sanad.web.shell.fields import Field
from sanad.web.shell.qr import qr
from sanad.web.shell.screen import SanadRequest, attempt, before_scope, refused
from sanad.web.shell.signing import name_field

OVER, REFUSED, NOTHING_NEW = 404, 409, 204


@dataclass(frozen=True)
class Counter:
    """The counter a link stands for, now."""

    screen: Screen
    visit: VisitView | None

    @property
    def language(self) -> str:
        """The one touched here, else the person's own, else Arabic."""
        person = self.visit.person if self.visit else None
        return self.screen.language or (person.language if person else LANGUAGES[0])

    @property
    def stamp(self) -> str:
        return hashlib.sha256(
            client_screen.stamp(self.screen, self.visit).encode()
        ).hexdigest()[:16]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One request of the visit as its person sees it."""

    view: CaseView
    fields: list[Field]
    quote: QuoteView | None
    payment: PendingView | None
    pay_qr: str | None

    @property
    def to_agree(self) -> bool:
        q = self.quote
        return (
            q is not None
            and self.view.line.status is Status.READY
            and not (q.paid or q.changed or q.agreed_at)
        )


@before_scope
@require_http_methods(["GET", "POST"])
def screen(request: SanadRequest, secret: str) -> HttpResponse:
    """What stands to be read and answered. Looking changes nothing but that somebody looks."""
    return _at_the_counter(request, secret, lambda counter: _page(request, secret, counter))


@before_scope
@require_GET
def now(request: SanadRequest, secret: str) -> HttpResponse:
    """Whether the page shows something else by now: then it is opened again."""

    def compare(counter: Counter) -> HttpResponse:
        client_screen.note_seen(counter.screen, at=request.at)
        response = HttpResponse(status=NOTHING_NEW)
        if request.GET.get("seen") != counter.stamp:
            response.headers["HX-Redirect"] = reverse("client_screen", args=[secret])
        return response

    return _at_the_counter(request, secret, compare)


def _at_the_counter(
    request: SanadRequest, secret: str, then: Callable[[Counter], HttpResponse]
) -> HttpResponse:
    """With the eyes of the counter, while its operator still sits there."""
    with acting(public_scope()):
        found = client_screen.of_link(secret, at=request.at)
    account, centre = found or (None, None)
    seats = accounts.seats_of(account) if account else []
    seat = next((seat for seat in seats if seat.centre_id == centre), None)
    if account is None or centre is None or seat is None:
        return _over(request, secret)
    try:
        with acting(accounts.scope_of(seat)):
            visit = cases.open_visit_of(account)
            here = client_screen.of_counter(
                centre=centre, account=account, visit=visit, at=request.at
            )
            if here is None:
                return _over(request, secret)
            return private(then(Counter(here, visit)))
    except Refused as refusal:
        return private(refused(request, refusal))


def _over(request: SanadRequest, secret: str) -> HttpResponse:
    if request.htmx:
        response = HttpResponse(status=NOTHING_NEW)
        response.headers["HX-Redirect"] = reverse("client_screen", args=[secret])
        return private(response)
    return private(render(request, "client/over.html", status=OVER))


def _page(request: SanadRequest, secret: str, counter: Counter) -> HttpResponse:
    more: dict[str, Any] = {}
    if request.method == "POST":
        try:
            with attempt():
                _do(request, counter)
            return redirect("client_screen", secret)
        except Refused as refusal:
            more["refused"] = refusal
    with translation.override(counter.language):
        template, shown = _shown(request, counter)
        context = shown | more | {
            "secret": secret, "stamp": counter.stamp, "client_language": counter.language,
            "centre": centres.centre(counter.screen.centre_id), "screen": counter.screen,
        }  # fmt: skip
        return render(request, template, context, status=REFUSED if more else 200)


def _do(request: SanadRequest, counter: Counter) -> None:
    typed, here = request.POST, counter.screen
    do = typed.get("do", "")
    if typed.get("client_language") in LANGUAGES:
        client_screen.speak(here, typed["client_language"])
    elif do == "sign":
        if here.asked is None:
            raise client_screen.MovedOn
        words = hash_of(_terms(request, here.asked, counter).in_words(counter.language)).hex()
        if typed.get("words") != words:
            raise client_screen.MovedOn
        client_screen.sign(
            here, words=words, typed_name=typed.get("typed_name", ""),
            signature=typed.get("signature", ""),
        )  # fmt: skip
    elif do == "decline":
        client_screen.decline(here)
    elif do == "agree":
        basket.agree_together(
            quotes=[id_in(text) for text in typed.getlist("quote")], at=request.at,
            by=here.account_id,
        )  # fmt: skip


def _shown(request: SanadRequest, counter: Counter) -> tuple[str, dict[str, Any]]:
    """The page for what stands there: a mandate to read, the visit, or a welcome."""
    asked = counter.screen.asked
    if asked is not None:
        return "client/mandate.html", _mandate(request, asked, counter)
    if counter.visit is None or counter.visit.person is None:
        return "client/welcome.html", {"visit": counter.visit}
    rows = [_row(request, one) for one in counter.visit.cases if one.status != Status.CANCELLED]
    return "client/visit.html", {
        "visit": counter.visit,
        "person": counter.visit.person,
        "rows": rows,
        "to_agree": [row for row in rows if row.to_agree],
        "total_baisa": sum(row.quote.total_baisa for row in rows if row.to_agree and row.quote),
    }


def _row(request: SanadRequest, line: cases.CaseLine) -> Row:
    view = cases.case(line.id, at=request.at)
    service = catalogue.service(view.service_code, business_date(request.at))
    payment = till.open_payment_of(line.id)
    link = payment.link if payment and payment.is_registered else ""
    return Row(
        view, [one for one in form_fields(service, view, {}) if one.value],
        till.live_quote(line.id, at=request.at), payment, qr(link) if link else None,
    )  # fmt: skip


def _mandate(request: SanadRequest, asked: Asked, counter: Counter) -> dict[str, Any]:
    terms = _terms(request, asked, counter)
    words = terms.in_words(counter.language)
    return {
        "person": people.person(asked.person),
        "service": catalogue.service(asked.service, business_date(request.at)),
        "text": words,
        "words": hash_of(words).hex(),
        "ceiling_baisa": terms.ceiling_baisa,
        "fee_is_open": terms.fee_is_open,
        "name_field": name_field(request.POST),
    }


def _terms(request: SanadRequest, asked: Asked, counter: Counter) -> Terms:
    service = catalogue.service(asked.service, business_date(request.at))
    return terms_of(service, centre=counter.screen.centre_id, ends=asked.ends, at=request.at)
