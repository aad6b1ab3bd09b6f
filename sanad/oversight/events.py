"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("log.sealed", "A sealing run took every ended transaction's events",
         {"run": int, "events": int}),
)  # fmt: skip
