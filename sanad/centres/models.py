"""Governorates, wilayats, villages; centres, their hours, service points and stated costs.

Size: 11, 63, about 400, 923, 12,000 spans of hours, 2,000 points. Read often, changed rarely.
"""

from django.db import models
from django.db.models import F, Q

from sanad.centres.stated import LINES
from sanad.lib.ar_norm import ar_norm


class Governorate(models.Model):
    """The ministry's code (1-11) is the key."""

    code = models.SmallIntegerField(primary_key=True)
    name_ar = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    population = models.IntegerField()
    source = models.CharField(max_length=200)


class Wilayat(models.Model):
    """The ministry's code (1-63) is the key. The point lies inside the wilayat."""

    code = models.SmallIntegerField(primary_key=True)
    governorate = models.ForeignKey(Governorate, models.PROTECT, related_name="wilayats")
    name_ar = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    name_sort = models.CharField(max_length=60)
    population = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()


class Village(models.Model):
    """A village or quarter with at least one centre."""

    id = models.IntegerField(primary_key=True)
    wilayat = models.ForeignKey(Wilayat, models.PROTECT, related_name="villages")
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=80)


class Centre(models.Model):
    """An office where people are served. Closed, never deleted."""

    id = models.IntegerField(primary_key=True)
    name_ar = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_sort = models.CharField(max_length=120)
    village = models.ForeignKey(Village, models.PROTECT, related_name="centres")
    licence_no = models.CharField(max_length=30, unique=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    position_provenance = models.CharField(max_length=200)
    # Per mille of the centre's own charge; 0 for a centre under the threshold.
    vat_per_mille = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="centre_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="centre_vat_sane", condition=Q(vat_per_mille__gte=0, vat_per_mille__lte=200)
            ),
        ]

    def fold_name(self) -> None:
        self.name_sort = ar_norm(self.name_ar)


class OpeningSpan(models.Model):
    """Open from `opens` until just before `closes`, Muscat time; weekday 0 is Sunday."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="spans")
    weekday = models.SmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="span_in_order",
                condition=Q(opens__lt=F("closes"), weekday__gte=0, weekday__lte=6),
            ),
            models.UniqueConstraint(name="span_once", fields=["centre", "weekday", "opens"]),
        ]


class Holiday(models.Model):
    """A day on which the whole network rests; the ministry edits the list. The date is the key."""

    day = models.DateField(primary_key=True)
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    provenance = models.CharField(max_length=200)


class ServicePoint(models.Model):
    """A counter inside a centre, numbered from 1."""

    centre = models.ForeignKey(Centre, models.CASCADE, related_name="points")
    number = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="point_once", fields=["centre", "number"]),
            models.CheckConstraint(name="point_from_one", condition=Q(number__gte=1)),
        ]


def _baisa() -> "models.BigIntegerField[int | None, int | None]":
    return models.BigIntegerField(null=True)


class StatedCosts(models.Model):
    """What an owner said their centre costs a month, in baisa. The newest row holds.

    A few rows a centre and year; never changed. Null where the owner has not said it.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="stated_costs")
    rent = _baisa()
    wages = _baisa()
    utilities = _baisa()
    licence = _baisa()
    connection = _baisa()
    each = _baisa()  # a transaction
    living = _baisa()
    reserve = _baisa()  # what is put by
    stated_at = models.DateTimeField()
    stated_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stated_costs_not_negative",
                condition=Q(*(Q((name, None)) | Q((f"{name}__gte", 0)) for name in LINES)),
            ),
        ]
        indexes = [models.Index(fields=["centre", "stated_at"], name="stated_costs_newest")]
