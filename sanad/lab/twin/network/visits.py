"""Who comes, for what, with how many requests, and how long they take: drawn by counted streams.

A walk-in comes by the profile of the stretch; who has an appointment by its time, which are spread
evenly. The n-th of a centre's stretch has the same service, requests and patience under any change
of anything else, so scenarios under one seed differ by what was changed.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.compiled import loop, step
from sanad.lab.twin.engine.draws import arrivals
from sanad.lab.twin.engine.model import Customers
from sanad.lab.twin.engine.streams import Purpose, fraction, key_of, purpose_word
from sanad.lab.twin.engine.tables import FOREVER, exponential, lognormal, look_up
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import STRETCHES, Plan, corrections
from sanad.lab.twin.streams import STEP, Words
from sanad.lab.twin.world import DAY_SECONDS, Floats

GUIDE = 4096  # cells of the guide table (Chen and Asau 1974) by which a kind is found
EARLIEST = 900.0  # seconds before their time that people with an appointment come at most
CORRECTION = 0.5  # a correction takes this part of a request's time: an assumption
LEAST_SECONDS = 90.0
BOOKED_DAYS = 1 << 20  # appointments have streams of their own: days beyond any period
_KIND, _SERVICE, _PATIENCE = (int(one) for one in (Purpose.KIND, Purpose.SERVICE, Purpose.PATIENCE))
_SIZE, _BUSY, _EARLY = (int(one) for one in (Purpose.SIZE, Purpose.BUSY, Purpose.EARLY))
_BOOKED, _MISSED = int(Purpose.BOOKED), int(Purpose.MISSED)
_UNIT = exponential(1.0).ravel()
Small = npt.NDArray[np.int16]


class Mix(NamedTuple):
    """What a visit may be: S services, then a question, then a correction; M kinds."""

    upto: Floats  # (M,) probability up to each kind
    guide: Ints  # (GUIDE + 1,) the first kind that a cell of probability may be
    seconds: Floats  # (M,)
    patience: Floats  # (M,) mean seconds; 0 stays
    upto_size: Floats
    sizes: Ints
    further: float
    lead: float
    unit: Floats  # table of the spread around the mean, flat
    services: int


class Drawn(NamedTuple):
    """N visits in the order of stretch and arrival, and what the queue is not told."""

    counter: Words
    kind: Small
    size: Small
    due: Floats  # the moment of the appointment; FOREVER: a walk-in


@dataclass(frozen=True)
class Visits:
    """The people of some stretches."""

    customers: Customers
    drawn: Drawn


def mix_of(model: Model) -> Mix:
    """The kinds of visits of a model."""
    requests = model.share.sum()
    weights = np.concatenate([model.share, [requests * model.questions, corrections(model)]])
    upto = np.cumsum(weights / weights.sum())
    upto[-1] = 1.0
    guide = np.searchsorted(upto, np.arange(GUIDE + 1) / GUIDE, side="right")
    mean = float(model.share @ model.seconds) / requests if requests > 0 else LEAST_SECONDS
    return Mix(
        upto, np.minimum(guide, len(upto) - 1),
        np.concatenate([model.seconds, [model.question_seconds, CORRECTION * mean]]),
        np.concatenate(
            [np.full(len(model.share), model.patience), [model.question_patience, model.patience]]
        ),
        np.cumsum(model.size_share / model.size_share.sum())[:-1], model.sizes, model.further,
        model.lead_seconds, lognormal(1.0, model.seconds_sigma).ravel(), len(model.share),
    )  # fmt: skip


def visits_of(model: Model, plan: Plan, mix: Mix, seed: int, begin: int, end: int) -> Visits:
    """The people of stretches begin..end."""
    expected = float((plan.expected + plan.booked)[begin:end].sum())
    # A busy day may be much above its expectation; the loop says when there is no room.
    room = int(expected * (1 + 3 * model.day_spread) + 10 * np.sqrt(expected) + 256)
    spread = lognormal(1.0, _sigma(model.day_spread)).ravel()
    while True:
        first = np.zeros(end - begin + 1, dtype=np.int64)
        arrived, service, patience = np.empty(room), np.empty(room), np.empty(room)
        drawn = Drawn(
            np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.int16),
            np.empty(room, dtype=np.int16), np.empty(room),
        )  # fmt: skip
        used = _visits(
            seed, begin, plan.sessions.centre, plan.sessions.day, plan.day, plan.expected,
            plan.booked, plan.profile, plan.moments, plan.let_in_until, model.day_spread, spread,
            model.missed, mix, _UNIT, first, arrived, service, patience, drawn,
        )  # fmt: skip
        if used >= 0:
            break
        room *= 2
    return Visits(
        Customers(first, arrived[:used], service[:used], patience[:used]),
        Drawn(drawn.counter[:used], drawn.kind[:used], drawn.size[:used], drawn.due[:used]),
    )


def _sigma(relative: float) -> float:
    """Of the logarithm, for a lognormal factor with this standard deviation around 1."""
    return float(np.sqrt(np.log1p(relative**2)))


@loop
def _visits(
    seed: int, begin: int, centre: Ints, key_day: Ints, day: Ints, expected: Floats, booked: Floats,
    profile: Ints, moments: Floats, let_in_until: Floats, day_spread: float, spread: Floats,
    missed: float, mix: Mix, unit: Floats, first: Ints, arrived: Floats, service: Floats,
    patience: Floats, drawn: Drawn,
) -> int:  # fmt: skip
    """Fill the visits of stretches from `begin`; how many, or -1 if there is no room."""
    used = 0
    of_busy = purpose_word(_BUSY)
    for s in range(len(first) - 1):
        at = begin + s
        counter = key_of(seed, centre[at], key_day[at])
        many, slots = expected[at], booked[at]
        if day_spread > 0:
            whole_day = key_of(seed, centre[at], day[at] * STRETCHES)
            many *= look_up(spread, 0, fraction(whole_day, of_busy))
        base = day[at] * float(DAY_SECONDS)
        walk_ins = arrivals(
            counter, many, moments[profile[at]], unit, drawn.counter[used:],
            arrived[used:],
        )  # fmt: skip
        if walk_ins < 0:
            return -1
        for i in range(used, used + walk_ins):
            arrived[i] += base
            drawn.due[i] = FOREVER
        here = walk_ins
        if slots > 0:
            more = _appointments(
                key_of(seed, centre[at], key_day[at] + BOOKED_DAYS), slots, missed,
                base + moments[profile[at], 0], base + let_in_until[at], used + here, arrived,
                drawn,
            )  # fmt: skip
            if more < 0:
                return -1
            here += more
            _in_order(used, used + here, arrived, drawn)
        _wants(used, used + here, mix, service, patience, drawn)
        used += here
        first[s + 1] = used
    return used


@step
def _appointments(
    counter: np.uint64, expected: float, missed: float, opens: float, closes: float, used: int,
    arrived: Floats, drawn: Drawn,
) -> int:  # fmt: skip
    """Appointments evenly over a stretch, each a little before its time; -1: no room."""
    of_booked, of_early = purpose_word(_BOOKED), purpose_word(_EARLY)
    of_missed = purpose_word(_MISSED)
    count = int(expected + fraction(counter, of_booked))
    come = 0
    for j in range(count):
        counter += STEP
        if fraction(counter, of_missed) < missed:
            continue
        i = used + come
        if i >= len(arrived):
            return -1
        due = opens + (j + 0.5) / count * (closes - opens)
        # Who comes before the doors open waits for them.
        arrived[i] = due - fraction(counter, of_early) * EARLIEST
        drawn.counter[i], drawn.due[i] = counter, due
        come += 1
    return come


@step
def _in_order(begin: int, end: int, arrived: Floats, drawn: Drawn) -> None:
    """By arrival; insertion, for the two parts are nearly in order."""
    for i in range(begin + 1, end):
        came, counter, due = arrived[i], drawn.counter[i], drawn.due[i]
        j = i
        while j > begin and arrived[j - 1] > came:
            arrived[j], drawn.counter[j], drawn.due[j] = (
                arrived[j - 1], drawn.counter[j - 1], drawn.due[j - 1],
            )  # fmt: skip
            j -= 1
        arrived[j], drawn.counter[j], drawn.due[j] = came, counter, due


@step
def _wants(begin: int, end: int, mix: Mix, service: Floats, patience: Floats, drawn: Drawn) -> None:
    """For what each has come, with how many requests, how long it takes and who would leave."""
    of_kind, of_size = purpose_word(_KIND), purpose_word(_SIZE)
    of_service, of_patience = purpose_word(_SERVICE), purpose_word(_PATIENCE)
    for i in range(begin, end):
        counter = drawn.counter[i]
        u = fraction(counter, of_kind)
        kind = mix.guide[int(u * GUIDE)]
        while u >= mix.upto[kind]:
            kind += 1
        size = 1
        if kind < mix.services:
            u, which = fraction(counter, of_size), 0
            for k in range(len(mix.upto_size)):
                which += u >= mix.upto_size[k]
            size = mix.sizes[which]
        spread = look_up(mix.unit, 0, fraction(counter, of_service))
        work = mix.seconds[kind] * spread * (1 + mix.further * (size - 1))
        service[i] = mix.lead + max(work, LEAST_SECONDS)
        patience[i] = FOREVER
        if mix.patience[kind] > 0:
            u = fraction(counter, of_patience)
            patience[i] = -np.log1p(-u) * mix.patience[kind]
        drawn.kind[i], drawn.size[i] = kind, size
