"""The Lab's routes."""

from django.urls import path

from sanad.web.lab import process

urlpatterns = [
    path("lab/", process.studies, name="lab"),
    path("lab/<slug:taken>/<slug:service>/", process.process, name="lab_process"),
]
