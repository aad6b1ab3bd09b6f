"""Home: what this person can do, by role. A card appears when its screen exists."""

from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from sanad.accounts.roles import NATIONAL, Role
from sanad.lib.refusal import N_


@dataclass(frozen=True)
class Card:
    """A way on from home."""

    route: str
    title: str
    note: str
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        """The address, or nothing where the route does not exist or needs more."""
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""


COUNTER, OWNER = frozenset({Role.OPERATOR}), frozenset({Role.OWNER})
CARDS: Final = (
    Card("desk", N_("The desk"), N_("Call the next person and serve them."), COUNTER),
    Card("hall_kiosk", N_("Tickets"), N_("Give a ticket to whoever comes in."), COUNTER | OWNER),
    Card("owner_today", N_("Today"), N_("Served, waiting and takings of the centre."), OWNER),
    Card(
        "line_choices",
        N_("The line"),
        N_("Which groups each counter serves, and who waits on overnight."),
        OWNER,
    ),
    Card(
        "till_day",
        N_("Drawer and day close"),
        N_("Count the drawer and close the day."),
        COUNTER | OWNER,
    ),
    Card(
        "staff",
        N_("Staff"),
        N_("Invite people and end their access."),
        OWNER | {Role.MINISTRY, Role.ADMINISTRATOR},
    ),
    Card(
        "own_prices",
        N_("Own prices"),
        N_("What your centre charges where the official list has no price."),
        OWNER,
    ),
    Card(
        "owner_future",
        N_("The centre's future"),
        N_("What it earns and costs, when it covers them, and what a change would do."),
        OWNER,
    ),
    Card(
        "roster",
        N_("The week's roster"),
        N_("Who stands at the counters when, by the people who are expected."),
        OWNER,
    ),
    Card(
        "entity_requests",
        N_("Requests"),
        N_("Requests sent to your entity and their answers."),
        frozenset({Role.ENTITY_OFFICER}),
    ),
    Card(
        "network_registry",
        N_("Registry of centres"),
        N_("Every centre, its place and its people."),
        NATIONAL,
    ),
    Card(
        "quarter_latest",
        N_("Figures of the quarter"),
        N_("The announced table, by place and service, down to its rows."),
        frozenset({Role.MINISTRY, Role.ANALYST, Role.INSPECTOR}),
    ),
    Card(
        "lab",
        N_("How procedures really run"),
        N_("The way requests of a service went, and where they waited."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_studies",
        N_("What would change"),
        N_("Scenarios of the network side by side, with how sure the answer is."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_siting",
        N_("Where centres should stand"),
        N_("Where centres lack, where too many stand, and how far people go."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_sustainability",
        N_("Centres that can live"),
        N_("Income, costs and break-even of every centre, who is at risk and why."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_staffing",
        N_("Staff and opening hours"),
        N_("How many are needed at the counters when, and where hours do not pay."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_roadmap",
        N_("The roadmap"),
        N_("Initiatives, the choice among them under a budget, and how far they are."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "lab_example",
        N_("The worked example on the real series"),
        N_("Findings, studies, initiatives, three budgets and a roadmap, from beginning to end."),
        frozenset({Role.MINISTRY, Role.ANALYST}),
    ),
    Card(
        "catalogue",
        N_("Services and prices"),
        N_("What to bring, what it costs and how long it takes."),
        frozenset(Role),
    ),
    Card(
        "centres",
        N_("Centres"),
        N_("Where the centres are and when they are open."),
        frozenset(Role),
    ),
    Card(
        "audit",
        N_("Audit"),
        N_("The record of what was done, and the proof that it is whole."),
        frozenset({Role.ADMINISTRATOR, Role.MINISTRY}),
    ),
)


def cards_for(role: Role) -> list[Card]:
    """The cards of a role whose screens this installation has."""
    return [card for card in CARDS if role in card.roles and card.url]
