"""Where an initiative stands, and how far a portfolio is, for those outside who show it."""

from sanad.lab.models import Stage, StudyState

__all__ = ["Stage", "StudyState"]
