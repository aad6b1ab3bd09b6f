"""A person's file at this centre, and two entries of one person put together."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.beneficiaries import held, merging
from sanad.beneficiaries import queries as people
from sanad.cases import merging as whole
from sanad.cases import queries
from sanad.lib.refusal import Refused
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest, attempt


@OPERATOR
@require_GET
def file(request: SanadRequest, person: UUID) -> HttpResponse:
    """Requests here, documents kept, who looks alike, and merges."""
    return _draw(request, person)


@OPERATOR
@require_POST
def withdraw(request: SanadRequest, person: UUID) -> HttpResponse:
    """The person says at the counter that nothing is to be kept any more."""
    people.person(person)
    held.withdraw_consent(
        person=person, centre=place(request), at=request.at, by=request.account
    )  # fmt: skip
    return redirect("desk_person_file", person)


@OPERATOR
@require_http_methods(["GET", "POST"])
def merge(request: SanadRequest, person: UUID, other: UUID) -> HttpResponse:
    """Both side by side; `person` stays and `other` becomes part of them."""
    context: dict[str, Any] = {
        "sides": [_side(request, person), _side(request, other)],
        "typed": request.POST,
    }
    if request.method == "POST":
        try:
            with attempt():
                whole.merge_people(
                    keep=person, gone=other, centre=place(request),
                    reason=request.POST.get("reason", ""), at=request.at, by=request.account,
                )  # fmt: skip
            return redirect("desk_person_file", person)
        except Refused as refused:
            context["refused"] = refused
    status = 409 if "refused" in context else 200
    return render(request, "desk/merge.html", context, status=status)


@OPERATOR
@require_POST
def undo(request: SanadRequest, merge: UUID) -> HttpResponse:
    """Take a merge back."""
    person = _id(request.POST.get("person", ""))
    try:
        with attempt():
            whole.undo_merge(merge=merge, at=request.at, by=request.account)
    except Refused as refused:
        return _draw(request, person, refused=refused)
    return redirect("desk_person_file", person)


def _draw(request: SanadRequest, person: UUID, **more: Any) -> HttpResponse:
    view = people.person(person)
    merges = merging.merges_of(person)
    staff = accounts.names_of({one.account_id for one in merges})
    context = {
        "person": view,
        "cases": queries.cases_of(person, at=request.at),
        "kept": list(held.kept_for(person=person, centre=place(request), at=request.at).values()),
        "keeps": held.has_consent(person=person, centre=place(request)),
        "alike": merging.look_alikes(
            centre=place(request), name_ar=view.name.ar, name_en=view.name.en, phone=view.phone,
            but=person,
        ),
        "merges": [(one, staff.get(one.account_id)) for one in merges],
        "is_gone": any(one.gone.id == person and not one.undone_at for one in merges),
        "at": request.at,
    }  # fmt: skip
    return render(
        request, "desk/person_file.html", context | more, status=409 if more else 200
    )  # fmt: skip


def _side(request: SanadRequest, person: UUID) -> dict[str, Any]:
    return {
        "person": people.person(person),
        "cases": queries.cases_of(person, at=request.at),
        "kept": list(held.kept_for(person=person, centre=place(request), at=request.at).values()),
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise people.NoSuchPerson from error
