from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0003_row_digests")]
    operations = [
        migrations.RunSQL(sql.load("eventlog/look_ups"), "DROP INDEX eventlog_event_looked_up"),
    ]
