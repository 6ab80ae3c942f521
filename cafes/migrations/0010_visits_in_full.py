import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.privacy.fields
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0009_tablets"),
        ("providers", "0003_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="content_digest",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.CreateModel(
            name="DifferingVisit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("visit_id", models.UUIDField()),
                ("digest", models.BinaryField(max_length=32)),
                ("content", sutg.privacy.fields.EncryptedBytesField()),
                ("received_at", models.DateTimeField()),
                ("received_by", models.CharField(max_length=120)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("first", "The visit as it stands"), ("second", "What came second")],
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=120)),
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
                (
                    "visit",
                    sutg.tenancy.fields.TenantForeignKey(column="visit_id", related_name="differing", to="cafes.visit"),
                ),
            ],
            options={
                "ordering": ["received_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "visit_id", "digest"), name="cafes_differing_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at__isnull", True), ("settled_by", "")),
                            models.Q(
                                ("settled_at__isnull", False),
                                models.Q(("settled_by", ""), _negated=True),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cafes_differing_settled",
                        violation_error_message="What was settled has a time, a person and an outcome.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitSignpost",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("visit_id", models.UUIDField()),
                ("own_service_id", models.UUIDField(null=True)),
                (
                    "own_service",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="own_service_id", null=True, related_name="+", to="cafes.ownservice"
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
                (
                    "shared_service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cafes.sharedservice",
                    ),
                ),
                (
                    "visit",
                    sutg.tenancy.fields.TenantForeignKey(column="visit_id", related_name="signposts", to="cafes.visit"),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "visit_id", "own_service_id", "shared_service"),
                        name="cafes_signpost_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("own_service_id__isnull", True), ("shared_service__isnull", True), _connector="XOR"
                        ),
                        name="cafes_signpost_where",
                        violation_error_message="A visitor is pointed to a service of one directory.",
                    ),
                ],
            },
        ),
        EnableTenancy("differingvisit", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("visitsignpost", provider="SELECT, INSERT, UPDATE, DELETE", report="SELECT"),
    ]
