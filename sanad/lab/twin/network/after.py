"""What becomes of a visit: counted where it happened, its requests sent, returned, decided.

One pass over the visits fills the day facts, in the columns of `oversight.kpis.DayRow` and a few
that only a simulation knows. A thing is counted on the day on which it happens; what lies beyond
the period is not counted, as in the log.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sanad.lab.twin.engine.compiled import loop, step
from sanad.lab.twin.engine.model import State, States
from sanad.lab.twin.engine.streams import Purpose, fraction, mix, purpose_word
from sanad.lab.twin.engine.tables import FOREVER, lognormal, look_up
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.visits import Drawn, Visits
from sanad.lab.twin.streams import STEP, Streams
from sanad.lab.twin.world import DAY_SECONDS, Floats, works
from sanad.till.rules import vat_on

ENTITY_OPENS, ENTITY_SECONDS = 8 * 3600.0, 6 * 3600.0
SOON_SECONDS, SOON_WITHIN = 300.0, 6900.0  # of an answer within two hours
LONG_WAIT = 1800.0
RETRY_SECONDS = 900.0  # the line tries again at most this long after a portal is back
SITTING_DOWN = 10.0
SENT_AT = 0.95  # of a request's time at the counter
BEYOND = 120  # days after the period that the calendar of working days covers
LONGEST_OUTAGE = 14 * 3600.0


class Column(IntEnum):
    """A column of the day facts, by its name in `DayRow` in capitals; the last ones are ours."""

    TICKETS = 0
    TICKETS_STARTED = 1
    WAIT_SECONDS_TOTAL = 2
    VISITS = 3
    CASES_OPENED = 4
    TRANSACTIONS = 5
    CASES_SUBMITTED = 6
    CASES_RETURNED = 7
    CASES_DECIDED = 8
    CASES_APPROVED = 9
    CASES_REJECTED = 10
    DECISIONS_TIMED = 11
    DECISION_SECONDS_TOTAL = 12
    EARNED_BAISA = 13
    VAT_BAISA = 14
    CAME = 15  # everybody who came
    LEFT = 16
    WAITED_LONG = 17  # longer than half an hour
    BUSY_SECONDS = 18  # at the counter


class Person(IntEnum):
    """Who comes, as far as the twin tells them apart."""

    ONE_REQUEST = 0
    SEVERAL = 1
    COMPANY = 2  # from three requests on, as in the demonstration's story
    QUESTION = 3
    CORRECTION = 4
    BOOKED = 5


COMPANY_FROM = 3
COLUMNS, PEOPLE = len(Column), len(Person)
# Of the table by kind of person.
CAME_, CALLED_, WAITED_, LEFT_ = range(4)
_C = {column.name: int(column) for column in Column}
(
    _TICKETS, _STARTED, _WAIT, _VISITS, _OPENED, _TRANSACTIONS, _SUBMITTED, _RETURNED, _DECIDED,
    _APPROVED, _REJECTED, _TIMED, _TIME, _EARNED, _VAT, _CAME, _LEFT, _LONG, _BUSY,
) = range(COLUMNS)  # fmt: skip
_ONE, _SEVERAL, _COMPANY, _QUESTION, _CORRECTION, _BOOKED = range(PEOPLE)
_SERVED, _GONE = np.int8(State.SERVED), np.int8(State.LEFT)
_QUICK, _REQUEST = int(Purpose.QUICK), int(Purpose.REQUEST)
_RETRY, _RETURN, _CORRECTED = int(Purpose.RETRY), int(Purpose.RETURNED), int(Purpose.CORRECTED)
_FIRST = (int(Purpose.AT_ONCE), int(Purpose.DAYS), int(Purpose.MOMENT))
_SECOND = (int(Purpose.SECOND_AT_ONCE), int(Purpose.SECOND_DAYS), int(Purpose.SECOND_MOMENT))
_YES = int(Purpose.APPROVED)


class Words(NamedTuple):
    """The words that counters are crossed with, by purpose."""

    quick: np.uint64
    request: np.uint64
    retry: np.uint64
    returned: np.uint64
    corrected: np.uint64
    once: tuple[np.uint64, np.uint64]
    days: tuple[np.uint64, np.uint64]
    moment: tuple[np.uint64, np.uint64]
    approved: np.uint64


class Told(NamedTuple):
    """What the pass is told of services, entities and the calendar."""

    fee: Ints  # (K, S)
    vat: Ints
    entity: Ints  # (S,)
    returned: Floats  # (S,)
    decision_days: Floats  # (S,) median
    spread: Floats  # unit table around the median, flat
    at_once: float
    approved: float
    correct_low: int
    correct_range: int
    without_ticket: float
    ordinal: Ints  # (D + BEYOND,) working days up to each day
    working: Floats  # seconds at which the n-th working day begins
    outage_first: Ints  # (E + 1,)
    outage_from: Floats
    outage_until: Floats
    days: int


def told_of(model: Model, down: tuple[Ints, Floats, Floats]) -> Told:
    """The model as the pass reads it, with the outages of one run."""
    calendar = np.arange(model.days[0], model.days[-1] + np.timedelta64(BEYOND + 1, "D"))
    open_days = works(calendar, model.days[model.is_holiday])
    sigma = model.decision_sigma
    return Told(
        model.fee, _vat(model), model.entity, model.returned,
        model.decision_days,
        lognormal(float(np.exp(sigma**2 / 2)), sigma).ravel(), model.at_once, model.approved,
        model.correct_days[0], model.correct_days[1] - model.correct_days[0] + 1,
        model.without_ticket, np.cumsum(open_days),
        (np.flatnonzero(open_days) * DAY_SECONDS).astype(np.float64), *down, len(model.days),
    )  # fmt: skip


def _vat(model: Model) -> Ints:
    """(K, S) the tax on each charge: the till's rule takes arrays as it takes numbers."""
    found: Ints = vat_on(model.fee, model.vat_per_mille[:, None])  # type: ignore[arg-type, assignment]
    return found


def outages_of(model: Model, seed: int) -> tuple[Ints, Floats, Floats]:
    """When which entity's portal is down: (E + 1,) firsts, from and until on the period's clock.

    The n-th of an entity begins in office hours of a day drawn; under a lower rate the first ones
    stay, so that halving outages takes some away.
    """
    working = np.flatnonzero(works(model.days, model.days[model.is_holiday]))
    first, since, until = [0], [], []
    for position, number in enumerate(model.entities):
        chance = Streams(seed)
        purpose = f"outages/{number}"
        rate = float(model.outages[position])
        gaps = -np.log1p(-chance.fractions(purpose, int(4 * rate) + 16))
        count = int((np.cumsum(gaps) < rate).sum()) if len(working) else 0
        day = working[chance.below(f"{purpose}/day", len(working), count)] if count else working[:0]
        begins = day * float(DAY_SECONDS) + ENTITY_OPENS
        begins += 8 * 3600 * chance.fractions(f"{purpose}/hour", count)
        lasts = model.outage_seconds * np.exp(
            model.outage_sigma * chance.normals(f"{purpose}/for", count)
        )
        order = np.argsort(begins, kind="stable")
        ends = (begins + np.clip(lasts, 600.0, LONGEST_OUTAGE))[order]
        begins = begins[order]
        # One that begins during another only makes it longer.
        apart = np.ones(count, dtype=bool)
        apart[1:] = begins[1:] > np.maximum.accumulate(ends)[:-1]
        group = np.cumsum(apart) - 1
        longest = np.zeros(int(apart.sum()))
        np.maximum.at(longest, group, ends)
        since.append(begins[apart])
        until.append(longest)
        first.append(first[-1] + len(longest))
    return np.array(first), np.concatenate(since), np.concatenate(until)


def count(
    centre: Ints, day: Ints, visits: Visits, began: Floats, state: States, told: Told,
    facts: Ints, people: Ints, log: Floats,
) -> None:  # fmt: skip
    """Add to `facts` (COLUMNS, centres here, D) and `people` (PEOPLE, 4) what happened.

    `centre` (of the centres here) and `day` are by stretch. `log`, if it has rows, is filled with
    the moments of each request: sent, returned, sent again, decided, approved or not; NaN where it
    did not happen.
    """
    customers = visits.customers
    _count(
        centre, day, customers.first, customers.arrived, customers.service, visits.drawn, began,
        state, told, WORDS, facts, people, log,
    )  # fmt: skip


def _words() -> Words:
    word = purpose_word
    return Words(
        word(_QUICK), word(_REQUEST), word(_RETRY), word(_RETURN), word(_CORRECTED),
        (word(_FIRST[0]), word(_SECOND[0])), (word(_FIRST[1]), word(_SECOND[1])),
        (word(_FIRST[2]), word(_SECOND[2])), word(_YES),
    )  # fmt: skip


WORDS = _words()


@loop
def _count(
    centre: Ints, day: Ints, first: Ints, arrived: Floats, service: Floats, drawn: Drawn,
    began: Floats, state: States, told: Told, words: Words, facts: Ints, people: Ints,
    log: Floats,
) -> None:  # fmt: skip
    services = len(told.entity)
    row = 0
    for s in range(len(first) - 1):
        k, d = centre[s], day[s]
        here = facts[:, k, d]
        for i in range(first[s], first[s + 1]):
            kind, size = drawn.kind[i], drawn.size[i]
            who = _person(kind, size, services, drawn.due[i] < FOREVER)
            called = state[i] == _SERVED
            here[_CAME] += 1
            people[who, CAME_] += 1
            # Who finds a free server may sit down without a ticket; who waits has taken one.
            wait = began[i] - arrived[i] if called else 0.0
            ticket = not (
                called and wait <= 0.0
                and fraction(drawn.counter[i], words.quick) < told.without_ticket
            )  # fmt: skip
            here[_TICKETS] += ticket
            if not called:
                here[_LEFT] += state[i] == _GONE
                people[who, LEFT_] += 1
                continue
            here[_VISITS] += 1
            here[_BUSY] += round(service[i])
            people[who, CALLED_] += 1
            people[who, WAITED_] += round(wait + SITTING_DOWN)
            here[_LONG] += wait > LONG_WAIT
            if ticket:
                here[_STARTED] += 1
                here[_WAIT] += round(wait + SITTING_DOWN)
            if kind >= services:
                continue
            here[_EARNED] += size * told.fee[k, kind]
            here[_VAT] += size * told.vat[k, kind]
            counter = mix(drawn.counter[i] ^ words.request)
            for r in range(size):
                part = (r + SENT_AT) / size
                sent = began[i] + SITTING_DOWN + part * service[i]
                _life(counter, kind, sent, k, told, words, facts, log, row)
                counter += STEP
                row += 1


@step
def _person(kind: int, size: int, services: int, booked: bool) -> int:
    if booked:
        return _BOOKED
    if kind == services:
        return _QUESTION
    if kind > services:
        return _CORRECTION
    if size >= COMPANY_FROM:
        return _COMPANY
    return _ONE if size == 1 else _SEVERAL


@step
def _life(
    counter: np.uint64, kind: int, sent: float, k: int, told: Told, words: Words, facts: Ints,
    log: Floats, row: int,
) -> None:  # fmt: skip
    """A request from being sent to its decision."""
    d = int(sent / DAY_SECONDS)
    if d >= told.days:
        return
    facts[_OPENED, k, d] += 1
    facts[_TRANSACTIONS, k, d] += 1
    facts[_SUBMITTED, k, d] += 1
    keep = row < len(log)
    if keep:
        log[row, 0] = sent
    answer = _answered(counter, 0, kind, _heard(counter, kind, sent, told, words), told, words)
    if fraction(counter, words.returned) < told.returned[kind]:
        back = int(answer / DAY_SECONDS)
        if back >= told.days:
            return
        facts[_RETURNED, k, back] += 1
        u = fraction(counter, words.corrected)
        whole = int(u * told.correct_range)
        left = u * told.correct_range - whole
        begins = _working_day(answer, told.correct_low + whole, told)
        again = begins + ENTITY_OPENS + left * 5 * 3600
        if keep:
            log[row, 1] = answer
        d = int(again / DAY_SECONDS)
        if d >= told.days:
            return
        facts[_SUBMITTED, k, d] += 1
        if keep:
            log[row, 2] = again
        answer = _answered(counter, 1, kind, again + 2, told, words)
    d = int(answer / DAY_SECONDS)
    if d >= told.days:
        return
    yes = fraction(counter, words.approved) < told.approved
    facts[_DECIDED, k, d] += 1
    facts[_APPROVED if yes else _REJECTED, k, d] += 1
    facts[_TIMED, k, d] += 1
    facts[_TIME, k, d] += round(answer - sent)
    if keep:
        log[row, 3], log[row, 4] = answer, yes


@step
def _heard(counter: np.uint64, kind: int, sent: float, told: Told, words: Words) -> float:
    """When the entity has it: at once, or soon after its portal is back."""
    e = told.entity[kind]
    for o in range(told.outage_first[e], told.outage_first[e + 1]):
        if told.outage_from[o] <= sent < told.outage_until[o]:
            return told.outage_until[o] + fraction(counter, words.retry) * RETRY_SECONDS
    return sent


@step
def _answered(
    counter: np.uint64, which: int, kind: int, since: float, told: Told, words: Words
) -> float:
    """Within two hours, or on a later working day in office hours."""
    u = fraction(counter, words.moment[which])
    if fraction(counter, words.once[which]) < told.at_once:
        return since + SOON_SECONDS + u * SOON_WITHIN
    spread = look_up(told.spread, 0, fraction(counter, words.days[which]))
    days = max(int(np.ceil(told.decision_days[kind] * spread)), 1)
    return _working_day(since, days, told) + ENTITY_OPENS + u * ENTITY_SECONDS


@step
def _working_day(since: float, days: int, told: Told) -> float:
    """When the n-th working day after that of `since` begins."""
    d = min(int(since / DAY_SECONDS), len(told.ordinal) - 1)
    return told.working[min(told.ordinal[d] + days - 1, len(told.working) - 1)]
