"""The room of roles, scopes, locks and named SQL."""

from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "sanad.db"
    label = "db"
