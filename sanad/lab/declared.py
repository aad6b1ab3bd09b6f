"""What a procedure should be, as a net that requests are held against.

`rules` is the counter's own table of what may follow what (`sanad.cases.rules.TRANSITIONS`), with
each verb as the event that it leaves. `straight` is the one way through it without going back.
`usual` is the most frequent way of a log, for one that declares nothing. Events of which the table
does not speak (receipts, refunds, an entity's system that does not answer) are left out of the
comparison, and so are requests that are still on their way.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from sanad.cases.rules import TRANSITIONS, Status, Verb
from sanad.lab.evidence.conform import Conformance, Deviation, Kind, Net, Step, conformance
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import Coded, EventLog
from sanad.lab.evidence.variants import Variants, variants
from sanad.lab.procedures import Studied, part
from sanad.lib.refusal import N_, Refused

OPENED: Final = "case.opened"
# The event that a verb leaves in the log. To edit leaves none, and leads nowhere.
EVENTS: Final = {
    Verb.COMPLETE: "case.completed",
    Verb.REOPEN: "case.reopened",
    Verb.PAY: "payment.confirmed",
    Verb.PAY_FURTHER: "payment.confirmed",
    Verb.STATE_FEE: "case.fee_stated",
    Verb.SUBMIT: "case.submitted",
    Verb.ACKNOWLEDGE: "delivery.acknowledged",
    Verb.RETURN: "case.returned",
    Verb.APPROVE: "case.decided",
    Verb.REJECT: "case.decided",
    Verb.HAND_OVER: "case.delivered",
    Verb.CANCEL: "case.cancelled",
    Verb.CORRECT_PERSON: "case.person_corrected",
    Verb.RENEW_MANDATE: "case.mandate_renewed",
}
STRAIGHT: Final = (
    Verb.COMPLETE, Verb.PAY, Verb.SUBMIT, Verb.ACKNOWLEDGE, Verb.APPROVE, Verb.HAND_OVER,
)  # fmt: skip
# Where a request may come to rest: decided, though the result is not handed over yet, or given up.
AT_REST: Final = frozenset({"case.decided", "case.delivered", "case.cancelled"})
WAYS_LOOKED_THROUGH: Final = 5_000


class NothingFinished(Refused):
    code = "lab.nothing_finished"
    sentence = N_(
        "None of these {cases} requests has come to its end yet, so there is nothing to hold "
        "against the procedure. Choose a newer snapshot."
    )


class TooManyWays(Refused):
    code = "lab.too_many_ways"
    sentence = N_(
        "The cases went {ways} different ways, more than the {most} that are looked through one by "
        "one. Choose a step instead, from the map."
    )


@dataclass(frozen=True, eq=False)
class Held:
    """Requests held against a net: `number` int64 [cases] is of each in the whole log, `left_out`
    the events that the net does not speak of, by how many there are."""

    log: EventLog
    net: Net
    found: Conformance
    number: Int64
    on_their_way: int
    left_out: tuple[tuple[str, int], ...]


@cache
def rules() -> Net:
    """The counter's table: a step may follow another where a status lies between them."""
    follows = {
        (EVENTS[before], EVENTS[after])
        for (_, before), between in TRANSITIONS.items()
        for status, after in TRANSITIONS
        if status is between and before in EVENTS and after in EVENTS
    }
    begins = {
        EVENTS[verb] for status, verb in TRANSITIONS if status is Status.DRAFT and verb in EVENTS
    }
    return Net.of(
        [Step(name) for name in dict.fromkeys([OPENED, *EVENTS.values()])],
        follows | {(OPENED, step) for step in begins},
        starts=[OPENED], ends=AT_REST,
    )  # fmt: skip


@cache
def straight() -> Net:
    """From the first step to the last without going back; the result may not be fetched yet."""
    status, way = Status.DRAFT, [OPENED]
    for verb in STRAIGHT:
        status = TRANSITIONS[status, verb]  # the table must know this way
        way.append(EVENTS[verb])
    last = EVENTS[Verb.HAND_OVER]
    return Net.of(
        [Step(name, optional=name == last) for name in way], pairwise(way),
        starts=[OPENED], ends=[last],
    )  # fmt: skip


def usual(ways: Variants) -> Net:
    """The most frequent way; a step that comes twice in it may come from either place."""
    way = ways.activities(0)
    return Net.of(
        [Step(name) for name in dict.fromkeys(way)], pairwise(way), starts=way[:1], ends=way[-1:]
    )


def held_against_rules(studied: Studied, net: Net) -> Held:
    """Our own requests that have come to rest, in the steps that the rules speak of.

    Raises `NothingFinished`.
    """
    log = studied.log
    names = np.array([name in rules().place for name in log.activity.names])
    spoken = names[log.activity.codes]
    counts = np.bincount(log.activity.codes[~spoken], minlength=log.activities)
    left = sorted(
        ((log.activity.names[code], int(counts[code])) for code in np.flatnonzero(counts).tolist()),
        key=lambda one: (-one[1], one[0]),
    )
    if not spoken.any():
        raise NothingFinished(cases=log.cases)
    spoken_of, number = part(log, spoken)
    rests = np.array([name in AT_REST for name in log.activity.names])
    last = rests[spoken_of.activity.codes[spoken_of.offsets[1:] - 1]]
    if not last.any():
        raise NothingFinished(cases=log.cases)
    finished, among = part(spoken_of, last[spoken_of.case.codes])
    return Held(
        finished, net, conformance(finished, net), number[among], log.cases - finished.cases,
        tuple(left),
    )  # fmt: skip


def held_against_usual(studied: Studied) -> Held:
    """Every case of a log, against its own most frequent way."""
    log, net = studied.log, usual(studied.ways)
    return Held(log, net, conformance(log, net), np.arange(log.cases), 0, ())


def cases_with(held: Held, kind: Kind, activity: str) -> Int64:
    """The requests in which a deviation was found, by their number in the whole log.

    Each way that did not keep to the net is aligned again by itself. Raises `TooManyWays`.
    """
    ways = variants(held.log)
    wrong = np.flatnonzero(held.found.cost[ways.first_case] > 0)
    if wrong.size > WAYS_LOOKED_THROUGH:
        raise TooManyWays(ways=wrong.size, most=WAYS_LOOKED_THROUGH)
    having = np.zeros(len(ways), bool)
    for way in wrong.tolist():
        having[way] = any(
            (one.kind, one.activity) == (kind, activity) for one in _of_way(held, ways, way)
        )
    return held.number[having[ways.of_case]]


def _of_way(held: Held, ways: Variants, way: int) -> tuple[Deviation, ...]:
    """The deviations of one way, from a log of one case that went so."""
    place = held.log.of_case(int(ways.first_case[way]))
    events = np.arange(place.start, place.stop)
    alone = EventLog.of(
        case=Coded(np.zeros(events.size, np.int32), ("",)),
        activity=held.log.activity.taken(events), time=held.log.time[events],
    )  # fmt: skip
    return conformance(alone, held.net).deviations
