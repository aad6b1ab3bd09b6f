"""Following a request by its code, rating it, and checking a receipt. Nobody signs in for these."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from sanad.cases import actions, queries
from sanad.cases.rules import DECIDED, Status
from sanad.centres import queries as centres
from sanad.lib.refusal import Refused
from sanad.lib.tracking_code import TrackingCodeRefused, parse_code
from sanad.till import receipts
from sanad.web.shell.screen import SanadRequest, attempt, open_to_all

# The way of a request that nothing holds up, for the bar of steps.
STEPS = (
    ((Status.DRAFT, Status.READY, Status.PAID), "preparing"),
    ((Status.QUEUED,), "on_its_way"),
    ((Status.SENT,), "with_entity"),
    ((Status.APPROVED, Status.REJECTED, Status.DELIVERED), "decided"),
)


@open_to_all
@require_GET
def track(request: SanadRequest) -> HttpResponse:
    """Ask for the code; a right one leads to its page."""
    typed = request.GET.get("code", "").strip()
    context: dict[str, Any] = {"typed": typed}
    if not typed:
        return render(request, "public/track.html", context)
    try:
        return redirect("tracked", parse_code(typed))
    except TrackingCodeRefused as refused:
        context["refused"] = refused
        return render(request, "public/track.html", context, status=422)


@open_to_all
@require_http_methods(["GET", "POST"])
def tracked(request: SanadRequest, code: str) -> HttpResponse:
    """Whose desk it is on, since when, promised when; a decided one can be rated once."""
    context: dict[str, Any] = {"typed": code}
    status = 200
    try:
        found = queries.track(code, at=request.at)
    except TrackingCodeRefused as refused:
        context["refused"] = refused
        return render(request, "public/track.html", context, status=422)
    if found is None:
        context["unknown"] = True
        return render(request, "public/track.html", context, status=404)
    if request.method == "POST":
        try:
            with attempt():
                actions.rate(
                    code=found.code, face=request.POST.get("face", ""),
                    reason=request.POST.get("reason", ""), at=request.at,
                )  # fmt: skip
            return redirect("tracked", found.code)
        except Refused as refused:
            context |= {"refused": refused, "reason": request.POST.get("reason", "")}
            status = 422
    centre = centres.centre(found.centre_id)
    can_rate = found.status in DECIDED and not found.rated
    context |= {
        "case": found,
        "centre": centre,
        "can_rate": can_rate,
        "steps": _steps(found.status),
    }
    return render(request, "public/tracked.html", context | {"at": request.at}, status=status)


@open_to_all
@require_GET
def check_receipt(request: SanadRequest) -> HttpResponse:
    """What a receipt's QR opens: genuine or not, from the code alone."""
    parts = {name: request.GET.get(name, "") for name in ("b", "k", "s")}
    asked = any(parts.values())
    body = receipts.check_proof(**parts) if asked else None
    context: dict[str, Any] = {"asked": asked, "body": body}
    if body is not None:
        context["centre"] = centres.centre(body["centre"])
        context["receipt_at"] = receipts.moment_of(body)
        context["voided"] = receipts.is_void(centre=body["centre"], number=body["number"])
    return render(request, "public/receipt.html", context, status=200 if body or not asked else 404)


def _steps(status: Status) -> list[dict[str, Any]]:
    reached = next((i for i, (held, _) in enumerate(STEPS) if status in held), None)
    if status is Status.RETURNED:
        reached = 0
    if reached is None:
        return []
    return [
        {"name": name, "done": i < reached, "current": i == reached}
        for i, (_, name) in enumerate(STEPS)
    ]
