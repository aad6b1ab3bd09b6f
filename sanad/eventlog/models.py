"""What happened. The tables themselves are made by `sql/tables.sql`: partitioned, append-only."""

from django.db import models


class Event(models.Model):
    """One thing that happened, narrow: codes, identifiers and amounts, never personal data.

    `occurred_at` is domain time and drives figures; `recorded_at` is the database's and drives
    audit. Inside a case the order is `seq`, never time.
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.UUIDField()
    kind = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    centre_id = models.IntegerField(null=True)
    actor_id = models.UUIDField(null=True)
    visit_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    seq = models.IntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "eventlog_event"
