import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy

# The owner, who migrates, is held to the policies and would update no row: a change of type is of the table.
_ADD_PUBLISHED = """
ALTER TABLE reports_figure ADD COLUMN published integer;
ALTER TABLE reports_figure ALTER COLUMN published TYPE integer USING value;
ALTER TABLE reports_figure ALTER COLUMN published SET NOT NULL;
ALTER TABLE reports_figure ADD CONSTRAINT reports_figure_published_check CHECK (published >= 0);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0008_cafe_facts_and_openings"),
        ("providers", "0003_invitations"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            _ADD_PUBLISHED,
            "ALTER TABLE reports_figure DROP COLUMN published",
            state_operations=[
                migrations.AddField(
                    "figure", "published", models.PositiveIntegerField(default=0), preserve_default=False
                )
            ],
        ),
        migrations.AddField("figure", "first_value", models.PositiveIntegerField(null=True)),
        migrations.AddField("figure", "first_published", models.PositiveIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_published__isnull", True), ("first_value__isnull", True))
                | models.Q(("first_published__isnull", False), ("first_value__isnull", False)),
                name="reports_figure_first",
            ),
        ),
        migrations.CreateModel(
            name="MonthLock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("month", models.DateField(help_text="Its first day.")),
                ("locked_at", models.DateTimeField()),
                ("locked_by", models.CharField(max_length=120)),
                (
                    "locked_as",
                    models.CharField(
                        choices=[
                            ("provider", "The provider’s manager"),
                            ("trust", "The trust, after the deadline"),
                        ],
                        max_length=20,
                    ),
                ),
                ("not_held", models.PositiveSmallIntegerField(default=0)),
                ("left_open", models.PositiveSmallIntegerField(default=0)),
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
                "ordering": ["month"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "month"),
                        name="reports_month_locked_once",
                        violation_error_message="This month is locked.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="reports_month_lock_first_day",
                        violation_error_message="A month is named by its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("locked_as", "trust"), ("left_open", 0), _connector="OR"),
                        name="reports_month_lock_left_open",
                        violation_error_message="A provider closes its sessions before it locks a month.",
                    ),
                ],
            },
        ),
        EnableTenancy("monthlock", provider="SELECT, INSERT", trust="SELECT"),
        migrations.CreateModel(
            name="LockedFigure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("month_lock_id", models.UUIDField()),
                ("cafe_id", models.UUIDField()),
                ("period_kind", models.CharField(max_length=10)),
                ("period_start", models.DateField()),
                ("measure", models.CharField(max_length=40)),
                ("category", models.CharField(blank=True, max_length=100)),
                ("value", models.PositiveIntegerField()),
                ("published", models.PositiveIntegerField()),
                ("cafe", sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="+", to="cafes.cafe")),
                (
                    "month_lock",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="month_lock_id", related_name="+", to="reports.monthlock"
                    ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "cafe_id", "period_kind", "period_start", "measure", "category"),
                        name="reports_locked_figure_once",
                    )
                ],
            },
        ),
        EnableTenancy("lockedfigure", provider="SELECT, INSERT"),
        migrations.CreateModel(
            name="Adjustment",
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
                ("number", models.PositiveIntegerField()),
                ("delta", models.IntegerField()),
                ("value_after", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=30)),
                ("subject", models.UUIDField(null=True)),
                ("adjusted_at", models.DateTimeField()),
                ("adjusted_by", models.CharField(max_length=120)),
                ("cafe", sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="+", to="cafes.cafe")),
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
                    models.Index(fields=["provider", "period_start", "-adjusted_at"], name="reports_adjustment_period")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "cafe_id", "period_kind", "period_start", "measure", "category", "number"),
                        name="reports_adjustment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delta", 0), _negated=True), name="reports_adjustment_changes"
                    ),
                ],
            },
        ),
        EnableTenancy("adjustment", provider="SELECT, INSERT"),
    ]
