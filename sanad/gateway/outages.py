"""Outages of the entities' portals: seen by our own line, or announced by the entity.

What the line sees is watched by background work after each try and once a minute, as the system:
no centre can invent an outage. The constraint decides where several workers see the same one.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef

from sanad.db import sql
from sanad.eventlog.actions import append
from sanad.gateway import rules
from sanad.gateway.models import Attempt, Delivery, Outage
from sanad.gateway.rules import BY_ENTITY, BY_LINE, Try
from sanad.lib.bilingual import Text


def watch(*, entity: int, at: datetime) -> None:
    """Ask of one entity, as the system, whether an outage ended or began.

    1. An open outage ends with the first request that the portal has taken since it began.
    2. Where none is open, the newest tries say whether one began.
    """
    outage = Outage.objects.filter(entity_id=entity, found_by=BY_LINE, ended_at=None).first()
    if outage is None:
        _begin(entity, at)
    elif taken_at := _first_taken(entity, after=outage.started_at):
        _end(outage, taken_at)


def watch_open(*, at: datetime) -> None:
    """The same of every entity whose portal is down, for what two workers saw in passing."""
    down = Outage.objects.filter(found_by=BY_LINE, ended_at=None)
    for entity in list(down.values_list("entity_id", flat=True)):
        watch(entity=entity, at=at)


def announce(
    *, entity: int, start: datetime, end: datetime, note: Text, at: datetime, by: UUID
) -> int:
    """Say beforehand when the portal will take nothing, as the entity; the outage's number.

    Raises `OutageBackwards`, `OutagePast`, `OutageTooLong`, `OutageWordless`, `OutageOverlaps`.
    """
    rules.require_announceable(start=start, end=end, note_ar=note.ar, note_en=note.en, at=at)
    outage = Outage(
        entity_id=entity,
        started_at=start,
        ended_at=end,
        found_by=BY_ENTITY,
        note_ar=note.ar.strip()[: rules.LONGEST_NOTE],
        note_en=note.en.strip()[: rules.LONGEST_NOTE],
    )
    try:
        with transaction.atomic():
            outage.save(force_insert=True)
    except IntegrityError as twice:
        raise rules.OutageOverlaps from twice
    append("outage.announced", at=at, by=by, entity=entity, outage=outage.id)
    return outage.id


def withdraw(*, outage: int, entity: int, at: datetime, by: UUID) -> None:
    """Take back an announced outage, as the entity: whole before it began, from now on after.

    Raises `NoSuchOutage` or `OutageOver`.
    """
    announced = Outage.objects.filter(id=outage, entity_id=entity, found_by=BY_ENTITY)
    coming = announced.filter(started_at__gte=at)
    if not coming.delete()[0]:
        running = announced.filter(started_at__lt=at, ended_at__gt=at)
        if running.update(ended_at=at) != 1:
            raise rules.OutageOver if announced.exists() else rules.NoSuchOutage
    append("outage.withdrawn", at=at, by=by, entity=entity, outage=outage)


# -- inside --------------------------------------------------------------------------------------


def _begin(entity: int, at: datetime) -> None:
    started_at = rules.down_since(_newest_tries(entity, at))
    if started_at is None:
        return
    for row in sql.rows("gateway/open_outage", {"entity": entity, "started_at": started_at}):
        append("outage.started", at=started_at, by=None, entity=entity, outage=row["id"])


def _end(outage: Outage, ended_at: datetime) -> None:
    asked = {"entity": outage.entity_id, "ended_at": ended_at}
    [waited] = sql.rows("gateway/waited", asked)
    ended = Outage.objects.filter(id=outage.id, ended_at=None).update(
        ended_at=ended_at, deliveries=waited["requests"]
    )
    if ended == 1:
        append("outage.ended", at=ended_at, by=None, entity=outage.entity_id, outage=outage.id)


def _newest_tries(entity: int, at: datetime) -> list[Try]:
    found = Attempt.objects.filter(
        at__gt=at - rules.TRIES_LOOKED_AT, at__lte=at, delivery__entity_id=entity
    ).order_by("-at", "-id")[: rules.TRIES_THAT_SAY_DOWN]
    rows = list(found.values_list("delivery_id", "at", "status"))
    return [Try(*row) for row in reversed(rows)]


def _first_taken(entity: int, *, after: datetime) -> datetime | None:
    """The first request that the entity's system took over the line; an officer's is none."""
    over_the_line = Attempt.objects.filter(
        delivery=OuterRef("id"), at=OuterRef("acknowledged_at"), outcome="acknowledged"
    )
    found = Delivery.objects.filter(Exists(over_the_line), entity_id=entity)
    taken = found.filter(acknowledged_at__gt=after).order_by(F("acknowledged_at"))
    return taken.values_list("acknowledged_at", flat=True).first()
