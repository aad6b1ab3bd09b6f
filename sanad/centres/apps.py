"""The room of places and centres: registry, hours, service points."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "sanad.centres"
    label = "centres"
