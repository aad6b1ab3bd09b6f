"""The room of the network: places, centres, hours, holidays."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "sanad.centres"
    label = "centres"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.centres import events  # noqa: F401
