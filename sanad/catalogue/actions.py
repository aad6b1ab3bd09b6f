"""Writes of the catalogue: publish a price list, withdraw a service and restore it."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from sanad.catalogue.files import read_price_list_file
from sanad.catalogue.models import FeeLine, PriceList, Service, Withdrawal
from sanad.catalogue.rules import PublishedList, is_published_already
from sanad.catalogue.shapes import PriceList as ListShape
from sanad.db import reference, sql
from sanad.db.locks import Busy
from sanad.eventlog.actions import append
from sanad.lib.refusal import N_, Refused


class ServiceUnknown(Refused):
    code = "catalogue.service_unknown"
    sentence = N_("The catalogue has no service {code}. Search for it by its name.")


class ListNamesUnknownService(Refused):
    code = "catalogue.list_names_unknown_service"
    sentence = N_(
        "The price list names services that are not loaded: {services}. "
        "Load the catalogue that describes them first."
    )


class AlreadyWithdrawn(Refused):
    code = "catalogue.already_withdrawn"
    sentence = N_(
        "The service {code} is already withdrawn on {on} or later. Restore it first or choose "
        "another day."
    )


class NotWithdrawn(Refused):
    code = "catalogue.not_withdrawn"
    sentence = N_("The service {code} is not withdrawn on {on}, so there is nothing to restore.")


def publish_price_list(
    *, price_list: ListShape | Path, in_force_from: date, at: datetime, by: UUID | None
) -> int:
    """Put a list in force from a day; how many fee lines it opened.

    1. The list is read and checked, if a path is given. 2. It must follow the newest list.
    3. Every open line of older lists is closed on that day. 4. The new lines are opened.

    Publishing the same list for the same day again changes nothing and returns 0. Raises
    CatalogueRefused, ListOlderThanNewest, ListChanged, ListNamesUnknownService or Busy.
    """
    new = read_price_list_file(price_list) if isinstance(price_list, Path) else price_list
    stated = PublishedList(new.list_date, in_force_from, _digest(new))
    published = [
        PublishedList(*row)
        for row in PriceList.objects.values_list("list_date", "in_force_from", "digest")
    ]
    if is_published_already(stated, published):
        return 0
    services = _service_ids(new)
    try:
        with transaction.atomic():
            closed = sql.execute("catalogue/close_fee_lines", {"on": in_force_from})
            opened = _open_lines(new, stated, services, at=at, by=by)
            reference.changed()
            append(
                "price_list.published",
                at=at,
                by=by,
                price_list=new.code,
                in_force_from=in_force_from.isoformat(),
                lines=opened,
                closed=closed,
            )
    except IntegrityError as error:
        # Somebody else published in the same moment; the constraints let only one through.
        raise Busy from error
    return opened


@transaction.atomic
def withdraw_service(*, code: str, on: date, at: datetime, by: UUID | None) -> None:
    """Stop offering a service from a day on. Raises ServiceUnknown or AlreadyWithdrawn."""
    service = _service(code)
    span = DateRange(on, None)
    if Withdrawal.objects.filter(service=service, valid__overlap=span).exists():
        raise AlreadyWithdrawn(code=code, on=on)
    Withdrawal.objects.create(service=service, valid=span, withdrawn_at=at, withdrawn_by=by)
    reference.changed()
    append(
        "service.withdrawn",
        at=at,
        by=by,
        service=code,
        entity=service.entity_id,
        from_date=on.isoformat(),
    )


@transaction.atomic
def restore_service(*, code: str, on: date, at: datetime, by: UUID | None) -> None:
    """Offer a withdrawn service again from a day on. Raises ServiceUnknown or NotWithdrawn."""
    service = _service(code)
    closed = sql.execute("catalogue/restore", {"service": service.pk, "on": on, "at": at, "by": by})
    if closed != 1:
        raise NotWithdrawn(code=code, on=on)
    reference.changed()
    append(
        "service.restored",
        at=at,
        by=by,
        service=code,
        entity=service.entity_id,
        from_date=on.isoformat(),
    )


def _service(code: str) -> Service:
    service = Service.objects.filter(code=code).first()
    if service is None:
        raise ServiceUnknown(code=code)
    return service


def _service_ids(new: ListShape) -> dict[str, int]:
    known = dict(Service.objects.values_list("code", "id"))
    unknown = sorted({line.service for line in new.loaded_lines} - known.keys())
    if unknown:
        raise ListNamesUnknownService(services=", ".join(unknown))
    return known


def _open_lines(
    new: ListShape,
    stated: PublishedList,
    services: dict[str, int],
    *,
    at: datetime,
    by: UUID | None,
) -> int:
    price_list = PriceList.objects.create(
        code=new.code,
        list_date=stated.list_date,
        in_force_from=stated.in_force_from,
        source_title_ar=new.source.title.ar,
        source_title_en=new.source.title.en,
        source_url=new.source.url or "",
        digest=stated.digest,
        published_at=at,
        published_by=by,
    )
    lines = [
        FeeLine(
            service_id=services[line.service],
            stage=line.stage,
            baisa=line.baisa,
            unit=line.unit,
            valid=DateRange(stated.in_force_from, None),
            price_list=price_list,
            source_line=line.line,
        )
        for line in new.loaded_lines
    ]
    return len(FeeLine.objects.bulk_create(lines))


def _digest(new: ListShape) -> str:
    lines = sorted((line.service, line.stage, line.baisa, line.unit) for line in new.loaded_lines)
    return hashlib.sha256(repr(lines).encode()).hexdigest()
