"""A signed-in browser without a browser, for tests of screens."""

from uuid import UUID

from django.test import Client

from sanad.accounts.models import Account


def signed_in(account: UUID, *, language: str = "en") -> Client:
    """A client of somebody who is signed in and reads this language."""
    client = Client(headers={"accept-language": language})
    client.force_login(
        Account.objects.get(id=account), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.cookies["sanad_language"] = language
    return client
