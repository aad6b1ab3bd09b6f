"""As many replications as the answer needs.

The mean of a figure over replications with Student's interval, until it is as narrow as asked
(Law 2015, Simulation Modeling and Analysis, section 9.4.1: the sequential procedure). A stopping
rule that looks at the spread covers a little less than it says when replications are few, so a
minimum of ten is kept unless a caller wants otherwise.
"""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sanad.lab.twin.engine.draws import Demand
from sanad.lab.twin.engine.model import Sessions
from sanad.lab.twin.engine.streams import key_of
from sanad.lab.twin.engine.tables import FOREVER, mean_of
from sanad.lib.refusal import N_, Refused

LEAST, MOST = 10, 200


class QueueOnlyGrows(Refused):
    code = "twin.queue_only_grows"
    sentence = N_(
        "At centre {centre} on day {day} the customers bring {work} hours of work, and {servers} "
        "servers have {hours} hours. The queue would only grow. Add servers, lower the arrivals, "
        "or say how long customers are ready to wait."
    )


class WidthMissing(Refused):
    code = "twin.width_missing"
    sentence = N_(
        "An interval of half width {width} from {least} to {most} replications cannot be sought. "
        "Ask for a width above 0 and for at least 2 replications."
    )


@dataclass(frozen=True)
class Estimate:
    """A mean and its interval, in the unit of the figure."""

    mean: float
    half_width: float
    confidence: float
    replications: int
    is_narrow: bool  # the interval is as narrow as asked


def replicate(
    figure: Callable[[int], float], *, seed: int, half_width: float, confidence: float = 0.95,
    least: int = LEAST, most: int = MOST,
) -> Estimate:  # fmt: skip
    """`figure(seed of the replication)` until its interval is within `half_width`, or `most`."""
    if half_width <= 0 or least < 2 or most < least:
        raise WidthMissing(width=half_width, least=least, most=most)
    found = [figure(seed_of(seed, number)) for number in range(least)]
    while (half := interval(found, confidence)) > half_width and len(found) < most:
        found.append(figure(seed_of(seed, len(found))))
    mean = statistics.fmean(found)
    return Estimate(mean, half, confidence, len(found), half <= half_width)


def seed_of(seed: int, replication: int) -> int:
    """The seed of a replication: below 2 to the 62, far from those of other seeds."""
    return int(key_of(seed, replication, 0)) >> 2


def interval(found: list[float], confidence: float) -> float:
    """Half the width of Student's interval of the mean of independent figures."""
    spread = statistics.stdev(found) / math.sqrt(len(found))
    return student(confidence, len(found) - 1) * spread


def student(confidence: float, freedom: int) -> float:
    """Within how many standard errors Student's t lies with a probability of `confidence`.

    Hill (1970), "Algorithm 396: Student's t-quantiles", Communications of the ACM 13; six digits
    with the normal quantile of the standard library.
    """
    beyond = 1 - confidence
    if freedom == 1:
        return 1 / math.tan(beyond * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2 / (beyond * (2 - beyond)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * freedom
    x = d * beyond
    y = x ** (2 / freedom)
    if y <= 0.05 + a:
        return math.sqrt(freedom * _far(y, d, freedom))
    x = statistics.NormalDist().inv_cdf(beyond / 2)
    y = x * x
    if freedom < 5:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return math.sqrt(freedom * math.expm1(a * y * y))


def _far(y: float, d: float, n: int) -> float:
    """Hill's series for the far tail."""
    inner = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)
    return (inner * y - 1) * (n + 1) / (n + 2) + 1 / y


def refuse_endless_queues(sessions: Sessions, demand: Demand) -> None:
    """Refuse sessions with more work than their servers' hours, where somebody never gives up."""
    never = demand.tables[demand.patience, 1, -1] >= FOREVER
    if not (never & (demand.share > 0)).any():
        return
    service = np.array([mean_of(demand.tables[row]) for row in demand.service])
    work = demand.expected * float(demand.share @ service)
    hours = sessions.servers * (demand.moments[demand.profile, -1] - sessions.opens)
    worst = int(np.argmax(work - hours))
    if work[worst] > hours[worst]:
        facts = sessions.where(worst)
        raise QueueOnlyGrows(
            **facts, work=f"{work[worst] / 3600:.1f}", hours=f"{hours[worst] / 3600:.1f}"
        )
