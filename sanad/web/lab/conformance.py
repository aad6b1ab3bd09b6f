"""What happened, held against what should: the counter's rules, or the straight way through."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.lab import declared
from sanad.lab.declared import Held
from sanad.lib.refusal import N_
from sanad.web.lab.subject import ANALYSTS, Subject, subject
from sanad.web.lab.words import percent
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest

AGAINST: Final = {
    "rules": N_("The rules of the counter: what may directly follow what"),
    "straight": N_("The straight way: every step once, nothing returned"),
}
USUAL: Final = {"usual": N_("The most frequent way of this log, for it declares none")}


@ANALYSTS
@require_GET
def conformance(request: SanadRequest, /, **named: str) -> HttpResponse:
    """Fitness, the share that kept to it, and each deviation with the requests behind it."""
    about = subject(request, **named)
    against = against_of(about, request.GET.get("against", ""))
    context: dict[str, Any] = {"choices": choices_of(about), "against": against}
    try:
        context |= found_of(about, against)
    except declared.NothingFinished as reason:
        context["nothing"] = say(reason)
    context |= about.context("conformance", against=against)
    return render(request, "lab/conformance.html", context)


def found_of(about: Subject, against: str) -> dict[str, Any]:
    """The figures and the deviations. Raises `NothingFinished`."""
    held = hold(about, against)
    rows = [
        {
            "sentence": _(one.sentence).format(
                **one.facts | {"activity": about.quoted(one.activity)}
            ),
            "cases": about.address(
                "cases", deviation=one.kind.value, activity=one.activity, against=against
            ),
            "share": percent(one.cases / held.log.cases),
        }
        for one in held.found.deviations
    ]  # fmt: skip
    return {
        "cases": held.log.cases, "on_their_way": held.on_their_way,
        "fitness": percent(held.found.fitness_mean),
        "kept": int((held.found.cost == 0).sum()), "kept_share": percent(held.found.fitting_share),
        "rows": rows,
        "way": [about.step(step.name) for step in held.net.steps] if against != "rules" else [],
        "left": [(about.step(name), count) for name, count in held.left_out],
    }  # fmt: skip


def choices_of(about: Subject) -> list[tuple[str, str]]:
    """What a log can be held against."""
    return list((AGAINST if about.is_ours else USUAL).items())


def against_of(about: Subject, asked: str) -> str:
    """The choice in an address, or the first there is."""
    known = [name for name, _words in choices_of(about)]
    return asked if asked in known else known[0]


def hold(about: Subject, against: str) -> Held:
    """The log against a procedure. Raises `NothingFinished`."""
    if against == "usual":
        return declared.held_against_usual(about.studied)
    net = declared.straight() if against == "straight" else declared.rules()
    return declared.held_against_rules(about.studied, net)
