"""What this room may record."""

from sanad.eventlog.kinds import Kind, register

register(
    Kind("delivery.acknowledged", "The entity has taken the request",
         {"entity": int, "delivery": str, "tries": int}),
    Kind("delivery.refused", "The entity's system refused the request as it was sent",
         {"entity": int, "delivery": str, "status": int}),
    Kind("delivery.delayed", "The entity's system did not take the request; it stays in line",
         {"entity": int, "delivery": str, "tries": int}),
    Kind("delivery.retried", "Somebody had a waiting request tried again at once",
         {"entity": int, "delivery": str}),
    Kind("answer.received", "The entity's signed answer came in and changed nothing",
         {"entity": int, "answer": str, "answer_kind": str}),
    Kind("outage.started", "An entity's portal stopped taking requests",
         {"entity": int, "outage": int}),
    Kind("outage.ended", "An entity's portal takes requests again",
         {"entity": int, "outage": int}),
    Kind("outage.announced", "An entity said when its portal will take nothing",
         {"entity": int, "outage": int}),
    Kind("outage.withdrawn", "An entity took back an announced outage, or ended it early",
         {"entity": int, "outage": int}),
    Kind("stage.sent", "A further step of a request was handed to the line",
         {"entity": int, "stage": str, "delivery": str}),
    Kind("stage.acknowledged", "The entity has taken a further step",
         {"entity": int, "stage": str, "delivery": str}),
)  # fmt: skip
