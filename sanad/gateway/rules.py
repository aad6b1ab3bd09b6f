"""Decisions about the line to the entities, without I/O."""

from datetime import timedelta

from sanad.lib.refusal import N_, Refused

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
CLAIM_LASTS = timedelta(seconds=60)
ACCEPTED, RETURNED, APPROVED, REJECTED = "accepted", "returned", "approved", "rejected"
ANSWER_KINDS = (ACCEPTED, RETURNED, APPROVED, REJECTED)
# Answers that say "this will never be taken as it is"; everything else is tried again.
FINAL_STATUSES = frozenset({400, 404, 409, 413, 422})


class SignatureRefused(Refused):
    code = "gateway.signature"
    sentence = N_(
        "The answer is not signed with the entity's key, so it was not taken. Sign the exact "
        "bytes of the body with the key that was registered."
    )


class UnknownRequest(Refused):
    code = "gateway.unknown_request"
    sentence = N_(
        "No request with this identifier was sent to your entity. Check the request_id."
    )


class AnswerDiffers(Refused):
    code = "gateway.answer_differs"
    sentence = N_(
        "This answer_id was used before with another content. Give every answer an id of its own."
    )


class AnswerMalformed(Refused):
    code = "gateway.answer_malformed"
    sentence = N_("The answer cannot be read: {why}. Correct it and send it again.")


def wait_after(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failure: doubling, never above `LONGEST_WAIT`."""
    return min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 12), LONGEST_WAIT)
