"""A NUL, which no keyboard types and no database keeps, breaks no page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.journeys.test_every_screen import routes
from tests.journeys.test_who_may_open import address

pytestmark = pytest.mark.django_db


def test_a_nul_in_the_address_is_passed_over(at_ten: None) -> None:
    client = Client(raise_request_exception=False)
    open_to_all = [
        route for route in routes() if getattr(route.callback, "roles", None) == frozenset()
    ]
    assert open_to_all
    for route in open_to_all:
        answer = client.get(address(route), {"q": "\x00", "code": "a\x00b", "wilayat": "\x00"})
        assert answer.status_code < 500, route.name
    found = client.get(reverse("catalogue"), {"q": "rene\x00w membership"})
    assert found.status_code == 200
    assert reverse("service", args=["occi-renew-membership"]) in found.content.decode()
