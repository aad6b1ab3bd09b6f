"""What an operator sees of a service that is found: price, fee, documents, time, portal."""

from dataclasses import dataclass

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.gateway import portals
from sanad.gateway.portals import Portal
from sanad.lib.business_day import business_date
from sanad.till import queries as till
from sanad.till import rules as money
from sanad.web.shell.screen import SanadRequest

MOST_FOUND = 8


@dataclass(frozen=True)
class Facts:
    """The facts of one service at this centre today.

    `charge_baisa` is None where the centre has still to price it; `fee_baisa` with
    `fee_up_to_baisa` is the span of the government fee, both None while it is to be confirmed.
    `days` is the entity's target in working days, None where it promises none.
    """

    charge_baisa: int | None
    fee_baisa: int | None
    fee_up_to_baisa: int | None
    documents: int | None
    days: int | None


def hits_for(request: SanadRequest, words: str) -> list[tuple[catalogue.Hit, Portal, Facts]]:
    """The services that the words mean, best first."""
    on, centre = business_date(request.at), request.seat.centre_id
    assert centre is not None, "the desk stands at a centre"
    hits = catalogue.search(words, limit=MOST_FOUND, on=on)
    status = portals.portal_status(request.at) if hits else {}
    own = till.own_prices(centre=centre, on=on) if hits else {}
    vat = centres.centre(centre).vat_per_mille
    return [
        (
            hit,
            status.get(hit.entity.number) or Portal(hit.entity.number, portals.UP),
            _facts(catalogue.service(hit.code, on), own, vat),
        )
        for hit in hits
    ]


def _facts(service: catalogue.ServiceView, own: dict[int, till.OwnPriceView], vat: int) -> Facts:
    due = catalogue.government_fee_due(service.government_fee, {})
    charge = _charge(service, own)
    return Facts(
        charge_baisa=None if charge is None else charge + money.vat_on(charge, vat),
        fee_baisa=due.baisa if due.baisa is not None else due.lowest_baisa,
        fee_up_to_baisa=due.highest_baisa,
        documents=None if service.documents is None else len(service.documents),
        days=_days(service),
    )


def _charge(service: catalogue.ServiceView, own: dict[int, till.OwnPriceView]) -> int | None:
    if service.fee_lines:
        stage = money.first_stage(set(service.fee_lines))
        return service.fee_lines[stage].baisa if stage else None
    priced = own.get(service.id)
    return priced.baisa if priced else None


def _days(service: catalogue.ServiceView) -> int | None:
    found = [
        stage.target.amount
        for stage in service.procedure
        if stage.responsible == "entity" and stage.target and stage.target.unit == "working_days"
    ]
    return sum(found) if found else None
