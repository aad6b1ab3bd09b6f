"""The days to learn from, laid out once: who came, how many served, and what the figures were."""

from dataclasses import dataclass, field

import numpy as np

from sanad.lab.fitting import arrivals, discipline, figures, patience, service, staff
from sanad.lab.fitting.discipline import Discipline
from sanad.lab.fitting.hall import Crowd, Manner, crowd_of
from sanad.lab.fitting.queue_log import QueueLog, weekday_of
from sanad.lab.fitting.staff import Services
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

MOST_CUSTOMERS = 60_000  # the latest days with no more are learnt from, so that it ends in time
_AROUND = 2  # half hours before and after that count as the demand of one
_FEW = 10.0  # customers added to both sides of a comparison of demand


@dataclass(frozen=True, eq=False)
class Days:
    """D days of a log."""

    log: QueueLog
    number: Ints  # (D,) days since 1970
    logs: list[QueueLog]
    services: list[Services]
    demand: Floats  # (D, SLOTS) customers within an hour of each half hour
    group_of_weekday: Ints
    figures: Floats  # (D, 4)
    discipline: Discipline
    _profiles: dict[float, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.number)

    @property
    def group(self) -> Ints:
        found: Ints = self.group_of_weekday[weekday_of(self.number)]
        return found

    @property
    def sizes(self) -> Floats:
        return np.array([len(one) for one in self.logs], dtype=np.float64)

    def profiles(self, gap: float) -> Floats:
        """Servers there by day and half hour (D, SLOTS), if gaps below `gap` seconds are idle."""
        if gap not in self._profiles:
            self._profiles[gap] = np.stack([staff.profile(one, gap) for one in self.services])
        return self._profiles[gap]

    def crowd(self, rows: Ints) -> Crowd:
        """The customers of some of the days."""
        logs = [self.logs[row] for row in rows]
        return crowd_of(logs, [self.discipline.of(one.priority.codes) for one in logs])

    def manner(self, rows: Ints) -> Manner:
        """How people are drawn, learnt from some of the days, each as often as it is named."""
        bounds = np.concatenate([[0], np.cumsum([len(one) for one in self.logs])])
        log = self.log.taken(np.concatenate([np.arange(bounds[r], bounds[r + 1]) for r in rows]))
        off = staff.time_off([(self.logs[row], self.services[row]) for row in rows])
        return Manner(service.fit(log), patience.fit(log).table(), off.table())


def learn(log: QueueLog) -> Days:
    """The latest days of a log, laid out."""
    sizes = np.bincount(np.searchsorted(log.days, log.day))
    taken = np.cumsum(sizes[::-1])[::-1] <= MOST_CUSTOMERS
    taken[-1] = True
    log = log.taken(np.isin(log.day, log.days[taken]))
    logs = list(log.divided().values())
    counts = arrivals.counts(log, log.days)
    return Days(
        log=log,
        number=log.days,
        logs=logs,
        services=[staff.services(one) for one in logs],
        demand=around(counts),
        group_of_weekday=arrivals.groups(counts, log.days),
        figures=np.array([tuple(figures.of_log(one)) for one in logs]),
        discipline=discipline.fit(log),
    )


def around(counts: Floats) -> Floats:
    """Customers within an hour of each half hour, (D, SLOTS) of the same."""
    padded = np.pad(counts, ((0, 0), (_AROUND, _AROUND)))
    width, size = 2 * _AROUND + 1, counts.shape[1]
    found: Floats = np.sum([padded[:, k : k + size] for k in range(width)], axis=0)
    return found


def staffing(
    days: Days, *, weight: Floats, demand: Floats, group: Ints, gap: float, follow: float
) -> Floats:
    """Servers to expect by half hour (T, SLOTS) on days of these groups with this demand.

    The mean of the days of the group, each with its `weight` (T, D), times the ratio of demand to
    theirs to the power of `follow`: 0 is a plan that does not look at who comes, 1 one that grows
    as the demand does.
    """
    own = weight * (days.group == group[:, None])
    # A group of which nothing is known is served as all days are.
    own = np.where(own.sum(axis=1, keepdims=True) > 0, own, weight)
    own = own / own.sum(axis=1, keepdims=True)
    usual = own @ days.demand
    ratio = (demand + _FEW) / (usual + _FEW)
    found: Floats = (own @ days.profiles(gap)) * ratio**follow
    return found
