"""The room of quotes, payments, receipts and the ledger."""

from django.apps import AppConfig


class TillConfig(AppConfig):
    name = "sanad.till"
    label = "till"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.till import events  # noqa: F401
