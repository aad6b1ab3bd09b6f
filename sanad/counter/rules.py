"""Tickets: groups, statuses, what may follow what, and who comes before whom. No I/O."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW, TRANSFERRED, LEFT = (
    "waiting",
    "called",
    "serving",
    "held",
    "done",
    "no_show",
    "transferred",
    "left",
)
STATUSES = (WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW, TRANSFERRED, LEFT)
IN_HAND = (CALLED, SERVING)
OVER = (DONE, TRANSFERRED, LEFT)
# What may follow what, and by which verb; docs/queue.md prints it and a test compares the two.
NEXT: dict[str, dict[str, str]] = {
    WAITING: {"call_next": CALLED, "transfer": WAITING, "make_offer": HELD, "sweep": LEFT},
    CALLED: {
        "recall": CALLED, "start": SERVING, "hold": HELD, "mark_no_show": NO_SHOW,
        "return_to_line": WAITING, "transfer": WAITING, "make_offer": HELD,
    },
    SERVING: {"finish": DONE, "transfer": WAITING, "make_offer": HELD},
    HELD: {
        "call_back": CALLED, "return_to_line": WAITING, "accept_offer": TRANSFERRED,
        "end_offer": WAITING, "sweep": LEFT,
    },
    NO_SHOW: {"call_back": CALLED, "return_to_line": WAITING},
    DONE: {},
    TRANSFERRED: {},
    LEFT: {},
}  # fmt: skip

# Ours to set: no rule is published. A priority ticket counts as this much older than it is.
PRIORITY_MINUTES = 15
# A ticket sent to one counter or colleague and not taken for so long is for anybody.
SENT_MINUTES = 20
# An offer to another centre that nobody answers for so long is over.
OFFER_MINUTES = 15
# Where a centre keeps its line overnight, tickets so old and older are closed all the same.
KEPT_DAYS = 7
NOTE_LENGTH = 200
SHIFT_NOTE_LENGTH = 400
LONGEST_ONCE_KEY = 64
ONCE_KEY_KEPT = timedelta(hours=24)


class Group(StrEnum):
    """The letter before a number. Letters that look like digits are not used."""

    PEOPLE = "A"
    BUSINESS = "B"
    OTHER = "C"


class Priority(StrEnum):
    """Why a person is called earlier. Kept until the person was served, and never in the log."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    INFANT = "infant"


class Offer(StrEnum):
    """How an offer of a ticket to another centre stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# As a migration keeps them.
PRIORITIES = ("", *(reason.value for reason in Priority))
OFFER_STATES = tuple(state.value for state in Offer)


class ClientAnswer(StrEnum):
    """What the person said on the client's screen to the words of a mandate."""

    NONE = ""
    SIGNED = "signed"
    DECLINED = "declined"


CLIENT_ANSWERS = tuple(answer.value for answer in ClientAnswer)
GROUP_NAMES: dict[Group, Text] = {
    Group.PEOPLE: Text("الأفراد والإقامة", "People and residence"),
    Group.BUSINESS: Text("الأعمال والعمل", "Business and work"),
    Group.OTHER: Text("خدمات أخرى", "Other services"),
}
PRIORITY_NAMES: dict[Priority, Text] = {
    Priority.ELDERLY: Text("كبير السن", "Elderly"),
    Priority.DISABLED: Text("ذو إعاقة", "With a disability"),
    Priority.PREGNANT: Text("حامل", "Pregnant"),
    Priority.INFANT: Text("مع رضيع", "With an infant"),
}
# By the entity's number in the official list: health and police; labour, business platform,
# chamber, tenders, finance; everything else.
_GROUP_OF_ENTITY = {
    1: Group.PEOPLE,
    2: Group.PEOPLE,
    3: Group.BUSINESS,
    5: Group.BUSINESS,
    19: Group.BUSINESS,
    24: Group.BUSINESS,
    38: Group.BUSINESS,
}


class TicketElsewhere(Refused):
    code = "counter.ticket_elsewhere"
    sentence = N_("Ticket {ticket} is not waiting any more. Reload the list.")


class NoSuchTicket(Refused):
    code = "counter.no_such_ticket"
    sentence = N_("There is no such ticket at this centre. Go back to the service desk.")


class NobodyWaiting(Refused):
    code = "counter.nobody_waiting"
    sentence = N_("Nobody is waiting. Serve somebody without a ticket, or wait for the next one.")


class OneInHand(Refused):
    code = "counter.one_in_hand"
    sentence = N_(
        "You have ticket {ticket} in hand. Start it, put it on hold or mark it as not there before "
        "you call another."
    )


class OthersWait(Refused):
    code = "counter.others_wait"
    sentence = N_("Others are waiting, so nobody is taken before them. Give a number instead.")


class CentreClosed(Refused):
    code = "counter.centre_closed"
    sentence = N_("The centre is closed now, so no ticket is given. It opens again at {opens}.")


class HoldReasonMissing(Refused):
    code = "counter.hold_reason"
    sentence = N_("Say why the ticket is on hold, for whoever calls it back.")


class NoPriority(Refused):
    code = "counter.no_priority"
    sentence = N_("Ticket {ticket} has no priority any more. Reload the list.")


class GroupUnserved(Refused):
    code = "counter.group_unserved"
    sentence = N_(
        "No counter would serve “{group}”, so its people would wait for nobody. Tick it for at "
        "least one counter."
    )


def group_of(entity: int) -> Group:
    """The queue in which an entity's services are served."""
    return _GROUP_OF_ENTITY.get(entity, Group.OTHER)


def ticket_name(group: str, number: int) -> str:
    """How a ticket is called and written: A-014."""
    return f"{group}-{number:03d}"


def point_key(point: int) -> str:
    """How a counter is named in a centre's choices; digits alone would be a place in a list."""
    return f"p{point}"


def point_of(key: str) -> int:
    """The counter that a key names."""
    return int(key.removeprefix("p"))


def rank_of(*, issued_at: datetime, priority: str, opened_at: datetime | None) -> datetime:
    """The moment by which a ticket stands in line.

    Priority makes it `PRIORITY_MINUTES` earlier than it was issued, and never earlier than the
    moment at which the centre opened.
    """
    if not priority:
        return issued_at
    early = issued_at - timedelta(minutes=PRIORITY_MINUTES)
    return early if opened_at is None else min(max(early, opened_at), issued_at)


def oldest_kept(today: date, *, keeps_overnight: bool) -> date:
    """The oldest business day whose waiting tickets are still in line."""
    return today - timedelta(days=KEPT_DAYS) if keeps_overnight else today


def require_every_group_served(points: Iterable[int], groups: Mapping[int, str]) -> None:
    """A point without a choice of its own serves all. Raises `GroupUnserved`."""
    for group in Group:
        if not any(group in groups.get(point, "".join(Group)) for point in points):
            raise GroupUnserved(group=GROUP_NAMES[group])
