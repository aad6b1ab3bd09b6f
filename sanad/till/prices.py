"""A centre's own prices, for services that the official list has no price for.

The verb and its reads stand together: a price is set, which closes the one before it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sanad.catalogue import queries as catalogue
from sanad.db.locks import Busy
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date
from sanad.lib.money import baisa as require_baisa
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till.models import OwnPrice


class OfficialPrice(Refused):
    code = "till.official_price"
    sentence = N_(
        "The official list has the price of “{service}”, so a centre cannot set one of its own. "
        "Charge what the list says."
    )


class PriceUnchanged(Refused):
    code = "till.price_unchanged"
    sentence = N_(
        "OMR {price} is already the price of “{service}”, so nothing was changed. Type another "
        "amount, or leave it as it is."
    )


@dataclass(frozen=True)
class OwnPriceView:
    """A price and the days it held. Without `since` it was replaced on the day it was set."""

    id: int
    service_id: int
    baisa: int
    since: date | None
    until: date | None
    set_at: datetime
    set_by: UUID

    @property
    def is_open(self) -> bool:
        return self.since is not None and self.until is None


def set_own_price(*, centre: int, service_code: str, baisa: int, at: datetime, by: UUID) -> int:
    """The centre's price of a service from today on; its id. The price before it is closed.

    Raises `NoSuchService`, `OfficialPrice`, `PriceUnchanged`, `Busy`, and what `baisa` raises for
    what is no amount; then nothing changed.
    """
    day, amount = business_date(at), require_baisa(baisa)
    service = catalogue.service(service_code, day)
    if service.fee_lines:
        raise OfficialPrice(service=service.name)
    try:
        with transaction.atomic():
            old = OwnPrice.objects.filter(
                centre_id=centre, service_id=service.id, valid__upper_inf=True
            ).first()
            if old is not None and old.baisa == amount:
                raise PriceUnchanged(price=format_omr(amount), service=service.name)
            if old is not None:
                _close(old, day)
            new = OwnPrice.objects.create(
                centre_id=centre, service_id=service.id, baisa=amount,
                valid=DateRange(day, None), set_at=at, set_by=by,
            )  # fmt: skip
            append("price.set", at=at, by=by, centre=centre, service=service_code, baisa=amount)
    except IntegrityError as error:
        # Somebody else set it in the same moment; the constraint lets only one through.
        raise Busy from error
    return new.pk


def own_price(*, centre: int, service: int, on: date) -> OwnPriceView | None:
    """The centre's price of a service on a day; None while it has set none."""
    found = OwnPrice.objects.filter(centre_id=centre, service_id=service, valid__contains=on)
    return next(map(_view, found), None)


def own_prices(*, centre: int, on: date) -> dict[int, OwnPriceView]:
    """Every price of a centre on a day, by its service."""
    found = OwnPrice.objects.filter(centre_id=centre, valid__contains=on)
    return {price.service_id: _view(price) for price in found}


def own_price_history(*, centre: int, service: int) -> list[OwnPriceView]:
    """Every price that a centre ever set for a service, the newest first."""
    found = OwnPrice.objects.filter(centre_id=centre, service_id=service).order_by("-id")
    return [_view(price) for price in found]


def _close(old: OwnPrice, day: date) -> None:
    """Ends yesterday; a price of today is emptied, for it held on no whole day."""
    from_today = old.valid.lower >= day
    span = DateRange(empty=True) if from_today else DateRange(old.valid.lower, day)
    OwnPrice.objects.filter(pk=old.pk).update(valid=span)


def _view(price: OwnPrice) -> OwnPriceView:
    span = price.valid
    return OwnPriceView(
        price.pk, price.service_id, price.baisa, span.lower, span.upper, price.set_at, price.set_by
    )
