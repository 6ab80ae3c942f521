import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cafes", "0001_initial"),
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("period_kind", models.CharField(max_length=10)),
                ("period_start", models.DateField()),
                ("measure", models.CharField(max_length=40)),
                ("category", models.CharField(blank=True, max_length=100)),
                ("value", models.PositiveIntegerField()),
                (
                    "cafe",
                    sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="+", to="cafes.cafe"),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["period_kind", "period_start", "measure"], name="reports_figure_period")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "cafe_id", "period_kind", "period_start", "measure", "category"),
                        name="reports_figure_once",
                    )
                ],
            },
        ),
        EnableTenancy("figure", provider="SELECT, INSERT, UPDATE, DELETE", report="SELECT"),
    ]
