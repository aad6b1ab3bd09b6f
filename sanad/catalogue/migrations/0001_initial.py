import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from sanad.db import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("title_ar", models.TextField()),
                ("title_en", models.TextField()),
                ("url", models.TextField(blank=True)),
                ("date", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entity",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("official_name_ar", models.TextField()),
                ("name_ar", models.TextField()),
                ("name_en", models.TextField()),
                ("name_sort", models.TextField()),
                ("aliases", models.JSONField(default=list)),
                ("provenance", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("list_date", models.DateField(unique=True)),
                ("in_force_from", models.DateField(unique=True)),
                ("source_title_ar", models.TextField()),
                ("source_title_en", models.TextField()),
                ("source_url", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=80, unique=True)),
                ("official_name_ar", models.TextField()),
                ("name_ar", models.TextField()),
                ("name_en", models.TextField()),
                ("name_sort", models.TextField()),
                ("kind", models.CharField(max_length=20)),
                ("keywords", models.JSONField(default=list)),
                ("list_group", models.PositiveSmallIntegerField()),
                ("fold_ar", models.TextField()),
                ("fold_en", models.TextField()),
                ("fold_all", models.TextField()),
                ("provenance", models.JSONField(default=dict)),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="catalogue.entity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceDefinition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("family", models.CharField(blank=True, max_length=40)),
                ("description", models.JSONField(null=True)),
                ("form", models.JSONField()),
                ("documents", models.JSONField(null=True)),
                ("procedure", models.JSONField()),
                ("government_fee", models.JSONField()),
                ("provenance", models.JSONField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="definitions",
                        to="catalogue.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("withdrawn_at", models.DateTimeField()),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("restored_at", models.DateTimeField(null=True)),
                ("restored_by", models.UUIDField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="catalogue.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FeeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=20)),
                ("baisa", models.BigIntegerField()),
                ("unit", models.CharField(max_length=10)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source_line", models.PositiveIntegerField()),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="catalogue.pricelist",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_lines",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("baisa__gte", 0)), name="catalogue_fee_not_negative"
                    ),
                    models.UniqueConstraint(
                        fields=("price_list", "source_line"), name="catalogue_fee_line_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql.load("catalogue/guards"), migrations.RunSQL.noop),
    ]
