"""Drawers and the end of the day. Amounts may be typed in the digits of any script."""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.lib.digits import ascii_digits
from sanad.lib.money import format_omr, parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import actions, queries
from sanad.till.queries import DrawerView
from sanad.till.rules import PIECES, Account, PiecesDiffer, ReasonForVariance
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

AT_THE_TILL = screen(Role.OPERATOR, Role.OWNER)
MOST_PIECES: Final = 99_999


class NotACount(Refused):
    code = "till.not_a_count"
    sentence = N_(
        "“{text}” is not a number of notes or coins. Type digits only, or leave it empty."
    )


class TotalMissing(Refused):
    code = "till.total_missing"
    sentence = N_("The total is missing. Type what lies in the drawer, 0 where it is empty.")


@dataclass
class Typed:
    """What was typed into a count, and what is wrong with it by field."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@AT_THE_TILL
@require_http_methods(["GET", "POST"])
def drawer(request: SanadRequest) -> HttpResponse:
    """One's own drawer: open it with its float, or go on to count it."""
    own = queries.open_drawer_of(request.account)
    typed, error, refusal = "", "", None
    if request.method == "POST":
        typed = request.POST.get("float", "")
        try:
            float_baisa = parse_baisa(typed)
        except Refused as wrong:
            error = say(wrong)
        else:
            try:
                with attempt():
                    actions.open_drawer(
                        centre=_centre(request), float_baisa=float_baisa, at=request.at,
                        by=request.account,
                    )  # fmt: skip
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, _("Your drawer is open."))
                return redirect("drawer")
    asked = Field(
        name="float", label=_("Float in the drawer"), kind="money", value=typed, required=True,
        error=error,
        help=_("What lies in the drawer before the first payment, in rials: 20 or 20.500."),
    )  # fmt: skip
    context = {"own": own, "field": asked, "refusal": refusal}
    return render(request, "centre/drawer.html", context, status=422 if error or refusal else 200)


@AT_THE_TILL
@require_http_methods(["GET", "POST"])
def count(request: SanadRequest, drawer_id: UUID) -> HttpResponse:
    """Count a drawer blindly: what is expected is said afterwards."""
    found = _drawer(request, drawer_id)
    if found.counted_at is not None:
        return redirect("till_day")
    typed, refusal = Typed(_posted(request)), None
    if request.method == "POST":
        pieces, counted = _read(typed)
        if counted is not None:
            try:
                with attempt():
                    differs = actions.count_drawer(
                        drawer=drawer_id, counted_baisa=counted, pieces=pieces, at=request.at,
                        reason=typed.values["reason"], by=request.account,
                    )  # fmt: skip
            except PiecesDiffer as differ:
                typed.errors["total"] = say(differ)
            except ReasonForVariance as needed:
                typed.errors["reason"] = say(needed)
            except Refused as refused:
                refusal = refused
            else:
                messages.success(request, _said(differs))
                return redirect("till_day")
    wrong = bool(typed.errors or refusal)
    context = {
        "drawer": found,
        "name": accounts.names_of({found.account_id}).get(found.account_id),
        "pieces": [_piece_field(piece, typed) for piece in PIECES],
        "total": _total_field(typed),
        "reason": _reason_field(typed),
        "refusal": refusal,
    }
    return render(request, "centre/count.html", context, status=422 if wrong else 200)


@AT_THE_TILL
@require_http_methods(["GET", "POST"])
def day(request: SanadRequest) -> HttpResponse:
    """The drawers of the day, its money, and the closing of it."""
    centre, refusal = _centre(request), None
    if request.method == "POST":
        try:
            with attempt():
                actions.close_day(centre=centre, at=request.at, by=request.account)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The day is closed up to this moment."))
            return redirect("till_day")
    view = queries.day(centre, at=request.at)
    people = {d.account_id for d in view.drawers} | {by for _at, by, _figures in view.closes}
    names = accounts.names_of(people)
    context: dict[str, Any] = {
        "day": view,
        "drawers": [(d, names.get(d.account_id), _may_count(request, d)) for d in view.drawers],
        "closes": [(at, names.get(by), _shown(figures)) for at, by, figures in view.closes],
        "money": _shown({account.value: baisa for account, baisa in view.balances.items()}),
        "sees_expected": request.seat.role is Role.OWNER,
        "has_drawer": any(_is_own_open(request, d) for d in view.drawers),
        "in_doubt": queries.in_doubt_count(centre),
        "refunds_waiting": queries.refunds_pending_count(centre),
        "refusal": refusal,
    }
    return render(request, "centre/day.html", context, status=422 if refusal else 200)


def _shown(figures: dict[str, int]) -> dict[str, int]:
    """Amounts by account, each as a person thinks of it: whose money is never below zero."""
    owed = {Account.HELD_FOR_ENTITY, Account.EARNED, Account.VAT_DUE, Account.IN_DOUBT}
    return {name: -baisa if name in owed else baisa for name, baisa in figures.items()}


def _centre(request: SanadRequest) -> int:
    centre = request.seat.centre_id
    assert centre is not None, "this seat stands at a centre"
    return centre


def _drawer(request: SanadRequest, drawer_id: UUID) -> DrawerView:
    found = queries.drawer(drawer_id)
    if found is None or (
        request.seat.role is not Role.OWNER and found.account_id != request.account
    ):
        raise Http404("no such drawer")
    return found


def _may_count(request: SanadRequest, found: DrawerView) -> bool:
    is_own = found.account_id == request.account
    return found.counted_at is None and (is_own or request.seat.role is Role.OWNER)


def _is_own_open(request: SanadRequest, found: DrawerView) -> bool:
    return found.counted_at is None and found.account_id == request.account


def _posted(request: SanadRequest) -> dict[str, str]:
    names = [f"pieces-{piece}" for piece in PIECES] + ["total", "reason"]
    return {name: request.POST.get(name, "").strip() for name in names}


def _read(typed: Typed) -> tuple[dict[int, int], int | None]:
    """The pieces and the counted baisa; None where something typed is wrong, noted by field."""
    numbers = {piece: _pieces(typed, piece) for piece in PIECES}
    total = _total(typed)
    pieces = {piece: number for piece, number in numbers.items() if number}
    return pieces, None if typed.errors else total


def _pieces(typed: Typed, piece: int) -> int:
    text = typed.values[f"pieces-{piece}"]
    digits = ascii_digits(text)
    if not text:
        return 0
    if not digits.isascii() or not digits.isdigit() or int(digits[:9]) > MOST_PIECES:
        typed.errors[f"pieces-{piece}"] = say(NotACount(text=text))
        return 0
    return int(digits)


def _total(typed: Typed) -> int | None:
    """The typed total; None where it is wrong, which is then noted."""
    text = typed.values["total"]
    try:
        if not text:
            raise TotalMissing
        return parse_baisa(text)
    except Refused as wrong:
        typed.errors["total"] = say(wrong)
        return None


def _said(differs: int) -> str:
    amount = format_omr(abs(differs))
    if differs == 0:
        return _("The drawer is counted: exactly what was expected.")
    if differs > 0:
        return _("The drawer is counted: OMR {amount} more than expected.").format(amount=amount)
    return _("The drawer is counted: OMR {amount} less than expected.").format(amount=amount)


def _piece_field(piece: int, typed: Typed) -> tuple[int, Field]:
    name = f"pieces-{piece}"
    return piece, Field(
        name=name, label=_("Pieces of {amount}").format(amount=format_omr(piece)), kind="number",
        value=typed.values[name], error=typed.errors.get(name, ""), max_length=6,
    )  # fmt: skip


def _total_field(typed: Typed) -> Field:
    return Field(
        name="total", label=_("Total counted"), kind="money", value=typed.values["total"],
        error=typed.errors.get("total", ""), required=True,
        help=_("In rials, such as 54.200. Where the pieces are typed too, the two are compared."),
    )  # fmt: skip


def _reason_field(typed: Typed) -> Field:
    return Field(
        name="reason", label=_("Reason, where the count differs"), value=typed.values["reason"],
        error=typed.errors.get("reason", ""), max_length=200,
    )  # fmt: skip
