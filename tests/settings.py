"""The product's settings in a folder of the tests' own: a demonstration may run beside them."""

import os
from pathlib import Path

_HOME = Path(__file__).resolve().parent.parent
os.environ["SANAD_VAR"] = os.environ.get("SANAD_TEST_VAR", str(_HOME / "var" / "test"))
os.environ.pop("DATABASE_URL", None)

from sanad.settings import *  # noqa: E402, F403

STATIC_ROOT = _HOME / "var" / "static"
# Slow hashing protects passwords, and tests have none worth protecting.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
