"""Routes of this person."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
