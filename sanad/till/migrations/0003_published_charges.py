from django.db import migrations, models
from django.db.models import Q

from sanad.db import sql

DROP = "DROP TRIGGER transfer_published_charge ON till_transfer; DROP FUNCTION till_require_published_charge();"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("catalogue", "0001_initial"), ("till", "0002_caps")]
    operations = [
        migrations.RemoveConstraint("transfer", "transfer_earned_has_cap"),
        migrations.RemoveConstraint("transfer", "transfer_stage_charged_once"),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                name="transfer_earned_has_cap",
                condition=~Q(credit="earned")
                | Q(
                    kind="centre_charge",
                    fee_line__isnull=False,
                    cap_baisa__isnull=False,
                    case_id__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                name="transfer_first_request_once",
                condition=~Q(credit="earned") | Q(round=1) | Q(stage="resend", round__gte=1),
            ),
        ),
        migrations.AddConstraint(
            "transfer",
            models.UniqueConstraint(
                name="transfer_stage_charged_once",
                fields=["case_id", "stage", "round"],
                condition=Q(credit="earned"),
            ),
        ),
        migrations.RunSQL(sql.load("till/caps"), DROP),
    ]
