"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("holiday.added", "The ministry announced a day on which the network rests", {"day": str}),
    Kind("holiday.removed", "The ministry took back an announced holiday", {"day": str}),
    Kind("costs.stated", "The owner said what the centre costs; the amounts are not in the log",
         {"lines": int}),
)  # fmt: skip
