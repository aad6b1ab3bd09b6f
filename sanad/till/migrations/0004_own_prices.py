from django.contrib.postgres.fields import DateRangeField
from django.db import migrations, models
from django.db.models import PROTECT, ForeignKey, Q

from sanad.db import sql

DROP = """
DROP TRIGGER transfer_own_price ON till_transfer;
DROP FUNCTION till_require_own_price();
DROP TRIGGER own_price_only_closes ON till_ownprice;
DROP FUNCTION till_only_close_price();
ALTER TABLE till_transfer DROP CONSTRAINT transfer_own_cap_fk;
ALTER TABLE till_quoteline DROP CONSTRAINT quote_line_own_cap_fk;
"""
ONE_PRICE = Q(fee_line__isnull=False, own_price__isnull=True) | Q(
    fee_line__isnull=True, own_price__isnull=False
)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("centres", "0002_staff_places"),
        ("till", "0003_published_charges"),
    ]
    operations = [
        migrations.CreateModel(
            name="OwnPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("baisa", models.BigIntegerField()),
                ("valid", DateRangeField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.UUIDField()),
                ("centre", ForeignKey(on_delete=PROTECT, to="centres.centre")),
                ("service", ForeignKey(on_delete=PROTECT, to="catalogue.service")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(baisa__gte=0), name="own_price_not_negative")
                ]
            },
        ),
        migrations.AlterField(
            "quoteline",
            "fee_line",
            ForeignKey(null=True, on_delete=PROTECT, to="catalogue.feeline"),
        ),
        migrations.AddField(
            "quoteline", "own_price", ForeignKey(null=True, on_delete=PROTECT, to="till.ownprice")
        ),
        migrations.AddField(
            "transfer", "own_price", ForeignKey(null=True, on_delete=PROTECT, to="till.ownprice")
        ),
        migrations.AddConstraint(
            "quoteline", models.CheckConstraint(condition=ONE_PRICE, name="quote_line_one_price")
        ),
        migrations.RemoveConstraint("transfer", "transfer_earned_has_cap"),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                name="transfer_earned_has_cap",
                condition=~Q(credit="earned")
                | (
                    Q(kind="centre_charge", cap_baisa__isnull=False, case_id__isnull=False)
                    & ONE_PRICE
                ),
            ),
        ),
        migrations.RunSQL(sql.load("till/own_prices"), DROP),
    ]
