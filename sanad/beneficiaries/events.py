"""What this room may record. Identifiers only: a person's name or number never enters the log."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("person.registered", "A person was entered for the first time", {"person": str}),
    Kind("person.looked_up", "An exact key was looked up in an open visit",
         {"key_kind": str, "found": bool, "person": str}, frozenset({"person"})),
    Kind("person.revealed", "A masked number was shown to an operator", {"person": str}),
    Kind("company.registered", "A company was entered for the first time", {"company": str}),
    Kind("mandate.granted", "A person agreed to one service at one centre",
         {"mandate": str, "person": str, "service": str, "ceiling_baisa": int, "method": str}),
    Kind("mandate.revoked", "A mandate ended before its time", {"mandate": str}),
    Kind("notice.sent", "A message left for the person",
         {"notice": str, "about": str, "person": str}),
    Kind("feedback.given", "A case was rated by its person", {"face": int}),
)  # fmt: skip
