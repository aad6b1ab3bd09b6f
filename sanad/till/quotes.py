"""What a quote is worked out from, and whether today's lists would still give it."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sanad.beneficiaries import queries as beneficiaries
from sanad.cases import actions as cases
from sanad.cases.rules import Status, Verb
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.till import rules
from sanad.till.models import Payment, Quote, QuoteLine
from sanad.till.prices import OwnPriceView, own_price
from sanad.till.rules import Line, Total

if TYPE_CHECKING:
    from sanad.cases.models import Case


class NoPublishedFee(Refused):
    code = "till.no_published_fee"
    sentence = N_(
        "The official list has no charge for this stage of “{service}”, so nothing can be charged "
        "for it here. Ask the ministry to publish one."
    )


class NotPricedYet(NoPublishedFee):
    code = "till.not_priced_yet"
    sentence = N_(
        "The official list has no price for “{service}”, so this centre sets it, and has not yet. "
        "The owner sets it under “Own prices”; then go on."
    )


class OneUnitOnly(Refused):
    code = "till.one_unit_only"
    sentence = N_("This charge is for the whole request, once. Leave the number at 1.")


class NoSuchStage(Refused):
    code = "till.no_such_stage"
    sentence = N_(
        "The official list has no such further step for this service, or it was taken already. "
        "Choose one of those shown on the request."
    )


class NothingToPay(Refused):
    code = "till.nothing_to_pay"
    sentence = N_(
        "There is nothing to pay for sending this request again: it was paid, or the official "
        "list has no charge for it. Send the request."
    )


class FeeChanged(Refused):
    code = "till.fee_changed"
    sentence = N_(
        "The charges changed after this was agreed, so nothing was taken. Show the person the new "
        "amounts and let them agree again."
    )


def current_line(
    service: catalogue.ServiceView, stage: str, units: int = 1, *, own: OwnPriceView | None = None
) -> Line:
    """The official list's charge for a stage; the centre's own where the list has no price.

    Raises `NoPublishedFee`, `NotPricedYet`, `UnitsRefused` or `OneUnitOnly`.
    """
    units = rules.require_units(units)
    if not service.fee_lines:
        return _own_line(service, stage, units, own)
    found = service.fee_lines.get(stage)
    if found is None:
        raise NoPublishedFee(service=service.name)
    if found.unit == "request" and units != 1:
        raise OneUnitOnly
    return Line(stage, found.id, found.baisa, found.baisa * units, units)


def _own_line(
    service: catalogue.ServiceView, stage: str, units: int, own: OwnPriceView | None
) -> Line:
    if own is None or stage != rules.OWN_STAGE:
        raise NotPricedYet(service=service.name)
    if units != 1:
        raise OneUnitOnly
    return Line(stage, None, own.baisa, own.baisa, own_price=own.id)


def require_priced(service: catalogue.ServiceView, *, centre: int, on: date) -> None:
    """Raises `NotPricedYet` where neither the list nor the centre has a price."""
    if not service.fee_lines and own_price(centre=centre, service=service.id, on=on) is None:
        raise NotPricedYet(service=service.name)


def government_baisa(
    service: catalogue.ServiceView, stage: str, answers: dict[str, object]
) -> int | None:
    """What the entity charges at this stage: all of it with the first request.

    None while it is to be confirmed.
    """
    if stage != (rules.first_stage(set(service.fee_lines)) or rules.OWN_STAGE):
        return 0
    return catalogue.government_fee_due(service.government_fee, answers).baisa


def further_stages(service: catalogue.ServiceView) -> tuple[str, ...]:
    """What the official list charges for once the request was sent, beside sending it again."""
    first = rules.first_stage(set(service.fee_lines))
    return tuple(s for s in service.fee_lines if s not in (first, rules.RESEND))


def stage_asked(case: "Case", service: catalogue.ServiceView, stage: str | None) -> str:
    """The stage to charge for: the one due, or a further one that was asked for.

    Raises what `stage_due` raises, `NoSuchStage`, or `NothingToPay` where no fee was stated.
    """
    if stage is None:
        return stage_due(case, service)
    if stage == rules.GOVERNMENT:
        if not case.stated_fee_baisa:
            raise NothingToPay
    elif stage not in further_stages(service):
        raise NoSuchStage
    if is_paid(case.id, stage):
        raise NoSuchStage if stage != rules.GOVERNMENT else NothingToPay
    return stage


def is_paid(case: UUID, stage: str) -> bool:
    return Payment.objects.filter(case_id=case, quote__stage=stage, state=rules.CONFIRMED).exists()


def verb_for(case: "Case", stage: str) -> Verb:
    """What paying for a stage is: a step on the case's way, or something beside it."""
    if case.submitted_at is None or stage == rules.RESEND:
        return Verb.PAY
    return Verb.PAY_FURTHER


def needs_mandate(case: "Case") -> bool:
    """Only a first request is agreed to under a mandate; what follows goes on under that one."""
    return case.submitted_at is None


def worked_out(
    case: "Case", service: catalogue.ServiceView, stage: str, units: int, day: date
) -> tuple[list[Line], Total]:
    """The charge and the four lines by the lists of a day.

    The fee that an entity stated is by itself: no charge of the centre, and no VAT. Raises what
    `current_line` raises.
    """
    vat = centres.centre(case.centre_id).vat_per_mille
    if stage == rules.GOVERNMENT:
        return [], rules.price([], government_baisa=case.stated_fee_baisa, vat_per_mille=vat)
    own = own_price(centre=case.centre_id, service=service.id, on=day)
    line = current_line(service, stage, units, own=own)
    government = government_baisa(service, stage, cases.open_answers(case))
    return [line], rules.price([line], government_baisa=government, vat_per_mille=vat)


def stage_due(case: "Case", service: catalogue.ServiceView) -> str:
    """The one stage that a case can be charged for now: the request itself, or its resend.

    Raises `NoPublishedFee`, or `NothingToPay` where the resend is paid or free.
    """
    if case.status != Status.RETURNED:
        if not service.fee_lines:
            return rules.OWN_STAGE
        stage = rules.first_stage(set(service.fee_lines))
        if stage is None:
            raise NoPublishedFee(service=service.name)
        return stage
    if not owes_resend(case.id, service, submitted_at=case.submitted_at):
        raise NothingToPay
    return rules.RESEND


def owes_resend(
    case: UUID, service: catalogue.ServiceView, *, submitted_at: datetime | None
) -> bool:
    """Whether the list charges for a resend that was not paid since the case was last sent."""
    line = service.fee_lines.get(rules.RESEND)
    if line is None or line.baisa == 0:
        return False
    paid = Payment.objects.filter(
        case_id=case, quote__stage=rules.RESEND, state=rules.CONFIRMED, made_at__gte=submitted_at
    )
    return not paid.exists()


def total_of(quote: Quote) -> Total:
    return Total(quote.centre_baisa, quote.government_baisa, quote.vat_baisa)


def lines_of(quote: Quote) -> list[Line]:
    found = QuoteLine.objects.filter(quote=quote).order_by("stage")
    return [
        Line(
            line.stage,
            line.fee_line_id,
            line.cap_baisa,
            line.baisa,
            line.units,
            line.own_price_id,
        )
        for line in found
    ]


def is_agreed(quote: Quote) -> bool:
    """Whether the person agreed to these lines under the mandate that the case has now.

    A new mandate, given because the first expired or was somebody else's, asks for a new
    agreement. What follows a sent request goes on under the mandate it was sent with.
    """
    if quote.agreed_at is None or not needs_mandate(quote.case):
        return quote.agreed_at is not None
    mandate = beneficiaries.mandate_for_case(quote.case_id)
    return mandate is not None and mandate.granted_at <= quote.agreed_at


def require_unchanged(quote: Quote, at: datetime) -> None:
    """Raises `FeeChanged` when the lists in force today would give other lines."""
    case, day = quote.case, business_date(at)
    service = catalogue.service_by_id(case.service_id, day)
    cases.require_goes_on(case, service)
    before = lines_of(quote)
    units = before[0].units if before else 1
    now = worked_out(case, service, quote.stage, units, day)
    if (before, total_of(quote)) != now:
        raise FeeChanged
