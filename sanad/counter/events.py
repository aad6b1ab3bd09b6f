"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

_TICKET: dict[str, type | tuple[type, ...]] = {"ticket": str, "group": str, "number": int}

register(
    Kind("ticket.issued", "A place in line was given", _TICKET),
    Kind("ticket.called", "The person was called to a counter", _TICKET | {"point": int}),
    Kind("ticket.recalled", "The person was called again", _TICKET),
    Kind("ticket.held", "Put aside with a reason", _TICKET),
    Kind("ticket.returned", "Put back in line", _TICKET),
    Kind("ticket.no_show", "The person did not come", _TICKET),
)
