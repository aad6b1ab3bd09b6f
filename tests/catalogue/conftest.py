"""The whole catalogue in the worker's database, and a broken copy of its files."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from sanad.catalogue.files import DATA, read_catalogue
from sanad.catalogue.shapes import Catalogue
from sanad.db.connect import LOADER, as_login

AT = datetime(2025, 9, 30, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def files() -> Catalogue:
    """The project's own data folder, checked."""
    return read_catalogue()


@pytest.fixture(scope="session")
def catalogue(django_db_setup: None, django_db_blocker: Any, files: Catalogue) -> None:
    """The data folder, loaded as the demonstration loads it; loading it again changes nothing."""
    from sanad.catalogue.load import load_catalogue

    with django_db_blocker.unblock(), as_login(LOADER, passwords=settings.SANAD_KEYS):
        load_catalogue(catalogue=files, demonstration=True, at=AT)


@pytest.fixture
def as_loader(catalogue: None, django_db_blocker: Any) -> Iterator[None]:
    """The set-up's login, in a transaction that leaves nothing behind."""
    with (
        django_db_blocker.unblock(),
        as_login(LOADER, passwords=settings.SANAD_KEYS),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the data folder with one piece of one file replaced; the folder."""

    def break_file(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "data"
        if not folder.exists():
            shutil.copytree(DATA, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return break_file
