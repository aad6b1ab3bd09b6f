import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0002_staff_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatedCosts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rent", models.BigIntegerField(null=True)),
                ("wages", models.BigIntegerField(null=True)),
                ("utilities", models.BigIntegerField(null=True)),
                ("licence", models.BigIntegerField(null=True)),
                ("connection", models.BigIntegerField(null=True)),
                ("each", models.BigIntegerField(null=True)),
                ("living", models.BigIntegerField(null=True)),
                ("reserve", models.BigIntegerField(null=True)),
                ("stated_at", models.DateTimeField()),
                ("stated_by", models.UUIDField()),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_costs",
                        to="centres.centre",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["centre", "stated_at"], name="stated_costs_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rent", None), ("rent__gte", 0), _connector="OR"),
                            models.Q(("wages", None), ("wages__gte", 0), _connector="OR"),
                            models.Q(("utilities", None), ("utilities__gte", 0), _connector="OR"),
                            models.Q(("licence", None), ("licence__gte", 0), _connector="OR"),
                            models.Q(("connection", None), ("connection__gte", 0), _connector="OR"),
                            models.Q(("each", None), ("each__gte", 0), _connector="OR"),
                            models.Q(("living", None), ("living__gte", 0), _connector="OR"),
                            models.Q(("reserve", None), ("reserve__gte", 0), _connector="OR"),
                        ),
                        name="stated_costs_not_negative",
                    )
                ],
            },
        ),
    ]
