from django.db import migrations, models

# No default: a day fact is refilled from the log, so a table that has rows is emptied first.
FIELDS = {
    "tickets_started": models.IntegerField(),
    "cases_returned": models.IntegerField(),
    "refunded_cash_baisa": models.BigIntegerField(),
    "refunded_card_baisa": models.BigIntegerField(),
}


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [
        migrations.RunSQL("DELETE FROM oversight_dayfact", migrations.RunSQL.noop),
        *(
            migrations.AddField("dayfact", name, field, preserve_default=False)
            for name, field in FIELDS.items()
        ),
    ]
