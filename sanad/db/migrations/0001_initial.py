from django.db import migrations

from sanad.db import sql


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(sql.load("db/foundation"), migrations.RunSQL.noop),
        migrations.RunSQL(sql.load("db/ar_norm"), migrations.RunSQL.noop),
    ]
