"""Finding, entering and correcting the person of a visit."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import merging
from sanad.beneficiaries import queries as people
from sanad.cases import actions, queries
from sanad.cases.actions import VisitOver
from sanad.counter import desk
from sanad.lib.civil_number import CivilNumberRefused
from sanad.lib.phone import PhoneRefused
from sanad.lib.refusal import Refused
from sanad.lib.secrets_in_text import SecretRefused
from sanad.web.desk.line import OPERATOR, draw, place
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt

KEYS = ("civil", "passport")


@OPERATOR
@require_http_methods(["GET", "POST"])
def person(request: SanadRequest, visit: UUID) -> HttpResponse:
    """Look up by an exact key; choose among the centre's own; or enter for the first time."""
    if request.method == "GET":
        return _page(request, visit)
    verb = {"look-up": _look_up, "choose": _choose, "register": _register}.get(
        request.POST.get("do", ""), _look_up
    )
    return verb(request, visit)


@OPERATOR
@require_POST
def company(request: SanadRequest, visit: UUID) -> HttpResponse:
    """The visit is on behalf of a company."""
    found = queries.visit(visit)
    if found.person is None:
        return redirect("desk_person", visit)
    try:
        with attempt():
            view = beneficiaries.register_company(
                centre=place(request), cr_number=request.POST.get("cr_number", ""),
                name_ar=request.POST.get("company_ar", ""),
                name_en=request.POST.get("company_en", ""), at=request.at, by=request.account,
            )  # fmt: skip
            actions.seat_person(visit=visit, person=found.person.id, company=view.id)
    except Refused as refused:
        return draw(request, refused=refused, company_typed=request.POST)
    return redirect("desk")


@OPERATOR
@require_POST
def reveal(request: SanadRequest, person: UUID) -> HttpResponse:
    """Show a masked number for a reason that the person can read; a part of the page, once."""
    context: dict[str, Any] = {"person_id": person, "typed": request.POST.get("reason", "")}
    try:
        with attempt():
            context["numbers"] = beneficiaries.reveal(
                person=person, centre=place(request), reason=request.POST.get("reason", ""),
                at=request.at, by=request.account,
            )  # fmt: skip
    except Refused as refused:
        context["refused"] = refused
    response = render(
        request, "desk/reveal.html", context, status=422 if "refused" in context else 200
    )
    response["Cache-Control"] = "no-store"
    return response


@OPERATOR
@require_http_methods(["GET", "POST"])
def wrong_person(request: SanadRequest, case: UUID) -> HttpResponse:
    """The case was for somebody else: find the right person and move it to them."""
    view = queries.case(case, at=request.at)
    # The look-up is made in the visit that is open now, if its own has ended.
    now = queries.open_visit_of(request.account)
    context: dict[str, Any] = {"case": view, "fields": key_fields(request.POST)}
    if request.method == "GET":
        return render(request, "desk/wrong_person.html", context)
    try:
        with attempt():
            found = actions.look_up_person(
                visit=now.id if now else view.visit_id, key_kind=_kind(request),
                key=request.POST.get("key", ""), at=request.at, by=request.account,
            )  # fmt: skip
            if found is not None:
                desk.correct_person(case=case, person=found.id, at=request.at, by=request.account)
    except Refused as refused:
        context["refused"] = refused
        return render(request, "desk/wrong_person.html", context, status=409)
    if found is None:
        context["not_found"] = True
        return render(request, "desk/wrong_person.html", context)
    return redirect("desk_case", case)


def key_fields(typed: Any, *, error: str = "") -> list[Field]:
    """Which number, and the number."""
    return [
        Field(
            name="key_kind", label=_("Which number"), kind="choice", required=True,
            value=typed.get("key_kind", "civil"),
            choices=(
                Choice("civil", _("Civil number (card)")),
                Choice("passport", _("Passport number")),
            ),
        ),
        Field(
            name="key", label=_("Number"), required=True, private=True, left_to_right=True,
            value=typed.get("key", ""), error=error, autofocus=True, autocomplete="off",
            help=_("The whole number, as on the card or in the passport."),
        ),
    ]  # fmt: skip


def _page(request: SanadRequest, visit: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    name = request.POST.get("name") or request.GET.get("name", "")
    context = {
        "visit": queries.visit(visit),
        "fields": key_fields(request.POST),
        "known": people.people_named(name) if name else None,
        "name": name,
        "same": _same_as(request),
    }
    return render(request, "desk/person.html", context | more, status=status)


def _look_up(request: SanadRequest, visit: UUID) -> HttpResponse:
    try:
        with attempt():
            found = actions.look_up_person(
                visit=visit, key_kind=_kind(request), key=request.POST.get("key", ""),
                at=request.at, by=request.account,
            )  # fmt: skip
            if found is not None:
                _seat(request, visit, found.id)
    except Refused as refused:
        fields = key_fields(request.POST, error=say(refused))
        return _page(request, visit, status=422, fields=fields)
    if found is None:
        return _page(request, visit, registration=registration_fields(request.POST, {}))
    return _onward(request, visit)


def _choose(request: SanadRequest, visit: UUID) -> HttpResponse:
    try:
        with attempt():
            _seat(request, visit, UUID(request.POST.get("person", "")))
    except (Refused, ValueError) as refused:
        reason = refused if isinstance(refused, Refused) else people.NoSuchPerson()
        return _page(request, visit, status=409, refused=reason)
    return _onward(request, visit)


def _register(request: SanadRequest, visit: UUID) -> HttpResponse:
    typed = request.POST
    try:
        with attempt():
            # Whoever tries to enter a number has looked it up: in an open visit, and recorded.
            known = actions.look_up_person(
                visit=visit, key_kind=_kind(request), key=typed.get("key", ""), at=request.at,
                by=request.account,
            )  # fmt: skip
        if known is not None:
            raise beneficiaries.KeyTaken
        with attempt():
            view = merging.register_somebody_new(
                apart_from=_ids(typed.getlist("apart_from")),
                apart_reason=typed.get("apart_reason", ""), at=request.at, by=request.account,
                **_details(request),
            )  # fmt: skip
            _seat(request, visit, view.id)
    except merging.LooksAlike:
        return _alike(request, visit)
    except Refused as refused:
        if typed.getlist("apart_from") and isinstance(
            refused, beneficiaries.ReasonTooShort | SecretRefused
        ):
            return _alike(request, visit, refused=refused)
        errors = {_field_of(refused): say(refused)}
        registration = registration_fields(typed, errors)
        return _page(request, visit, status=422, registration=registration)
    return _onward(request, visit)


def _same_as(request: SanadRequest) -> queries.CaseView | None:
    """The request that the next person wants too, where the address names one in sight."""
    try:
        return queries.case(UUID(request.GET.get("same", "")), at=request.at)
    except (ValueError, actions.NoSuchCase):
        return None


def _seat(request: SanadRequest, visit: UUID, person: UUID) -> None:
    """The visit is this person's; the next person of a company comes for the same company."""
    same = _same_as(request)
    company = same.company.id if same and same.company else None
    actions.seat_person(visit=visit, person=person, company=company)


def _onward(request: SanadRequest, visit: UUID) -> HttpResponse:
    """Back to the desk, or at once to the mandate of what the person before had."""
    same = _same_as(request)
    if same is None:
        return redirect("desk")
    address = reverse("desk_mandate", args=[visit, same.service_code])
    # Without a company two people have no answer in common.
    return redirect(f"{address}?like={same.line.id}" if same.company else address)


def _details(request: SanadRequest) -> dict[str, Any]:
    typed = request.POST
    return {
        "centre": place(request), "key_kind": _kind(request), "key": typed.get("key", ""),
        "name_ar": typed.get("name_ar", ""), "name_en": typed.get("name_en", ""),
        "phone": typed.get("phone", ""), "language": typed.get("language") or "ar",
        "nationality": typed.get("nationality", "")[:2].upper(),
    }  # fmt: skip


def _alike(request: SanadRequest, visit: UUID, **more: Any) -> HttpResponse:
    """Those who look like the one being entered, with what was typed kept."""
    details = _details(request)
    alike = merging.look_alikes(
        **{name: details[name] for name in ("centre", "name_ar", "name_en", "phone")}
    )
    registration = registration_fields(request.POST, {})
    status = 422 if more else 409
    return _page(
        request, visit, status=status, registration=registration, alike=alike,
        typed=request.POST, kept_names=[(f.name, f.value) for f in registration], **more,
    )  # fmt: skip


def _ids(texts: list[str]) -> list[UUID]:
    """The identifiers among them; anything else was not sent by our page."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def registration_fields(typed: Any, errors: dict[str, str]) -> list[Field]:
    """What is asked of somebody who was never served before."""
    return [
        Field(name="key_kind", label="", kind="hidden", value=_kind_of(typed)),
        Field(
            name="key", label=_("Number"), required=True, private=True, left_to_right=True,
            value=typed.get("key", ""), error=errors.get("key", ""),
        ),
        Field(
            name="name_ar", label=_("Full name in Arabic"), required=True, autofocus=True,
            value=typed.get("name_ar", ""), error=errors.get("name_ar", ""), max_length=120,
            help=_("As it stands on the card. A name without Arabic goes into both fields."),
        ),
        Field(
            name="name_en", label=_("Full name in Latin letters"), left_to_right=True,
            value=typed.get("name_en", ""), max_length=120,
        ),
        Field(
            name="phone", label=_("Mobile phone"), kind="phone", value=typed.get("phone", ""),
            error=errors.get("phone", ""), private=True,
            help=_("Messages about the request go to this phone. It is the person's own."),
        ),
        Field(
            name="language", label=_("The person's language"), kind="choice", required=True,
            value=typed.get("language", "ar"), error=errors.get("language", ""),
            choices=(Choice("ar", "العربية"), Choice("en", "English")),
        ),
    ]  # fmt: skip


def _field_of(refused: Refused) -> str:
    if isinstance(refused, PhoneRefused):
        return "phone"
    if isinstance(refused, beneficiaries.LanguageUnknown):
        return "language"
    known = (CivilNumberRefused, beneficiaries.PassportRefused, beneficiaries.KeyTaken, VisitOver)
    return "key" if isinstance(refused, known) else "name_ar"


def _kind(request: SanadRequest) -> str:
    return _kind_of(request.POST)


def _kind_of(typed: Any) -> str:
    kind = str(typed.get("key_kind", "civil"))
    return kind if kind in KEYS else "civil"
