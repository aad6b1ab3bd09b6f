"""The centre's own prices: what it charges where the official list has no price."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import Unpriced
from sanad.lib.business_day import business_date
from sanad.lib.money import parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import prices
from sanad.till.prices import OfficialPrice, OwnPriceView
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

MOST_FOUND: Final = 200


class PriceMissing(Refused):
    code = "till.price_missing"
    sentence = N_("The price is missing. Type it in rials, 0 where you charge nothing.")


@dataclass(frozen=True)
class Row:
    """A service that the centre prices itself, with its price where it has one."""

    service: Unpriced
    price: OwnPriceView | None


@screen(Role.OWNER)
@require_GET
def own_prices(request: SanadRequest) -> HttpResponse:
    """Every service without a price of the official list; those still to be priced come first."""
    words = request.GET.get("q", "").strip()[:120]
    on = business_date(request.at)
    known = prices.own_prices(centre=_centre(request), on=on)
    services = catalogue.unpriced(on)
    missing = sum(one.id not in known for one in services)
    rows = [Row(one, known.get(one.id)) for one in _found(services, words, request)]
    context = {
        "words": words,
        "waiting": [row for row in rows if row.price is None],
        "priced": [row for row in rows if row.price is not None],
        "missing": missing,
        "all": len(services),
    }
    return render(request, "centre/prices.html", context)


@screen(Role.OWNER)
@require_http_methods(["GET", "POST"])
def own_price(request: SanadRequest, service: str) -> HttpResponse:
    """One service: its price, the form that sets it, and every price before."""
    centre, on = _centre(request), business_date(request.at)
    found = catalogue.service(service, on)
    if found.fee_lines:
        raise OfficialPrice(service=found.name)
    typed, error, refusal = "", "", None
    if request.method == "POST":
        typed = request.POST.get("price", "").strip()
        try:
            amount = _amount(typed)
        except Refused as wrong:
            error = say(wrong)
        else:
            try:
                with attempt():
                    prices.set_own_price(
                        centre=centre, service_code=service, baisa=amount, at=request.at,
                        by=request.account,
                    )  # fmt: skip
            except prices.PriceUnchanged as unchanged:
                error = say(unchanged)
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, _("The price is set and holds from today."))
                return redirect("own_price", service)
    history = prices.own_price_history(centre=centre, service=found.id)
    names = accounts.names_of({price.set_by for price in history})
    asked = Field(
        name="price", label=_("New price"), kind="money", value=typed, required=True, error=error,
        help=_("In rials, before tax: 2 or 2.500. It is for the whole request, once."),
    )  # fmt: skip
    context = {
        "service": found,
        "price": next((price for price in history if price.is_open), None),
        "history": [(price, names.get(price.set_by)) for price in history],
        "field": asked,
        "refusal": refusal,
    }
    return render(request, "centre/price.html", context, status=422 if error or refusal else 200)


def _amount(typed: str) -> int:
    if not typed:
        raise PriceMissing
    return parse_baisa(typed)


def _found(services: list[Unpriced], words: str, request: SanadRequest) -> list[Unpriced]:
    """Those that the words mean, best first; all of them where nothing was typed."""
    if not words:
        return services
    by_code = {one.code: one for one in services}
    hits = catalogue.search(words, limit=MOST_FOUND, on=business_date(request.at))
    return [by_code[hit.code] for hit in hits if hit.code in by_code]


def _centre(request: SanadRequest) -> int:
    centre = request.seat.centre_id
    assert centre is not None, "an owner sits at a centre"
    return centre
