"""The people who sign in, and where each of them sits."""

from enum import StrEnum

from sanad.lib.refusal import N_


class Role(StrEnum):
    """What somebody may do here. A person may hold several, one after the other or at once."""

    OPERATOR = "operator"
    OWNER = "owner"
    INSPECTOR = "inspector"
    MINISTRY = "ministry"
    ENTITY_OFFICER = "entity_officer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


AT_A_CENTRE = frozenset({Role.OPERATOR, Role.OWNER})
AT_AN_ENTITY = frozenset({Role.ENTITY_OFFICER})
NATIONAL = frozenset({Role.INSPECTOR, Role.MINISTRY, Role.ANALYST, Role.ADMINISTRATOR})
MAY_INVITE: dict[Role, frozenset[Role]] = {
    Role.OWNER: frozenset({Role.OPERATOR}),
    Role.MINISTRY: frozenset({Role.OWNER, Role.INSPECTOR, Role.ENTITY_OFFICER, Role.ANALYST}),
    Role.ADMINISTRATOR: frozenset(Role),
}
NAMES = {
    Role.OPERATOR: N_("Operator"),
    Role.OWNER: N_("Centre owner"),
    Role.INSPECTOR: N_("Inspector"),
    Role.MINISTRY: N_("Ministry"),
    Role.ENTITY_OFFICER: N_("Entity officer"),
    Role.ANALYST: N_("Analyst"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
