"""The room of the event log: the spine of all three houses."""

from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "sanad.eventlog"
    label = "eventlog"
