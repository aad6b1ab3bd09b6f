"""What everybody opens at a steady rate, while counters work: latency, errors and memory.

    bin/sanad bench soak --minutes 10 --rate 20

Requests start at their own times, whether or not the earlier ones are done, so a server that falls
behind shows it: a latency is counted from the moment a request should have begun. Beside them,
operators go round the counter's six steps without a pause. Memory is that of the web processes,
with what they share counted once.
"""

import itertools
import queue
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from benchmarks.counter import SERVICES, signed_in, six_requests
from benchmarks.load.client import Client
from benchmarks.load.percentile import percentile
from benchmarks.load.place import OPENS_AT, Operator, busy_centres, served
from benchmarks.load.processors import memory_megabytes
from benchmarks.prove import steps
from sanad.cases import queries as cases
from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.till.models import Receipt
from sanad.till.receipts import proof_link

WARM_UP_SECONDS = 5.0
LISTENERS = 16
COUNTERS = 2
LONGEST_WAIT_SECONDS = 1.0  # the promise: 99 of 100 within this
MEMORY_EVERY_SECONDS = 5.0


@dataclass
class Seen:
    """What happened: seconds by kind of page, errors, journeys of the counters."""

    pages: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    journeys: int = 0
    megabytes: list[float] = field(default_factory=list)


def run(*, minutes: float, rate: float, seed: int, workers: int) -> dict[str, Any]:
    """The document that the command prints."""
    seconds, seen = minutes * 60, Seen()
    with busy_centres(centres=COUNTERS + 1, operators=COUNTERS + 1) as staff:
        pages = _pages(staff[-1])
        with served(workers=workers, threads=4, quiet=True) as (host, port, process):
            desks = signed_in(host, port, staff[:-1])
            stop = threading.Event()
            beside = [
                threading.Thread(target=_counter, args=(client, operator, seen, stop))
                for client, operator in desks
            ]
            beside.append(threading.Thread(target=_weigh, args=(process.pid, seen, stop)))
            for thread in beside:
                thread.start()
            _open_pages(host, port, pages, WARM_UP_SECONDS, rate, seed, Seen())
            seen.journeys, seen.megabytes[:] = 0, []
            began = time.monotonic()
            _open_pages(host, port, pages, seconds, rate, seed + 1, seen)
            took = time.monotonic() - began
            stop.set()
            for thread in beside:
                thread.join()
    return _document(seen, took=took, rate=rate, seed=seed, workers=workers)


def _pages(operator: Operator) -> dict[str, list[str]]:
    """Addresses by kind, with a request, a ticket and a receipt at a centre where nobody works."""
    one = steps.ready(operator, 1)
    steps.pay(one)
    with steps.scope_of(operator):
        code = cases.case(one.case, at=OPENS_AT).line.code
        ticket: UUID = counter.issue_ticket(
            centre=operator.centre, group=Group.BUSINESS, service_code="", at=OPENS_AT, by=None
        )
    return {
        "front page": ["/"],
        "search": [
            f"/services/?q={quote(words)}" for words in ("تجديد", "visa", "سجل تجاري", "تجديي")
        ],
        "service": [f"/services/{code_}/" for code_ in SERVICES],
        "centres": ["/centres/", "/centres/1/"],
        "track": [f"/track/{code}/"],
        "follow a ticket": [f"/ticket/{ticket}/"],
        "receipt check": [_proof(operator, one)],
        "portal and figures": ["/network-figures/", "/waiting/"],
    }


def _proof(operator: Operator, one: steps.Ready) -> str:
    """Where the QR of a request's receipt leads."""
    with steps.scope_of(operator):
        found = Receipt.objects.get(case_id=one.case)
    link = proof_link(found.body, found.key_version, bytes(found.signature))
    return link[link.index("/receipts/") :]


def _open_pages(
    host: str, port: int, pages: dict[str, list[str]], seconds: float, rate: float, seed: int,
    seen: Seen,
) -> None:  # fmt: skip
    """`rate` pages a second, each at its own time, from several connections."""
    chance, due = random.Random(seed), queue.Queue[tuple[float, str, str] | None]()
    listeners = [
        threading.Thread(target=_listen, args=(host, port, due, seen)) for _ in range(LISTENERS)
    ]
    for listener in listeners:
        listener.start()
    began = time.monotonic()
    for number in itertools.count():
        at = began + number / rate
        if at >= began + seconds:
            break
        time.sleep(max(at - time.monotonic(), 0))
        kind = chance.choice(list(pages))
        due.put((at, kind, chance.choice(pages[kind])))
    for _ in listeners:
        due.put(None)
    for listener in listeners:
        listener.join()


def _listen(
    host: str, port: int, due: "queue.Queue[tuple[float, str, str] | None]", seen: Seen
) -> None:
    client = Client(host, port)
    while (one := due.get()) is not None:
        at, kind, path = one
        try:
            client.get(path)
        except Exception as error:
            seen.errors.append(f"{kind}: {error!r}"[:300])
            client = Client(host, port)
            continue
        seen.pages.setdefault(kind, []).append(time.monotonic() - at)


def _counter(client: Client, operator: Operator, seen: Seen, stop: threading.Event) -> None:
    chance = random.Random(operator.username)
    while not stop.is_set():
        try:
            six_requests(client, operator, chance)
        except Exception as error:
            seen.errors.append(f"counter: {error!r}"[:300])
            return
        seen.journeys += 1


def _weigh(process: int, seen: Seen, stop: threading.Event) -> None:
    while not stop.wait(MEMORY_EVERY_SECONDS):
        seen.megabytes.append(memory_megabytes(process))


def _document(seen: Seen, *, took: float, rate: float, seed: int, workers: int) -> dict[str, Any]:
    every = [one for times in seen.pages.values() for one in times]
    p99 = percentile(every, 99)
    return {
        "seconds": round(took, 1), "rate": rate, "seed": seed, "web_processes": workers,
        "requests": len(every), "errors": len(seen.errors), "first_errors": seen.errors[:3],
        "p50_ms": percentile(every, 50), "p95_ms": percentile(every, 95), "p99_ms": p99,
        "holds": not seen.errors and p99 < 1000 * LONGEST_WAIT_SECONDS,
        "by_page": {
            kind: {"requests": len(times), "p99_ms": percentile(times, 99)}
            for kind, times in sorted(seen.pages.items())
        },
        "counter_journeys_per_second": round(seen.journeys / took, 2),
        "megabytes_at_start": _at(seen.megabytes, 0), "megabytes_at_end": _at(seen.megabytes, -1),
        "megabytes_most": round(max(seen.megabytes, default=0)),
    }  # fmt: skip


def _at(found: list[float], which: int) -> int | None:
    return round(found[which]) if found else None
