"""The work list: what is mine, returned, waiting on whom, overdue."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sanad.cases import queries
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


@OPERATOR
@require_GET
def work(request: SanadRequest) -> HttpResponse:
    """One list at a time, with the number of rows in each."""
    everybody = request.GET.get("whose") == "all"
    lists = queries.work_list(
        centre=place(request), account=None if everybody else request.account, at=request.at
    )
    lists["fee_to_collect"] = till.fees_to_collect(place(request), at=request.at)
    chosen = request.GET.get("list", "at_work")
    chosen = chosen if chosen in LISTS else "at_work"
    code = request.GET.get("code", "")
    context = {
        "tabs": [(key, name, len(lists[key])) for key, name in LISTS.items()],
        "chosen": chosen,
        "rows": lists[chosen],
        "everybody": everybody,
        "at": request.at,
        "code": code,
        "found": _find(code, request) if code else None,
    }
    return render(request, "desk/work.html", context)


def _find(code: str, request: SanadRequest) -> queries.CaseLine | None:
    try:
        return queries.by_code(parse_code(code), at=request.at)
    except TrackingCodeRefused:
        return None
