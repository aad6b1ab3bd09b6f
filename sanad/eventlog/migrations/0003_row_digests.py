from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    """The digest of an event by a view, which the planner can take apart; the bytes are the same."""

    dependencies = [("eventlog", "0002_first_submissions")]
    operations = [migrations.RunSQL(sql.load("eventlog/row_digests"), migrations.RunSQL.noop)]
