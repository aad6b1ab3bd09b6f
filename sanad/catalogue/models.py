"""Reference data: who owns which service, what it asks for, and what a centre may charge.

Size: some 30 entities, 390 services, a definition each, 330 fee lines a list and two lists a year.
Dated rows are closed by setting the upper bound of `valid`; they are never edited or deleted.
sql/guards.sql holds what Django cannot say: exclusion constraints, the trigger, the search index.
"""

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class Source(models.Model):
    """Where a fact of the catalogue comes from; the `provenance` columns name these codes."""

    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=30)
    title_ar = models.TextField()
    title_en = models.TextField()
    url = models.TextField(blank=True)
    date = models.DateField(null=True)


class Entity(models.Model):
    """A body that owns services. The key is its number in the official list; ours from 100 up."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    official_name_ar = models.TextField()
    name_ar = models.TextField()
    name_en = models.TextField()
    # The folded name: the database sorts by code point, which parts أحمد from احمد.
    name_sort = models.TextField()
    aliases = models.JSONField(default=list)
    provenance = models.JSONField(default=dict)


class Service(models.Model):
    """A service of the catalogue (CPSV-AP: Public Service)."""

    code = models.SlugField(max_length=80, unique=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="services")
    official_name_ar = models.TextField()
    name_ar = models.TextField()
    name_en = models.TextField()
    name_sort = models.TextField()
    kind = models.CharField(max_length=20)
    keywords = models.JSONField(default=list)
    list_group = models.PositiveSmallIntegerField()
    # Folded by queries.search_fold; what search compares with.
    fold_ar = models.TextField()
    fold_en = models.TextField()
    fold_all = models.TextField()
    provenance = models.JSONField(default=dict)


class Withdrawal(models.Model):
    """A span in which a service is not offered. Open above until the service is restored."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="withdrawals")
    valid = DateRangeField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.UUIDField(null=True)
    restored_at = models.DateTimeField(null=True)
    restored_by = models.UUIDField(null=True)


class ServiceDefinition(models.Model):
    """Form, documents, steps and government fee of a service in a span of dates."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="definitions")
    valid = DateRangeField()
    # The family whose form, documents and steps stand in; empty for a definition of its own.
    family = models.CharField(max_length=40, blank=True)
    description = models.JSONField(null=True)
    form = models.JSONField()
    documents = models.JSONField(null=True)
    procedure = models.JSONField()
    government_fee = models.JSONField()
    provenance = models.JSONField()


class PriceList(models.Model):
    """A published list. `in_force_from` may differ from its own date, which a screen must say."""

    code = models.CharField(max_length=60, unique=True)
    list_date = models.DateField(unique=True)
    in_force_from = models.DateField(unique=True)
    source_title_ar = models.TextField()
    source_title_en = models.TextField()
    source_url = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)


class FeeLine(models.Model):
    """The most a centre may charge for one stage of a service, in baisa for each unit."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="fee_lines")
    stage = models.CharField(max_length=20)
    baisa = models.BigIntegerField()
    unit = models.CharField(max_length=10)
    valid = DateRangeField()
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="lines")
    source_line = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(baisa__gte=0), name="catalogue_fee_not_negative"
            ),
            models.UniqueConstraint(
                fields=["price_list", "source_line"], name="catalogue_fee_line_once"
            ),
        ]
