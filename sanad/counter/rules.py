"""Tickets: groups, statuses, what may follow what. No I/O."""

from enum import StrEnum

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW = (
    "waiting",
    "called",
    "serving",
    "held",
    "done",
    "no_show",
)
STATUSES = (WAITING, CALLED, SERVING, HELD, DONE, NO_SHOW)
IN_HAND = (CALLED, SERVING)


class Group(StrEnum):
    """The letter before a number. Letters that look like digits are not used."""

    PEOPLE = "A"
    BUSINESS = "B"
    OTHER = "C"


GROUP_NAMES: dict[Group, Text] = {
    Group.PEOPLE: Text("الأفراد والإقامة", "People and residence"),
    Group.BUSINESS: Text("الأعمال والعمل", "Business and work"),
    Group.OTHER: Text("خدمات أخرى", "Other services"),
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


def group_of(entity: int) -> Group:
    """The queue in which an entity's services are served."""
    return _GROUP_OF_ENTITY.get(entity, Group.OTHER)


def ticket_name(group: str, number: int) -> str:
    """How a ticket is called and written: A-014."""
    return f"{group}-{number:03d}"
