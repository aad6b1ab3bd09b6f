"""The six business steps of a counter over real HTTP, by signed-in operators.

    bin/sanad bench counter --clients 1,4,16,32 --centres 4

The steps are those that were measured on The Q of Service BC (create person, add service, queue,
invite, begin, finish; 5.7 journeys a second at 16 clients on two cores, p95 4.7 s, 75 statements,
13 % duplicate numbers). Here once as six requests, and once in as few as the design allows: two.
"""

import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client as InProcess
from django.test.utils import CaptureQueriesContext

from benchmarks.load.client import Client
from benchmarks.load.place import PASSWORD, Operator, busy_centres, served
from benchmarks.load.processors import seconds_used
from sanad.db.connect import as_administrator
from sanad.db.supervisor import Supervisor

SERVICES = ("moh-renew-resident-work-card", "occi-renew-membership", "mol-employment-contract")
SIGNATURE = " ".join(f"{x},{x % 40}" for x in range(40))
API = "/api/counter/v1"
WARM_UP_SECONDS = 2.0
PEER = {"journeys_per_second": 5.7, "p95_ms": 4700, "sql_per_journey": 75}
Call = Callable[[str, dict[str, Any]], Any]


@dataclass
class Seen:
    """What the clients of one level saw, in seconds."""

    journeys: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def six_requests(call: Call, operator: Operator, person: dict[str, str], service: str) -> None:
    """Queue, invite, begin, create the person, add the service, finish: a request each."""
    call(f"{API}/tickets", {"service": service})
    called = call(f"{API}/calls", {"point": operator.point})
    visit = call(f"{API}/tickets/{called['ticket']}/start", {})["visit"]
    words = call(f"{API}/visits/{visit}/person", person)["mandate"]
    call(f"{API}/visits/{visit}/services", _agreed(words))
    call(f"{API}/visits/{visit}/finish", {})


def two_requests(call: Call, operator: Operator, person: dict[str, str], service: str) -> None:
    """Whoever comes while nobody waits: number, call, begin and person; service and finish."""
    come = call(f"{API}/walk-ins", {"service": service, "point": operator.point, "person": person})
    call(f"{API}/visits/{come['visit']}/services", _agreed(come["mandate"]) | {"finish": True})


def run(*, clients: list[int], centres: int, seconds: float, workers: int) -> dict[str, Any]:
    """The document that the command prints."""
    journeys = {"six_requests": six_requests, "two_requests": two_requests}
    with busy_centres(centres=centres, operators=max(clients) + 1) as staff:
        with served(workers=workers, threads=4) as (host, port, process):
            hands = [_signed_in(host, port, operator) for operator in staff[:-1]]
            levels = {
                name: [
                    _level(journey, list(zip(hands, staff, strict=False))[:n], process.pid, seconds)
                    for n in clients
                ]
                for name, journey in journeys.items()
            }
        statements = {name: _statements(journey, staff[-1]) for name, journey in journeys.items()}
        numbers = _numbers()
    for name, found in levels.items():
        for level in found:
            level["sql_per_journey"] = statements[name]
    return {
        "peer": PEER, "centres": centres, "seconds": seconds, "web_processes": workers,
        "requests_per_journey": {"six_requests": 6, "two_requests": 2}, **levels, **numbers,
    }  # fmt: skip


def _agreed(words: dict[str, Any]) -> dict[str, Any]:
    return {
        "service": words["service"], "words": words["words"], "ends": words["ends"],
        "language": words["language"], "method": "card_and_signature", "signature": SIGNATURE,
        "card_seen": True,
    }  # fmt: skip


def _signed_in(host: str, port: int, operator: Operator) -> Client:
    client = Client(host, port)
    client.sign_in(operator.username, PASSWORD)
    return client


def _level(
    journey: Any, hands: list[tuple[Client, Operator]], web: int, seconds: float
) -> dict[str, Any]:
    """One number of clients, each going round and round; figures from after the warm-up."""
    seen, stop, counting = Seen(), threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_go_round, args=(journey, client, operator, seen, stop, counting))
        for client, operator in hands
    ]
    for thread in threads:
        thread.start()
    time.sleep(WARM_UP_SECONDS)
    database = _database_process()
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
        "clients": len(hands),
        "journeys": done,
        "journeys_per_second": round(done / took, 1),
        "ratio_to_peer": round(done / took / PEER["journeys_per_second"], 1),
        "p50_ms": _percentile(seen.requests, 50),
        "p95_ms": _percentile(seen.requests, 95),
        "journey_p95_ms": _percentile(seen.journeys, 95),
        "cpu_ms_per_journey": round(1000 * used / max(done, 1), 1),
        "web_cpu_ms_per_journey": round(1000 * web_used / max(done, 1), 1),
        "failures": seen.failures[:3],
    }


def _go_round(
    journey: Any, client: Client, operator: Operator, seen: Seen, stop: threading.Event,
    counting: threading.Event,
) -> None:  # fmt: skip
    chance = random.Random(operator.username)
    times: list[float] = []

    def call(path: str, document: dict[str, Any]) -> Any:
        began = time.perf_counter()
        answer = client.call(path, document)
        times.append(time.perf_counter() - began)
        return answer

    while not stop.is_set():
        times.clear()
        try:
            journey(call, operator, _person(chance), chance.choice(SERVICES))
        except Exception as error:
            seen.failures.append(repr(error))
            return
        if counting.is_set():
            seen.journeys.append(sum(times))
            seen.requests += times


def _person(chance: random.Random) -> dict[str, str]:
    """Somebody new: a made-up civil number of eight digits."""
    number = f"{chance.randrange(10_000_000, 100_000_000)}"
    return {"key": number, "name_ar": "شخص القياس", "name_en": "Benchmark Person",
            "phone": f"9{number[1:]}", "language": "en"}  # fmt: skip


def _statements(journey: Any, operator: Operator) -> int:
    """SQL statements of one journey, BEGIN and COMMIT included, the second time round."""
    host = settings.ALLOWED_HOSTS[0]
    client = InProcess(enforce_csrf_checks=False, HTTP_HOST=host)
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(id=operator.account))

    def call(path: str, document: dict[str, Any]) -> Any:
        answer = client.post(path, document, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    chance = random.Random(1)
    journey(call, operator, _person(chance), SERVICES[0])
    with CaptureQueriesContext(connection) as captured:
        journey(call, operator, _person(chance), SERVICES[0])
    return len(captured)


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


def _database_process() -> int:
    """The parent of our PostgreSQL's processes."""
    file = Supervisor(settings.SANAD_VAR / "postgres").data / "postmaster.pid"
    return int(file.read_text().splitlines()[0])


def _percentile(seconds: list[float], which: int) -> float:
    if len(seconds) < 2:
        return 0.0
    return round(1000 * statistics.quantiles(seconds, n=100)[which - 1], 1)
