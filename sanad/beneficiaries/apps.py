"""The room of people, companies, mandates and notices."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    name = "sanad.beneficiaries"
    label = "beneficiaries"

    def ready(self) -> None:
        """Register the kinds of events of this room."""
        from sanad.beneficiaries import events  # noqa: F401
