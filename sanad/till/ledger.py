"""Posting to the ledger and reading its balances. Nothing else writes transfers."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from sanad.lib.ids import new_id
from sanad.till.models import Payment, Transfer
from sanad.till.rules import CHARGES, MEANS, RECEIVES, Account, Posting


def post(
    *, centre: int, postings: list[Posting], at: datetime, payment: Payment | None = None,
    drawer: UUID | None = None, case: UUID | None = None, stage_round: int = 1,
) -> list[Transfer]:  # fmt: skip
    """Write the postings; the database refuses one above its cap or a stage charged twice."""
    return Transfer.objects.bulk_create(
        Transfer(
            id=new_id(), centre_id=centre, debit=p.debit, credit=p.credit, baisa=p.baisa,
            kind=p.kind, at=at, payment=payment, drawer_id=drawer, case_id=case,
            stage=p.line.stage if p.line else "", round=stage_round,
            fee_line_id=p.line.fee_line if p.line else None,
            own_price_id=p.line.own_price if p.line else None,
            cap_baisa=p.line.cap_baisa if p.line else None,
            units=p.line.units if p.line else 1,
        )
        for p in postings
    )  # fmt: skip


def reverse(payment: Payment, *, at: datetime, drawer: UUID | None) -> int:
    """Give back what was whose of a payment, from where such money lies now; how much, in baisa."""
    out = RECEIVES[payment.means]
    found = list(Transfer.objects.filter(payment=payment, kind__in=CHARGES).order_by("id"))
    Transfer.objects.bulk_create(
        Transfer(
            id=new_id(), centre_id=t.centre_id, debit=t.credit, credit=out, baisa=t.baisa,
            kind="refund", at=at, payment=payment, drawer_id=drawer, case_id=t.case_id,
            stage=t.stage, round=t.round, reverses=t,
        )
        for t in found
    )  # fmt: skip
    return sum(t.baisa for t in found)


def balances(
    *, centre: int, since: datetime | None = None, before: datetime | None = None
) -> dict[Account, int]:
    """Debits less credits by account, in baisa; their sum over all accounts is always zero."""
    found = Transfer.objects.filter(centre_id=centre)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    totals = dict.fromkeys(Account, 0)
    for account, baisa in found.values_list("debit").annotate(Sum("baisa")):
        totals[Account(account)] += baisa
    for account, baisa in found.values_list("credit").annotate(Sum("baisa")):
        totals[Account(account)] -= baisa
    return totals


def takings(*, centre: int, since: datetime, before: datetime) -> dict[str, int]:
    """What confirmed payments brought in less what was given back, by means, in baisa.

    What is in doubt is nobody's yet, and counts when it is settled.
    """
    found = Transfer.objects.filter(
        centre_id=centre, at__gte=since, at__lt=before, payment__isnull=False
    )
    totals = dict.fromkeys(MEANS, 0)
    kinds = found.values_list("payment__means", "kind").annotate(Sum("baisa"))
    for means, kind, baisa in kinds:
        totals[means] += baisa * (kind in CHARGES) - baisa * (kind == "refund")
    return totals


def moved(*, centre: int, since: datetime) -> bool:
    """Whether anything was posted after a moment."""
    return Transfer.objects.filter(centre_id=centre, at__gt=since).exists()


def given_back(*, centre: int, since: datetime, before: datetime) -> int:
    """What was refunded, in baisa."""
    return _sum(
        Transfer.objects.filter(centre_id=centre, at__gte=since, at__lt=before, kind="refund")
    )


def _sum(transfers: "QuerySet[Transfer]") -> int:
    return int(transfers.aggregate(total=Sum("baisa", default=0))["total"])


def drawer_balance(drawer: UUID) -> int:
    """What should lie in a drawer, in baisa."""
    found = Transfer.objects.filter(drawer_id=drawer).aggregate(
        into=Sum("baisa", filter=Q(debit=Account.DRAWER), default=0),
        out=Sum("baisa", filter=Q(credit=Account.DRAWER), default=0),
    )
    return int(found["into"] - found["out"])
