"""A signed-in browser without a browser, for tests of screens."""

import re
from typing import Any
from uuid import UUID

from django.test import Client

from sanad.accounts.models import Account


def words_of(response: Any) -> str:
    """The page's words without its marks, as somebody reads them."""
    page = re.sub(r"</?(?:bdi|time)\b[^>]*>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def signed_in(account: UUID, *, language: str = "en") -> Client:
    """A client of somebody who is signed in and reads this language."""
    client = Client(headers={"accept-language": language})
    client.force_login(
        Account.objects.get(id=account),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    client.cookies["sanad_language"] = language
    return client
