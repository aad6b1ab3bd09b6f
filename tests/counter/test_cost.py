"""What the four verbs of every visit cost: statements sent to the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanad.counter import actions
from sanad.db.scope import acting, centre_scope
from tests.network import AISHA, KHUWAIR, TEN

pytestmark = pytest.mark.django_db


def statements(verb):
    with acting(centre_scope(KHUWAIR, account=AISHA)), CaptureQueriesContext(connection) as seen:
        made = verb()
    return made, len(seen)


def test_the_verbs_of_an_ordinary_visit_send_few_statements():
    def issue():
        return actions.issue_ticket(centre=KHUWAIR, group="A", service_code="", at=TEN, by=None)

    statements(issue)  # the first of a day also makes the series
    _, issued = statements(issue)
    ticket, called = statements(
        lambda: actions.call_next(centre=KHUWAIR, point=1, at=TEN, by=AISHA)
    )
    visit, started = statements(lambda: actions.start(ticket=ticket, at=TEN, by=AISHA))
    _, finished = statements(lambda: actions.finish(visit=visit, at=TEN, by=AISHA))

    assert (issued, called, started, finished) == (3, 4, 4, 5)
