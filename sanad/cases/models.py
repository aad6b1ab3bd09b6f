"""Visits and cases.

Size a quarter: 800,000 cases in about as many visits, two documents a case; a case row is about
600 bytes with its answers.
"""

from django.db import models
from django.db.models import Q

from sanad.lib.ids import new_id


class Visit(models.Model):
    """A person's stay at the counter, from "start" to "finish"; remote ones have no ticket."""

    id = models.UUIDField(primary_key=True, default=new_id)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    channel = models.CharField(max_length=12)
    account_id = models.UUIDField()  # who serves
    point = models.SmallIntegerField(null=True)
    person = models.ForeignKey("beneficiaries.Person", models.PROTECT, null=True)
    company = models.ForeignKey("beneficiaries.Company", models.PROTECT, null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    timing_wrong_at = models.DateTimeField(null=True)  # said so by whoever served

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="visit_one_open_per_operator",
                fields=["account_id"],
                condition=Q(ended_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["centre", "started_at"])]


class Case(models.Model):
    """One service for one person: what was asked, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)  # the tracking code, with its check
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="cases")
    person = models.ForeignKey("beneficiaries.Person", models.PROTECT)
    company = models.ForeignKey("beneficiaries.Company", models.PROTECT, null=True)
    service = models.ForeignKey("catalogue.Service", models.PROTECT)
    entity_id = models.IntegerField(db_index=True)
    status = models.CharField(max_length=16)
    # Civil numbers inside the answers are sealed before they are stored.
    answers = models.JSONField(default=dict)
    marked_fields = models.JSONField(default=list)  # what the entity returned it for
    reason_ar = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    last_seq = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the target time of the stage it is in
    decided_at = models.DateTimeField(null=True)
    # The government fee, where nothing is published and the entity stated it afterwards.
    stated_fee_baisa = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_stated_fee",
                condition=Q(stated_fee_baisa__isnull=True) | Q(stated_fee_baisa__gte=0),
            )
        ]
        indexes = [
            models.Index(fields=["centre", "status", "updated_at"]),
            models.Index(
                fields=["centre"], name="case_with_stated_fee", condition=Q(stated_fee_baisa__gt=0)
            ),
        ]


class CaseDocument(models.Model):
    """A document on the checklist of a case: seen on paper, or kept as a file."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    centre_id = models.IntegerField()
    code = models.CharField(max_length=60)
    held_as = models.CharField(max_length=8)  # paper | file
    file_name = models.CharField(max_length=160, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    size_bytes = models.IntegerField(default=0)
    sha256 = models.BinaryField(null=True)
    expires_on = models.DateField(null=True)  # the last day on which it is valid
    held = models.ForeignKey("beneficiaries.HeldDocument", models.PROTECT, null=True)  # reused
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="document_once_a_case", fields=["case", "code"]),
            models.CheckConstraint(
                name="document_held", condition=Q(held_as__in=("paper", "file"))
            ),
        ]


class NotDuplicate(models.Model):
    """A case that looked like another, and the reason why it is not the same request."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    others = models.JSONField()  # the cases it looked like
    reason = models.CharField(max_length=200)
    account_id = models.UUIDField()
    at = models.DateTimeField()
