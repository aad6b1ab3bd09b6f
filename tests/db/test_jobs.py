"""A job is asked for in the transaction that it follows from, in the worker as in a web process."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from sanad.db import jobs
from sanad.db.scope import acting, centre_scope, system_scope
from tests.committed import committed
from tests.network import KHUWAIR

__all__ = ["committed"]


@pytest.fixture(params=["web", "worker"])
def process(request: pytest.FixtureRequest, committed: None) -> Iterator[None]:
    """As in a web process, and as in the worker, which fetches jobs by a connector of its own."""
    worker = request.param == "worker"
    own: Any = app.connector.get_worker_connector() if worker else None
    with app.replace_connector(own) if worker else nullcontext():
        yield


def seen_elsewhere() -> int:
    """How many such jobs another connection sees."""
    found: list[int] = []

    def look() -> None:
        found.append(ProcrastinateJob.objects.filter(task_name="tests.follows").count())
        connection.close()

    other = threading.Thread(target=look)
    other.start()
    other.join()
    return found[0]


@pytest.mark.usefixtures("process")
def test_it_is_seen_when_the_transaction_has_ended_and_not_before() -> None:
    with acting(centre_scope(KHUWAIR)):
        jobs.defer("tests.follows", queue="tests", centre=KHUWAIR)
        assert seen_elsewhere() == 0
    assert seen_elsewhere() == 1


@pytest.mark.usefixtures("process")
def test_what_is_taken_back_asks_for_nothing() -> None:
    with acting(centre_scope(KHUWAIR)):
        jobs.defer("tests.follows", queue="tests", seconds=5, centre=KHUWAIR)
        transaction.set_rollback(True)
    assert seen_elsewhere() == 0


@pytest.mark.usefixtures("process")
def test_once_is_once_while_it_waits() -> None:
    with acting(system_scope()):
        jobs.defer("tests.follows", queue="tests", once=True)
    with pytest.raises(AlreadyEnqueued), acting(system_scope()), transaction.atomic():
        jobs.defer("tests.follows", queue="tests", once=True)
    assert seen_elsewhere() == 1
