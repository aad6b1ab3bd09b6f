"""What the ministry changes while a request is under way, and what must stand still meanwhile."""

from dataclasses import replace
from datetime import date

from sanad.beneficiaries.models import Mandate
from sanad.catalogue.actions import publish_price_list, withdraw_service
from sanad.catalogue.files import read_catalogue
from sanad.centres.models import Centre
from sanad.db.scope import acting, national_scope
from sanad.eventlog.queries import events
from sanad.lib.business_day import business_date
from sanad.till import ledger
from sanad.till.models import Payment, Quote, Receipt
from tests.network import HUDA
from tests.walk import Walk

MINISTRY = national_scope(account=HUDA)


def publish_fee(walk: Walk, baisa: int | None, *, stage: str = "submit") -> None:
    """A new official list in force from the walk's day; None leaves the line out of it."""
    old = read_catalogue().price_lists[0]
    is_it = [(line.service, line.stage) == (walk.service, stage) for line in old.lines]
    lines = [
        replace(line, baisa=baisa) if found else line
        for line, found in zip(old.lines, is_it, strict=True)
        if not found or baisa is not None
    ]
    new = replace(old, code="next", list_date=date(2026, 7, 1), lines=tuple(lines))
    with acting(MINISTRY):
        publish_price_list(
            price_list=new, in_force_from=business_date(walk.at), at=walk.at, by=HUDA
        )


def set_vat(centre: int, per_mille: int) -> None:
    with acting(MINISTRY):
        Centre.objects.filter(id=centre).update(vat_per_mille=per_mille)


def withdraw(walk: Walk) -> None:
    """The entity takes the service back, from the walk's day on."""
    with acting(MINISTRY):
        withdraw_service(code=walk.service, on=business_date(walk.at), at=walk.at, by=HUDA)


def standing(walk: Walk) -> dict:
    """Everything that a refused step must leave as it was."""
    status = walk.status()
    with walk.scope():
        return {
            "status": status,
            "person": walk.view().person.id,
            "answers": walk.view().answers,
            "books": ledger.balances(centre=walk.centre),
            "payments": list(Payment.objects.order_by("id").values()),
            "receipts": list(Receipt.objects.order_by("number").values()),
            "quotes": list(Quote.objects.order_by("id").values()),
            "mandates": list(Mandate.objects.order_by("id").values()),
            "events": [(event.seq, event.kind) for event in events(case=walk.case)],
        }
