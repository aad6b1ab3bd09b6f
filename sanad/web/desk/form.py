"""A service's form, which is data, as fields of the page."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanad.cases.queries import CaseView
from sanad.catalogue.queries import Problem, ServiceView
from sanad.lib.money import format_omr
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say

KINDS = {
    "text": "text",
    "digits": "number",
    "date": "date",
    "choice": "choice",
    "civil_number": "number",
    "phone": "phone",
    "money": "money",
}


def form_fields(
    service: ServiceView, view: CaseView, problems: dict[str, Problem], *, saves: str = ""
) -> list[Field]:
    """The fields in their order, with what was typed and what is wrong with it.

    `saves` is the address that keeps the draft at each change.
    """
    return [_field(one, view, problems.get(one.key), saves) for one in service.form]


def _field(one: Any, view: CaseView, problem: Problem | None, saves: str) -> Field:
    language = get_language() or "ar"
    sealed = one.key in view.masked
    errors = [say(problem.refused), problem.guidance.in_language(language)] if problem else []
    if one.key in view.marked_fields and not errors:
        errors = [_("The entity marked this answer. Correct it.")]
    attributes = (
        ("hx-post", saves), ("hx-trigger", "change"), ("hx-target", "closest .field"),
        ("hx-swap", "outerHTML"), ("hx-include", "closest form"),
    )  # fmt: skip
    return Field(
        name=one.key,
        label=one.label.in_language(language),
        kind=KINDS[one.type],
        value=_shown(one, view.answers.get(one.key, "")),
        help=_("Kept, and hidden. Type it again to change it.")
        if sealed
        else one.help.in_language(language),
        error=" ".join(part for part in errors if part),
        required=one.required and not sealed,
        private=one.type == "civil_number",
        choices=tuple(Choice(o.value, o.label.in_language(language)) for o in one.options),
        max_length=one.max_length,
        autocomplete="off",
        attributes=attributes if saves else (),
    )


def _shown(one: Any, value: Any) -> str:
    if one.type == "money" and isinstance(value, int):
        return format_omr(value)
    return str(value)


def typed_answers(service: ServiceView, posted: Any) -> dict[str, Any]:
    """What was typed into the service's own fields."""
    # The database keeps no NUL, and no keyboard types one.
    return {
        one.key: posted.get(one.key, "").replace("\x00", "")
        for one in service.form
        if one.key in posted
    }
