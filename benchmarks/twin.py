"""The core of the twin: how fast it is, and against whom and what it is right. Prints JSON.

    bin/sanad bench twin --peers PYTHON

1. A quarter of the whole network: 923 centres, 61 days, about 800,000 customers on one thread, by
   the recursion and by the event loop with every feature on. Drawing who comes is timed apart.
2. The same customers through SimPy and Ciw, call by call, and how many times longer they take. The
   peers live in an environment of their own: `pip install simpy ciw` there.
3. Two hundred queues whose mean wait is known by formula.
4. How far the same streams bring down the variance of the change by one more server in a
   twentieth of the centres.
5. The network as `bin/sanad twin run` lives it: 40 scenarios of 30 replications each, scored by the
   KPI functions, on all processors and, for fewer, on one.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sanad.lab.calibration import calibrated
from sanad.lab.twin.engine import events, recursion
from sanad.lab.twin.engine.checks import run_cases
from sanad.lab.twin.engine.draws import Demand, Habits, draw, draw_wants, moments_of
from sanad.lab.twin.engine.model import MOST_SERVERS, Customers, Rules, Sessions, Wants
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.engine.tables import FOREVER, constant, exponential, lognormal, uniform
from sanad.lab.twin.network.compare import replicated
from sanad.lab.twin.network.levers import Growth
from sanad.lab.twin.network.scenarios import Scenario, known_scenarios
from sanad.lab.twin.streams import Streams

CENTRES, DAYS, CUSTOMERS = 923, 61, 800_000
OPENS, CLOSES, LEAVES = 27_000.0, 52_200.0, 57_600.0  # half past seven, half past two, four
PEER_CENTRES = 120
RECURSION_MS, EVENTS_MS = 25, 110
RECURSION_TIMES, EVENTS_TIMES = 500, 120
VARIANCE_TIMES, REPLICATIONS = 50, 100
CASES = 200
SCENARIOS, SCENARIO_RUNS, SCENARIO_SECONDS = 40, 30, 150
SAME_SECONDS = 1e-9
PEERS = Path(__file__).parent / "peers" / "queue_peers.py"
Found = TypeVar("Found")


def network(seed: int, *, leaves: float, kinds: int) -> tuple[Sessions, Demand]:
    """Centres of 1 to 8 counters, half to nine tenths busy in the mean of the day."""
    chance = Streams(seed)
    servers = 1 + chance.choices("counters", [20, 25, 20, 13, 9, 6, 4, 3], CENTRES)
    weight = servers * (0.5 + 0.4 * chance.fractions("busy", CENTRES))
    count = CENTRES * DAYS
    daily = 0.8 + 0.4 * chance.fractions("day", DAYS)
    expected = np.repeat(weight, DAYS) * np.tile(daily, CENTRES)
    expected *= CUSTOMERS / expected.sum()
    sessions = Sessions(
        np.repeat(np.arange(CENTRES), DAYS), np.tile(np.arange(DAYS), CENTRES),
        np.full(count, OPENS), np.full(count, leaves), np.repeat(servers, DAYS),
    )  # fmt: skip
    busy = 0.7 * servers.sum() * DAYS * (CLOSES - OPENS)
    mean = busy / CUSTOMERS  # seconds at the counter that make the network seven tenths busy
    tables = np.stack(
        [lognormal(mean, 0.6), lognormal(mean * 0.6, 0.5), exponential(5400.0),
         constant(FOREVER), uniform(0.0, 1200.0), exponential(3600.0), exponential(mean / 2)]
    )  # fmt: skip
    shares = [1.0] if kinds == 1 else [0.6, 0.3, 0.1]
    edges = [OPENS, 30_600, 36_000, 43_200, CLOSES]
    return sessions, Demand(
        expected, np.zeros(count, dtype=np.int64), moments_of(edges, [0.8, 1.4, 1.1, 0.6])[None],
        tables, np.array(shares), np.array([0, 1, 0])[:kinds], np.array([2, 2, 3])[:kinds],
    )  # fmt: skip


HABITS = Habits(booked=0.15, early=4, back=0.08, back_after=5, again=6)


def rules_of(sessions: Sessions, seed: int) -> Rules:
    """Kind 2 first; some servers know two kinds; a break each; an outage on every fifth day."""
    chance, count = Streams(seed), len(sessions)
    skills = np.array([0b111, 0b011, 0b101, 0b111])[
        chance.choices("skills", [4, 1, 1, 4], CENTRES * MOST_SERVERS)
    ].reshape(CENTRES, MOST_SERVERS)
    skills[:, 0] = 0b111
    session = np.repeat(np.arange(count), sessions.servers)
    break_first = np.concatenate([[0], np.cumsum(sessions.servers)])
    server = np.arange(len(session)) - break_first[session]
    begins = 36_000.0 + 1800.0 * server
    down = np.flatnonzero(chance.fractions("down", count) < 0.2)
    outage_first = np.searchsorted(down, np.arange(count + 1))
    since = OPENS + (CLOSES - OPENS) * chance.fractions("down/from", len(down))
    lasts = 3600.0 * chance.fractions("down/for", len(down))
    return Rules(
        np.array([1, 1, 0]), skills, break_first, server, begins, begins + 1800.0,
        outage_first, chance.below("down/kind", 3, len(down)), since, since + lasts,
        np.where(chance.fractions("down/pace", len(down)) < 0.5, 0.0, 0.4),
    )  # fmt: skip


def timed(work: Callable[[], Found], rounds: int) -> tuple[Found, dict[str, float]]:
    """The last result and milliseconds: median, least, most of `rounds` after one unmeasured."""
    found, times = work(), []
    for _ in range(rounds):
        started = time.perf_counter()
        found = work()
        times.append((time.perf_counter() - started) * 1000)
    return found, {
        "median": round(statistics.median(times), 2), "least": round(min(times), 2),
        "most": round(max(times), 2),
    }  # fmt: skip


def run(*, rounds: int, seed: int, peers: str | None = None, cases: int = CASES) -> dict[str, Any]:
    """The document that the command prints."""
    return {
        "seed": seed, "rounds": rounds, "threads": 1,
        "quarter_ms": _quarter(rounds, seed),
        "peers": _compared(peers, rounds, seed) if peers else "not compared: --peers was not given",
        "closed_forms": run_cases(seed=seed, most=cases),
        "common_random_numbers": _common(seed),
        "scenarios": _scenarios(seed),
    }  # fmt: skip


def _quarter(rounds: int, seed: int) -> dict[str, Any]:
    sessions, demand = network(seed, leaves=np.inf, kinds=1)
    customers, drawing = timed(lambda: draw(sessions, demand, seed), rounds)
    served, serving = timed(lambda: recursion.serve(sessions, customers), rounds)
    _, both = timed(lambda: recursion.serve(sessions, draw(sessions, demand, seed)), rounds)
    full_sessions, full_demand = network(seed, leaves=LEAVES, kinds=3)
    rules = rules_of(full_sessions, seed)
    (comers, wants), wanting = timed(lambda: _drawn(full_sessions, full_demand, seed), rounds)
    told, looping = timed(lambda: events.serve(full_sessions, comers, wants, rules), rounds)
    _, all_of_it = timed(
        lambda: events.serve(full_sessions, *_drawn(full_sessions, full_demand, seed), rules),
        rounds,
    )
    return {
        "customers": len(customers), "sessions": len(sessions),
        "left_percent": _percent(served.state == 2),
        "mean_wait_seconds": round(float(np.nanmean(served.waits(customers))), 1),
        "draw": drawing, "recursion": serving, "recursion_with_draws": both,
        "recursion_target": RECURSION_MS,
        "events_customers": len(comers), "events_second_visits": int((told.state[1] > 0).sum()),
        "events_left_or_still_there_percent": _percent(told.state[0] > 1),
        "events_draw": wanting, "events": looping, "events_with_draws": all_of_it,
        "events_target": EVENTS_MS,
        "holds": both["median"] <= RECURSION_MS and all_of_it["median"] <= EVENTS_MS,
    }  # fmt: skip


def _drawn(sessions: Sessions, demand: Demand, seed: int) -> tuple[Customers, Wants]:
    customers = draw(sessions, demand, seed)
    return customers, draw_wants(sessions, demand, HABITS, customers, seed)


def _percent(flags: np.ndarray) -> float:
    return round(100 * float(flags.mean()), 2)


def _compared(python: str, rounds: int, seed: int) -> dict[str, Any]:
    """The first centres' customers here and there, call by call."""
    sessions, demand = network(seed, leaves=LEAVES, kinds=3)
    few = PEER_CENTRES * DAYS
    rules = rules_of(sessions, seed)
    sessions = Sessions(*(column[:few] for column in vars(sessions).values()))
    demand = replace(demand, expected=demand.expected[:few], profile=demand.profile[:few])
    rules = replace(
        rules, break_first=rules.break_first[: few + 1], outage_first=rules.outage_first[: few + 1]
    )
    customers, wants = _drawn(sessions, demand, seed)
    open_end = replace(sessions, leaves=np.full(few, np.inf))
    patient = replace(customers, patience=np.full(len(customers), FOREVER))
    rounds *= 5
    plain, plain_ms = timed(lambda: recursion.serve(open_end, customers), rounds)
    full, full_ms = timed(lambda: events.serve(sessions, customers, wants, rules), rounds)
    stays, stays_ms = timed(lambda: recursion.serve(open_end, patient), rounds)
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder) / "given.npz", Path(folder) / "told.npz"
        np.savez(given, **vars(sessions), **vars(customers), **vars(wants), **vars(rules))
        subprocess.run([python, str(PEERS), str(given), str(told)], check=True)
        theirs = dict(np.load(told))
    times = {
        name: round(float(theirs[f"{name}_seconds"]) * 1000 / ours["median"])
        for name, ours in (("simpy", plain_ms), ("full", full_ms), ("ciw", stays_ms))
    }
    apart = {
        "simpy": _apart(plain.began, theirs["simpy"]), "full": _apart(full.began, theirs["full"]),
        "ciw": _apart(stays.began, theirs["ciw"]),
    }  # fmt: skip
    return {
        "customers": len(customers), "versions": theirs["versions"].tolist(),
        "ours_ms": {"recursion": plain_ms, "events": full_ms},
        "simpy_ms": round(float(theirs["simpy_seconds"]) * 1000),
        "simpy_every_feature_ms": round(float(theirs["full_seconds"]) * 1000),
        "ciw_ms": round(float(theirs["ciw_seconds"]) * 1000),
        "times_longer": times, "farthest_call_seconds": apart,
        "holds": max(apart.values()) <= SAME_SECONDS
        and times["simpy"] >= RECURSION_TIMES and times["full"] >= EVENTS_TIMES,
    }  # fmt: skip


def _scenarios(seed: int) -> dict[str, Any]:
    """40 scenarios x 30 replications of the announced quarter, every measure of each."""
    known = [one for one in known_scenarios().values() if one.levers]
    # Every known scenario, and each with a little more or less demand beside it.
    levers = [Growth(percent=percent) for percent in (-10.0, 5.0, 10.0)]
    grown = [
        Scenario(f"{one.code}{lever.percent:+g}", one.name, (*one.levers, lever))
        for lever in levers for one in known
        if not any(isinstance(other, Growth) for other in one.levers)
    ]  # fmt: skip
    model = calibrated("announced")
    models = [one.apply(model) for one in [*known, *grown][:SCENARIOS]]
    replicated(models[:1], seed=seed, replications=2)
    one_core = time.perf_counter()
    replicated(models[:4], seed=seed, replications=5)
    one_core = (time.perf_counter() - one_core) / 20
    started = time.perf_counter()
    runs = replicated(models, seed=seed, replications=SCENARIO_RUNS, threads=os.cpu_count() or 1)
    seconds = time.perf_counter() - started
    return {
        "scenarios": len(models), "replications": SCENARIO_RUNS, "threads": os.cpu_count(),
        "seconds": round(seconds, 1), "target_seconds": SCENARIO_SECONDS,
        "customers": sum(one.customers for one in runs),
        "one_run_on_one_core_ms": round(1000 * one_core, 1),
        "holds": seconds <= SCENARIO_SECONDS,
    }  # fmt: skip


def _apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest difference of a call in seconds; infinite if not the same people were called."""
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    return float(np.nanmax(np.abs(ours - theirs)))


def _common(seed: int) -> dict[str, Any]:
    """The variance of the change with streams of their own, over that with the same streams."""
    sessions, demand = network(seed, leaves=np.inf, kinds=1)
    more = replace(sessions, servers=sessions.servers + (sessions.centre % 20 == 7))

    def wait(which: Sessions, number: int) -> float:
        customers = draw(which, demand, seed_of(seed, number))
        return float(np.nanmean(recursion.serve(which, customers).waits(customers)))

    base = np.array([wait(sessions, number) for number in range(REPLICATIONS)])
    common = np.array([wait(more, number) for number in range(REPLICATIONS)]) - base
    own = np.array([wait(more, REPLICATIONS + number) for number in range(REPLICATIONS)]) - base
    ratio = float(own.var(ddof=1) / common.var(ddof=1))
    return {
        "replications": REPLICATIONS, "change_seconds": round(float(common.mean()), 2),
        "variance_ratio": round(ratio, 1), "holds": ratio >= VARIANCE_TIMES,
    }  # fmt: skip
