"""From a Parquet of a quarter to its map, times and variants. Prints one JSON document.

    bin/sanad bench evidence --peers PYTHON

Every round is a fresh process, so its peak of memory is its own; the kernels are compiled before
(Numba keeps them on disk). Seconds are from opening the file to the last figure; imports, and
loading the compiled kernels, are left out. With --peers a part of the log goes through pm4py as
well, in an environment of its own (`pip install pm4py pyarrow` there).
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sanad.lab.evidence import map as maps
from sanad.lab.evidence import variants
from sanad.lab.evidence.parquet import Columns
from sanad.lab.evidence.tables import read_parquet

EVENTS = 7_800_000
EVENTS_A_CASE = 9.75
ACTIVITIES = 40
PEER_EVENTS, PEER_ROUNDS = 200_000, 3
PEERS = Path(__file__).parent / "peers" / "evidence_peers.py"
NOT_COMPARED = "not compared: --peers was not given"
MEASURED = (
    "seconds", "cpu_seconds", "read_seconds", "map_seconds", "variants_seconds", "peak_mb",
)  # fmt: skip
COLUMNS = Columns(case="request", activity="kind", time="occurred_at")


def make(path: Path, events: int, seed: int) -> None:
    """A log in order of time, as the network writes one: cases overlap, steps mostly go on."""
    draws = np.random.default_rng(seed)
    cases = max(1, round(events / EVENTS_A_CASE))
    case = np.concatenate([np.arange(cases), draws.integers(0, cases, events - cases)])
    case = np.sort(case).astype(np.int64)
    first = np.searchsorted(case, np.arange(cases))
    nth = np.arange(events) - first[case]
    strays = draws.random(events) < 0.05
    kind = np.where(strays, draws.integers(0, ACTIVITIES, events), nth % ACTIVITIES)
    opened = draws.integers(0, 90 * 86_400, cases) * 1_000_000
    gap = (draws.exponential(3_600, events) * 1_000_000).astype(np.int64)
    run = np.cumsum(gap)
    at = 1_740_000_000_000_000 + opened[case] + run - run[first][case]
    order = np.argsort(at, kind="stable")
    names = pa.array([f"step.{code}" for code in range(ACTIVITIES)])
    table = pa.table(
        {
            "occurred_at": pa.array(at[order], pa.timestamp("us", tz="UTC")),
            "kind": pa.DictionaryArray.from_arrays(pa.array(kind[order].astype(np.int16)), names),
            "request": pa.array(case[order] + 1),
            "centre": pa.array((case[order] % 450).astype(np.int32)),
        }
    )
    pq.write_table(table, path, compression="zstd")


def once(path: Path) -> dict[str, Any]:
    """One round in this process: seconds by part, megabytes at the peak and what was found."""
    cpu = time.process_time()
    moments = [time.perf_counter()]
    log = read_parquet(path, COLUMNS)
    moments.append(time.perf_counter())
    drawn = maps.process_map(log)
    moments.append(time.perf_counter())
    found = variants.variants(log)
    moments.append(time.perf_counter())
    parts = [later - earlier for earlier, later in pairwise(moments)]
    return {
        "seconds": sum(parts),
        "cpu_seconds": time.process_time() - cpu,
        "read_seconds": parts[0],
        "map_seconds": parts[1],
        "variants_seconds": parts[2],
        "peak_mb": peak_mb(),
        "found": [len(log), log.cases, len(drawn.edges), len(found)],
    }


def peak_mb() -> float:
    """The most memory resident in this process. Not `ru_maxrss`, which counts the parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def warm(path: Path) -> None:
    """Load the compiled kernels by a log of a few events."""
    small = path.with_name("small.parquet")
    make(small, 1_000, 0)
    once(small)


def run(
    *, rounds: int = 5, events: int = EVENTS, seed: int = 7, peers: str | None = None
) -> dict[str, Any]:
    """Make the log in a scratch folder and measure it `rounds` times; beside it a part in pm4py."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        make(path, events, seed)
        warm(path)
        measured = [_fresh(path) for _ in range(rounds)]
        size = path.stat().st_size
        part = path.with_name("part.parquet")
        make(part, min(events, PEER_EVENTS), seed)
        rate = events / statistics.median(one["seconds"] for one in measured)
        compared = _compared(peers, part, rounds, rate) if peers else {"peers": NOT_COMPARED}
    figures: dict[str, Any] = {"rounds": rounds, "file_mb": round(size / 2**20, 1)}
    figures |= dict(
        zip(("events", "cases", "edges", "variants"), measured[0]["found"], strict=True)
    )
    figures["processors"] = os.cpu_count()
    figures["events_per_second"] = round(rate)
    for name in MEASURED:
        values = [one[name] for one in measured]
        figures[f"{name}_median"] = round(statistics.median(values), 3)
        figures[f"{name}_least"] = round(min(values), 3)
        figures[f"{name}_most"] = round(max(values), 3)
    return figures | compared


def _compared(python: str, path: Path, rounds: int, rate: float) -> dict[str, Any]:
    """A part of the log, made the same way, through pm4py: by how much our events a second exceed
    its own, on that part and with the whole log here; and whether every move and every variant has
    the same count. Each round is a fresh process, ours and theirs in turn."""
    ours, theirs = [], []
    for _ in range(min(rounds, PEER_ROUNDS)):
        ours.append(_fresh(path))
        command = [python, str(PEERS), str(path), *COLUMNS.read]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        theirs.append(json.loads(done.stdout.splitlines()[-1]))
    here = statistics.median(one["seconds"] for one in ours)
    there = statistics.median(one["seconds"] for one in theirs)
    events = theirs[0]["events"]
    same = counted(path) == [theirs[0]["edges"], theirs[0]["variants"]]
    return {
        "ratio": round(rate / (events / there), 1),
        "peers": {
            "pm4py": theirs[0]["version"], "events": events, "seconds_median": round(there, 3),
            "events_per_second": round(events / there), "ours_seconds_median": round(here, 4),
            "ratio_on_the_same_log": round(there / here, 1), "same_counts": same,
        },
    }  # fmt: skip


def counted(path: Path) -> list[Any]:
    """Every move's and every variant's count, in order."""
    log = read_parquet(path, COLUMNS)
    ways = variants.variants(log)
    return [
        sorted([one.source, one.target, one.count] for one in maps.process_map(log).edges),
        sorted([list(ways.activities(n)), int(ways.counts[n])] for n in range(len(ways))),
    ]


def _fresh(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.evidence", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":  # a round, in a process of its own
    warm(Path(sys.argv[1]))
    print(json.dumps(once(Path(sys.argv[1]))))
