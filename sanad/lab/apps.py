"""The Lab: the history of a demonstration, snapshots, evidence and the twin."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "sanad.lab"
    label = "lab"
