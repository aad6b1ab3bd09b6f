"""The routes, grouped by the person who sits at them."""

from importlib.util import find_spec

from django.urls import include, path

PEOPLE = ("shell", "public", "hall", "desk", "centre", "network", "entity", "lab")

urlpatterns = [path("", include("sanad.api.urls"))] + [
    path("", include(f"sanad.web.{person}.urls"))
    for person in PEOPLE
    if find_spec(f"sanad.web.{person}.urls")
]
handler403 = "sanad.web.shell.errors.forbidden"
handler404 = "sanad.web.shell.errors.not_found"
handler500 = "sanad.web.shell.errors.failed"
