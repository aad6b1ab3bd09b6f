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
    Kind("mandate.asked", "A person was sent a link to agree on their own phone",
         {"request": str, "person": str, "service": str}),
    Kind("mandate.refused", "The person refused on their own phone", {"request": str}),
    Kind("documents.consent_given", "A person lets a centre keep documents for the next request",
         {"consent": str, "person": str}),
    Kind("documents.consent_withdrawn", "A person lets a centre keep documents no longer",
         {"consent": str}),
    Kind("person.told_apart", "Somebody who looks like another is another, for a reason",
         {"person": str, "other": str}),
    Kind("person.merged", "Somebody who was entered twice is one person again",
         {"merge": str, "keep": str, "gone": str, "cases": int}),
    Kind("person.merge_undone", "A merge was taken back", {"merge": str, "keep": str, "gone": str}),
    Kind("mandate.revoked", "A mandate ended before its time", {"mandate": str}),
    Kind("notice.sent", "A message left for the person",
         {"notice": str, "about": str, "person": str}),
    Kind("feedback.given", "A case was rated by its person", {"face": int}),
)  # fmt: skip
