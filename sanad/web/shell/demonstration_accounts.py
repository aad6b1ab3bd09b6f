"""Who can sign in to a demonstration. A real network has none of them."""

from dataclasses import dataclass
from typing import Final

from sanad.accounts.roles import NAMES, Role

PASSWORD: Final = "sanad-demonstration"  # noqa: S105 - shown on the sign-in page of a demonstration


@dataclass(frozen=True)
class DemonstrationAccount:
    """A line of the list on the sign-in page."""

    username: str
    role: Role

    @property
    def role_name(self) -> str:
        return NAMES[self.role]


ACCOUNTS: Final = (
    DemonstrationAccount("operator", Role.OPERATOR),
    DemonstrationAccount("owner", Role.OWNER),
    DemonstrationAccount("inspector", Role.INSPECTOR),
    DemonstrationAccount("ministry", Role.MINISTRY),
    DemonstrationAccount("entity", Role.ENTITY_OFFICER),
    DemonstrationAccount("analyst", Role.ANALYST),
    DemonstrationAccount("administrator", Role.ADMINISTRATOR),
)
