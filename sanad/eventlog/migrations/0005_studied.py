from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0004_look_ups")]
    operations = [
        migrations.RunSQL(
            sql.load("eventlog/studied"),
            "DROP VIEW eventlog_studied; DROP FUNCTION eventlog_pseudonym(uuid)",
        ),
    ]
