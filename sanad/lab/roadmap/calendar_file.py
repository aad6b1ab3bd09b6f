"""The programme as iCalendar (RFC 5545): starts, ends and reviews, all of them whole days."""

from datetime import date, timedelta
from typing import Any

import icalendar

PRODUCT = "-//Sanad//Roadmap//EN"


def calendar(data: dict[str, Any]) -> bytes:
    """The file. The same event keeps its identity from one file to the next."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{data['words']['programme']}: {data['title']}")
    words = data["words"]
    mark = f" ({words['example']})" if data["is_example"] else ""
    for bar in data["bars"]:
        for what, day in (
            ("starts", bar["first_day"]), ("ends", bar["last_day"]), ("review", bar["review"]),
        ):  # fmt: skip
            title = f"{words[f'{what}_event']} {bar['name']}{mark}"
            made.add_component(_event(data, bar, what, title, day))
    found: bytes = made.to_ical()
    return found


def _event(
    data: dict[str, Any], bar: dict[str, Any], what: str, title: str, day: date
) -> icalendar.Event:  # fmt: skip
    event = icalendar.Event()
    event.add("uid", f"{bar['code']}-{what}-{data['portfolio']}@sanad")
    event.add("dtstamp", data["stamp"])
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", f"{bar['owner']} · {bar['entity']}\n{bar['stop']}")
    event.add("transp", "TRANSPARENT")
    return event
