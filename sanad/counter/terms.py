"""What a mandate for a service says at a centre: the most it can cost, as far as is known."""

from datetime import datetime

from sanad.beneficiaries.rules import MANDATE_LASTS, Terms
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import business_date, in_muscat
from sanad.till import queries as till
from sanad.till import rules as money

# A charge by the page is agreed to for at most this many.
MOST_UNITS = 50


def latest_end(at: datetime) -> datetime:
    """When a mandate given now ends at the latest, to the minute as its words say it."""
    return (at + MANDATE_LASTS).replace(second=0, microsecond=0)


def terms_of(service: catalogue.ServiceView, *, centre: int, ends: datetime, at: datetime) -> Terms:
    """The terms under which a person lets a centre act, before they are put into words."""
    place = centres.centre(centre)
    charge = _highest_charge(service, centre=centre, at=at)
    due = catalogue.government_fee_due(service.government_fee, {})
    return Terms(
        centre=place.name,
        service=service.name,
        entity=service.entity.name,
        ceiling_baisa=charge + money.vat_on(charge, place.vat_per_mille) + (due.highest_baisa or 0),
        fee_is_open=due.highest_baisa is None,
        until=f"{in_muscat(ends):%Y-%m-%d %H:%M}",
    )


def _highest_charge(service: catalogue.ServiceView, *, centre: int, at: datetime) -> int:
    if not service.fee_lines:
        own = till.own_price(centre=centre, service=service.id, on=business_date(at))
        return own.baisa if own else 0
    line = service.fee_lines.get(money.first_stage(set(service.fee_lines)) or "")
    return line.baisa * (1 if line.unit == "request" else MOST_UNITS) if line else 0
