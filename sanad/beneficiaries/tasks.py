"""Background work of this room: sending messages."""

from uuid import UUID

import httpx
from django.conf import settings
from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sanad.beneficiaries import actions
from sanad.db.locks import Busy
from sanad.db.scope import acting, centre_scope
from sanad.lib import clock

ANSWER_WITHIN_SECONDS = 10


def post_sms(message: str, phone: str, text: str) -> None:
    """Hand one message to the SMS gateway. Raises httpx.HTTPError; the id makes a repeat safe."""
    answer = httpx.post(
        f"{settings.SANAD_SANDBOX_URL}/sms/messages",
        json={"id": message, "to": phone, "text": text},
        timeout=ANSWER_WITHIN_SECONDS,
    )
    answer.raise_for_status()


@app.task(
    name="beneficiaries.send_notice",
    queue="notices",
    retry=RetryStrategy(
        max_attempts=50,
        exponential_wait=2,
        retry_exceptions=[httpx.HTTPError, Busy, OperationalError],
    ),
)
def send_notice(notice: str, centre: int) -> None:
    """Send one message, once."""
    with acting(centre_scope(centre)):
        actions.send_notice(notice=UUID(notice), send=post_sms, at=clock.now())
