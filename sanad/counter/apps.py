"""The room of tickets and calls."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "sanad.counter"
    label = "counter"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.counter import events  # noqa: F401
