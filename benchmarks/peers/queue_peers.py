"""The same customers through SimPy and Ciw. Run by `benchmarks.twin` in an environment of theirs.

    python queue_peers.py inputs.npz outputs.npz

Knows nothing of Sanad. Reads the arrays of sessions, customers, wants and rules; writes when each
customer was called (NaN: not) and how many seconds the peer took, for three models: first come
first served with patience in SimPy, every feature of the event loop in SimPy, and first come first
served without patience in Ciw.
"""

import math
import sys
import time

import ciw
import numpy as np
import simpy

FOREVER = 1e9


def plain_by_simpy(model, session, began):
    env = simpy.Environment()
    counters = simpy.Resource(env, capacity=int(model["servers"][session]))

    def customer(i, service, patience):
        with counters.request() as turn:
            came = env.now
            got = yield turn | env.timeout(patience)
            if turn in got and env.now - came <= patience:
                began[i] = env.now
                yield env.timeout(service)

    def door(begin, end):
        rows = zip(
            range(begin, end),
            model["arrived"][begin:end].tolist(),
            model["service"][begin:end].tolist(),
            model["patience"][begin:end].tolist(),
            strict=True,
        )
        for i, arrived, service, patience in rows:
            yield env.timeout(arrived - env.now)
            env.process(customer(i, service, patience))

    env.process(door(*model["first"][session : session + 2].tolist()))
    env.run()


class Visit:
    """Somebody in the hall."""

    def __init__(self, env, row, second, came):
        self.row, self.second, self.came = row, second, came
        self.called = env.event()


class Hall:
    """One session with every feature, as processes of SimPy."""

    def __init__(self, model, session, began):
        self.env, self.began = simpy.Environment(), began
        rows = range(*model["first"][session : session + 2].tolist())
        here = slice(rows.start, rows.stop)
        columns = ("arrived", "service", "patience", "kind", "due", "back_after", "again")
        self.rows = dict(
            zip(
                rows, zip(*(model[one][here].tolist() for one in columns), strict=True), strict=True
            )
        )
        self.priority = model["priority"].tolist()
        self.skills = model["skills"][model["centre"][session]].tolist()
        self.opens, self.leaves = float(model["opens"][session]), float(model["leaves"][session])
        self.breaks = self._of(model, session, "break", ("server", "from", "until"))
        self.outages = self._of(model, session, "outage", ("kind", "from", "until", "pace"))
        self.waiting = []
        self.idle = [None] * int(model["servers"][session])

    @staticmethod
    def _of(model, session, what, names):
        here = slice(*model[f"{what}_first"][session : session + 2])
        return list(zip(*(model[f"{what}_{name}"][here].tolist() for name in names), strict=True))

    def run(self):
        self.env.process(self.door())
        for j in range(len(self.idle)):
            self.env.process(self.server(j))
        for moment in [one[2] for one in self.breaks + self.outages]:
            self.env.process(self.look_up(moment))
        self.env.run()

    def door(self):
        for i, one in self.rows.items():
            yield self.env.timeout(one[0] - self.env.now)
            self.env.process(self.visitor(Visit(self.env, i, False, self.env.now)))

    def visitor(self, visit):
        self.waiting.append(visit)
        for j, idle in enumerate(self.idle):
            if idle is not None and self.best(j, [visit]) is not None:
                self.call(j, visit)
                break
        patience = self.rows[visit.row][2]
        got = yield visit.called | self.env.timeout(patience)
        if visit.called not in got:
            self.waiting.remove(visit)

    def server(self, j):
        yield self.env.timeout(self.opens)
        while True:
            self.idle[j] = turn = self.env.event()
            visit = self.best(j, self.waiting)
            if visit is not None:
                self.call(j, visit)
            visit = yield turn
            _, service, _, kind, _, back_after, again = self.rows[visit.row]
            yield self.env.timeout(self.seconds(again if visit.second else service, kind))
            back = self.env.now + back_after
            if not visit.second and back_after < FOREVER and back <= self.leaves:
                self.env.process(self.come_back(visit.row, back_after))

    def call(self, j, visit):
        turn, self.idle[j] = self.idle[j], None
        self.waiting.remove(visit)
        self.began[int(visit.second), visit.row] = self.env.now
        visit.called.succeed()
        turn.succeed(visit)

    def come_back(self, row, seconds):
        yield self.env.timeout(seconds)
        yield self.env.process(self.visitor(Visit(self.env, row, True, self.env.now)))

    def look_up(self, moment):
        yield self.env.timeout(moment)
        for j, idle in enumerate(self.idle):
            if idle is not None:
                visit = self.best(j, self.waiting)
                if visit is not None:
                    self.call(j, visit)

    def best(self, j, visits):
        now = self.env.now
        if not self.opens <= now <= self.leaves:
            return None
        if any(one == j and begin <= now < end for one, begin, end in self.breaks):
            return None
        still = {
            kind for kind, begin, end, pace in self.outages if pace == 0 and begin <= now < end
        }
        found, found_rank = None, None
        for visit in visits:
            kind, due = self.rows[visit.row][3:5]
            if not self.skills[j] >> kind & 1 or kind in still:
                continue
            is_due = not visit.second and due <= now
            rank = (-1, due) if is_due else (self.priority[kind], 0.0)
            if found is None or rank < found_rank:
                found, found_rank = visit, rank
        return found

    def seconds(self, work, kind):
        now = started = self.env.now
        for one, begin, end, pace in self.outages:
            if one != kind or end <= now:
                continue
            before = max(begin - now, 0.0)
            if before >= work:
                break
            since = max(begin, now)
            if (end - since) * pace >= work - before:
                return since + (work - before) / pace - started
            work -= before + (end - since) * pace
            now = end
        return now + work - started


def plain_by_ciw(model, session, began):
    begin, end = model["first"][session : session + 2].tolist()
    if begin == end:
        return
    gaps = np.diff(model["arrived"][begin:end], prepend=0.0).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, math.inf])],
        service_distributions=[ciw.dists.Sequential(model["service"][begin:end].tolist())],
        number_of_servers=[int(model["servers"][session])],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(1e7)
    for one in simulation.get_all_records():
        began[begin + one.id_number - 1] = one.service_start_date


def timed(model, began, work):
    started = time.perf_counter()
    for session in range(len(model["servers"])):
        work(model, session, began)
    return time.perf_counter() - started


def main(inputs, outputs):
    model = dict(np.load(inputs))
    count = len(model["arrived"])
    plain, ciws, full = np.full(count, np.nan), np.full(count, np.nan), np.full((2, count), np.nan)
    np.savez(
        outputs,
        simpy_seconds=timed(model, plain, plain_by_simpy),
        full_seconds=timed(model, full, lambda *one: Hall(*one).run()),
        ciw_seconds=timed(model, ciws, plain_by_ciw),
        simpy=plain, full=full, ciw=ciws, versions=[simpy.__version__, ciw.__version__],
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
