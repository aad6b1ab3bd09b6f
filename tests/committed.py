"""Tests whose rows are really committed: several connections, several processes, a served page.

The small network stays; everything that was done in it is removed afterwards, as the owner.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from pytest_django.live_server_helper import LiveServer

from sanad.db.connect import as_administrator
from sanad.lib import clock
from tests.network import TEN

# What is done in the network; the network itself (places, catalogue, centres, people) stays.
DONE = (
    "eventlog_event", "eventlog_eventobject", "eventlog_seal", "eventlog_sealrun",
    "beneficiaries_person", "beneficiaries_company", "beneficiaries_feedback", "cases_visit",
    "counter_ticketseries", "counter_linesetting", "counter_callturn", "counter_shiftnote",
    "counter_oncekey", "counter_clientscreen", "accounts_cache",
    "till_receiptseries", "till_drawer", "till_dayclose", "till_ownprice", "till_statementfile",
    "till_provider", "gateway_entityendpoint",
    "gateway_outage", "oversight_dayfact", "oversight_servicedayfact", "oversight_entitydayfact",
    "oversight_staffdayfact", "oversight_hourdayfact", "lab_study",
    "lab_initiative", "lab_portfolio", "lab_publishedroadmap", "procrastinate_jobs",
    "accounts_session", "mfa_authenticator", "centres_statedcosts",
)  # fmt: skip


@contextmanager
def as_owner_of_all() -> Iterator[Any]:
    """A cursor that no policy narrows: for cleaning, and for doing what nobody who serves may."""
    with as_administrator(url=None), connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without the transaction that other tests roll back."""
    with django_db_blocker.unblock():
        yield
        with as_owner_of_all() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(DONE)} CASCADE")
        connection.close()


@pytest.fixture
def at_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the interfaces starts at ten o'clock of the small network's Tuesday."""
    seconds = clock.offset_to(TEN).total_seconds()
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(seconds))


@pytest.fixture
def served(committed: None, at_ten: None) -> Iterator[str]:
    """The address of the application, served over HTTP from this process."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of the works gives or raises, all started at the same moment, a connection each."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
