"""Nothing above the published charge can be posted: not by a screen, the API, or SQL.

SQL goes as the role that serves a centre, with everything a thief in the program could write.
Control: with the CHECK dropped in the scratch database the same posting goes through.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection, transaction

from benchmarks.load.place import OPENS_AT, PASSWORD, Operator, busy_centres, served
from benchmarks.prove import books, steps
from benchmarks.prove.caller import Caller, Said, signed_in
from benchmarks.prove.report import Control, Report
from sanad.catalogue import queries as catalogue
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id

CENTRES, OPERATORS = 2, 4
BY_SQL, BY_SCREEN = 0.8, 0.15  # shares of the attempts; the API has the rest
CASES = 24  # the screens' attempts go round on these
MOST_BAISA = 10**6
WALK_IN, VISITS = "/api/counter/v1/walk-ins", "/api/counter/v1/visits"
NOWHERE = ("/api/counter/v1/payments", "/api/counter/v1/quotes", "/api/counter/v1/transfers")
SIGNATURE = " ".join(f"{x},{x % 40}" for x in range(40))
CHECK = "transfer_below_cap"
INSERT = """
INSERT INTO till_transfer (id, centre_id, debit, credit, baisa, kind, at, case_id, stage, round,
    fee_line_id, cap_baisa, units)
VALUES (%(id)s, %(centre)s, 'drawer', 'earned', %(baisa)s, %(kind)s, %(at)s, %(case)s, %(stage)s,
    %(round)s, %(fee_line)s, %(cap)s, %(units)s)
"""
# What was charged above the list: postings, charges of a quote, and the ceiling of a mandate.
ABOVE = """
SELECT (SELECT count(*) FROM till_transfer WHERE credit = 'earned' AND baisa > %(charge)s)
     + (SELECT count(*) FROM (SELECT case_id FROM till_transfer WHERE credit = 'earned'
                              GROUP BY 1 HAVING sum(baisa) > %(charge)s) s)
     + (SELECT count(*) FROM till_quote WHERE centre_baisa > %(charge)s)
     + (SELECT count(*) FROM beneficiaries_mandate
        WHERE ceiling_baisa NOT IN (%(total)s, %(walked)s))
"""
Posting = dict[str, Any]
Way = Callable[[random.Random, Posting], Posting]


def run(*, rounds: int, seed: int) -> Report:
    """`rounds` attempts."""
    chance = random.Random(seed)
    report = Report("fee-cap", seed, Control(f"the CHECK {CHECK}"), attempts=rounds)
    by_sql, by_screen = int(rounds * BY_SQL), int(rounds * BY_SCREEN)
    tried: Counter[str] = Counter()
    with busy_centres(centres=CENTRES, operators=OPERATORS) as staff:
        cases = [steps.ready(staff[n % OPERATORS], n) for n in range(CASES)]
        charge = _published(cases[0])["cap"]
        for _ in range(by_sql):
            one = chance.choice(cases)
            report.leaked += _forge(one, cases[0], chance, tried)
        with served(workers=2, threads=4, quiet=True) as (host, port, _):
            hands = {o.username: _hands(host, port, o) for o in staff}
            for _ in range(by_screen):
                one = chance.choice(cases)
                _on_screen(hands[one.operator.username], one, chance, tried)
            _by_api(hands, staff, rounds - by_sql - by_screen, chance, tried)
        facts = {"charge": charge, "total": steps.TOTAL_BAISA, "walked": steps.CEILING_BAISA}
        report.leaked += int(books.one(ABOVE, facts))
        report.wrong += books.wrongs()
        report.control.found = _without_check(steps.ready(staff[0], CASES), facts)
    report.faults = tried
    return report


def _hands(host: str, port: int, operator: Operator) -> Caller:
    return Caller(host, port, signed_in(host, port, operator.username, PASSWORD))


# -- SQL ------------------------------------------------------------------------------------------

WAYS: dict[str, Way] = {
    "above the cap": lambda r, p: {"baisa": p["cap"] + r.randint(1, MOST_BAISA)},
    "forged cap": lambda r, p: {
        "cap": (forged := p["cap"] + r.randint(1, MOST_BAISA)), "baisa": forged,
    },
    "several units": lambda r, p: {"units": (n := r.randint(2, 30_000)), "baisa": p["cap"] * n},
    "a second round": lambda r, p: {"round": r.randint(2, 9)},
    "another stage": lambda r, p: {"stage": r.choice(["pay", "accept", "resend", ""])},
    "another kind": lambda r, p: {"kind": r.choice(["vat", "float", "refund", ""])},
    "without a line": lambda r, p: {"fee_line": None, "cap": r.choice([None, 10**9])},
    "without a cap": lambda r, p: {"cap": None, "baisa": r.randint(1, 10**9)},
    "without a case": lambda r, p: {"case": None},
    "no such case": lambda r, p: {"case": uuid4()},
    "another centre's books": lambda r, p: {"centre": p["centre"] % CENTRES + 1},
}  # fmt: skip


def _published(one: steps.Ready) -> Posting:
    """A posting that would be right."""
    with steps.scope_of(one.operator):
        line = catalogue.service(steps.SERVICE, business_date(OPENS_AT)).fee_lines["submit"]
    return {
        "id": new_id(), "centre": one.operator.centre, "baisa": line.baisa, "kind": "centre_charge",
        "at": OPENS_AT, "case": one.case, "stage": "submit", "round": 1, "fee_line": line.id,
        "cap": line.baisa, "units": 1,
    }  # fmt: skip


def _forge(
    one: steps.Ready, other: steps.Ready, chance: random.Random, tried: Counter[str]
) -> bool:
    """Whether the database took a forged posting; it is given back either way."""
    way = chance.choice(list(WAYS))
    tried[f"SQL: {way}"] += 1
    right = _published(one)
    return _post(one, right | WAYS[way](chance, right), keep=False)


def _post(one: steps.Ready, posting: Posting, *, keep: bool) -> bool:
    try:
        with steps.scope_of(one.operator):
            with connection.cursor() as cursor:
                cursor.execute(INSERT, posting)
            transaction.set_rollback(not keep)
    except DatabaseError:
        return False
    return True


# -- screen and API -------------------------------------------------------------------------------


def _on_screen(
    caller: Caller, one: steps.Ready, chance: random.Random, tried: Counter[str]
) -> None:
    forged = {
        "baisa": "900.000", "centre_baisa": "900000", "cap_baisa": "900000", "total": "900.000",
        "round": "2", "units": chance.choice(["2", "999", "-1", "1.5", "٣", "9" * 40, "x"]),
        "stage": chance.choice(["", "resend", "pay", "government"]),
    }  # fmt: skip
    where = chance.choice(["quote", "quote", "quote", "pay"])
    tried[f"screen: {where}"] += 1
    if where == "pay":
        payment = new_id()
        forged |= {"payment": str(payment), "quote": str(one.quote), "means": "card",
                   "card_reference": steps.slip(payment)}  # fmt: skip
    caller.form(f"/desk/cases/{one.case}/{where}/", **forged)


def _by_api(
    hands: dict[str, Caller], staff: list[Operator], attempts: int, chance: random.Random,
    tried: Counter[str],
) -> None:  # fmt: skip
    """Everything that the counter's door takes, with amounts beside it; and doors it has not."""
    for n in range(attempts):
        caller, operator = hands[staff[n % len(staff)].username], staff[n % len(staff)]
        forged = {"ceiling_baisa": 9 * 10**8, "baisa": 9 * 10**8, "cap_baisa": 9 * 10**8}
        if n % 4 == 0:
            tried["API: service"] += 1
            _walk_in(caller, operator, CASES + 1 + n, forged)
            continue
        tried["API: no such door"] += 1
        said = caller.call(chance.choice(NOWHERE), forged | {"case": str(uuid4())})
        _require(said, 404)


def _walk_in(caller: Caller, operator: Operator, number: int, forged: Posting) -> None:
    person = {"key": str(steps.FIRST_CIVIL_NUMBER + number), "name_ar": "شخص الإثبات",
              "name_en": "Proof Person", "phone": f"9{number:07d}", "language": "en"}  # fmt: skip
    come = caller.call(WALK_IN, forged | {
        "service": steps.SERVICE, "point": operator.point, "person": person,
    })  # fmt: skip
    begun = _require(come, 200).json()
    visit, words = begun["visit"], begun["mandate"]
    said = caller.call(f"{VISITS}/{visit}/services", words | forged | {
        "method": "card_and_signature", "signature": SIGNATURE, "card_seen": True, "finish": True,
    })  # fmt: skip
    _require(said, 200)


def _require(said: Said | None, status: int) -> Said:
    assert said is not None
    assert said.status == status, said
    return said


# -- control --------------------------------------------------------------------------------------


def _without_check(one: steps.Ready, facts: Posting) -> int:
    """What the same count finds when the database does not refuse."""
    right = _published(one)
    assert not _post(one, right | {"baisa": 900_000}, keep=True)
    books.rows(f"ALTER TABLE till_transfer DROP CONSTRAINT {CHECK}")
    assert _post(one, right | {"baisa": 900_000}, keep=True)
    return int(books.one(ABOVE, facts))
