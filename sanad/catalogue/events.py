"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind(
        "price_list.published",
        "A price list came into force from a date and closed the one before",
        {"price_list": str, "in_force_from": str, "lines": int, "closed": int},
    ),
    Kind(
        "service.withdrawn",
        "A service is not offered from a date on",
        {"service": str, "entity": int, "from_date": str},
    ),
    Kind(
        "service.restored",
        "A withdrawn service is offered again from a date on",
        {"service": str, "entity": int, "from_date": str},
    ),
)
