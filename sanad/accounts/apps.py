"""The room of sign-in, roles and staff."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sanad.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.accounts import events  # noqa: F401
