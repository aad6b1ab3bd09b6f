"""The room of visits and cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sanad.cases"
    label = "cases"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.cases import events  # noqa: F401
