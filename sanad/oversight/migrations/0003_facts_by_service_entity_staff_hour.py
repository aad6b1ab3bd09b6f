from typing import Any

import django.db.models.deletion
from django.db import migrations, models

# No default: a day fact is refilled from the log, so a table that has rows is emptied first.
COUNTS = (
    "transactions", "cases_approved", "cases_rejected", "decisions_timed", "ratings",
    "ratings_happy", "ratings_sum", "notices", "payments_cash", "payments_card",
)  # fmt: skip
TOTALS = ("decision_seconds_total", "earned_baisa", "government_baisa", "vat_baisa")


def facts(name: str, *key: str, fields: list[tuple[str, Any]]) -> migrations.CreateModel:
    """A table of facts with its composite key."""
    pk = models.CompositePrimaryKey(
        "business_date", *key, blank=True, editable=False, primary_key=True, serialize=False
    )
    day = ("business_date", models.DateField())
    return migrations.CreateModel(
        name=name, fields=[("pk", pk), day, *fields, ("refilled_at", models.DateTimeField())]
    )


def to(table: str) -> Any:
    return models.ForeignKey(
        to=table, on_delete=django.db.models.deletion.PROTECT, db_constraint=False
    )


def counts(*names: str) -> list[tuple[str, Any]]:
    return [
        (name, models.BigIntegerField() if "total" in name or "baisa" in name
         else models.IntegerField())
        for name in names
    ]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("centres", "0001_initial"),
        ("oversight", "0002_more_counts"),
    ]
    operations = [
        migrations.RunSQL("DELETE FROM oversight_dayfact", migrations.RunSQL.noop),
        *(
            migrations.AddField("dayfact", name, field, preserve_default=False)
            for name, field in counts(*COUNTS, *TOTALS)
        ),
        migrations.AddIndex(
            "dayfact", models.Index(fields=["business_date"], name="dayfact_by_day")
        ),
        facts(
            "ServiceDayFact", "centre_id", "service",
            fields=[
                ("service", models.CharField(max_length=80)),
                *counts("cases_opened", "transactions", "cases_returned", "cases_approved",
                        "cases_rejected", "earned_baisa"),
                ("centre", to("centres.centre")),
            ],
        ),
        facts(
            "EntityDayFact", "entity_id", "service",
            fields=[
                ("service", models.CharField(max_length=80)),
                *counts("transactions", "cases_submitted", "cases_returned", "cases_approved",
                        "cases_rejected", "decisions_timed", "decision_seconds_total",
                        "acknowledged", "acknowledged_seconds_total", "delayed"),
                ("entity", to("catalogue.entity")),
            ],
        ),
        facts(
            "StaffDayFact", "centre_id", "account_id",
            fields=[
                ("account_id", models.UUIDField()),
                *counts("visits_served", "counter_seconds_total", "cases_opened", "transactions",
                        "taken_baisa", "earned_baisa"),
                ("centre", to("centres.centre")),
            ],
        ),
        facts(
            "HourDayFact", "centre_id", "hour",
            fields=[
                ("hour", models.SmallIntegerField()),
                *counts("tickets", "visits", "tickets_started", "wait_seconds_total"),
                ("centre", to("centres.centre")),
            ],
        ),
    ]  # fmt: skip
