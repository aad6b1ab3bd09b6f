"""The work list: what is mine, returned, waiting on whom, overdue."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sanad.cases import queries
from sanad.gateway import stuck
from sanad.lib.digits import ascii_digits
from sanad.lib.tracking_code import TrackingCodeRefused, parse_code
from sanad.till import queries as till
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest

LISTS = {
    "at_work": _("At work"),
    "returned": _("Returned"),
    "waiting": _("Waiting on the entity"),
    "overdue": _("Overdue"),
    "to_hand_over": _("To hand over"),
    "fee_to_collect": _("Fee to collect"),
}
LARGEST_NUMBER = 10**6


@OPERATOR
@require_GET
def work(request: SanadRequest) -> HttpResponse:
    """One page of one list at a time, with the number of rows in each."""
    everybody = request.GET.get("whose") == "all"
    chosen = request.GET.get("list", "at_work")
    chosen = chosen if chosen in LISTS else "at_work"
    service, entity = request.GET.get("service", ""), _number(request.GET.get("entity", ""))
    fees = till.fees_to_collect(place(request), at=request.at)
    found = queries.work_page(
        named={"fee_to_collect": {line.id for line in fees}}, centre=place(request),
        account=None if everybody else request.account, chosen=chosen,
        service=service, entity=entity, page=_number(request.GET.get("page", "")) or 1,
        at=request.at,
    )  # fmt: skip
    kept = {
        "list": chosen, "whose": "all" if everybody else "", "service": service,
        "entity": entity or "",
    }  # fmt: skip
    code = request.GET.get("code", "")
    context = {
        "tabs": [(key, name, found.sizes[key]) for key, name in LISTS.items()],
        "chosen": chosen,
        "work": found,
        "rows": found.rows,
        "service": service,
        "entity": entity,
        "narrow": urlencode({k: v for k, v in kept.items() if v and k in ("service", "entity")}),
        "kept": urlencode({name: value for name, value in kept.items() if value}),
        "everybody": everybody,
        "at": request.at,
        "code": code,
        "stuck": stuck.stuck_count(place(request), at=request.at),
        "found": _find(code, request) if code else None,
    }
    return render(request, "desk/work.html", context)


def _number(text: str) -> int | None:
    plain = ascii_digits(text).strip()
    return int(plain) if plain.isdecimal() and int(plain) < LARGEST_NUMBER else None


def _find(code: str, request: SanadRequest) -> queries.CaseLine | None:
    try:
        return queries.by_code(parse_code(code), at=request.at)
    except TrackingCodeRefused:
        return None
