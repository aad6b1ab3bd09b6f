"""Cash into and out of a drawer, and from the safe to the bank."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.money import parse_baisa
from sanad.lib.refusal import Refused
from sanad.till import cash, ledger, queries
from sanad.till.rules import CASH_IN, CASH_OUT, DEPOSIT, Account
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen


@screen(Role.OPERATOR, Role.OWNER)
@require_http_methods(["GET", "POST"])
def move(request: SanadRequest) -> HttpResponse:
    """Put cash into one's own drawer or take it out, with a reason."""
    own = queries.open_drawer_of(request.account)
    if own is None:
        return redirect("drawer")
    errors: dict[str, str] = {}
    if request.method == "POST":
        kind = CASH_OUT if request.POST.get("way") == CASH_OUT else CASH_IN
        errors = _tried(request, lambda baisa: cash.move_cash(
            drawer=own.id, kind=kind, baisa=baisa, reason=request.POST.get("reason", ""),
            at=request.at, by=request.account,
        ))  # fmt: skip
        if not errors:
            messages.success(request, _("The move is written into the drawer."))
            return redirect("cash_move")
    ways = (
        Choice(CASH_OUT, _("Take out, into the safe")),
        Choice(CASH_IN, _("Put in, from the safe")),
    )
    asked = [
        Field(name="way", label=_("What is done"), kind="choice", required=True, choices=ways,
              value=request.POST.get("way", CASH_OUT)),
        *_fields(request, errors, _("Why"), _("For example: too much in the drawer, or change.")),
    ]  # fmt: skip
    context = {"own": own, "fields": asked, "refusal": errors.get("all"), "moves": _moves(request)}
    return render(request, "centre/cash.html", context, status=422 if errors else 200)


@screen(Role.OPERATOR, Role.OWNER)
@require_POST
def undo(request: SanadRequest, move: UUID) -> HttpResponse:
    """Post a move back: it was a mistake."""
    own = queries.open_drawer_of(request.account)
    back = "cash_move" if own and request.POST.get("from") != "safe" else "safe"
    try:
        with attempt():
            cash.undo(move=move, reason=request.POST.get("reason", ""), at=request.at,
                      by=request.account)  # fmt: skip
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("The move is posted back; both stay in the list."))
    return redirect(back if back == "cash_move" or request.seat.role is Role.OWNER else "till_day")


@screen(Role.OWNER)
@require_http_methods(["GET", "POST"])
def safe(request: SanadRequest) -> HttpResponse:
    """Where the centre's money lies and whose it is; cash of the safe is paid in at the bank."""
    centre, errors = _centre(request), {}
    if request.method == "POST":
        errors = _tried(request, lambda baisa: cash.deposit(
            centre=centre, baisa=baisa, reference=request.POST.get("reason", ""), at=request.at,
            by=request.account,
        ))  # fmt: skip
        if not errors:
            messages.success(request, _("The deposit is written down."))
            return redirect("safe")
    balances = ledger.balances(centre=centre)
    context: dict[str, Any] = {
        "lies": [(account.value, balances[account]) for account in LIES_IN],
        "whose": [(account.value, -balances[account]) for account in BELONGS_TO],
        "fields": _fields(
            request, errors, _("The bank's reference"), _("As it stands on the deposit slip.")
        ),
        "refusal": errors.get("all"),
        "moves": _moves(request, kinds=(DEPOSIT,)),
    }
    return render(request, "centre/safe.html", context, status=422 if errors else 200)


# Where the money is, and whose it is; every account of the ledger is one of the two.
LIES_IN = tuple(
    account
    for account in Account
    if account not in {Account.HELD_FOR_ENTITY, Account.EARNED, Account.VAT_DUE, Account.IN_DOUBT,
                       Account.VARIANCE}
)  # fmt: skip
BELONGS_TO = tuple(account for account in Account if account not in LIES_IN)


def _tried(request: SanadRequest, verb: Any) -> dict[str, str]:
    """What is wrong by field; empty where it was done."""
    try:
        baisa = parse_baisa(request.POST.get("amount", ""))
    except Refused as wrong:
        return {"amount": say(wrong)}
    try:
        with attempt():
            verb(baisa)
    except (cash.NothingMoved, cash.MoreThanInDrawer) as wrong:
        return {"amount": say(wrong)}
    except cash.MoveReasonMissing as wrong:
        return {"reason": say(wrong)}
    except Refused as refused:
        return {"all": say(refused)}
    return {}


def _fields(request: SanadRequest, errors: dict[str, str], why: str, help_: str) -> list[Field]:
    return [
        Field(name="amount", label=_("Amount"), kind="money", required=True,
              value=request.POST.get("amount", ""), error=errors.get("amount", ""),
              autofocus=True, help=_("In rials: 20 or 20.500.")),
        Field(name="reason", label=why, required=True, max_length=200, help=help_,
              value=request.POST.get("reason", ""), error=errors.get("reason", "")),
    ]  # fmt: skip


def _moves(request: SanadRequest, *, kinds: tuple[str, ...] = ()) -> list[tuple[Any, Any]]:
    """Today's moves with who made them; all kinds where none is named."""
    since, before = day_bounds(business_date(request.at))
    found = cash.moves_between(centre=_centre(request), since=since, before=before)
    names = accounts.names_of({one.by for one in found})
    return [(one, names.get(one.by)) for one in found if not kinds or one.kind in kinds]


def _centre(request: SanadRequest) -> int:
    assert request.seat.centre_id is not None
    return request.seat.centre_id
