"""Facts are what the events say, whatever was done and in whatever order the days are filled."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from sanad.cases import actions as cases
from sanad.db.scope import (
    acting,
    centre_scope,
    entity_scope,
    national_scope,
    public_scope,
    system_scope,
)
from sanad.lib.business_day import business_date
from sanad.lib.quarters import Quarter
from sanad.oversight import actions, counting, quarter, queries
from sanad.oversight.kpis import KPIS, Network
from sanad.oversight.models import EntityDayFact, HourDayFact, ServiceDayFact, StaffDayFact
from sanad.till import queries as till
from sanad.till.rules import Account
from tests.network import (
    AISHA,
    BADR,
    CHAMBER,
    HEALTH,
    IBRAHIM,
    KHUWAIR,
    MARYAM,
    NOORA,
    RAHUL,
    RENEW_CARD,
    RENEW_MEMBERSHIP,
    SAID,
    SOHAR,
    TEN,
    ZAHRA,
)
from tests.oversight.test_days import serve_ticket
from tests.walk import Walk

pytestmark = pytest.mark.django_db
DAY = business_date(TEN)
Q3 = Quarter(2025, 3)


def refill(first: date = DAY, last: date = DAY) -> dict[str, int]:
    with acting(system_scope()):
        return actions.refill_days(first, last, at=TEN)


def rows(model: type) -> list[dict]:
    """Every row of a table of facts, as the ministry sees it, without when it was filled."""
    names = counting.columns(model)
    with acting(national_scope()):
        return list(model.objects.order_by(*names).values(*names))


def everything() -> dict[str, list[dict]]:
    return {query: rows(model) for model, query in counting.FACTS.items()}


def returned_and_approved() -> Walk:
    """Sent on the first day, returned after two hours, sent again, approved on the fourth day."""
    walk = Walk().submitted()
    walk.later(seconds=90).acknowledged()
    walk.later(hours=2).answered("returned", fields=["membership_number"])
    walk.later(hours=1).filled_in()
    return walk


# -- each query beside known work ---------------------------------------------------


def test_counted_told_of_case_and_paid_of_one_walk():
    walk = Walk().answered("approved")
    with acting(system_scope()), connection.cursor() as cursor:
        found = {}
        parameters = counting.range_bounds(DAY, DAY) | {"centre": None}
        for step in counting.STEPS:
            cursor.execute(f"CREATE TEMPORARY TABLE {step} AS {counting._text(step)}", parameters)
        cursor.execute("SELECT kind, service, entity, is_first FROM counted WHERE is_first")
        found["first"] = cursor.fetchall()
        cursor.execute("SELECT kind FROM told ORDER BY seq")
        found["told"] = [kind for (kind,) in cursor.fetchall()]
        cursor.execute("SELECT case_id, service, submitted_at FROM of_case")
        found["of_case"] = cursor.fetchall()
        cursor.execute("SELECT baisa, earned_baisa, government_baisa, vat_baisa FROM paid")
        found["paid"] = cursor.fetchall()
        for step in counting.STEPS:
            cursor.execute(f"DROP TABLE {step}")

    assert found == {
        "first": [("case.submitted", RENEW_MEMBERSHIP, CHAMBER, True)],
        "told": ["case.opened", "quote.agreed", "case.submitted"],
        "of_case": [(walk.case, RENEW_MEMBERSHIP, TEN)],
        "paid": [(3150, 3000, 0, 150)],
    }


def test_a_centres_day_parts_the_money_as_the_ledger_does():
    Walk().completed().quoted().paid("cash").finished_visit()
    back = Walk(operator=BADR, client=IBRAHIM, service=RENEW_CARD).completed().quoted().paid()
    back.later(days=1).paid_back()
    refill(DAY, DAY + timedelta(days=1))

    for at in (TEN, TEN + timedelta(days=1)):
        with acting(centre_scope(KHUWAIR)):
            [row] = queries.day_rows(first=business_date(at), last=business_date(at))
            balances = till.day(KHUWAIR, at=at).balances
        assert row.earned_baisa == -balances[Account.EARNED]
        assert row.government_baisa == -balances[Account.HELD_FOR_ENTITY]
        assert row.vat_baisa == -balances[Account.VAT_DUE]
    assert row.government_baisa < 0
    assert (row.payments_card, row.refunded_card_baisa) == (0, 34_200)


def test_a_resend_is_the_same_transaction_and_its_decision_counts_from_the_first_time():
    walk = returned_and_approved()
    walk.sent_again()
    refill()
    walk.later(days=3).acknowledged().answered("approved")
    later = business_date(walk.at)
    refill(later, later)

    first, second = rows(EntityDayFact)
    assert (first["transactions"], first["cases_submitted"]) == (1, 2)
    assert (first["cases_returned"], first["acknowledged"]) == (1, 1)
    assert first["acknowledged_seconds_total"] == 90
    assert (second["transactions"], second["cases_approved"]) == (0, 1)
    assert second["decision_seconds_total"] == (walk.at - TEN).total_seconds()
    assert second["acknowledged_seconds_total"] == 3 * 86_400
    assert {row["service"] for row in rows(EntityDayFact)} == {RENEW_MEMBERSHIP}


def test_by_service_a_refund_is_taken_from_its_own_service():
    Walk().submitted()
    Walk(operator=BADR, client=RAHUL, service=RENEW_CARD).paid().paid_back()
    refill()

    found = {row["service"]: row for row in rows(ServiceDayFact)}
    assert found[RENEW_MEMBERSHIP]["earned_baisa"] == 3000
    assert found[RENEW_MEMBERSHIP]["transactions"] == 1
    assert found[RENEW_CARD]["earned_baisa"] == 0
    assert (found[RENEW_CARD]["cases_opened"], found[RENEW_CARD]["transactions"]) == (1, 0)


def test_by_staff_a_visit_counts_for_whoever_ended_it():
    walk = Walk().submitted()
    walk.later(minutes=20).finished_visit()
    Walk(operator=BADR, client=IBRAHIM).paid()
    refill()

    found = {row["account_id"]: row for row in rows(StaffDayFact)}
    assert (found[AISHA]["visits_served"], found[AISHA]["counter_seconds_total"]) == (1, 1200)
    assert (found[AISHA]["transactions"], found[AISHA]["taken_baisa"]) == (1, 3150)
    assert (found[BADR]["visits_served"], found[BADR]["cases_opened"]) == (0, 1)
    assert found[BADR]["earned_baisa"] == 3000


def test_by_hour_of_muscat():
    serve_ticket(75)
    refill()

    found = {row["hour"]: row for row in rows(HourDayFact)}
    assert (found[10]["tickets"], found[10]["visits"]) == (2, 0)
    assert (found[11]["tickets_started"], found[11]["wait_seconds_total"]) == (1, 4500)


def test_ratings_and_approvals():
    walk = Walk().answered("approved")
    with walk.scope():
        code = walk.view().line.code
    with acting(public_scope()):
        cases.rate(code=code, face="3", reason="", at=TEN)
    refill()

    with acting(national_scope()):
        [row] = queries.rows_by_centre(first=DAY, last=DAY)
    assert (row.ratings, row.ratings_happy, row.ratings_sum) == (1, 1, 3)
    assert KPIS["approval_percent"].of([row]) == 100
    assert KPIS["satisfaction_percent"].of([row]) == 100
    assert KPIS["income_per_centre_baisa"].of([row], Network(centres=3)) == 1000
    assert KPIS["transactions_per_job"].of([row], Network(jobs=4)) == 0.25
    assert KPIS["transactions_per_centre"].of([row]) is None


# -- what holds for any work --------------------------------------------------------


CLIENTS = (MARYAM, RAHUL, IBRAHIM, NOORA, SAID)
STEPS = ("opened", "paid", "submitted", "acknowledged", "approved", "returned", "cash", "back")


def take(walk: Walk, upto: str, gap: timedelta) -> None:
    """A case as far as `upto`, on another day than it was opened."""
    walk.opened()
    walk.at += gap
    if upto != "opened":
        walk.agreed_anew().completed()
    match upto:
        case "approved" | "returned":
            walk.answered(upto)
        case "cash":
            walk.quoted().paid("cash")
        case "back":
            walk.quoted().paid().paid_back()
        case "paid" | "submitted" | "acknowledged":
            getattr(walk, upto)()
    walk.finished_visit()


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    work=some.lists(
        some.tuples(some.sampled_from(STEPS), some.integers(0, 3), some.booleans()), max_size=5
    )
)
def test_any_work_filled_by_day_by_month_and_read_from_the_log_is_the_same(db, work):
    with transaction.atomic():
        for client, (upto, gap, at_sohar) in zip(CLIENTS, work, strict=False):
            place = {"centre": SOHAR, "operator": ZAHRA} if at_sohar else {}
            at = TEN - timedelta(days=5)
            take(Walk(client=client, at=at, **place), upto, timedelta(hours=11 * gap))
        first, last = DAY - timedelta(days=6), DAY
        refill(first, last)
        by_range = everything()

        for day in range((last - first).days, -1, -1):
            with acting(system_scope()):
                actions.refill_day(first + timedelta(days=day), at=TEN)

        assert everything() == by_range
        with acting(national_scope()):
            facts, events = quarter.from_facts(Q3), quarter.from_events(Q3)
        assert (facts.by_centre, facts.by_service, facts.by_governorate) == (
            events.by_centre, events.by_service, events.by_governorate,
        )  # fmt: skip
        assert facts.transactions == sum(line.transactions for line in facts.by_service)
        transaction.set_rollback(True)


def test_filling_twice_changes_nothing_and_a_late_event_is_found():
    Walk().submitted()
    refill()
    once = everything()
    assert refill() == {f"oversight_{m._meta.model_name}": len(once[q])
                        for m, q in counting.FACTS.items()}  # fmt: skip
    assert everything() == once

    Walk(client=IBRAHIM, operator=BADR).submitted()
    assert everything() == once
    refill()
    assert sum(row["transactions"] for row in rows(ServiceDayFact)) == 2


def test_months_are_whole_and_without_gaps():
    found = counting.months(date(2024, 12, 30), date(2025, 3, 1))

    assert found == [
        (date(2024, 12, 30), date(2024, 12, 31)), (date(2025, 1, 1), date(2025, 1, 31)),
        (date(2025, 2, 1), date(2025, 2, 28)), (date(2025, 3, 1), date(2025, 3, 1)),
    ]  # fmt: skip


def test_an_entity_reads_its_own_facts_and_a_centre_none_of_them():
    Walk().submitted()
    Walk(operator=BADR, client=RAHUL, service=RENEW_CARD).submitted()
    refill()

    with acting(entity_scope(HEALTH)):
        assert [fact.entity_id for fact in EntityDayFact.objects.all()] == [HEALTH]
    with acting(centre_scope(SOHAR)):
        assert not StaffDayFact.objects.exists()
    with acting(centre_scope(KHUWAIR)):
        assert {type(one.account_id) for one in StaffDayFact.objects.all()} == {UUID}
