from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0005_studied")]
    operations = [
        migrations.RunSQL(
            "DROP VIEW eventlog_studied; DROP FUNCTION eventlog_pseudonym(uuid);\n"
            + sql.load("eventlog/studied"),
            migrations.RunSQL.noop,
        ),
    ]
