"""A snapshot has every event once, knows nobody, is the same again, and says when it is damaged."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from sanad.db.scope import acting, centre_scope, entity_scope, national_scope, public_scope
from sanad.eventlog.models import Event
from sanad.lab import snapshot as lab
from sanad.lib.keys import Keyring
from tests.network import CHAMBER, KHUWAIR, MARYAM, NOORA, SOHAR, TEN, ZAHRA
from tests.walk import Walk

pytestmark = pytest.mark.django_db
COLUMNS = [field.name for field in lab.SCHEMA]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"
    settings.SANAD_DEMONSTRATION = None
    return settings.SANAD_SNAPSHOTS


def lived() -> tuple[Walk, Walk]:
    earlier = Walk(at=TEN - timedelta(days=45)).answered("approved").finished_visit()
    return earlier, Walk(centre=SOHAR, operator=ZAHRA, client=NOORA).paid().finished_visit()


def test_every_event_is_in_it_once_with_what_may_be_studied() -> None:
    lived()
    taken = lab.take(at=TEN)
    with acting(national_scope()):
        events = list(Event.objects.order_by("occurred_at"))
    table = lab.rows_of(taken, columns=COLUMNS)
    assert taken.rows == len(table) == len(events) > 20
    assert sorted(table["kind"].to_pylist()) == sorted(event.kind for event in events)
    assert set(table["occurred_at"].to_pylist()) == {event.occurred_at for event in events}
    requests = {event.case_id for event in events if event.case_id}
    assert len({one for one in table["request"].to_pylist() if one}) == len(requests)
    by_request = {
        (row["request"], row["seq"]) for row in table.to_pylist() if row["request"]
    }  # fmt: skip
    assert len(by_request) == sum(event.case_id is not None for event in events)
    here = lab.rows_of(taken, columns=["centre"], only=ds.field("centre") == SOHAR)
    assert len(here) == sum(event.centre_id == SOHAR for event in events) > 0
    lab.require_whole(taken)


def test_nobody_can_be_known_from_it(folder: Path) -> None:
    walks = lived()
    taken = lab.take(at=TEN)
    said = json.dumps(lab.rows_of(taken, columns=COLUMNS).to_pylist(), default=str)
    said += "".join(path.read_text() for path in folder.glob("*.json"))
    for walk in walks:
        for id_ in (walk.case, walk.made["visit"], walk.made["person"], walk.operator):
            assert str(id_) not in said
            assert str(int.from_bytes(id_.bytes[:8], "big", signed=True)) not in said
    for client in (MARYAM, NOORA):
        for word in (client.name.ar, client.name.en, client.civil, client.phone):
            assert word not in said


def test_pseudonyms_hold_in_one_installation_and_in_no_other(settings: Any, tmp_path: Path) -> None:
    lived()
    first = lab.rows_of(lab.take(at=TEN), columns=["request"])["request"].to_pylist()
    settings.SANAD_SNAPSHOTS = tmp_path / "again"
    assert lab.rows_of(lab.take(at=TEN), columns=["request"])["request"].to_pylist() == first
    settings.SANAD_SNAPSHOTS = tmp_path / "elsewhere"
    settings.SANAD_KEYS = tmp_path / "keys"
    Keyring(settings.SANAD_KEYS).django_secret()
    other = lab.rows_of(lab.take(at=TEN), columns=["request"])["request"].to_pylist()
    assert not {one for one in other if one} & set(first)


def test_the_same_log_is_the_same_snapshot_and_only_what_changed_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lived()
    first = lab.take(at=TEN)
    read: list[str] = []
    copied = lab.copy.copied
    monkeypatch.setattr(
        lab.copy, "copied", lambda month, **more: read.append(month) or copied(month, **more)
    )
    assert lab.take(at=TEN + timedelta(hours=1)) == first
    assert read == []
    Walk().opened()
    later = lab.take(at=TEN + timedelta(hours=2))
    assert read == ["2025-09"]
    assert later.id != first.id
    assert later.rows > first.rows
    assert [one.id for one in lab.snapshots()] == [later.id, first.id]
    assert len(lab.rows_of(first, columns=["kind"])) == first.rows, "the first is still there"


def test_a_file_that_is_gone_or_changed_is_said() -> None:
    lived()
    taken = lab.take(at=TEN)
    path = taken.months[0].path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(lab.SnapshotDamaged):
        lab.require_whole(taken)
    assert lab.take(at=TEN).id == taken.id
    lab.require_whole(taken)
    path.unlink()
    with pytest.raises(lab.SnapshotDamaged):
        lab.rows_of(taken, columns=["kind"])
    again = lab.take(at=TEN)
    lab.require_whole(again)


@pytest.mark.parametrize("name", ["nothing", "../keys/civil-1", ""])
def test_an_unknown_one_is_refused(name: str) -> None:
    with pytest.raises(lab.NoSuchSnapshot):
        lab.snapshot(name)


def test_an_empty_log_makes_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.copy, "months", list)
    with pytest.raises(lab.LogEmpty):
        lab.take(at=TEN)
    assert lab.snapshots() == []
    assert not list(folder.glob("*.json"))


@pytest.mark.parametrize(
    "scope", [centre_scope(KHUWAIR), entity_scope(CHAMBER), public_scope()], ids=str
)
def test_only_the_network_reads_it(scope: Any) -> None:
    with (
        acting(scope),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM eventlog_studied")


def test_the_command_says_what_it_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from sanad.cli import snapshot as command

    lived()
    monkeypatch.setattr(command, "database", nullcontext)
    monkeypatch.setattr(command, "speak_to", lambda calibration: nullcontext())
    said = CliRunner().invoke(command.snapshot, ["--json"])
    document = json.loads(said.output)
    assert document["events"] == sum(month["events"] for month in document["months"])
    assert all(month["read_anew"] for month in document["months"])
