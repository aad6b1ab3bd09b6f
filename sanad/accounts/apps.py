"""The room of sign-in, roles and staff."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sanad.accounts"
    label = "accounts"
