"""The room of figures and verification."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "sanad.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.oversight import events  # noqa: F401
