"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

_OFFER: dict[str, type | tuple[type, ...]] = {"offer": str, "from_centre": int, "to_centre": int}
_TICKET: dict[str, type | tuple[type, ...]] = {"ticket": str, "group": str, "number": int}

register(
    Kind("ticket.issued", "A place in line was given; a priority ticket so many seconds earlier",
         _TICKET | {"early_seconds": int}, frozenset({"early_seconds"})),
    Kind("ticket.called", "The person was called to a counter", _TICKET | {"point": int}),
    Kind("ticket.recalled", "The person was called again", _TICKET),
    Kind("ticket.held", "Put aside with a reason", _TICKET),
    Kind("ticket.returned", "Put back in line", _TICKET),
    Kind("ticket.no_show", "The person did not come", _TICKET),
    Kind("ticket.left", "Closed: the person waited on a former day and was not called", _TICKET),
    Kind("ticket.priority_confirmed", "Staff saw that the priority is right", _TICKET),
    Kind("ticket.priority_withdrawn", "Staff put the ticket back to its own time", _TICKET),
    Kind("ticket.transferred", "Sent to a service, counter, colleague or centre: `to` says which",
         _TICKET | {"to": str, "service": str, "point": int, "account": str, "offer": str},
         frozenset({"service", "point", "account", "offer"})),
    Kind("offer.made", "A person in line was offered to another centre", _OFFER),
    Kind("offer.accepted", "The other centre takes the person and gave a ticket", _OFFER),
    Kind("offer.declined", "The other centre cannot take the person", _OFFER),
    Kind("offer.withdrawn", "The person is served here after all", _OFFER),
    Kind("offer.expired", "Nobody at the other centre answered in time", _OFFER),
    Kind("line.kept_overnight", "The owner chose whether who waits at the end waits on tomorrow",
         {"kept": bool}),
    Kind("line.point_groups_set", "Which groups each counter serves was chosen", {"points": list}),
    Kind("shift.note_written", "A note for the next shift was left", {"handover": str}),
    Kind("screen.opened", "A screen for the client was opened: `window` or `phone`", {"on": str}),
    Kind("screen.closed", "The client's screen was closed at the counter", {}),
    Kind("shift.note_taken", "Somebody took over what a note says", {"handover": str}),
)  # fmt: skip
