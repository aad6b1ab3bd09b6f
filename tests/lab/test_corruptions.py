"""Fourteen ways to falsify a history, done one after the other: each is found, and named."""

import pytest
from django.conf import settings
from django.db import transaction

from sanad.db import sql
from sanad.db.connect import LOADER, as_login
from sanad.db.scope import acting, system_scope
from sanad.eventlog.sealer import START, chain, seal
from sanad.lab.history import write
from sanad.oversight.verify import checks
from tests.committed import DONE, as_owner_of_all
from tests.lab.small import small_story
from tests.network import TEN

pytestmark = pytest.mark.usefixtures("committed")

A_CASE = "(SELECT id FROM cases_case WHERE status = 'delivered' ORDER BY code LIMIT 1 OFFSET {})"
A_PAYMENT = f"(SELECT id FROM till_payment WHERE case_id = {A_CASE})"
# What is done, in which check it is found, and what the finding says; the query names the row.
CORRUPTIONS = {
    "edited event": (
        ("UPDATE eventlog_event SET payload = payload || '{\"face\": 1}' WHERE id ="
        " (SELECT id FROM eventlog_event WHERE kind = 'feedback.given' AND centre_id = 1 LIMIT 1)"),
        "seals", "SELECT 'centre 1, run 1'"),
    "edited amount": (
        f"UPDATE till_transfer SET baisa = baisa - 1 WHERE kind = 'centre_charge' AND payment_id = {A_PAYMENT}".format(0),
        "ledger", f"SELECT 'payment ' || {A_PAYMENT}".format(0)),
    "missing posting": (
        f"DELETE FROM till_transfer WHERE payment_id = {A_PAYMENT} AND kind = 'centre_charge'".format(1),
        "ledger", f"SELECT 'payment ' || {A_PAYMENT}".format(1)),
    "edited payment": (
        f"UPDATE till_payment SET baisa = baisa + 5 WHERE id = {A_PAYMENT}".format(2),
        "log", f"SELECT 'payment ' || {A_PAYMENT}".format(2)),
    "drawer counted otherwise": (
        ("UPDATE till_drawer SET counted_baisa = counted_baisa + 7 WHERE id ="
        " (SELECT id FROM till_drawer WHERE counted_at IS NOT NULL ORDER BY id LIMIT 1)"),
        "ledger", "SELECT 'drawer ' || id FROM till_drawer WHERE counted_at IS NOT NULL ORDER BY id LIMIT 1"),
    "gap in the series": (
        "UPDATE till_receiptseries SET last_number = last_number + 1 WHERE centre_id = 2",
        "receipts", "SELECT 'centre 2'"),
    "forged receipt": (
        "UPDATE till_receipt SET body = replace(body, '\"at\":\"2025', '\"at\":\"2024') WHERE centre_id = 1 AND number = 3",
        "receipts", "SELECT 'receipt 3 of centre 1: the signature does not hold'"),
    "reused number": (
        "UPDATE till_receipt SET number = 5 WHERE centre_id = 1 AND number = 6",
        "receipts", "SELECT 'receipt 5 of centre 1: it says another payment'"),
    "status changed": (
        f"UPDATE cases_case SET status = 'sent' WHERE id = {A_CASE}".format(3),
        "log", "SELECT 'is sent, and the log says delivered'"),
    "ticket changed": (
        ("UPDATE counter_ticket SET status = 'no_show' WHERE id = (SELECT id FROM counter_ticket"
        " WHERE status = 'done' ORDER BY id LIMIT 1)"),
        "log", "SELECT 'is no_show, and the log says done'"),
    "deleted event": (
        f"DELETE FROM eventlog_event WHERE kind = 'receipt.issued' AND case_id = {A_CASE}".format(4),
        "seals", "SELECT '1 events missing'"),
    "swapped order": (
        "UPDATE eventlog_event e SET seq = 2 * c.last_seq - 1 - e.seq FROM cases_case c"
        f" WHERE e.case_id = c.id AND c.id = {A_CASE} AND e.seq >= c.last_seq - 1".format(5),
        "log", f"SELECT code || ' of centre' FROM cases_case WHERE id = {A_CASE}".format(5)),
    "added event": (
        ("INSERT INTO eventlog_event (id, kind, occurred_at, centre_id, payload, xid)"
        " SELECT gen_random_uuid(), kind, occurred_at, 2, payload, xid FROM eventlog_event"
        " WHERE kind = 'feedback.given' AND centre_id = 2 LIMIT 2"),
        "seals", "SELECT 'events too many'"),
}  # fmt: skip


def lines(anchor) -> dict[str, tuple[str, ...]]:
    return {check.name: check.wrong for check in checks(anchor=anchor)}


def rehash() -> None:
    """Compute the seals of what is there now anew, as whoever owns the database could."""
    with acting(system_scope()):
        digests = sql.rows("eventlog/digests", {"from_xid": 0, "upto_xid": 1 << 62})
    head = START
    with as_owner_of_all() as cursor:
        for row in digests:
            own = chain(START, bytes(row["digest"]))
            head = chain(head, own)
            cursor.execute(
                "UPDATE eventlog_seal SET digest = %s, head = %s, event_count = %s"
                " WHERE centre_id = %s",
                [row["digest"], own, row["event_count"], row["centre_id"]],
            )
        cursor.execute("UPDATE eventlog_sealrun SET head = %s", [head])


def test_each_falsification_is_found_and_named(monkeypatch, tmp_path):
    with as_owner_of_all() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(DONE)} RESTART IDENTITY CASCADE")
    story = small_story(7, monkeypatch)
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        write.write_whole(story)
        write.write_days(story, 0, len(story.described.world.days))
    seal(at=TEN, anchor=tmp_path)
    assert lines(tmp_path) == {"ledger": (), "receipts": (), "log": (), "seals": ()}

    with as_owner_of_all() as cursor:
        cursor.execute("ALTER TABLE till_receipt DROP CONSTRAINT receipt_number_once")
    try:
        before = lines(tmp_path)
        for name, (corruption, check, says) in CORRUPTIONS.items():
            with as_owner_of_all() as cursor:
                cursor.execute(corruption)
                assert cursor.rowcount, f"{name}: nothing was falsified"
                cursor.execute(says)
                said = cursor.fetchone()[0]
            after = lines(tmp_path)
            fresh = set(after[check]) - set(before[check])
            assert any(said in line for line in fresh), (name, said, after)
            before = after
        rehash()
        found = lines(tmp_path)["seals"]
        assert found == ("the run is not what the anchor says: run 1",)
    finally:
        with as_owner_of_all() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(DONE)} CASCADE")
            cursor.execute(
                "ALTER TABLE till_receipt ADD CONSTRAINT receipt_number_once"
                " UNIQUE (centre_id, number)"
            )
