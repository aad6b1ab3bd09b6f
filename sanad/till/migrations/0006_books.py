# Cash that moves without a payment, government money handed over, and files to match with.

import django.db.models.deletion
from django.db import migrations, models

import sanad.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("centres", "0002_staff_places"),
        ("till", "0005_payments"),
    ]

    operations = [
        migrations.CreateModel(
            name="CashMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sanad.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("baisa", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="SettledTransfer",
            fields=[
                (
                    "transfer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="till.transfer",
                    ),
                ),
                ("centre_id", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sanad.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("entity_id", models.IntegerField()),
                ("until", models.DateField()),
                ("baisa", models.BigIntegerField()),
                ("paid_from", models.CharField(max_length=16)),
                ("reference", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="StatementFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sanad.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("entity_id", models.IntegerField(null=True)),
                ("file_name", models.CharField(max_length=160)),
                ("sha256", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=sanad.lib.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("centre_id", models.IntegerField()),
                ("number", models.IntegerField()),
                ("reference", models.CharField(max_length=40)),
                ("baisa", models.BigIntegerField()),
                ("on", models.DateField()),
                ("explained", models.CharField(blank=True, max_length=200)),
                ("explained_at", models.DateTimeField(null=True)),
                ("explained_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="transfer_between_accounts",
        ),
        migrations.AddField(
            model_name="drawer",
            name="pieces",
            field=models.JSONField(null=True),
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
                            "bank",
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
                            "bank",
                        ),
                    ),
                    models.Q(("debit", models.F("credit")), _negated=True),
                ),
                name="transfer_between_accounts",
            ),
        ),
        migrations.AddField(
            model_name="cashmove",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="centres.centre"
            ),
        ),
        migrations.AddField(
            model_name="cashmove",
            name="drawer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="till.drawer"
            ),
        ),
        migrations.AddField(
            model_name="cashmove",
            name="transfer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, to="till.transfer"
            ),
        ),
        migrations.AddField(
            model_name="cashmove",
            name="undoes",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="till.cashmove"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="centres.centre"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="transfer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, to="till.transfer"
            ),
        ),
        migrations.AddField(
            model_name="settledtransfer",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settled",
                to="till.settlement",
            ),
        ),
        migrations.AddField(
            model_name="statementfile",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="centres.centre"
            ),
        ),
        migrations.AddField(
            model_name="statementline",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="till.statementfile",
            ),
        ),
        migrations.AddIndex(
            model_name="cashmove",
            index=models.Index(fields=["centre", "at"], name="till_cashmo_centre__2f75bc_idx"),
        ),
        migrations.AddConstraint(
            model_name="cashmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("cash_in", "cash_out", "deposit"))),
                name="cash_move_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("baisa__gt", 0)), name="cash_move_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="cashmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drawer__isnull", True), ("kind", "deposit")),
                    models.Q(("drawer__isnull", False), ("kind__in", ("cash_in", "cash_out"))),
                    _connector="OR",
                ),
                name="cash_move_of_drawer",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("baisa__gt", 0)), name="settlement_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_from__in", ("bank", "safe"))), name="settlement_paid_from"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                fields=("centre", "entity_id", "reference"), name="settlement_reference_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entity_id__isnull", True), ("kind", "card")),
                    models.Q(("entity_id__isnull", False), ("kind", "entity")),
                    _connector="OR",
                ),
                name="statement_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementfile",
            constraint=models.UniqueConstraint(
                fields=("centre", "sha256"), name="statement_file_once"
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                fields=["centre_id", "reference"], name="till_statem_centre__a7b4ea_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(
                fields=("file", "number"), name="statement_line_once"
            ),
        ),
    ]
