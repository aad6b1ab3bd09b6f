"""What a quote is worked out from, and whether today's lists would still give it."""

from datetime import datetime

from sanad.cases import actions as cases
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.till import rules
from sanad.till.models import Quote, QuoteLine
from sanad.till.rules import Line, Total


class NoPublishedFee(Refused):
    code = "till.no_published_fee"
    sentence = N_(
        "The official list has no charge for this stage of “{service}”, so nothing can be charged "
        "for it here. Ask the ministry to publish one."
    )


class OneUnitOnly(Refused):
    code = "till.one_unit_only"
    sentence = N_("This charge is for the whole request, once. Leave the number at 1.")


class FeeChanged(Refused):
    code = "till.fee_changed"
    sentence = N_(
        "The charges changed after this was agreed, so nothing was taken. Show the person the new "
        "amounts and let them agree again."
    )


def current_line(service: catalogue.ServiceView, stage: str, units: int = 1) -> Line:
    """The official list's charge for a stage. Raises `NoPublishedFee` or `OneUnitOnly`."""
    found = service.fee_lines.get(stage)
    if found is None:
        raise NoPublishedFee(service=service.name)
    if found.unit == "request" and units != 1:
        raise OneUnitOnly
    return Line(stage, found.id, found.baisa, found.baisa * units, units)


def government_baisa(
    service: catalogue.ServiceView, stage: str, answers: dict[str, object]
) -> int | None:
    """What the entity charges at this stage: once, with the first request. None: to be confirmed."""
    if stage == rules.RESEND:
        return 0
    return catalogue.government_fee_due(service.government_fee, answers).baisa


def total_of(quote: Quote) -> Total:
    return Total(quote.centre_baisa, quote.government_baisa, quote.vat_baisa)


def lines_of(quote: Quote) -> list[Line]:
    found = QuoteLine.objects.filter(quote=quote).order_by("stage")
    return [
        Line(line.stage, line.fee_line_id, line.cap_baisa, line.baisa, line.units) for line in found
    ]


def require_unchanged(quote: Quote, at: datetime) -> None:
    """Raises `FeeChanged` when the lists in force today would give other lines."""
    case, day = quote.case, business_date(at)
    service = catalogue.service_by_id(case.service_id, day)
    cases.require_offered(service)
    before = lines_of(quote)
    now_line = current_line(service, quote.stage, before[0].units)
    vat = centres.centre(quote.centre_id).vat_per_mille
    government = government_baisa(service, quote.stage, cases.open_answers(case))
    now = rules.price([now_line], government_baisa=government, vat_per_mille=vat)
    if before != [now_line] or total_of(quote) != now:
        raise FeeChanged
