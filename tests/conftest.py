"""One PostgreSQL for the run, a database for each worker, and the small network everyone knows.

Tests run as the application roles: outside `acting(scope)` there is nothing to see.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from sanad.db.connect import LOADER, as_login
from sanad.db.provision import drop, provision
from sanad.db.supervisor import Supervisor

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Supervisor]:
    """The run's server, in the folder that the settings name."""
    own = Supervisor(settings.SANAD_VAR / "postgres", settings.SANAD_POSTGRES_BIN)
    with own.running():
        yield own


@pytest.fixture(scope="session")
def django_db_setup(postgres: Supervisor, django_db_blocker: Any) -> Iterator[None]:
    """A database of this worker's own, made as `bin/sanad init` makes one, removed at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        connection.settings_dict["NAME"] = name
        provision(name=name, url=None, passwords=settings.SANAD_KEYS)
        with as_login(LOADER, passwords=settings.SANAD_KEYS):
            from tests.network import load_small_network

            load_small_network()
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.close()
        drop(name=name, url=None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The reference data beside the project; a test without it skips and says so."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the reference data ../shared/data is not beside the project")
    return SHARED_DATA
