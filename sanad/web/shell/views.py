"""Home, seats, the screen lock, the language and the invitation."""

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from sanad.accounts import actions as accounts
from sanad.accounts.queries import open_invitation
from sanad.accounts.roles import NAMES, Role
from sanad.db.scope import acting, system_scope
from sanad.lib.bilingual import Text
from sanad.lib.refusal import Refused
from sanad.web.shell import here, lock
from sanad.web.shell.fields import Field
from sanad.web.shell.home import cards_for
from sanad.web.shell.screen import (
    SEAT_KEY,
    SanadRequest,
    before_scope,
    is_signed_in,
    screen,
    to_sign_in,
)

language = before_scope(set_language)


@screen(*Role)
def home(request: SanadRequest) -> HttpResponse:
    """What this person can do."""
    role = request.seat.role
    return render(request, "home.html", {"cards": cards_for(role), "role": NAMES[role]})


@require_POST
@before_scope
def seat(request: SanadRequest) -> HttpResponse:
    """Sit down at another of one's own seats."""
    chosen = request.POST.get("seat")
    if any(str(one.assignment_id) == chosen for one in request.seats):
        request.session[SEAT_KEY] = chosen
    return redirect("home")


@require_POST
@before_scope
def lock_screen(request: SanadRequest) -> HttpResponse:
    """Hide everything until the same person returns."""
    if not is_signed_in(request):
        return to_sign_in(request)
    lock.lock(request.session)
    return lock.to_unlock(request, here.safe(request, request.POST.get("next"), reverse("home")))


@require_POST
@before_scope
def alive(request: SanadRequest) -> HttpResponse:
    """A sign of life from somebody who types for long; the middleware has noted it."""
    return HttpResponse(status=204)


@before_scope
def unlock(request: SanadRequest) -> HttpResponse:
    """The password of the same person opens the screen where it was."""
    next_page = here.safe(request, request.GET.get("next"), reverse("home"))
    if not is_signed_in(request):
        return to_sign_in(request, next_page)
    error = ""
    if request.method == "POST":
        error = _wrong_password(request)
        if not error:
            lock.unlock(request.session, request.at)
            return redirect(next_page)
    field = Field(
        name="password", label=_("Password"), kind="password", required=True, error=error,
        autocomplete="current-password", autofocus=True,
    )  # fmt: skip
    return render(request, "unlock.html", {"field": field}, status=422 if error else 200)


def _wrong_password(request: SanadRequest) -> str:
    """Why the password does not open, or nothing."""
    adapter = get_adapter(request)
    try:
        if adapter.reauthenticate(request.user, request.POST.get("password", "")):
            return ""
    except (ValidationError, forms.ValidationError) as refused:
        return " ".join(refused.messages)
    return str(adapter.error_messages["incorrect_password"])


class PasswordForm(forms.Form):
    """A password chosen twice, so that a slip of the keys locks nobody out."""

    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same password again"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, str]:
        typed: dict[str, str] = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return typed


@before_scope
def invitation(request: SanadRequest, token: str) -> HttpResponse:
    """An invited person chooses a password and is signed in."""
    with acting(system_scope()):
        invited = open_invitation(token, at=request.at)
    if invited is None:
        return render(request, "invitation.html", {"over": accounts.InvitationOver()}, status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            validate_password(form.cleaned_data["password"], invited.account)
            with acting(system_scope()):
                account = accounts.accept(
                    token=token, password=form.cleaned_data["password"], at=request.at
                )
        except ValidationError as weak:
            form.add_error("password", weak)
        except Refused as over:
            return render(request, "invitation.html", {"over": over}, status=410)
        else:
            login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("home")
    invitee = invited.account
    context = {
        "form": form,
        "account": invitee,
        "name": Text(invitee.name_ar, invitee.name_en),
        "rules": password_validators_help_texts(),
    }
    return render(request, "invitation.html", context, status=422 if form.errors else 200)


@before_scope
def forgotten(request: SanadRequest) -> HttpResponse:
    """There is no reset by e-mail: whoever manages the staff list gives access back."""
    return render(request, "forgotten.html")
