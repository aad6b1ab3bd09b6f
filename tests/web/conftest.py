"""A visitor, and the people of the small network signed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.committed import at_ten, committed
from tests.network import PASSWORD
from tests.web.browser import served

__all__ = ["at_ten", "committed", "served"]


@pytest.fixture
def visitor(db: None, at_ten: None) -> Client:
    """Somebody without an account, reading English."""
    client = Client(headers={"Accept-Language": "en"})
    client.raise_request_exception = False
    return client


@pytest.fixture
def signed_in(visitor: Client) -> Callable[[str], Client]:
    """The same browser after the person with this user name has signed in."""

    def enter(username: str) -> Client:
        response = visitor.post(reverse("account_login"), {"login": username, "password": PASSWORD})
        assert response.status_code == 302, response.content.decode()
        return visitor

    return enter
