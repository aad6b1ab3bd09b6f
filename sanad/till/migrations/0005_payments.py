import django.db.models.deletion
from django.db import migrations, models

import sanad.lib.ids
from sanad.db import sql

DROP = """
DROP TRIGGER payment_step ON till_payment; DROP FUNCTION till_require_payment_step();
DROP TRIGGER pending_settled_once ON till_pending; DROP TRIGGER refund_decided_once ON till_refund;
DROP FUNCTION till_require_undecided();
DROP TRIGGER quote_stands_while_paid ON till_quote; DROP FUNCTION till_require_nothing_open();
DROP TRIGGER case_stands_while_paid ON cases_case; DROP TRIGGER case_stays_while_given_back ON cases_case;
DROP FUNCTION till_require_case_free();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("centres", "0002_staff_places"),
        ("till", "0004_own_prices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="till.payment",
                    ),
                ),
                ("means", models.CharField(max_length=12)),
                ("taken_by", models.UUIDField()),
                ("since", models.DateTimeField()),
                ("registered_at", models.DateTimeField(null=True)),
                ("provider_reference", models.CharField(blank=True, max_length=40)),
                ("doubted_at", models.DateTimeField(null=True)),
                ("doubt", models.CharField(blank=True, max_length=12)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(default=0)),
                ("next_ask_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("url", models.CharField(max_length=300)),
                ("public_key", models.BinaryField(null=True)),
                ("key_checked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sanad.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="pending", max_length=12)),
                ("reason", models.CharField(max_length=400)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.UUIDField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=20)),
                ("given_at", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(default=0)),
                ("next_ask_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_means",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="transfer_between_accounts",
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("means__in", ("cash", "card", "link"))), name="payment_means"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("initiated", "in_doubt"))),
                fields=("case",),
                name="payment_one_open_per_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "credit__in",
                        (
                            "drawer",
                            "safe",
                            "card_clearing",
                            "link_clearing",
                            "held_for_entity",
                            "earned",
                            "vat_due",
                            "in_doubt",
                            "variance",
                        ),
                    ),
                    (
                        "debit__in",
                        (
                            "drawer",
                            "safe",
                            "card_clearing",
                            "link_clearing",
                            "held_for_entity",
                            "earned",
                            "vat_due",
                            "in_doubt",
                            "variance",
                        ),
                    ),
                    models.Q(("debit", models.F("credit")), _negated=True),
                ),
                name="transfer_between_accounts",
            ),
        ),
        migrations.AddField(
            model_name="pending",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="centres.centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)), name="provider_is_one"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="centres.centre"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="drawer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="till.drawer"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="till.payment",
            ),
        ),
        migrations.AddIndex(
            model_name="pending",
            index=models.Index(
                condition=models.Q(("next_ask_at__isnull", False)),
                fields=["next_ask_at"],
                name="pending_to_ask",
            ),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ("", "confirmed", "failed"))),
                name="pending_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(("doubt__in", ("", "terminal", "provider", "amount"))),
                name="pending_doubt",
            ),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="pending_settled_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="pending",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "failed"), _negated=True)
                | (models.Q(("means", "card"), _negated=True) & models.Q(settled_by__isnull=True))
                | (
                    models.Q(settled_by__isnull=False)
                    & models.Q(("settled_by", models.F("taken_by")), _negated=True)
                ),
                name="pending_failed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["centre", "asked_at"], name="refund_asked"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("next_ask_at__isnull", False)),
                fields=["next_ask_at"],
                name="refund_to_ask",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("pending", "approved", "declined"))),
                name="refund_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="refund_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("state", "pending"),
                    ),
                    models.Q(
                        models.Q(("state", "pending"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="refund_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_at__isnull", True), ("state", "approved"), _connector="OR"
                ),
                name="refund_given_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "declined"), _negated=True),
                fields=("payment",),
                name="refund_one_per_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("centre", "reference"),
                name="refund_card_reference_once",
            ),
        ),
        migrations.RunSQL(sql.load("till/payments"), DROP),
    ]
