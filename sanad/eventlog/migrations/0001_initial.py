from django.db import migrations, models

from sanad.db import sql


class Migration(migrations.Migration):
    initial = True
    dependencies = [("db", "0001_initial")]
    operations = [
        migrations.RunSQL(sql.load("eventlog/tables"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "occurred_at", "id", blank=True, editable=False, primary_key=True
                    ),
                ),
                ("id", models.UUIDField()),
                ("kind", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("centre_id", models.IntegerField(null=True)),
                ("actor_id", models.UUIDField(null=True)),
                ("visit_id", models.UUIDField(null=True)),
                ("case_id", models.UUIDField(null=True)),
                ("seq", models.IntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
            ],
            options={"managed": False, "db_table": "eventlog_event"},
        ),
    ]
