import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0011_erasing"),
        ("providers", "0003_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitorMerge",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("one_id", models.UUIDField()),
                ("other_id", models.UUIDField()),
                ("kept_id", models.UUIDField(null=True)),
                ("merged_id", models.UUIDField(null=True)),
                (
                    "flipped",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("merged_at", models.DateTimeField()),
                ("merged_by", models.CharField(max_length=120)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=120)),
                ("cafe", sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="+", to="cafes.cafe")),
                (
                    "kept",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="kept_id", null=True, related_name="+", to="cafes.visitor"
                    ),
                ),
                (
                    "merged",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="merged_id", null=True, related_name="+", to="cafes.visitor"
                    ),
                ),
                ("one", sutg.tenancy.fields.TenantForeignKey(column="one_id", related_name="+", to="cafes.visitor")),
                (
                    "other",
                    sutg.tenancy.fields.TenantForeignKey(column="other_id", related_name="+", to="cafes.visitor"),
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
                "ordering": ["merged_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["provider", "kept_id"], name="cafes_merge_kept")],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("provider", "merged_id"),
                        name="cafes_merge_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("one_id", models.F("other_id")), _negated=True),
                            models.Q(
                                ("kept_id__isnull", True),
                                models.Q(("kept_id", models.F("merged_id")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="cafes_merge_two",
                        violation_error_message="Two codes are joined, not one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kept_id__isnull", False),
                                ("merged_id__isnull", False),
                                ("undone_at__isnull", True),
                                ("undone_by", ""),
                            ),
                            models.Q(
                                ("kept_id__isnull", True),
                                ("merged_id__isnull", True),
                                ("undone_at__isnull", False),
                                models.Q(("undone_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cafes_merge_undone",
                        violation_error_message="What was undone has a time and a person, and joins nobody.",
                    ),
                ],
            },
        ),
        EnableTenancy("visitormerge", provider="SELECT, INSERT, UPDATE"),
    ]
