from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial")]
    operations = [migrations.RunSQL(sql.load("db/reference"), migrations.RunSQL.noop)]
