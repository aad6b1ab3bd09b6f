"""The announced table at a quarter's end, from the log and from the facts."""

from datetime import date, timedelta

import pytest
from django.db import connection

from sanad.accounts import actions as accounts
from sanad.accounts import queries as account_queries
from sanad.accounts.roles import Role
from sanad.catalogue import actions as catalogue
from sanad.catalogue import queries as catalogue_queries
from sanad.db import sql
from sanad.db.scope import acting, national_scope, system_scope
from sanad.lib.business_day import business_date
from sanad.lib.quarters import Quarter
from sanad.oversight import actions, counting, quarter
from tests.network import AISHA, BADR, HUDA, IBRAHIM, KHUWAIR, RAHUL, RENEW_CARD, SOHAR, TEN, ZAHRA
from tests.walk import Walk

pytestmark = pytest.mark.django_db
DAY = business_date(TEN)
Q3 = Quarter(2025, 3)


def counted(which: Quarter = Q3) -> quarter.QuarterFigures:
    """From the log, and the same from facts that were just filled."""
    with acting(system_scope()):
        actions.refill_days(which.first_day, which.last_day, at=TEN)
    with acting(national_scope()):
        events, facts = quarter.from_events(which), quarter.from_facts(which)
    assert events.as_json() | {"source": ""} == facts.as_json() | {"source": ""}
    assert events.by_centre == facts.by_centre
    return events


def test_the_table_of_a_small_network():
    Walk().answered("approved").finished_visit()
    Walk(client=RAHUL, service=RENEW_CARD).submitted()
    Walk(centre=SOHAR, operator=ZAHRA, client=IBRAHIM).submitted()
    with acting(national_scope()):
        offered = sum(one.is_offered for one in catalogue_queries.listed(DAY).values())

    found = counted()

    # Aisha, Badr and Salim at Khuwair, Zahra at Sohar.
    assert (found.centres, found.jobs, found.transactions) == (3, 4, 3)
    assert (found.services, found.services_used) == (offered, 2)
    assert found.omanisation_percent == 100
    assert [(s.code, s.transactions) for s in found.top_services][-1] == (RENEW_CARD, 1)
    places = {line.name.en: line for line in found.by_governorate}
    assert len(places) == 11
    muscat = places["Muscat"]
    assert (muscat.centres, muscat.jobs, muscat.transactions) == (1, 3, 2)
    assert muscat.people_per_centre == muscat.people
    assert places["Dhofar"].people_per_centre is None
    assert sum(line.transactions for line in found.by_governorate) == found.transactions
    assert counted(Q3.previous).transactions == counted(Q3.next).transactions == 0


def test_a_quarter_ends_at_midnight_in_muscat():
    Walk(at=TEN.replace(hour=19, minute=59)).submitted().finished_visit()
    Walk(at=TEN.replace(hour=20, minute=0), client=IBRAHIM).submitted()

    assert (counted().transactions, counted(Q3.next).transactions) == (1, 1)


def test_jobs_and_services_are_those_of_the_quarters_end_and_not_of_today():
    later = TEN + timedelta(days=30)
    with acting(national_scope(account=HUDA)):
        accounts.remove(account=BADR, centre=KHUWAIR, remover_role=Role.ADMINISTRATOR, at=later,
                        by=HUDA)  # fmt: skip
        catalogue.withdraw_service(code=RENEW_CARD, on=later.date(), at=later, by=HUDA)
        assert account_queries.staffing()[KHUWAIR].jobs == 2
        assert account_queries.staffing(at=TEN)[KHUWAIR].jobs == 3

    assert counted().jobs == 4
    assert counted(Q3.next).jobs == 3
    assert counted().services - counted(Q3.next).services == 1


def test_one_who_holds_two_posts_at_a_centre_is_one_job():
    with acting(national_scope()), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_assignment (id, account_id, role, centre_id, started_at)"
            " VALUES (gen_random_uuid(), %s, 'owner', %s, %s)", [AISHA, KHUWAIR, TEN],
        )  # fmt: skip

    assert counted().jobs == 4


def test_counting_reads_the_index_of_first_submissions_alone():
    Walk().submitted()
    bounds = counting.range_bounds(Q3.first_day, Q3.last_day)
    with acting(national_scope()), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql.load("oversight/quarter"), bounds)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Only Scan" in plan
    assert "Seq Scan on eventlog" not in plan.replace("Index Only Scan", "")


def test_nothing_to_measure_is_not_zero():
    found = quarter.QuarterFigures(Quarter(2020, 1), quarter.FROM_EVENTS, (), (), ())

    assert found.omanisation_percent is None
    assert found.as_json()["omanisation_percent"] is None
    assert date(2020, 3, 31) == found.quarter.last_day
