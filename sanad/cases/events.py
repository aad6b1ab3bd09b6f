"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("visit.started", "A person's stay at the counter began",
         {"channel": str, "ticket": str, "wait_seconds": int},
         frozenset({"ticket", "wait_seconds"})),
    Kind("visit.ended", "A person's stay at the counter ended", {"ticket": str},
         frozenset({"ticket"})),
    Kind("visit.timing_marked_wrong", "The visit's moments are not what happened, says who served"),
    Kind("case.opened", "A service was asked for",
         {"service": str, "entity": int, "person": str, "mandate": str}),
    Kind("case.completed", "The form and the documents are complete", {"documents": int}),
    Kind("case.reopened", "A completed case was opened again for changes", {}),
    Kind("case.person_corrected", "The case was for another person than first chosen",
         {"person": str}),
    Kind("case.submitted", "The request was handed to the line to the entity",
         {"entity": int, "service": str, "delivery": str, "resend": bool}),
    Kind("case.returned", "The entity sent it back for corrections",
         {"entity": int, "fields": list, "answer": str}, frozenset({"answer"})),
    Kind("case.fee_stated", "The entity stated the government fee that nothing published",
         {"entity": int, "baisa": int, "answer": str}),
    Kind("case.decided", "The entity decided", {"entity": int, "outcome": str, "answer": str}),
    Kind("case.delivered", "The person has the result", {}),
    Kind("case.cancelled", "Given up before it was submitted", {"reason": str}),
    Kind("case.taken_over", "An operator went on with it in a visit of their own", {}),
    Kind("case.document_reused", "A document kept by consent was used again",
         {"document": str, "held": str}),
    Kind("case.duplicate_overruled", "It looks like another request and is none, for a reason",
         {"others": list}),
    Kind("case.mandate_renewed", "The person agreed again", {"mandate": str}),
)  # fmt: skip
