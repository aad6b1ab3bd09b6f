"""A portal that is down for hours: nothing lost, nothing twice, in order, within its limit.

On a virtual clock: the line's own verbs are told the time, and nobody sleeps. Requests are handed
over while the portal is down; when it is back it takes one a second, answers "too many" beyond
that, loses some of its acknowledgements, and somebody forges a few. Control: a client whose key is
new at every try and that does not mind the order.
"""

import heapq
import json
import random
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.load.place import OPENS_AT, busy_centres
from benchmarks.prove import books, steps
from benchmarks.prove.report import Control, Report
from sanad.db.scope import acting, centre_scope, national_scope, system_scope
from sanad.gateway import actions as gateway
from sanad.gateway import outages, portals
from sanad.gateway.actions import Outcome

CENTRES, OPERATORS = 3, 6
A_SECOND = 1  # what the portal takes
LOST_ANSWERS, FORGED = 0.2, 0.05
PEOPLE = 0.6  # so many people as a share of the requests: some have several
HANDED_OVER_WITHIN = timedelta(minutes=30)
# Who waits behind an earlier request is looked at each minute in service; more seldom here while
# nothing can come of it.
LOOKED_AT_EVERY, LOOKED_AT_WHEN_BACK = timedelta(minutes=10), timedelta(minutes=1)
TOLD_WITHIN = timedelta(seconds=60)
DRAINED_WITHIN = timedelta(hours=1)


@dataclass
class Portal:
    """An entity's system that keeps count. Each key is a request of its own to it."""

    chance: random.Random
    back_at: datetime
    injected: Counter[str] = field(default_factory=Counter)
    taken: dict[str, UUID] = field(default_factory=dict)  # key -> request
    order: list[tuple[UUID, UUID]] = field(default_factory=list)  # person and request, as taken
    seconds: Counter[datetime] = field(default_factory=Counter)
    signs_with: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def call(
        self, at: datetime, *, key: str, request: UUID, person: UUID, sha256: bytes = b""
    ) -> Outcome:
        if at < self.back_at:
            kind = self.chance.choice(["down", "silent"])
            self.injected[kind] += 1
            return Outcome(503, 5, retry_after_seconds=5) if kind == "down" else Outcome(None, 20)
        second = at.replace(microsecond=0)
        if self.seconds[second] >= A_SECOND:
            self.injected["too_many"] += 1
            return Outcome(429, 1, retry_after_seconds=self.chance.randint(1, 9))
        self.seconds[second] += 1
        if key not in self.taken:
            self.taken[key] = request
            self.order.append((person, request))
        if self.chance.random() < LOST_ANSWERS:
            self.injected["answer_lost"] += 1
            return Outcome(None, 20_000)
        forged = self.chance.random() < FORGED
        self.injected["forged_acknowledgement"] += forged
        signs = Ed25519PrivateKey.generate() if forged else self.signs_with
        receipt = f"R-{len(self.taken)}"
        return Outcome(202, 40, receipt, document=_signed(signs, request, sha256, receipt))

    def doubled(self) -> int:
        """Requests that it took more than once."""
        return sum(n - 1 for n in Counter(self.taken.values()).values())

    def out_of_order(self, made: dict[UUID, datetime]) -> int:
        """Requests that it took after a later one of the same person."""
        newest: dict[UUID, datetime] = {}
        wrong = 0
        for person, request in self.order:
            wrong += made[request] < newest.get(person, made[request])
            newest[person] = max(made[request], newest.get(person, made[request]))
        return wrong


@dataclass
class Line:
    """What the simulated worker saw."""

    tries: int = 0
    first_failure: datetime | None = None
    told_at: datetime | None = None
    drained_at: datetime | None = None


def run(*, rounds: int, seed: int, days: float = 1 / 3) -> Report:
    """`rounds` requests and a portal that is down for `days`."""
    report = Report("portal-down", seed, Control("one key a request, and the order"))
    with busy_centres(centres=CENTRES, operators=OPERATORS) as staff:
        people = max(int(rounds * PEOPLE), 1)
        apart = HANDED_OVER_WITHIN / rounds
        made: dict[UUID, tuple[datetime, int, UUID]] = {}
        for n in range(rounds):
            one = steps.ready(staff[n % OPERATORS], n % people, at=OPENS_AT + n * apart)
            steps.pay(one)
            made[steps.submit(one)] = (one.at, one.operator.centre, one.person)
        portal = Portal(random.Random(seed), OPENS_AT + timedelta(days=days))
        key = portal.signs_with.public_key().public_bytes_raw()
        steps.entity_listens("http://entity.invalid", key)
        line = _drain(portal, made)
        _count(report, portal, line, made)
    report.control.found = _without_key_and_order(seed)
    return report


def _drain(portal: Portal, made: dict[UUID, tuple[datetime, int, UUID]]) -> Line:
    """The worker on a virtual clock, until every request was taken or it gives up."""
    line = Line()
    waiting = [(at, request) for request, (at, _, _) in made.items()]
    heapq.heapify(waiting)
    gives_up = portal.back_at + 2 * DRAINED_WITHIN
    while waiting and waiting[0][0] < gives_up:
        at, request = heapq.heappop(waiting)
        _, centre, person = made[request]
        with acting(centre_scope(centre)):
            claimed = gateway.claim(delivery=request, at=at)
        if claimed is None:
            look = LOOKED_AT_EVERY if at < portal.back_at else LOOKED_AT_WHEN_BACK
            heapq.heappush(waiting, (at + look, request))
            continue
        line.tries += 1
        key = claimed.headers["Idempotency-Key"]
        outcome = portal.call(at, key=key, request=request, person=person, sha256=claimed.sha256)
        with acting(centre_scope(centre)):
            gateway.conclude(claimed=claimed, outcome=outcome, at=at)
        _watch(line, at, is_failure=outcome.status in (None, 503))
        state, next_try = _stands(request)
        if state == "acknowledged":
            line.drained_at = at
        else:
            heapq.heappush(waiting, (next_try, request))
    return line


def _watch(line: Line, at: datetime, *, is_failure: bool) -> None:
    """As the worker does after each try; and what somebody at a counter would see."""
    with acting(system_scope()):
        outages.watch(entity=steps.ENTITY, at=at)
    if line.first_failure is None and is_failure:
        line.first_failure = at
    if line.told_at is None:
        with acting(national_scope()):
            state = portals.portal_of(steps.ENTITY, at).state
        line.told_at = at if state == portals.DOWN else None


def _stands(request: UUID) -> tuple[str, datetime]:
    with acting(system_scope()):
        found = gateway.Delivery.objects.values_list("state", "next_try_at").get(id=request)
    return str(found[0]), found[1]


def _signed(key: Ed25519PrivateKey, request: UUID, sha256: bytes, receipt: str) -> dict[str, str]:
    """An acknowledgement as docs/sandbox.md has it."""
    document = {
        "request_id": str(request), "receipt_no": receipt, "request_sha256": sha256.hex()
    }  # fmt: skip
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return document | {"signature": b64encode(key.sign(text.encode())).decode()}


def _count(
    report: Report, portal: Portal, line: Line, made: dict[UUID, tuple[datetime, int, UUID]]
) -> None:
    report.attempts, report.faults = line.tries, portal.injected
    states = dict(books.rows("SELECT state, count(*) FROM gateway_delivery GROUP BY 1"))
    report.lost = len(made) - len(set(portal.taken.values()))
    report.lost += len(made) - states.get("acknowledged", 0)
    report.doubled = portal.doubled()
    if wrong := portal.out_of_order({request: at for request, (at, _, _) in made.items()}):
        report.wrong.append(f"{wrong} requests overtook an earlier one of the same person")
    told = _seconds(line.told_at, line.first_failure)
    if told is None or told > TOLD_WITHIN.total_seconds():
        report.wrong.append(f"the counters were told after {told} seconds")
    drained = _seconds(line.drained_at, portal.back_at)
    if drained is None or drained > DRAINED_WITHIN.total_seconds():
        report.wrong.append(f"the line was empty {drained} seconds after the portal was back")
    state = portals.DOWN
    if line.drained_at is not None:
        with acting(national_scope()):
            state = portals.portal_of(steps.ENTITY, line.drained_at).state
    if state == portals.DOWN:
        report.wrong.append("the portal is still said to be down")
    report.wrong += books.wrongs()
    report.more = {
        "requests": len(made), "told_after_seconds": told, "drained_after_seconds": drained,
        "most_taken_in_a_second": max(portal.seconds.values(), default=0),
    }  # fmt: skip


def _seconds(end: datetime | None, start: datetime | None) -> int | None:
    return None if end is None or start is None else round((end - start).total_seconds())


def _without_key_and_order(seed: int) -> int:
    """What a client finds that sends each try as a new request, in any order."""
    chance = random.Random(seed)
    portal = Portal(chance, OPENS_AT)
    people = [UUID(int=n) for n in range(1, 11)]
    requests = {UUID(int=100 + n): OPENS_AT + timedelta(seconds=n) for n in range(40)}
    at = OPENS_AT
    for request in chance.sample(list(requests), len(requests)):
        person = people[request.int % len(people)]
        outcome = Outcome(None, 0)
        while outcome.status != 202:
            at += timedelta(seconds=1)
            key = str(chance.getrandbits(64))
            outcome = portal.call(at, key=key, request=request, person=person)
    return portal.doubled() + portal.out_of_order(requests)
