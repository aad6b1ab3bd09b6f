"""Each named check is clean after real work, and finds each kind of damage done behind its back."""

import pytest

from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.eventlog.sealer import seal
from sanad.eventlog.verify import verify_seals
from sanad.oversight import verify
from sanad.till import actions as till
from tests.committed import as_owner_of_all
from tests.network import BADR, IBRAHIM, KHUWAIR, RAHUL, RENEW_CARD, TEN
from tests.sandbox_process import until
from tests.walk import Walk

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def worked(tmp_path):
    """A decided case paid in cash, a cancelled one whose money went back, tickets, a count."""
    walk = Walk().completed().quoted().paid("cash").answered("approved").finished_visit()
    other = Walk(operator=BADR, client=IBRAHIM, service=RENEW_CARD).completed().quoted()
    other.paid("cash").paid_back().finished_visit()
    with walk.scope():
        for _ in range(2):
            ticket = counter.issue_ticket(
                centre=KHUWAIR, group=Group.PEOPLE, service_code="", at=TEN, by=walk.operator
            )
        counter.call_next(centre=KHUWAIR, point=1, at=TEN, by=walk.operator)
        till.count_drawer(
            drawer=walk.made["drawer"], counted_baisa=23_000, reason="short of a coin", at=TEN,
            by=walk.operator,
        )  # fmt: skip
    until(lambda: sealed_whole(tmp_path), "the sealing of every event")
    return {"walk": walk, "other": other, "ticket": ticket, "anchor": tmp_path}


def sealed_whole(anchor) -> bool:
    """Seal; a transaction of another run's tests on the same server may make it wait a little."""
    seal(at=TEN, anchor=anchor)
    return verify_seals(anchor=anchor).unsealed == 0


def found(anchor) -> dict[str, verify.Check]:
    return {check.name: check for check in verify.checks(anchor=anchor)}


def damage(statement: str, **values: object) -> None:
    """What nobody who serves could do, with triggers and foreign keys asleep."""
    with as_owner_of_all() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount == 1, f"{cursor.rowcount} rows were damaged"


def test_after_real_work_nothing_is_wrong(worked):
    checks = found(worked["anchor"])

    assert {name: check.wrong for name, check in checks.items()} == {
        "ledger": (), "receipts": (), "log": (), "seals": (),
    }  # fmt: skip
    assert checks["receipts"].checked == 2
    assert checks["log"].checked == 2 + 2 + 2
    assert checks["seals"].checked > 30


CASE = "(SELECT id FROM cases_case WHERE status = 'approved')"
PAYMENT = "(SELECT id FROM till_payment WHERE state = 'confirmed')"
EVENT = "id = (SELECT id FROM eventlog_event WHERE kind = 'case.decided')"


@pytest.mark.parametrize(
    ("check", "words", "statement"),
    [
        ("ledger", "its transfers bring in", ("UPDATE till_transfer SET baisa = baisa - 1"
         f" WHERE payment_id = {PAYMENT} AND kind = 'centre_charge'")),
        ("ledger", "its transfers bring in", ("DELETE FROM till_transfer"
         f" WHERE payment_id = {PAYMENT} AND kind = 'vat'")),
        ("ledger", "its quote says", ("UPDATE till_quote SET vat_baisa = vat_baisa + 1"
         f" WHERE id = (SELECT quote_id FROM till_payment WHERE id = {PAYMENT})")),
        ("ledger", "were given back", ("UPDATE till_payment SET state = 'confirmed'"
         " WHERE state = 'refunded'")),
        ("ledger", "moves money by itself", ("UPDATE till_transfer SET kind = 'gift'"
         " WHERE kind = 'to_safe'")),
        ("ledger", "stands in another centre", ("UPDATE till_transfer SET centre_id = 2"
         f" WHERE payment_id = {PAYMENT} AND kind = 'vat'")),
        ("ledger", "still holds", ("UPDATE till_transfer SET baisa = baisa + 500"
         " WHERE kind = 'to_safe'")),
        ("ledger", "posted as variance", ("UPDATE till_drawer SET expected_baisa = counted_baisa"
         " WHERE counted_at IS NOT NULL")),
        ("receipts", "the series stands at", "DELETE FROM till_receipt WHERE number = 1"),
        ("receipts", "has no receipt", "DELETE FROM till_receipt WHERE number = 2"),
        ("receipts", "the series stands at",
         "UPDATE till_receiptseries SET last_number = last_number + 1"),
        ("receipts", "the signature does not hold", ("UPDATE till_receipt SET body ="
         " replace(body, '\"total_baisa\":3', '\"total_baisa\":4') WHERE number = 1")),
        ("receipts", "the signature does not hold",
         "UPDATE till_receipt SET key_version = 9 WHERE number = 1"),
        ("receipts", "it says another payment", ("UPDATE till_receipt SET (body, signature) ="
         " (SELECT body, signature FROM till_receipt WHERE number = 2) WHERE number = 1")),
        ("receipts", "is not void", "UPDATE till_receipt SET voided_at = NULL WHERE number = 2"),
        ("log", "is rejected, and the log says approved",
         f"UPDATE cases_case SET status = 'rejected' WHERE id = {CASE}"),
        ("log", "events up to number", f"UPDATE cases_case SET last_seq = 99 WHERE id = {CASE}"),
        ("log", "that is not there", f"DELETE FROM cases_case WHERE id = {CASE}"),
        ("log", "and the log says nothing", ("DELETE FROM eventlog_event"
         " WHERE kind = 'ticket.issued' AND payload->>'number' = '2'")),
        ("log", "is done, and the log says called",
         "UPDATE counter_ticket SET status = 'done' WHERE number = 1"),
        ("log", "and the log says confirmed of", ("UPDATE till_payment SET baisa = baisa - 1"
         " WHERE state = 'confirmed'")),
        ("log", "is not there", f"DELETE FROM till_payment WHERE id = {PAYMENT}"),
        ("seals", "an event was changed",
         ("UPDATE eventlog_event SET payload = payload || '{\"outcome\": \"rejected\"}'"
         f" WHERE {EVENT}")),
        ("seals", "missing", f"DELETE FROM eventlog_event WHERE {EVENT}"),
        ("seals", "what the anchor says",
         "UPDATE eventlog_sealrun SET head = sha256(head) WHERE run_id = 1"),
    ],
)  # fmt: skip
def test_damage_is_found_and_named(worked, check, words, statement):
    damage(statement)

    checks = found(worked["anchor"])

    assert any(words in line for line in checks[check].wrong), checks[check].wrong


def test_a_finding_holds_nothing_about_a_person(worked):
    damage(f"UPDATE cases_case SET status = 'rejected' WHERE id = {CASE}")

    lines = " ".join(found(worked["anchor"])["log"].wrong)

    assert RAHUL.civil not in lines
    assert IBRAHIM.name.ar not in lines
