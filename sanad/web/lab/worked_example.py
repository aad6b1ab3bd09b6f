"""The worked example on one page: findings, studies, initiatives, three budgets, the roadmap."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from sanad.accounts.roles import Role
from sanad.db.scope import acting, system_scope
from sanad.lab import studies
from sanad.lab.code_version import code_version
from sanad.lab.example.findings import PUBLISHED, findings
from sanad.lab.roadmap import initiatives, portfolios
from sanad.lab.tasks import ask_for_example
from sanad.lib.bilingual import Text
from sanad.web.lab import roadmap_words as words
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
MOST: Final = 200  # of the newest studies and portfolios that are looked through


@ANALYSTS
@require_GET
def worked_example(request: SanadRequest) -> HttpResponse:
    """What the real series shows, what was studied of it, and what might be done."""
    from sanad.lab.example import worked

    titles = set(worked.titles().values())
    own = [one for one in initiatives.listed() if one.is_example]
    chosen = [
        one
        for one in portfolios.newest(MOST)
        if one.is_example and one.title in titles and one.again_of is None
    ]
    context = {
        "findings": findings(),
        "published": PUBLISHED,
        "studies": [one for one in studies.newest(MOST) if one.title in titles],
        "initiatives": [(one, words.STAGES[one.stage]) for one in own],
        "budgets": [_budget(one) for one in reversed(chosen)],
        "code": code_version(),
    }
    return render(request, "lab/worked_example.html", context)


@ANALYSTS
@require_POST
def worked_example_load(request: SanadRequest) -> HttpResponse:
    """Ask the worker to make the example; asked twice before that, it is made once."""
    try:
        # The job belongs to background work, not to the eyes of whoever asks.
        with attempt(), acting(system_scope()):
            ask_for_example(request.account)
    except AlreadyEnqueued:
        messages.info(request, _("The example is being made already. Look again in some minutes."))
    else:
        messages.success(
            request, _("The example is being made: its studies are lived now. It takes minutes.")
        )
    return redirect("lab_example")


def _budget(one: portfolios.PortfolioView) -> dict[str, Any]:
    """A portfolio as a column of the comparison."""
    result = one.result or {}
    names = {each.code: each.name for each in one.instance.initiatives}
    return {
        "one": one,
        "budget": sum(result.get("budget_baisa", {}).values()) or None,
        "cost": sum(result.get("cost_baisa", {}).values()) if result else None,
        "value": result.get("value", {}),
        "chosen": [
            (names.get(each["code"], Text(each["code"], each["code"])), each["start"])
            for each in result.get("chosen", ())
        ],
        "gap": result.get("gap_percent"),
    }
