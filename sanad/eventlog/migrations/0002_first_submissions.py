from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql.load("eventlog/first_submissions"), "DROP INDEX eventlog_event_first"
        ),
    ]
