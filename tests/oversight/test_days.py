"""Today from the log equals the ledger to the baisa; day facts can be rebuilt at any time."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.db.scope import acting, centre_scope, national_scope, system_scope
from sanad.lib.business_day import business_date
from sanad.oversight import actions, kpis, queries
from sanad.oversight.kpis import DayRow
from sanad.till import queries as till
from tests.network import AISHA, BADR, IBRAHIM, KHUWAIR, RENEW_CARD, SOHAR, TEN, ZAHRA
from tests.walk import Walk

pytestmark = pytest.mark.django_db
DAY = business_date(TEN)


def serve_ticket(minutes: int) -> None:
    """Two tickets; the first is served after so many minutes, the second keeps waiting."""
    with acting(centre_scope(KHUWAIR, account=AISHA)):
        for _ in range(2):
            counter.issue_ticket(
                centre=KHUWAIR, group=Group.PEOPLE, service_code="", at=TEN, by=AISHA
            )
        later = TEN + timedelta(minutes=minutes)
        ticket = counter.call_next(centre=KHUWAIR, point=1, at=later, by=AISHA)
        visit = counter.start(ticket=ticket, at=later, by=AISHA)
        counter.finish(visit=visit, at=later + timedelta(minutes=5), by=AISHA)


def test_a_day_is_counted_from_the_log():
    serve_ticket(12)
    Walk().completed().quoted().paid("cash").submitted()
    Walk(operator=BADR, client=IBRAHIM).answered("returned")

    with acting(centre_scope(KHUWAIR)):
        today = queries.today(KHUWAIR, at=TEN)

    assert (today.waiting, today.served) == (1, 1)
    assert today.row == DayRow(
        KHUWAIR, DAY, tickets=2, tickets_started=1, wait_seconds_total=720, visits=3,
        cases_opened=2, transactions=2, cases_submitted=2, cases_returned=1,
        payments_cash=1, payments_card=1, taken_cash_baisa=3150, taken_card_baisa=3150,
        earned_baisa=6000, vat_baisa=300,
    )  # fmt: skip


def test_the_logs_takings_are_the_ledgers_also_when_money_goes_back_on_another_day():
    Walk().completed().quoted().paid("cash").finished_visit()
    walk = Walk(operator=BADR, client=IBRAHIM, service=RENEW_CARD).completed().quoted().paid()
    days = [TEN, TEN + timedelta(days=1)]
    walk.later(days=1).paid_back()

    for at in days:
        with acting(centre_scope(KHUWAIR)):
            row, day = queries.today(KHUWAIR, at=at).row, till.day(KHUWAIR, at=at)
        assert (row.cash_baisa, row.card_baisa) == (day.cash_baisa, day.card_baisa)
    assert row.card_baisa == -34_200
    assert day.refunded_baisa == 34_200


def test_a_centre_counts_its_own_events_only():
    Walk(centre=SOHAR, operator=ZAHRA).paid()

    with acting(centre_scope(KHUWAIR)):
        assert queries.today(SOHAR, at=TEN).row == DayRow(SOHAR, DAY)


def test_a_day_is_refilled_and_refilled_again():
    walk = Walk().submitted()
    Walk(centre=SOHAR, operator=ZAHRA, client=IBRAHIM).paid()
    with acting(system_scope()):
        assert actions.refill_day(DAY, at=TEN) == 2
    walk.answered("approved")

    with acting(system_scope()):
        assert actions.refill_day(DAY, at=TEN) == 2
    with acting(national_scope()):
        rows = queries.day_rows(first=DAY, last=DAY)

    assert [(row.centre, row.cases_decided, row.visits) for row in rows] == [(1, 1, 1), (2, 0, 1)]
    with acting(centre_scope(SOHAR)):
        assert [row.centre for row in queries.day_rows(first=DAY, last=DAY)] == [SOHAR]


def test_only_background_work_fills_days():
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        acting(centre_scope(KHUWAIR)),
    ):
        actions.refill_day(DAY, at=TEN)


def test_a_day_begins_at_midnight_in_muscat():
    Walk(at=TEN.replace(hour=19, minute=59)).opened().finished_visit()
    Walk(at=TEN.replace(hour=20, minute=0), client=IBRAHIM).opened()

    with acting(centre_scope(KHUWAIR)):
        first = queries.today(KHUWAIR, at=TEN).row
        second = queries.today(KHUWAIR, at=TEN + timedelta(days=1)).row

    assert (first.cases_opened, second.cases_opened) == (1, 1)


ROWS = [
    DayRow(1, DAY, tickets_started=2, wait_seconds_total=600, cases_submitted=4, cases_returned=1,
           taken_cash_baisa=5000, refunded_cash_baisa=1000),
    DayRow(2, DAY, tickets_started=1, wait_seconds_total=1200, cases_submitted=0,
           taken_card_baisa=250),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "of_nothing"),
    [
        ("wait_mean_minutes", 10, None),
        ("returned_percent", 25, None),
        ("taken_baisa", 4250, None),
        ("cases_submitted", 4, None),
        ("visits", 0, None),
    ],
)
def test_kpis_of_known_rows(code, value, of_nothing):
    assert kpis.KPIS[code].of(ROWS) == value
    assert kpis.KPIS[code].of([]) is of_nothing


def test_every_kpi_says_what_it_is_in_both_languages():
    for kpi in kpis.KPIS.values():
        for text in (kpi.name, kpi.definition, kpi.formula, kpi.source):
            assert text.ar
            assert text.en
            assert text.ar != text.en
