"""What the books say afterwards, read by an administrator whom no policy narrows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from sanad.db.connect import as_administrator
from sanad.oversight import verify

TAKEN = """
SELECT coalesce(p.centre_id, 0), sum(p.baisa), sum((
    SELECT coalesce(sum(t.baisa), 0) FROM till_transfer t
    WHERE t.payment_id = p.id AND t.kind IN ('centre_charge', 'vat', 'government')))
FROM till_payment p WHERE p.state = 'confirmed' GROUP BY ROLLUP (p.centre_id)
"""
GAPS = "SELECT centre_id FROM till_receipt GROUP BY 1 HAVING max(number) <> count(*)"


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """The rows of a statement, whoever's they are."""
    with as_administrator(url=settings.DATABASE_URL), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def one(statement: str, parameters: Any = None) -> Any:
    return rows(statement, parameters)[0][0]


def missing_payments(acknowledged: Iterable[UUID]) -> int:
    """How many of the payments that a client was told of are not there, confirmed."""
    told = list(acknowledged)
    found = "SELECT count(*) FROM till_payment WHERE state = 'confirmed' AND id = ANY(%s)"
    return len(told) - int(one(found, [told]))


def charged_twice() -> int:
    """Quotes with more than one confirmed payment or more than one receipt."""
    return int(one(
        "SELECT (SELECT count(*) FROM (SELECT quote_id FROM till_payment WHERE state = 'confirmed'"
        " GROUP BY 1 HAVING count(*) > 1) s) + (SELECT count(*) FROM (SELECT payment_id FROM"
        " till_receipt GROUP BY 1 HAVING count(*) > 1) s)"
    ))  # fmt: skip


def wrongs() -> list[str]:
    """A line for each thing that does not add up: per centre, in the whole, receipts, the log."""
    found = [
        f"centre {centre or 'all'}: {paid} baisa paid, {posted} posted"
        for centre, paid, posted in rows(TAKEN)
        if paid != posted
    ]
    found += [f"centre {centre}: a receipt number is missing" for (centre,) in rows(GAPS)]
    connection.close()
    for check in (verify.ledger(), verify.receipts(), verify.log()):
        found += [f"{check.name}: {line}" for line in check.wrong]
    return found
