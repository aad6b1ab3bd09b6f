"""Links that open one thing to whoever holds them, sent to the person's own phone.

The token is 128 bits of an HMAC over the row's random id, under a key that lies outside the
database. So the worker makes it again when it sends the message, and nobody needs to keep it: the
database has its SHA-256 only, and a copy of the database opens nothing.
"""

import base64
import hashlib
from uuid import UUID

from django.conf import settings

from sanad.beneficiaries.queries import keyring

TOKEN_BYTES = 16
# What kind of message leads where.
ADDRESSES = {"approve": "approve", "page": "mine"}


def token_for(kind: str, opens: UUID) -> str:
    """The secret of one row's link, in letters, digits, hyphens and underscores."""
    code = keyring().index(f"link {kind}".encode() + opens.bytes)[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(code).decode().rstrip("=")


def hash_of_token(token: str) -> bytes:
    """SHA-256 of a token, as it is kept and looked for."""
    return hashlib.sha256(token.encode()).digest()


def link_to(kind: str, opens: UUID) -> str:
    """The whole address, for the moment of sending."""
    return f"{settings.SANAD_PUBLIC_URL}/{ADDRESSES[kind]}/{token_for(kind, opens)}/"
