"""Money that a client was told of survives kill -9 of the database and of the workers.

Clients pay and submit over HTTP and try again until they hear; meanwhile PostgreSQL whole, web
workers and the background worker are killed in turn. Afterwards every payment that was acknowledged
is there once, the books add up in every centre and in the whole, receipts have no gaps, and the
entity took each request once. Control: a database that acknowledges before the commit is on disk.
"""

import os
import queue
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
from django.conf import settings
from django.db import connection

from benchmarks.faults.killing import adopt_orphans, kill_a_child, kill_family, postmaster
from benchmarks.load.place import (
    OPENS_AT,
    PASSWORD,
    Operator,
    busy_centres,
    free_port,
    wait_for,
    web_command,
    web_environment,
)
from benchmarks.prove import books, steps
from benchmarks.prove.caller import Caller, Said, signed_in
from benchmarks.prove.report import Control, Report
from sanad.db.scope import acting, system_scope
from sanad.db.supervisor import Supervisor
from sanad.gateway import queries as gateway
from sanad.gateway.tasks import deliver
from sanad.lib import clock
from sanad.lib.ids import new_id

CENTRES, CLIENTS = 3, 4
CASES_A_ROUND = 12
WORKER_KILLS_A_ROUND = 5
CONTROL_CASES, CONTROL_TRIES = 12, 5
PATIENCE_SECONDS = 90
WEB_WORKER_WITHIN_SECONDS = 10
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Told:
    """What the clients were told, and what they could not make out."""

    paid: list[UUID] = field(default_factory=list)
    submitted: list[UUID] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unclear: int = 0
    sent: int = 0


class Database:
    """The scratch server: killed whole, and started again as any process of ours starts it."""

    def __init__(self) -> None:
        self.folder = settings.SANAD_VAR / "postgres"

    def kill(self) -> None:
        kill_family(postmaster(Supervisor(self.folder).data))

    def start(self) -> None:
        with Supervisor(self.folder, settings.SANAD_POSTGRES_BIN).running():
            connection.close()


class Kept:
    """A process that is started again whenever it is not there, as `bin/sanad serve` does it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.command, self.environment = command, environment
        self.process: subprocess.Popen[bytes] | None = None

    def ensure(self) -> int:
        """Running; its number."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        return self.process.pid

    def kill(self) -> None:
        if self.process is not None:
            kill_family(self.process.pid)
            self.process.wait()


def run(*, rounds: int, seed: int) -> Report:
    """`rounds` kills of the database, five times as many of workers."""
    chance = random.Random(seed)
    report = Report("kill9", seed, Control("synchronous_commit, so a commit is told before disk"))
    adopt_orphans()
    database, told = Database(), Told()
    with busy_centres(centres=CENTRES, operators=CLIENTS) as staff:
        cases = [steps.ready(staff[n % CLIENTS], n) for n in range(rounds * CASES_A_ROUND)]
        more = [
            steps.ready(staff[n % CLIENTS], len(cases) + n)
            for n in range(CONTROL_CASES * CONTROL_TRIES)
        ]
        with _sandbox() as entity, _kept() as (host, port, web, background):
            steps.entity_listens(*_listens(entity))
            hands = {o.username: _hands(host, port, o) for o in staff}
            killed = _break(cases, rounds, chance, database, background, web, hands, told)
            background.kill()
            _deliver_the_rest()
            _count(report, told, cases, entity)
            report.faults = killed
            report.control.found = _acknowledged_too_early(more, database, web, hands)
    report.more = {"acknowledged_payments": len(told.paid), "unclear_answers": told.unclear}
    return report


@contextmanager
def _kept() -> Iterator[tuple[str, int, Kept, Kept]]:
    """Web and background work, kept running: host, port, and both."""
    port = free_port()
    environment = web_environment(port)
    # Who is killed so often must not be taken for broken.
    command = [*web_command(port, workers=2, threads=4), "--respawn-interval", "0.2"]
    web = Kept(command, environment)
    background = Kept([sys.executable, "-m", "sanad", "worker"], environment)
    try:
        web.ensure()
        wait_for("127.0.0.1", port)
        yield "127.0.0.1", port, web, background
    finally:
        web.kill()
        background.kill()


# -- the clients ----------------------------------------------------------------------------------


def _hands(host: str, port: int, operator: Operator) -> Caller:
    return Caller(host, port, signed_in(host, port, operator.username, PASSWORD))


def _client(work: "queue.Queue[steps.Ready | None]", hands: dict[str, Caller], told: Told) -> None:
    """Takes a request, pays and submits it, each until it hears; until there is no more."""
    while (one := work.get()) is not None:
        payment, caller = new_id(), hands[one.operator.username]
        paid = _until_clear(told, lambda c=caller, o=one, p=payment: _pay(c, o, p))
        if not paid.is_done:
            told.refused.append(f"payment: {paid.status} {paid.body[:120]!r}")
            continue
        told.paid.append(payment)
        before = told.unclear
        sent = _until_clear(told, lambda c=caller, o=one: c.form(f"/desk/cases/{o.case}/submit/"))
        # After a broken line "it was sent already" is the answer that was hoped for.
        if sent.is_done or (sent.status == 409 and told.unclear > before):
            told.submitted.append(one.case)
        else:
            told.refused.append(f"submit: {sent.status} {sent.body[:120]!r}")


def _pay(caller: Caller, one: steps.Ready, payment: UUID) -> Said | None:
    return caller.form(
        f"/desk/cases/{one.case}/pay/", payment=str(payment), quote=str(one.quote), means="card",
        card_reference=steps.slip(payment),
    )  # fmt: skip


def _until_clear(told: Told, send) -> Said:  # type: ignore[no-untyped-def]
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        told.sent += 1
        said = send()
        if said is not None and said.is_clear:
            return said
        told.unclear += 1
        time.sleep(0.05)
    return Said(0, b"nobody answered")


# -- the killing ----------------------------------------------------------------------------------


def _break(
    cases: list[steps.Ready], rounds: int, chance: random.Random, database: Database,
    background: Kept, web: Kept, hands: dict[str, Caller], told: Told,
) -> Counter[str]:  # fmt: skip
    """Rounds of work, and what was killed in them."""
    killed: Counter[str] = Counter()
    work: queue.Queue[steps.Ready | None] = queue.Queue()
    clients = [threading.Thread(target=_client, args=(work, hands, told)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(rounds):
        background.ensure()
        for one in cases[number * CASES_A_ROUND : (number + 1) * CASES_A_ROUND]:
            work.put(one)
        for turn in range(WORKER_KILLS_A_ROUND):
            time.sleep(chance.uniform(0.02, 0.25))
            if turn == WORKER_KILLS_A_ROUND // 2:
                database.kill()
                killed["database"] += 1
                time.sleep(chance.uniform(0, 0.1))
                database.start()
            _kill_a_worker(turn, chance, background, web, killed)
    for _ in clients:
        work.put(None)
    while any(client.is_alive() for client in clients):
        web.ensure()  # who died too often gave up
        time.sleep(0.2)
    return killed


def _kill_a_worker(
    turn: int, chance: random.Random, background: Kept, web: Kept, killed: Counter[str]
) -> None:
    """The background worker at the first turn of a round, a web worker at the others."""
    if turn == WORKER_KILLS_A_ROUND - 1:
        background.kill()
        background.ensure()
        killed["background worker"] += 1
    elif _kill_a_web_worker(web, chance):
        killed["web worker"] += 1


def _kill_a_web_worker(web: Kept, chance: random.Random) -> bool:
    """One of the two, waiting for one where both were killed just now."""
    ends = time.monotonic() + WEB_WORKER_WITHIN_SECONDS
    while time.monotonic() < ends:
        if kill_a_child(web.ensure(), chance.randrange(2)):
            return True
        time.sleep(0.05)
    return False


# -- the entity -----------------------------------------------------------------------------------


@contextmanager
def _sandbox() -> Iterator[httpx.Client]:
    """The stand-in, in a folder of the scratch server's; it decides nothing."""
    port = free_port()
    command = [
        sys.executable, "-m", "sandbox", "--port", str(port), "--mode", "manual",
        "--data", str(settings.SANAD_VAR / "sandbox"), "--callback", "http://127.0.0.1:9",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            _wait_for(client)
            yield client
    finally:
        process.terminate()
        process.wait()


def _wait_for(client: httpx.Client) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return


def _listens(entity: httpx.Client) -> tuple[str, bytes]:
    import base64

    path = f"/entities/{steps.ENTITY_CODE}"
    key = entity.get(f"{path}/key").raise_for_status().json()["public_key"]
    return f"{str(entity.base_url).rstrip('/')}{path}", base64.b64decode(key)


def _deliver_the_rest() -> None:
    """What the worker does with claims that killed workers left, minutes later on its clock."""
    for minutes in range(10, 200, 20):
        at = OPENS_AT + timedelta(minutes=minutes)
        os.environ[clock.OFFSET_VARIABLE] = str(clock.offset_to(at).total_seconds())
        with acting(system_scope()):
            due = gateway.due(at=clock.now())
        if not due:
            return
        for delivery, centre in due:
            deliver.func(delivery=str(delivery), centre=centre)


def _count(report: Report, told: Told, cases: list[steps.Ready], entity: httpx.Client) -> None:
    report.attempts = told.sent
    report.wrong += told.refused + books.wrongs()
    report.lost = books.missing_payments(told.paid)
    sent = books.rows("SELECT case_id, state FROM gateway_delivery")
    found = {case for case, _ in sent}
    report.lost += sum(case not in found for case in told.submitted)
    report.lost += sum(state != "acknowledged" for _, state in sent)
    counts = entity.get("/control/counts").json()
    accepted = sum(one["accepted"] for one in counts.values())
    report.lost += max(len(cases) - accepted, 0)
    report.doubled = books.charged_twice() + len(sent) - len(found)
    report.doubled += max(accepted - len(found), 0)


# -- control --------------------------------------------------------------------------------------


def _acknowledged_too_early(
    cases: list[steps.Ready], database: Database, web: Kept, hands: dict[str, Caller]
) -> int:
    """Payments that clients were told of and that are gone, without `synchronous_commit`."""
    name = connection.settings_dict["NAME"]
    books.rows(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    books.rows("ALTER SYSTEM SET wal_writer_delay = '10s'")
    for turn in range(CONTROL_TRIES):
        database.kill()  # who is connected comes back with the new settings
        database.start()
        web.ensure()
        told = Told()
        for one in cases[turn * CONTROL_CASES : (turn + 1) * CONTROL_CASES]:
            payment, caller = new_id(), hands[one.operator.username]
            if _until_clear(told, lambda c=caller, o=one, p=payment: _pay(c, o, p)).is_done:
                told.paid.append(payment)
        database.kill()
        database.start()
        if found := books.missing_payments(told.paid):
            return found
    return 0
