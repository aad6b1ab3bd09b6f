"""Nothing above the published charge can be posted: not by SQL, not by an action, not by a screen.

Each attempt by SQL changes a posting that would be taken in at least one way that must not be.
"""

import random
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, centre_scope
from sanad.lib.business_day import business_date
from sanad.till import actions as till
from sanad.till import ledger
from sanad.till.quotes import NothingToPay, OneUnitOnly
from sanad.till.rules import Account, UnitsRefused
from tests.committed import as_owner_of_all
from tests.network import AISHA, KHUWAIR, RAHUL, SOHAR, ZAHRA
from tests.walk import WORK_PERMIT, Walk
from tests.web_client import signed_in

ATTEMPTS = 2_000
INSERT = """
INSERT INTO till_transfer (id, centre_id, debit, credit, baisa, kind, at, case_id, stage, round,
    fee_line_id, cap_baisa, units)
VALUES (%(id)s, %(centre)s, 'drawer', 'earned', %(baisa)s, %(kind)s, %(at)s, %(case)s, %(stage)s,
    %(round)s, %(fee_line)s, %(cap)s, %(units)s)
"""


def published(walk: Walk) -> dict:
    """A posting that is right: the list's charge for the walk's case."""
    with walk.scope():
        line = catalogue.service(walk.service, business_date(walk.at)).fee_lines["submit"]
    return {
        "centre": walk.centre, "baisa": line.baisa, "kind": "centre_charge", "at": walk.at,
        "case": walk.case, "stage": "submit", "round": 1, "fee_line": line.id,
        "cap": line.baisa, "units": 1,
    }  # fmt: skip


def post(posting: dict) -> bool:
    """Whether the database took it; it is given back either way."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(INSERT, posting | {"id": uuid4()})
            raise StopIteration
    except StopIteration:
        return True
    except DatabaseError:
        return False


def frauds(walk: Walk, elsewhere: Walk) -> dict:
    """Ways to charge what is not published, each told a random source and the right posting."""
    with walk.scope():
        dear = catalogue.service("mol-preliminary-approval-commercial", business_date(walk.at))
        pages = catalogue.service("obp-commercial-activities-printout", business_date(walk.at))
    other, page = dear.fee_lines["submit"], pages.fee_lines["submit"]
    return {
        "above the cap": lambda r, p: {"baisa": p["cap"] + r.randint(1, 10**6)},
        "against a forged cap": lambda r, p: {
            "cap": (forged := p["cap"] + r.randint(1, 10**6)), "baisa": r.randint(1, forged),
        },
        "another service's line": lambda r, p: {
            "fee_line": other.id, "cap": other.baisa, "baisa": r.randint(1, other.baisa),
        },
        "another service's pages": lambda r, p: {
            "fee_line": page.id, "cap": page.baisa, "units": 50, "baisa": r.randint(1, 10_000),
        },
        "several units of one request": lambda r, p: {
            "units": (units := r.randint(2, 30_000)), "baisa": p["baisa"] * units,
        },
        "no units": lambda r, p: {"units": -r.randint(0, 5)},
        "another stage": lambda r, p: {
            "stage": r.choice(["pay", "accept", "resend", "", "submit "]),
        },
        "a second round": lambda r, p: {"round": r.randint(2, 9)},
        "another kind": lambda r, p: {"kind": r.choice(["vat", "float", "refund", ""])},
        "without a line": lambda r, p: {"fee_line": None, "cap": r.choice([None, 10**9])},
        "without a cap": lambda r, p: {"cap": None, "baisa": r.randint(1, 10**9)},
        "without a case": lambda r, p: {"case": None},
        "a case of another centre": lambda r, p: {"case": elsewhere.case},
        "in another centre's books": lambda r, p: {"centre": elsewhere.centre},
        "no case at all": lambda r, p: {"case": uuid4()},
        "before the list was in force": lambda r, p: {
            "at": p["at"] - timedelta(days=r.randint(300, 900)),
        },
        "nothing or less": lambda r, p: {"baisa": -r.randint(0, 10**6)},
    }  # fmt: skip


def earned(centre: int = KHUWAIR) -> int:
    with acting(centre_scope(centre)):
        return -ledger.balances(centre=centre)[Account.EARNED]


@pytest.fixture
def walk(db: None) -> Walk:
    return Walk().quoted()


@pytest.fixture
def elsewhere(db: None) -> Walk:
    return Walk(centre=SOHAR, operator=ZAHRA, client=RAHUL).quoted()


def test_the_published_charge_is_taken_so_the_attempts_mean_something(walk):
    with walk.scope():
        assert post(published(walk))


def test_two_thousand_frauds_by_sql_as_the_centre_post_nothing(walk, elsewhere):
    source, right = random.Random(18), published(walk)
    ways = frauds(walk, elsewhere)
    tried = dict.fromkeys(ways, 0)
    taken = []

    with walk.scope():
        for _ in range(ATTEMPTS):
            way = source.choice(list(ways))
            posting = right | ways[way](source, right)
            tried[way] += 1
            if post(posting):
                taken.append((way, posting))

    assert sum(tried.values()) == ATTEMPTS
    assert min(tried.values()) > 50
    assert taken == []
    assert earned() == earned(SOHAR) == 0


def test_a_fraction_never_becomes_more_than_the_cap(walk):
    right = published(walk)
    with walk.scope():
        assert not post(right | {"baisa": right["cap"] + Decimal("0.5")})
        assert not post(right | {"baisa": "2999.5"})
        with connection.cursor() as cursor:
            cursor.execute(INSERT, right | {"baisa": 2999.4, "id": uuid4()})
    assert earned() == 2999


def test_the_same_stage_and_round_is_charged_once(walk):
    walk.paid()
    right = published(walk)

    with walk.scope():
        assert not post(right)
        assert not post(right | {"baisa": 1})
    assert earned() == 3_000


@pytest.mark.django_db
def test_no_sequence_of_actions_charges_more_than_the_list():
    """A returned request is never quoted its first stage again, nor its resend twice."""
    walk = Walk(service=WORK_PERMIT).bounced()
    walk.later(minutes=1).quoted().quoted().quoted().paid()
    assert earned() == 5_000 + 3_000

    with pytest.raises(NothingToPay), walk.scope():
        till.make_quote(case=walk.case, at=walk.at)
    assert earned() == 8_000


@pytest.mark.parametrize("units", [0, -3, 2, 1000, 10**12])
def test_an_action_with_other_units_moves_nothing(walk, units):
    with pytest.raises((UnitsRefused, OneUnitOnly)), walk.scope():
        till.make_quote(case=walk.case, at=walk.at, units=units)
    assert earned() == 0


def test_the_screen_has_no_way_to_say_a_charge(walk, at_ten):
    client = signed_in(AISHA)
    forged = {"baisa": "900.000", "centre_baisa": "900000", "cap_baisa": "900000", "round": "2"}
    for units in ("2", "999", "-1", "1.5", "²", "٣", "9" * 40, "x"):
        answer = client.post(reverse("desk_quote", args=[walk.case]), forged | {"units": units})
        assert answer.status_code == 409
    answer = client.post(
        reverse("desk_pay", args=[walk.case]),
        forged | {"payment": uuid4(), "quote": walk.made["quote"], "means": "card",
                  "card_reference": "445566", "total": "900.000", "stage": "resend"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert earned() == 3_000


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("constraint", "fraud"),
    [
        ("DROP CONSTRAINT transfer_below_cap", {"baisa": 900_000}),
        ("DROP CONSTRAINT transfer_first_request_once", {"round": 2}),
        ("DROP CONSTRAINT transfer_earned_has_cap", {"fee_line": None, "cap": None}),
        ("DROP CONSTRAINT transfer_cap_fk", {"cap": 900_000, "baisa": 900_000}),
        ("DISABLE TRIGGER transfer_published_charge", {"stage": "pay"}),
    ],
)  # fmt: skip
def test_without_its_guard_the_fraud_goes_through(constraint, fraud):
    """The negative control: each guard is what refuses its fraud. Everything is given back."""
    walk = Walk().quoted()
    posting = published(walk) | fraud
    with as_owner_of_all() as cursor, transaction.atomic():
        centre = centre_scope(KHUWAIR, account=AISHA)
        assert not post_as(centre, posting, cursor)
        cursor.execute(f"ALTER TABLE till_transfer {constraint}")
        assert post_as(centre, posting, cursor)
        transaction.set_rollback(True)
    with walk.scope():
        assert not post(posting)


def post_as(scope, posting: dict, cursor) -> bool:
    """As `post`, with the eyes of a scope inside the owner's own transaction."""
    with transaction.atomic():
        for name, value in scope.settings().items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        taken = post(posting)
        transaction.set_rollback(True)
    return taken
