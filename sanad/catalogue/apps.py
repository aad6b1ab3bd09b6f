"""The room of the catalogue: services, what they ask for, what they may cost."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "sanad.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.catalogue import events  # noqa: F401
