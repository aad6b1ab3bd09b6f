"""Work for the worker, asked for in the transaction that it follows from.

A job goes through Django's own connection, in web processes and in the worker alike: it is seen
when the transaction has ended, and never when that is taken back. The worker's own connector, with
which it fetches jobs, would tell of a job before what it is about is there.
"""

from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

_jobs = JobManager(DjangoConnector())


def defer(
    task: str, *, queue: str, seconds: int = 0, once: bool = False, **facts: str | int
) -> None:
    """Ask for `task` with `facts`, now or in some seconds; within a transaction.

    With `once` a task that waits already is not asked for again: raises procrastinate's
    `AlreadyEnqueued`.
    """
    options: dict[str, Any] = {"schedule_in": {"seconds": seconds}} if seconds else {}
    configure_task(
        name=task, job_manager=_jobs, queue=queue, queueing_lock=task if once else None, **options
    ).defer(**facts)
