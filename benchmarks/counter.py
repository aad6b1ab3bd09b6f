"""The six business steps of a counter over real HTTP, by signed-in operators.

    bin/sanad bench counter --clients 1,4,16,32 --centres 4

The steps are those that were measured on The Q of Service BC (create person, add service, queue,
invite, begin, finish; 5.7 journeys a second at 16 clients on two cores, p95 4.7 s, 75 statements,
13 % duplicate numbers). Here once as six requests, and once in as few as the design allows: two.
Beside them our own whole transaction on the pages, from the ticket to the receipt and the sending.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.faults.killing import postmaster
from benchmarks.load.client import Client, InProcess
from benchmarks.load.journey import full_journey, somebody
from benchmarks.load.percentile import percentile
from benchmarks.load.place import PASSWORD, Operator, busy_centres, served
from benchmarks.load.processors import seconds_used
from sanad.db.connect import as_administrator
from sanad.db.supervisor import Supervisor

SERVICES = ("moh-renew-resident-work-card", "occi-renew-membership", "mol-employment-contract")
SIGNATURE = " ".join(f"{x},{x % 40}" for x in range(40))
API = "/api/counter/v1"
WARM_UP_SECONDS = 2.0
SIGN_INS_A_MINUTE = 28  # thirty are let in from one address
PEER = {"journeys_per_second": 5.7, "p95_ms": 4700, "sql_per_journey": 75}
Journey = Callable[[Client, Operator, random.Random], None]


@dataclass
class Seen:
    """What the clients of one level saw, in seconds."""

    journeys: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def six_requests(hands: Client, operator: Operator, chance: random.Random) -> None:
    """Queue, invite, begin, create the person, add the service, finish: a request each."""
    hands.call(f"{API}/tickets", {"service": chance.choice(SERVICES)})
    called = hands.call(f"{API}/calls", {"point": operator.point})
    visit = hands.call(f"{API}/tickets/{called['ticket']}/start")["visit"]
    words = hands.call(f"{API}/visits/{visit}/person", somebody(chance))["mandate"]
    hands.call(f"{API}/visits/{visit}/services", _agreed(words))
    hands.call(f"{API}/visits/{visit}/finish")


def two_requests(hands: Client, operator: Operator, chance: random.Random) -> None:
    """Whoever comes while nobody waits: number, call, begin and person; service and finish."""
    come = hands.call(f"{API}/walk-ins", {
        "service": chance.choice(SERVICES), "point": operator.point, "person": somebody(chance),
    })  # fmt: skip
    agreed = _agreed(come["mandate"]) | {"finish": True}
    hands.call(f"{API}/visits/{come['visit']}/services", agreed)


def full(hands: Client, operator: Operator, chance: random.Random) -> None:
    """Our whole transaction on the pages: form, documents, amounts, card, receipt, sending."""
    full_journey(hands, somebody(chance), f"{chance.randrange(10**11, 10**12)}")


JOURNEYS = {"six_requests": six_requests, "two_requests": two_requests, "full_journey": full}


def run(*, clients: list[int], centres: int, seconds: float, workers: int) -> dict[str, Any]:
    """The document that the command prints."""
    with busy_centres(centres=centres, operators=max(clients) + 1) as staff:
        with served(workers=workers, threads=4) as (host, port, process):
            desks = signed_in(host, port, staff[:-1])
            levels = {
                name: [_level(journey, desks[:n], process.pid, seconds) for n in clients]
                for name, journey in JOURNEYS.items()
            }
        for name, journey in JOURNEYS.items():
            requests, statements = _cost(journey, staff[-1])
            for level in levels[name]:
                level |= {"requests_per_journey": requests, "sql_per_journey": statements}
        numbers = _numbers()
    return {
        "peer": PEER, "centres": centres, "seconds": seconds, "web_processes": workers,
        **levels, **numbers,
    }  # fmt: skip


def _agreed(words: dict[str, Any]) -> dict[str, Any]:
    return {
        "service": words["service"], "words": words["words"], "ends": words["ends"],
        "language": words["language"], "method": "card_and_signature", "signature": SIGNATURE,
        "card_seen": True,
    }  # fmt: skip


def signed_in(host: str, port: int, staff: list[Operator]) -> list[tuple[Client, Operator]]:
    """Everybody at a desk; no faster than one address may sign in."""
    desks = []
    for place, operator in enumerate(staff, start=1):
        client = Client(host, port)
        client.sign_in(operator.username, PASSWORD)
        desks.append((client, operator))
        if place % SIGN_INS_A_MINUTE == 0 and place < len(staff):
            time.sleep(61)
    return desks


def _level(
    journey: Journey, desks: list[tuple[Client, Operator]], web: int, seconds: float
) -> dict[str, Any]:
    """One number of clients, each going round and round; figures from after the warm-up."""
    for client, _ in desks:  # what was idle the server has closed
        client.line.close()
        client.connect()
    seen, stop, counting = Seen(), threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_go_round, args=(journey, *desk, len(desks), seen, stop, counting))
        for desk in desks
    ]
    for thread in threads:
        thread.start()
    time.sleep(WARM_UP_SECONDS)
    database = postmaster(Supervisor(settings.SANAD_VAR / "postgres").data)
    counting.set()
    before, began = seconds_used(web, database), time.monotonic()
    web_before = seconds_used(web)
    time.sleep(seconds)
    used, web_used = seconds_used(web, database) - before, seconds_used(web) - web_before
    took = time.monotonic() - began
    done = len(seen.journeys)
    stop.set()
    for thread in threads:
        thread.join()
    return {
        "clients": len(desks),
        "journeys": done,
        "journeys_per_second": round(done / took, 1),
        "ratio_to_peer": round(done / took / PEER["journeys_per_second"], 1),
        "p50_ms": percentile(seen.requests, 50),
        "p95_ms": percentile(seen.requests, 95),
        "journey_p95_ms": percentile(seen.journeys, 95),
        "cpu_ms_per_journey": round(1000 * used / max(done, 1), 1),
        "web_cpu_ms_per_journey": round(1000 * web_used / max(done, 1), 1),
        "failures": seen.failures[:3],
    }


def _go_round(
    journey: Journey, hands: Client, operator: Operator, level: int, seen: Seen,
    stop: threading.Event, counting: threading.Event,
) -> None:  # fmt: skip
    chance = random.Random(f"{journey.__name__} {level} {operator.username}")  # people nobody met
    while not stop.is_set():
        hands.seconds.clear()
        try:
            journey(hands, operator, chance)
        except Exception as error:
            seen.failures.append(repr(error))
            return
        if counting.is_set():
            seen.journeys.append(sum(hands.seconds))
            seen.requests += hands.seconds


def _cost(journey: Journey, operator: Operator) -> tuple[int, int]:
    """Requests and SQL statements of one journey, BEGIN and COMMIT included, the second time."""
    hands, chance = InProcess(operator.account), random.Random(journey.__name__)
    journey(hands, operator, chance)
    hands.requests = 0
    with CaptureQueriesContext(connection) as captured:
        journey(hands, operator, chance)
    return hands.requests, len(captured)


def _numbers() -> dict[str, int]:
    """Tickets whose number was given twice, and numbers that nobody got, over all centres."""
    with as_administrator(url=settings.DATABASE_URL), connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) - count(DISTINCT (centre_id, business_date, "group", number)),'
            " count(*) FROM counter_ticket"
        )
        duplicates, tickets = cursor.fetchone()
        cursor.execute(
            "SELECT coalesce(sum(most - given), 0) FROM (SELECT max(number) AS most,"
            ' count(*) AS given FROM counter_ticket GROUP BY centre_id, business_date, "group") s'
        )
        gaps = int(cursor.fetchone()[0])
    return {"tickets": tickets, "duplicates": duplicates, "gaps": gaps}
