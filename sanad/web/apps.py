"""The screens, grouped by the person who sits at them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sanad.web"
    label = "web"
