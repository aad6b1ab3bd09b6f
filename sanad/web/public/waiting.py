"""How the line works, for everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.counter import rules
from sanad.web.shell.screen import SanadRequest, open_to_all


@open_to_all
@require_GET
def how_we_queue(request: SanadRequest) -> HttpResponse:
    """The rule by which people are called, with its numbers as the program has them."""
    context = {
        "priority_minutes": rules.PRIORITY_MINUTES,
        "sent_minutes": rules.SENT_MINUTES,
        "offer_minutes": rules.OFFER_MINUTES,
        "kept_days": rules.KEPT_DAYS,
        "reasons": list(rules.PRIORITY_NAMES.values()),
    }
    return render(request, "public/waiting.html", context)
