"""How many centres a wilayat should have: a flow of customers with whole numbers of centres.

Wilayat a has volume[a] transactions a year. x[a, b] of them go to wilayat b, which is a itself or
lies within reach; u[a] have no centre within reach. Wilayat b has n[b] centres, each of which lives
on `least` and carries `most` transactions a year; over[b] is more than they can carry:

    sum over b of x[a, b] + u[a] = volume[a]
    least n[b] <= load[b] = sum over a of x[a, b] <= most n[b] + over[b]
    load[b] = 0 where n[b] = 0

`add` makes three aims least, one after the other, each without giving up what was reached before:
the sum of u, the sum of over, and the sum of load[b]^2 / n[b], the load that an average customer
meets at their centre. Of choices that are equal in all three the one is taken where customers
travel least. The third aim is convex; it is replaced by its tangents
load^2 / n >= 2 t load - t^2 n, more of which are added where the answer touches none (outer
approximation: Duran and Grossmann 1986), until bound and value meet. The lower bound on loads holds
where a centre is added; what is below it already is not undone.

`surplus` asks the other way: the fewest centres that must go so that all others can live, however
favourably customers are shared, while no more lack a centre or find it full than today and every
wilayat keeps one centre.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Floats, Ints
from sanad.lab.solver.program import Program, Solved

CLOSE = 1e-6  # relative: value and bound have met
# How much an aim that was reached may be missed by later: ten times the solver's tolerance. With
# less room its simplification has cut off answers that hold, and called what was left proven.
ROOM = 1e-5
EVEN = 2e-6  # relative: choices that are equally even
ROUNDS = 30
TANGENTS = 7  # of each wilayat at first


@dataclass(frozen=True)
class Demand:
    """Volumes a year and centres of each wilayat, and which wilayats are within reach."""

    volume: Floats
    centres: Ints
    km: Floats  # [wilayats, wilayats]
    within_km: float
    least: float
    most: float

    def __post_init__(self) -> None:
        # Else two centres may be too many for customers who are too many for one.
        assert 2 * self.least <= self.most


@dataclass(frozen=True)
class Added:
    """Centres more in each wilayat, and what each centre there then has a year."""

    count: Ints
    load: Floats  # [wilayats]
    unserved: Floats  # [wilayats] without a centre within reach
    over: Floats  # [wilayats] more than its centres can carry
    met: float  # the load that an average served customer meets at their centre
    bound: float  # `met` of no choice that serves as many is below this

    @property
    def gap_percent(self) -> float:
        return 100.0 * (self.met - self.bound) / self.met if self.met else 0.0


@dataclass(frozen=True)
class Surplus:
    """Centres that cannot live, those kept though they cannot, and the bound on their number."""

    count: Ints
    load: Floats
    is_last: Ints  # 1 where a wilayat's last centre is kept though it cannot live
    bound: float

    @property
    def gap_percent(self) -> float:
        total = float(self.count.sum())
        return 100.0 * (total - self.bound) / total if total else 0.0


class _Flow:
    """The rules that both programs share. Volumes are in shares of the mean centre's."""

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.unit = demand.volume.sum() / demand.centres.sum()
        self.least, self.most = demand.least / self.unit, demand.most / self.unit
        self.has = demand.centres.astype(np.float64)
        self.program = Program()
        near = demand.km <= demand.within_km
        np.fill_diagonal(near, True)
        self.begin, self.end = np.nonzero(near)
        self.volume: Floats = demand.volume / self.unit
        self.x = self.program.add(self.begin.size)
        self.lost = self.program.add(self.volume.size, high=self.volume)
        self.over = self.program.add(self.volume.size)
        rows = self.program.rule(self.volume.size, low=self.volume, high=self.volume)
        self.program.put(rows[self.begin], self.x, 1.0)
        self.program.put(rows, self.lost, 1.0)

    def loads(self, *, low: Floats | float, high: Floats | float) -> Ints:
        """A row for each wilayat with its load as the first term."""
        rows = self.program.rule(self.volume.size, low=low, high=high)
        self.program.put(rows[self.end], self.x, 1.0)
        return rows

    def carry(self, change: Ints, sign: float) -> None:
        """Loads that has + sign * change centres carry, and none where there is no centre."""
        carried = self.loads(low=-np.inf, high=self.most * self.has)
        self.program.put(carried, change, -sign * self.most)
        self.program.put(carried, self.over, -1.0)
        everybody = self._sums(self.volume[self.begin])
        exists = self.loads(low=-np.inf, high=everybody * self.has)
        self.program.put(exists, change, -sign * everybody)

    def load(self, values: Floats) -> Floats:
        return self._sums(values[self.x])

    def _sums(self, flows: Floats) -> Floats:
        """What arrives in each wilayat."""
        return np.bincount(self.end, flows, self.has.size).astype(np.float64)

    def aim(self, *parts: tuple[Ints, Floats | float]) -> None:
        cost = np.zeros(self.program.columns)
        for variables, factors in parts:
            cost[variables] = factors
        self.program.aim(cost)

    def keep(self, variables: Ints, most: float) -> None:
        """From now on the sum of the variables is at most this."""
        self.program.put(self.program.rule(1, low=-np.inf, high=most), variables, 1.0)

    def serve(self, seconds: float) -> Solved:
        """As few without a centre as can be, then as few too many for one; keep to both."""
        for missed in (self.lost, self.over):
            self.aim((missed, 1.0))
            solved = self.program.solve(seconds=seconds)
            self.keep(missed, solved.value + ROOM)
        return solved


def add(demand: Demand, count: int, *, seconds: float) -> Added:
    """Up to `count` centres more where they serve most and even the loads out best."""
    flow = _Flow(demand)
    program, has = flow.program, flow.has
    more = program.add(has.size, high=float(count), whole=True)
    adds = program.add(has.size, high=1.0, whole=True)
    program.put(program.rule(1, low=-np.inf, high=float(count)), more, 1.0)
    flow.carry(more, 1.0)
    lives = flow.loads(low=0.0, high=np.inf)
    program.put(lives, more, -flow.least)
    program.put(lives, adds, -flow.least * has)
    only = program.rule(has.size, low=-np.inf, high=0.0)
    program.put(only, more, 1.0)
    program.put(only, adds, -float(count))
    served = flow.serve(seconds)
    met = program.add(has.size)
    solved, bound = _even_out(flow, more, met, count, seconds)
    if solved is not None and count:
        solved = _nearest(flow, more, met, solved, seconds)
    values = solved if solved is not None else served.values
    assert values is not None  # all may stay as it is
    return _added(flow, more, values, bound)


def _even_out(
    flow: _Flow, more: Ints, met: Ints, count: int, seconds: float
) -> tuple[Floats | None, float]:
    """The evenest values and the bound on the sum of load^2 / n."""
    has = flow.has
    flow.aim((met, 1.0))
    for slope in _slopes(flow, count):
        _touch(flow, more, met, has, slope)
    best, least, bound = None, np.inf, 0.0
    for _ in range(ROUNDS):
        solved = flow.program.solve(seconds=seconds, gap=CLOSE)
        bound = max(bound, solved.bound)
        if solved.values is None:
            break
        load, centres = flow.load(solved.values), has + np.round(solved.values[more])
        value = _sum_met(load, centres)
        if value < least:
            best, least = solved.values, value
        if least - bound <= CLOSE * least:
            break
        slope = np.divide(load, centres, out=np.ones_like(load), where=centres > 0)
        _touch(flow, more, met, has, slope)
    return best, bound


def _nearest(flow: _Flow, more: Ints, met: Ints, values: Floats, seconds: float) -> Floats:
    """Of choices as even as `values`, the one where customers travel least, if it is as even."""
    least = _sum_met(flow.load(values), flow.has + np.round(values[more]))
    flow.keep(met, least * (1 + EVEN))
    flow.aim((flow.x, flow.demand.km[flow.begin, flow.end]))
    near = flow.program.solve(seconds=seconds).values
    if near is None:
        return values
    value = _sum_met(flow.load(near), flow.has + np.round(near[more]))
    return near if value <= least * (1 + 2 * EVEN) else values


def _slopes(flow: _Flow, count: int) -> Floats:
    """[tangents, wilayats] between the loads of a centre that a neighbourhood may have."""
    now = np.maximum(flow.volume / np.maximum(flow.has, 1.0), CLOSE)
    then = np.maximum(flow.volume / (np.maximum(flow.has, 1.0) + count), CLOSE)
    low, high = now.copy(), now.copy()
    np.minimum.at(low, flow.end, then[flow.begin])
    np.maximum.at(high, flow.end, now[flow.begin])
    step = np.linspace(0.0, 1.0, TANGENTS)[:, None]
    return low * (high / low) ** step


def _touch(flow: _Flow, more: Ints, met: Ints, has: Floats, slope: Floats) -> None:
    """met + t^2 n - 2 t load >= 0 for a slope t of each wilayat."""
    program = flow.program
    rows = program.rule(has.size, low=-(slope**2) * has, high=np.inf)
    program.put(rows, met, 1.0)
    program.put(rows, more, slope**2)
    program.put(rows[flow.end], flow.x, -2 * slope[flow.end])


def _sum_met(load: Floats, centres: Floats) -> float:
    return float(np.divide(load**2, centres, out=np.zeros_like(load), where=centres > 0).sum())


def _added(flow: _Flow, more: Ints, values: Floats, bound: float) -> Added:
    count = np.round(values[more]).astype(np.int64)
    load = flow.load(values)
    met = _sum_met(load, flow.has + count)
    per = flow.unit / max(float(load.sum()), CLOSE)
    return Added(
        count,
        load * flow.unit,
        values[flow.lost] * flow.unit,
        values[flow.over] * flow.unit,
        met * per,
        min(bound, met) * per,
    )


def surplus(demand: Demand, today: Added, *, seconds: float) -> Surplus:
    """The fewest centres that must go so that all others can live; the last one stays.

    `today` is the answer of :func:`add` for no centre more.
    """
    flow = _Flow(demand)
    program, has = flow.program, flow.has
    spare = np.maximum(has - 1, 0.0)
    less = program.add(has.size, high=spare, whole=True)
    last = program.add(has.size, high=np.minimum(has, 1.0), whole=True)
    flow.carry(less, -1.0)
    lives = flow.loads(low=flow.least * has, high=np.inf)
    program.put(lives, less, flow.least)
    program.put(lives, last, flow.least)
    only = program.rule(has.size, low=0.0, high=np.inf)
    program.put(only, less, 1.0)
    program.put(only, last, -spare)
    flow.keep(flow.lost, float(today.unserved.sum()) / flow.unit + 2 * ROOM)
    flow.keep(flow.over, float(today.over.sum()) / flow.unit + 2 * ROOM)
    flow.aim((less, 1.0))
    fewest = program.solve(seconds=seconds)
    assert fewest.values is not None  # where centres are not viable, enough of them may go
    flow.keep(less, round(fewest.value))
    # Of equal numbers, the one where customers travel least.
    flow.aim((flow.x, demand.km[flow.begin, flow.end]), (last, 1.0))
    nearest = program.solve(seconds=seconds)
    values = fewest.values if nearest.values is None else nearest.values
    return Surplus(
        np.round(values[less]).astype(np.int64),
        flow.load(values) * flow.unit,
        np.round(values[last]).astype(np.int64),
        float(np.ceil(fewest.bound - CLOSE)),
    )
