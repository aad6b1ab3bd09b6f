"""Signing in, by person. allauth does the work; here are our rules and our sentences."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# What the page already says need not be announced.
UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes of an app and passkeys."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "The code is wrong or has run out. Type the code that the app shows now."
        ),
    }


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation alone."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or the password is wrong. Check the keyboard's language and capital "
            "letters, then type the password again."
        ),
        "incorrect_password": _(
            "The password is wrong. Check the keyboard's language and capital letters, then type "
            "it again."
        ),
        "too_many_login_attempts": _(
            "There were too many wrong attempts. Wait five minutes, then try again."
        ),
        "account_inactive": _("This account is closed. Ask whoever manages your staff list."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)
