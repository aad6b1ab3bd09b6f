"""A call that is sent again happens once, though the line drops the answer after the commit.

Payments by their client-made id, tickets by their `Idempotency-Key`, entities' answers by their
`answer_id`. Each is sent 1 to 6 times, some twice at the same moment, and then until a clear answer
came; afterwards the same id with another body has to be refused. Control: tickets without a key.
"""

import base64
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.faults.proxy import Proxy
from benchmarks.load.place import OPENS_AT, PASSWORD, Operator, busy_centres, served
from benchmarks.prove import books, steps
from benchmarks.prove.caller import Caller, Said, signed_in
from benchmarks.prove.report import Control, Report
from sanad.db.scope import acting, centre_scope
from sanad.gateway import actions as gateway
from sanad.lib.ids import new_id

CLIENTS, CENTRES = 6, 3
MOST_SENDS = 6
GIVE_UP_AFTER = 60
LEAST_DROPPED_SHARE = 0.15
TICKETS, ANSWERS = "/api/counter/v1/tickets", "/api/entity/v1/answers"
Send = Callable[[], Said | None]


class Operation:
    """One thing that has to happen once, the same thing again, and another under its id."""

    def __init__(self, kind: str, send: Send, other: Send | None) -> None:
        self.kind, self.send, self.other = kind, send, other
        self.sent = 0
        self.said: list[Said] = []
        self.other_was_taken = False

    def go(self, chance: random.Random) -> None:
        times = chance.randint(1, MOST_SENDS)
        if times > 1 and chance.random() < 0.2:
            with ThreadPoolExecutor(2) as both:
                list(both.map(lambda _: self._once(), range(2)))
        while self.sent < times or (not self.said and self.sent < GIVE_UP_AFTER):
            self._once()
        for _ in range(GIVE_UP_AFTER if self.other else 0):
            assert self.other is not None
            said = self.other()
            if said is not None and said.is_clear:
                self.other_was_taken = said.is_done
                break

    def _once(self) -> None:
        self.sent += 1
        said = self.send()
        if said is not None and said.is_clear:
            self.said.append(said)

    @property
    def problem(self) -> str:
        """What a client would complain about; empty where it is content."""
        if not self.said:
            return f"{self.kind}: no clear answer"
        if bad := [said for said in self.said if not said.is_done]:
            return f"{self.kind}: {bad[0].status} {bad[0].body[:200]!r}"
        if self.kind == "ticket" and len({said.json()["ticket"] for said in self.said}) > 1:
            return "ticket: the same call got two numbers"
        return f"{self.kind}: the same id with another body was taken" * self.other_was_taken


def run(*, rounds: int, seed: int) -> Report:
    """`rounds` operations, a third of each kind."""
    chance = random.Random(seed)
    report = Report("retries", seed, Control("tickets without an Idempotency-Key"))
    third = max(rounds // 3, 1)
    with busy_centres(centres=CENTRES, operators=CLIENTS) as staff:
        key = Ed25519PrivateKey.generate()
        steps.entity_listens("http://entity.invalid", key.public_key().public_bytes_raw())
        unpaid = [steps.ready(staff[n % CLIENTS], n) for n in range(third)]
        sent = [_sent(staff[n % CLIENTS], third + n) for n in range(third)]
        with (
            served(workers=2, threads=4, quiet=True) as (host, port, _),
            Proxy(host, port, seed=seed).running() as proxy,
        ):
            hands = {
                o.username: Caller(host, proxy.port, signed_in(host, port, o.username, PASSWORD))
                for o in staff
            }
            payments = {new_id(): one for one in unpaid}
            keyed = rounds - 2 * third
            work = [_payment(hands[one.operator.username], key_, one, chance)
                    for key_, one in payments.items()]  # fmt: skip
            work += [_ticket(hands[staff[n % CLIENTS].username], chance) for n in range(keyed)]
            work += [_answer(Caller(host, proxy.port, {}), key, case) for case in sent]
            chance.shuffle(work)
            _at_once(work, seed)
            tickets = int(books.one("SELECT count(*) FROM counter_ticket"))
            bare = [_ticket(hands[o.username], chance, keyless=True) for o in staff * 5]
            _at_once(bare, seed + 1)
        _apply_answers()
        _count(report, work, payments, sent, tickets=tickets, keyed=keyed)
        more = int(books.one("SELECT count(*) FROM counter_ticket")) - tickets
        report.control.found = more - len(bare)
        report.faults = proxy.injected
    dropped = sum(proxy.injected[kind] for kind in ("drop_after", "reset", "half_close"))
    share = dropped / max(proxy.injected.total(), 1)
    report.more = {"operations": len(work), "dropped_after_commit_share": round(share, 3)}
    if share < LEAST_DROPPED_SHARE:
        report.wrong.append(f"only {share:.0%} of the answers were dropped after the commit")
    return report


def _count(
    report: Report, work: list[Operation], payments: dict[UUID, Any], sent: list[Any], *,
    tickets: int, keyed: int,
) -> None:  # fmt: skip
    report.attempts = sum(one.sent for one in work)
    report.wrong += [problem for one in work if (problem := one.problem)]
    report.wrong += books.wrongs()
    decided = dict(books.rows(
        "SELECT case_id, count(*) FROM eventlog_event WHERE kind = 'case.decided' GROUP BY 1"
    ))  # fmt: skip
    times = [decided.get(one.case, 0) for one, _ in sent]
    report.lost = books.missing_payments(payments)
    report.lost += max(keyed - tickets, 0) + times.count(0)
    report.doubled = books.charged_twice() + max(tickets - keyed, 0)
    report.doubled += sum(n - 1 for n in times if n > 1)


def _at_once(work: list[Operation], seed: int) -> None:
    def go(pair: tuple[int, Operation]) -> None:
        number, one = pair
        one.go(random.Random(f"{seed}-{number}"))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(go, enumerate(work)))


def _payment(caller: Caller, payment: UUID, one: steps.Ready, chance: random.Random) -> Operation:
    path = f"/desk/cases/{one.case}/pay/"
    asked = {"payment": str(payment), "quote": str(one.quote), "means": "card"}
    return Operation(
        "payment",
        lambda: caller.form(path, **asked, card_reference=steps.slip(payment)),
        lambda: caller.form(path, **asked, card_reference=steps.slip(new_id())),
    )


def _ticket(caller: Caller, chance: random.Random, *, keyless: bool = False) -> Operation:
    group, other = chance.sample("ABC", 2)
    if keyless:
        return Operation("bare", lambda: caller.call(TICKETS, {"group": group}), None)
    key = str(new_id())
    return Operation(
        "ticket",
        lambda: caller.call(TICKETS, {"group": group}, Idempotency_Key=key),
        lambda: caller.call(TICKETS, {"group": other}, Idempotency_Key=key),
    )


def _answer(caller: Caller, key: Ed25519PrivateKey, sent: tuple[steps.Ready, UUID]) -> Operation:
    document = {
        "answer_id": str(new_id()), "request_id": str(sent[1]), "kind": "approved",
        "reason": {"ar": "تمت الموافقة", "en": "Approved"}, "fields": [],
        "decided_at": OPENS_AT.isoformat(),
    }  # fmt: skip

    def send(body: dict[str, Any]) -> Said | None:
        raw = json.dumps(body).encode()
        signature = base64.b64encode(key.sign(raw)).decode()
        return caller.send(ANSWERS, raw, {
            "Content-Type": "application/json", "X-Entity-Code": steps.ENTITY_CODE,
            "X-Entity-Signature": signature,
        })  # fmt: skip

    return Operation(
        "answer", lambda: send(document), lambda: send(document | {"kind": "rejected"})
    )


def _sent(operator: Operator, number: int) -> tuple[steps.Ready, UUID]:
    one = steps.ready(operator, number)
    steps.pay(one)
    return one, steps.submit(one)


def _apply_answers() -> None:
    """What the worker does with each answer, twice: the second time nothing happens."""
    for answer, centre in books.rows("SELECT id, centre_id FROM gateway_answer") * 2:
        with acting(centre_scope(centre)):
            gateway.apply_answer(answer=answer, at=OPENS_AT)
