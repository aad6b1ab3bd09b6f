"""The routes of studies; before those of snapshots, whose names come first in their addresses."""

from django.urls import path

from sanad.web.lab import scenario_pages as pages

urlpatterns = [
    path("lab/studies/", pages.listed, name="lab_studies"),
    path("lab/studies/new/", pages.asking, name="lab_study_new"),
    path("lab/studies/<uuid:study>/", pages.study, name="lab_study"),
    path("lab/studies/<uuid:study>/stop/", pages.stop, name="lab_study_stop"),
    path("lab/studies/<uuid:study>/again/", pages.again, name="lab_study_again"),
    path("lab/studies/<uuid:study>/take/", pages.take, name="lab_study_take"),
]
