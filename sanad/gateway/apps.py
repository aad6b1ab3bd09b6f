"""The room of the line to the entities."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "sanad.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.gateway import events  # noqa: F401
