"""Every row that a story makes, column by column, with identifiers replaced by what they name."""

import hashlib
import json
import re
from typing import Any
from uuid import UUID

from sanad.beneficiaries.actions import open_text
from sanad.beneficiaries.queries import keyring
from tests.committed import as_owner_of_all

# Each table with what names a row of it, and its columns that are not compared: those that the
# database gives, and digests of texts with identifiers in them, which `sound` checks by itself.
TABLES: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "cases_visit": (("centre_id", "account_id", "started_at"), set()),
    "counter_ticketseries": (("centre_id", "business_date", "group"), {"id"}),
    "counter_ticket": (("centre_id", "business_date", "group", "number"), set()),
    "cases_case": (("code",), set()),
    "cases_casedocument": (("case_id", "code"), set()),
    "beneficiaries_personcentre": (("centre_id", "person_id"), set()),
    "beneficiaries_mandate": (("person_id", "service_id", "granted_at", "case_id"), set()),
    "till_drawer": (("account_id", "opened_at"), set()),
    "till_dayclose": (("centre_id", "business_date"), set()),
    "till_quote": (("case_id", "stage", "round"), set()),
    "till_quoteline": (("quote_id",), set()),
    "till_payment": (("case_id",), set()),
    "till_refund": (("payment_id",), set()),
    "till_receiptseries": (("centre_id",), set()),
    "till_receipt": (("centre_id", "number"), set()),
    "till_transfer": (
        ("centre_id", "kind", "debit", "credit", "at", "case_id", "drawer_id"), set(),
    ),
    "gateway_delivery": (("case_id", "made_at"), {"body_hash"}),
    # Evidence of a call over the line; nothing was called in a history that is written.
    "gateway_attempt": (
        ("delivery_id", "number"), {"request_id", "headers", "body_sha256"},
    ),
    "gateway_answer": (("case_id", "kind"), {"body_hash"}),
    "beneficiaries_notice": (("case_id", "kind"), set()),
    "beneficiaries_feedback": (("case_id",), set()),
    "eventlog_event": (("kind",), {"id", "recorded_at", "xid"}),
}  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def all_rows() -> dict[str, list[str]]:
    """The rows of each table as lines of JSON, sorted."""
    names: dict[str, str] = {}
    found = {}
    with as_owner_of_all() as cursor:
        raw = {table: _read(cursor, table) for table in TABLES}
    for table, (key, _) in TABLES.items():
        for row in raw[table]:
            if "id" in row and table not in {"eventlog_event", "counter_ticketseries"}:
                label = [_named(row[column], names) for column in key]
                names[str(row["id"])] = f"{table} {json.dumps(label, default=str)}"
    for table, (_, left_out) in TABLES.items():
        found[table] = sorted(
            json.dumps(
                {c: _named(v, names) for c, v in row.items() if c not in left_out},
                ensure_ascii=False, sort_keys=True, default=str,
            )
            for row in raw[table]
        )  # fmt: skip
    return found


def sound() -> int:
    """That every digest is of the text beside it; how many were looked at."""
    looked = 0
    with as_owner_of_all() as cursor:
        cursor.execute("SELECT body::text, body_hash FROM gateway_delivery")
        for body, digest in cursor.fetchall():
            assert _hash(json.loads(body)) == bytes(digest)
            looked += 1
        cursor.execute("SELECT body::text, body_hash FROM gateway_answer")
        for body, digest in cursor.fetchall():
            said = {k: v for k, v in json.loads(body).items() if k != "decided_at"}
            assert _hash(said) == bytes(digest)
            looked += 1
    return looked


def _hash(body: dict[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()


def _read(cursor: Any, table: str) -> list[dict[str, Any]]:
    # Events of no centre are the catalogue's, and the twin's own knowledge of outages: the line
    # sees one only by its tries.
    but = " WHERE centre_id IS NOT NULL" if table == "eventlog_event" else ""
    cursor.execute(f"SELECT * FROM {table}{but}")
    columns = [column.name for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        for column, value in row.items():
            if isinstance(value, str) and value.startswith(("{", "[")):
                row[column] = json.loads(value)
            if isinstance(value, (bytes, memoryview)):
                row[column] = bytes(value).hex()
        _open(table, row)
    return rows


def _open(table: str, row: dict[str, Any]) -> None:
    """What is sealed, in clear: a seal is never the same twice."""
    if table == "beneficiaries_mandate":
        sealed = bytes.fromhex(row["signature_sealed"])
        row["signature_sealed"] = keyring().open(sealed, bound_to=row["person_id"].bytes).decode()
    if table == "cases_case":
        row["answers"] = _opened(row["answers"], row["id"])
    if table == "gateway_delivery":
        row["body"]["answers"] = _opened(row["body"]["answers"], row["case_id"])


def _opened(answers: dict[str, Any], case: UUID) -> dict[str, Any]:
    return {
        key: open_text(value["sealed"], bound_to=case) if isinstance(value, dict) else value
        for key, value in answers.items()
    }


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, UUID):
        return names.get(str(value), str(value))
    if isinstance(value, (dict, list)):
        text = json.dumps(value)
        return json.loads(_UUID.sub(lambda m: json.dumps(names.get(m[0], m[0]))[1:-1], text))
    return value
