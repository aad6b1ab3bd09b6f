"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("staff.invited", "A person was invited to a role", {"account": str, "role": str}),
    Kind("staff.accepted", "An invited person chose a password", {"account": str}),
    Kind("staff.removed", "A role ended and its sessions with it", {"account": str, "role": str}),
)
