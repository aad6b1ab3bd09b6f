"""Bulk load of quotes, payments, transfers, receipts, drawers and closes, as the loader.

Every table holds what the verbs of `actions` would have written; amounts are whole baisa.
"""

from dataclasses import dataclass
from datetime import date
from itertools import repeat
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db.backends.postgresql.psycopg_any import DateRange

from sanad.beneficiaries.queries import keyring
from sanad.db.bulk import Json, copy_columns, copy_rows
from sanad.lib.columns import (
    Bytes,
    Ints,
    chosen,
    ids_or_null,
    iso_seconds,
    joined,
    moments,
    or_null,
    repeated,
)
from sanad.till.rules import APPROVED, CARD, CASH, CONFIRMED, REFUNDED

Flags = npt.NDArray[np.bool_]
MEANS = [CARD, CASH]


@dataclass(frozen=True)
class Sales:
    """One paid quote of one line by row: the quote, its line, the payment and the receipt.

    `fee_line` and `own_price` are 0 where the other one applies; `government_baisa` is -1 while
    it is to be confirmed; `refunded` is -1 where the money stayed.
    """

    case: Bytes
    code: pa.Array
    centre: Ints
    stage: pa.Array
    quote: Bytes
    line: Bytes
    payment: Bytes
    receipt: Bytes
    number: Ints
    drawer: Bytes
    fee_line: Ints
    own_price: Ints
    cap_baisa: Ints
    centre_baisa: Ints
    government_baisa: Ints
    vat_baisa: Ints
    is_cash: Flags
    tendered_baisa: Ints
    reference: pa.Array  # of the card terminal; empty for cash
    made: Ints
    agreed: Ints
    paid: Ints
    refunded: Ints

    @property
    def total_baisa(self) -> Ints:
        return self.centre_baisa + np.maximum(self.government_baisa, 0) + self.vat_baisa


@dataclass(frozen=True)
class Transfers:
    """Postings by row. `debit`, `credit` and `kind` are texts; 0 in `fee_line` means none."""

    id: Bytes
    centre: Ints
    debit: pa.Array
    credit: pa.Array
    baisa: Ints
    kind: pa.Array
    at: Ints
    payment: pa.Array
    drawer: pa.Array
    case: pa.Array
    stage: pa.Array
    fee_line: Ints
    own_price: Ints
    cap_baisa: Ints
    reverses: pa.Array


@dataclass(frozen=True)
class Refunds:
    """Approved refunds by row, given back in the moment of the approval."""

    id: Bytes
    payment: Bytes
    case: Bytes
    centre: Ints
    reason: str
    asked: Ints
    asked_by: Bytes
    decided: Ints
    decided_by: Bytes
    drawer: pa.Array
    reference: pa.Array  # of the card terminal; empty for cash


@dataclass(frozen=True)
class Drawers:
    """Drawers by row; `counted` is -1 while a drawer is open."""

    id: Bytes
    centre: Ints
    operator: Bytes
    date: npt.NDArray[np.datetime64]
    opened: Ints
    float_baisa: Ints
    counted: Ints
    counted_baisa: Ints
    expected_baisa: Ints
    reason: pa.Array


def load_quotes(s: Sales) -> int:
    """Quotes that were agreed to, with their lines."""
    copy_columns(
        "till_quote",
        {
            "id": s.quote, "case_id": s.case, "centre_id": s.centre.astype(np.int32),
            "stage": s.stage, "round": np.ones(len(s.case), np.int16),
            "centre_baisa": s.centre_baisa,
            "government_baisa": or_null(s.government_baisa, s.government_baisa >= 0, np.int64),
            "vat_baisa": s.vat_baisa, "made_at": moments(s.made), "agreed_at": moments(s.agreed),
            "replaced_at": moments(s.refunded),
        },
    )  # fmt: skip
    return copy_columns(
        "till_quoteline",
        {
            "id": s.line, "quote_id": s.quote, "centre_id": s.centre.astype(np.int32),
            "stage": s.stage, "fee_line_id": or_null(s.fee_line, s.fee_line > 0, np.int64),
            "own_price_id": or_null(s.own_price, s.own_price > 0, np.int64),
            "cap_baisa": s.cap_baisa, "units": np.ones(len(s.case), np.int16),
            "baisa": s.centre_baisa,
        },
    )  # fmt: skip


def load_payments(s: Sales) -> int:
    """Payments that were taken, and those given back."""
    return copy_columns(
        "till_payment",
        {
            "id": s.payment, "quote_id": s.quote, "case_id": s.case,
            "centre_id": s.centre.astype(np.int32), "drawer_id": ids_or_null(s.drawer, s.is_cash),
            "means": chosen(MEANS, s.is_cash.astype(np.int64)),
            "state": chosen([CONFIRMED, REFUNDED], (s.refunded >= 0).astype(np.int64)),
            "baisa": s.total_baisa,
            "tendered_baisa": or_null(s.tendered_baisa, s.is_cash, np.int64),
            "card_reference": s.reference, "made_at": moments(s.paid),
            "settled_at": moments(s.paid),
        },
    )  # fmt: skip


def load_receipts(s: Sales) -> int:
    """Receipts, each signed; the bytes are those of `receipts.canonical`."""
    government = joined(np.maximum(s.government_baisa, 0))
    unknown = pa.array(s.government_baisa < 0)
    body = joined(
        '{"at":"', iso_seconds(s.paid), '","cap_baisa":', s.cap_baisa, ',"case":"', s.code,
        '","centre":', s.centre, ',"centre_baisa":', s.centre_baisa, ',"government_baisa":',
        pc.if_else(unknown, "null", government), ',"means":"',
        chosen(MEANS, s.is_cash.astype(np.int64)), '","number":', s.number,
        pc.if_else(pa.array(s.own_price > 0), ',"price_of":"centre"', ""), ',"total_baisa":',
        s.total_baisa, ',"vat_baisa":', s.vat_baisa, "}",
    )  # fmt: skip
    version, signatures = keyring().sign_many([text.encode() for text in body.to_pylist()])
    return copy_columns(
        "till_receipt",
        {
            "id": s.receipt, "centre_id": s.centre.astype(np.int32),
            "number": s.number.astype(np.int32), "payment_id": s.payment, "case_id": s.case,
            "body": body, "key_version": np.full(len(s.case), version, np.int16),
            "signature": np.frombuffer(b"".join(signatures), np.uint8).reshape(-1, 64),
            "issued_at": moments(s.paid), "printed": np.zeros(len(s.case), np.int16),
            "voided_at": moments(s.refunded),
        },
    )  # fmt: skip


def load_refunds(r: Refunds) -> int:
    """Refunds that a second person approved."""
    count = len(r.id)
    return copy_columns(
        "till_refund",
        {
            "id": r.id, "payment_id": r.payment, "case_id": r.case,
            "centre_id": r.centre.astype(np.int32), "state": repeated(APPROVED, count),
            "reason": repeated(r.reason, count), "asked_at": moments(r.asked),
            "asked_by": r.asked_by, "decided_at": moments(r.decided), "decided_by": r.decided_by,
            "note": repeated("", count), "drawer_id": r.drawer, "reference": r.reference,
            "given_at": moments(r.decided), "tries": np.zeros(count, np.int16),
            "next_ask_at": moments(np.full(count, -1)),
        },
    )  # fmt: skip


def load_transfers(t: Transfers) -> int:
    """Postings to the ledger."""
    priced = (t.fee_line > 0) | (t.own_price > 0)
    return copy_columns(
        "till_transfer",
        {
            "id": t.id, "centre_id": t.centre.astype(np.int32), "debit": t.debit,
            "credit": t.credit, "baisa": t.baisa, "kind": t.kind, "at": moments(t.at),
            "payment_id": t.payment, "drawer_id": t.drawer, "case_id": t.case, "stage": t.stage,
            "round": np.ones(len(t.id), np.int16),
            "fee_line_id": or_null(t.fee_line, t.fee_line > 0, np.int64),
            "own_price_id": or_null(t.own_price, t.own_price > 0, np.int64),
            "cap_baisa": or_null(t.cap_baisa, priced, np.int64),
            "units": np.ones(len(t.id), np.int16), "reverses_id": t.reverses,
        },
    )  # fmt: skip


def load_series(*, centre: Ints, last_number: Ints) -> int:
    """The last receipt number of each centre."""
    return copy_columns(
        "till_receiptseries",
        {"centre_id": centre.astype(np.int32), "last_number": last_number.astype(np.int32)},
    )


def load_drawers(d: Drawers) -> int:
    """Drawers, counted and open."""
    done = d.counted >= 0
    return copy_columns(
        "till_drawer",
        {
            "id": d.id, "centre_id": d.centre.astype(np.int32), "account_id": d.operator,
            "business_date": d.date, "opened_at": moments(d.opened), "float_baisa": d.float_baisa,
            "counted_at": moments(d.counted),
            "counted_baisa": or_null(d.counted_baisa, done, np.int64),
            "expected_baisa": or_null(d.expected_baisa, done, np.int64),
            "variance_reason": d.reason,
        },
    )  # fmt: skip


def load_closes(
    *, id: Bytes, centre: Ints, date: npt.NDArray[np.datetime64], closed: Ints, by: Bytes,  # noqa: A002
    figures: pa.Array,
) -> int:  # fmt: skip
    """Day closes with the ledger's balances by account, as JSON."""
    return copy_columns(
        "till_dayclose",
        {
            "id": id, "centre_id": centre.astype(np.int32), "business_date": date,
            "closed_at": moments(closed), "closed_by": by, "figures": Json(figures),
        },
    )  # fmt: skip


def load_own_prices(
    *, centre: Ints, service: Ints, baisa: Ints, since: date, at: Ints, by: Bytes
) -> int:
    """What each centre charges for services without a published fee, from a day on.

    Into an empty table: the n-th row gets the number n.
    """
    actors = [UUID(bytes=key) for key in ids_or_null(by).to_pylist()]
    return copy_rows(
        "till_ownprice",
        ("centre_id", "service_id", "baisa", "valid", "set_at", "set_by"),
        zip(
            centre.tolist(), service.tolist(), baisa.tolist(),
            repeat(DateRange(since, None)), moments(at).astype(object), actors, strict=False,
        ),
    )  # fmt: skip
