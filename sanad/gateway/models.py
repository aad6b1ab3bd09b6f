"""The only outbox: what is to be sent to an entity, each attempt to send it, and what came back.

Size a quarter: 800,000 deliveries, about 1.1 attempts each, about 1.2 answers each.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from sanad.gateway.rules import ANSWER_KINDS, BY_ENTITY, FOUND_BY
from sanad.lib.ids import new_id

PENDING, ACKNOWLEDGED, DEAD = "pending", "acknowledged", "dead"


class Delivery(models.Model):
    """One sending of one case. The id is the idempotency key; a resend is a new delivery."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="deliveries")
    centre = models.ForeignKey("centres.Centre", models.PROTECT)
    entity_id = models.IntegerField()
    person_id = models.UUIDField()  # requests of one person go in order
    resend_of = models.ForeignKey("self", models.PROTECT, null=True)
    body = models.JSONField()  # what is sent; civil numbers sealed until the moment of sending
    body_hash = models.BinaryField()
    state = models.CharField(max_length=14, default=PENDING)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    next_try_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    entity_reference = models.CharField(max_length=60, blank=True)
    # What the entity signed when it took the request: whoever has its key checks it at any time.
    acknowledgement = models.JSONField(null=True)
    # A further step of the official list; empty for the request itself.
    stage = models.CharField(max_length=12, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_state", condition=Q(state__in=(PENDING, ACKNOWLEDGED, DEAD))
            ),
            models.UniqueConstraint(
                name="delivery_one_pending_per_case",
                fields=["case"],
                condition=Q(state=PENDING, stage=""),
            ),
            models.UniqueConstraint(
                name="delivery_stage_once",
                fields=["case", "stage"],
                condition=~Q(stage="") & ~Q(state=DEAD),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state=PENDING), name="delivery_pending"
            ),
            models.Index(fields=["person_id", "made_at"]),
            models.Index(
                fields=["entity_id", "acknowledged_at"],
                name="delivery_taken",
                condition=Q(acknowledged_at__isnull=False),
            ),
        ]


class Attempt(models.Model):
    """Evidence of one try: what was asked and answered, by identifiers and status only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    centre_id = models.IntegerField()
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    milliseconds = models.IntegerField()
    status = models.SmallIntegerField(null=True)  # null: no answer came
    outcome = models.CharField(max_length=20)
    response_id = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=60, blank=True, db_default="", default="")
    headers = models.JSONField(null=True)  # who asked for whom, as it was sent
    body_sha256 = models.BinaryField(null=True)  # of the exact bytes that were sent

    class Meta:
        constraints = [
            models.UniqueConstraint(name="attempt_number_once", fields=["delivery", "number"])
        ]
        indexes = [models.Index(fields=["at"], name="attempt_at")]


class Answer(models.Model):
    """What an entity said of a case, signed by it; the same answer twice is one row."""

    id = models.UUIDField(primary_key=True)  # the entity's own id of the answer
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="answers")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="answers_received")
    centre_id = models.IntegerField()
    entity_id = models.IntegerField()
    kind = models.CharField(max_length=10)
    body = models.JSONField()
    body_hash = models.BinaryField()
    signature = models.BinaryField()
    by_account = models.UUIDField(null=True)  # an officer, where no machine answers
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="answer_kind", condition=Q(kind__in=ANSWER_KINDS)),
            models.UniqueConstraint(
                name="answer_fee_once", fields=["case"], condition=Q(kind="fee")
            ),
        ]


class EntityEndpoint(models.Model):
    """Where an entity listens and which key it signs with."""

    entity_id = models.IntegerField(primary_key=True)
    url = models.CharField(max_length=300)
    public_key = models.BinaryField(null=True)  # Ed25519, 32 bytes
    key_checked_at = models.DateTimeField(null=True)


class Outage(models.Model):
    """A time in which an entity's portal took nothing. Size a quarter: a few hundred.

    `found_by` says who knew: our own line, which saw tries fail, or the entity, which announced
    it. `deliveries` is how many requests waited for its end.
    """

    id = models.BigAutoField(primary_key=True)
    entity_id = models.IntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    found_by = models.CharField(max_length=6)
    note_ar = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    deliveries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="outage_found_by", condition=Q(found_by__in=FOUND_BY)),
            models.CheckConstraint(
                name="outage_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
            ),
            models.CheckConstraint(name="outage_deliveries", condition=Q(deliveries__gte=0)),
            models.UniqueConstraint(
                name="outage_one_open", fields=["entity_id", "found_by"],
                condition=Q(ended_at=None),
            ),
            ExclusionConstraint(
                name="outage_announced_once",
                expressions=[
                    ("entity_id", RangeOperators.EQUAL),
                    (
                        Func("started_at", "ended_at", function="TSTZRANGE",
                             output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(found_by=BY_ENTITY),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["started_at"], name="outage_started_at")]
