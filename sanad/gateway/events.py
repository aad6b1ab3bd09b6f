"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("delivery.acknowledged", "The entity has taken the request",
         {"entity": int, "delivery": str, "tries": int}),
    Kind("delivery.refused", "The entity's system refused the request as it was sent",
         {"entity": int, "delivery": str, "status": int}),
    Kind("delivery.delayed", "The entity's system did not take the request; it stays in line",
         {"entity": int, "delivery": str, "tries": int}),
    Kind("answer.received", "The entity's signed answer came in and changed nothing",
         {"entity": int, "answer": str, "answer_kind": str}),
)  # fmt: skip
