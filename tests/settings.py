"""The product's settings in a folder of the tests' own: a demonstration may run beside them."""

import os
from pathlib import Path

_HOME = Path(__file__).resolve().parent.parent
# A server of its own for each process of the run: a seal takes what has ended on the whole server,
# and a test of another process may keep a transaction open for as long as it likes.
_OWN = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["SANAD_VAR"] = os.environ.get("SANAD_TEST_VAR", str(_HOME / "var" / "test" / _OWN))
os.environ.pop("DATABASE_URL", None)

from sanad.settings import *  # noqa: E402, F403

STATIC_ROOT = _HOME / "var" / "static"
# Journeys sign in more often than one address may; what fails to sign in is limited as ever.
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "1000/m/ip"}  # noqa: F405
# Slow hashing protects passwords, and tests have none worth protecting.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
