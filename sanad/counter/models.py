"""Tickets and their series.

Size: one ticket a visit, 800,000 a quarter; a series row a centre, day and group, 60,000.
"""

from django.db import models
from django.db.models import Q

from sanad.counter.rules import STATUSES
from sanad.lib.ids import new_id


class TicketSeries(models.Model):
    """The last number of a group on a day at a centre: locked first of all rows."""

    id = models.BigAutoField(primary_key=True)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    group = models.CharField(max_length=2)
    last_number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="series_once", fields=["centre", "business_date", "group"])
        ]


class Ticket(models.Model):
    """A place in line."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    business_date = models.DateField()
    group = models.CharField(max_length=2)
    number = models.IntegerField()
    status = models.CharField(max_length=10, default="waiting")
    service_code = models.CharField(max_length=80, blank=True)  # what was asked for at the kiosk
    issued_at = models.DateTimeField()
    rank_at = models.DateTimeField()  # its place in line: when it was issued, or put back
    called_at = models.DateTimeField(null=True)
    called_by = models.UUIDField(null=True)
    point = models.SmallIntegerField(null=True)
    calls = models.SmallIntegerField(default=0)
    hold_reason = models.CharField(max_length=200, blank=True)
    visit = models.OneToOneField("cases.Visit", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ticket_number_once", fields=["centre", "business_date", "group", "number"]
            ),
            models.CheckConstraint(name="ticket_status", condition=Q(status__in=STATUSES)),
            models.UniqueConstraint(
                name="ticket_one_called_per_operator",
                fields=["called_by"],
                condition=Q(status__in=("called", "serving")),
            ),
        ]
        indexes = [models.Index(fields=["centre", "business_date", "status", "rank_at"])]
