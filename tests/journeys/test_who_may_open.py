"""Every route once per role: who may not open it is told so, and learns nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from sanad.accounts.roles import Role
from tests.journeys.test_every_screen import USERS, routes
from tests.network import PASSWORD

pytestmark = pytest.mark.django_db
ANY = {"slug": "any", "str": "any", "int": 1, "uuid": "01990000-0000-7000-8000-00000000ffff"}


def guarded() -> Iterator[tuple[URLPattern, frozenset[Role]]]:
    """Routes that are open to some roles only."""
    for route in routes():
        roles = getattr(route.callback, "roles", None)
        if roles:
            yield route, roles


def address(route: URLPattern) -> str:
    kinds = {name: type(one).__name__ for name, one in route.pattern.converters.items()}
    values = {name: ANY[kind.removesuffix("Converter").lower().replace("string", "str")]
              for name, kind in kinds.items()}  # fmt: skip
    return reverse(str(route.name), kwargs=values)


def test_there_are_routes_to_guard() -> None:
    assert len(list(guarded())) > 40


@pytest.mark.parametrize("role", USERS, ids=str)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_opens_nothing_that_is_not_its_own(at_ten: None, role: Role, method: str) -> None:
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": USERS[role], "password": PASSWORD})
    opened = [
        f"{route.name}: {answer.status_code}"
        for route, roles in guarded()
        if role not in roles
        and (answer := getattr(client, method)(address(route))).status_code != 403
    ]
    assert opened == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opens_anything_without_signing_in(at_ten: None, method: str) -> None:
    client: Any = Client(raise_request_exception=False)
    for route, _ in guarded():
        answer = getattr(client, method)(address(route))
        assert answer.status_code == 302, route.name
        assert answer["Location"].startswith(reverse("account_login")), route.name
