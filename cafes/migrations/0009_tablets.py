import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.privacy.fields
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0008_cafe_facts_and_openings"),
        ("providers", "0003_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tablet",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=120)),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("code_expires_at", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField(null=True)),
                ("token_digest", models.CharField(blank=True, max_length=64)),
                ("secrets", sutg.privacy.fields.EncryptedBytesField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=120)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("app_version", models.CharField(blank=True, max_length=40)),
                ("is_persistent", models.BooleanField(null=True)),
                ("last_number", models.PositiveIntegerField(default=0)),
                ("accounted_to", models.PositiveIntegerField(default=0)),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "held",
                    models.PositiveIntegerField(default=0, help_text="Records that it has and that have not arrived."),
                ),
                ("oldest_held_at", models.DateTimeField(null=True)),
                (
                    "cafe",
                    sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="tablets", to="cafes.cafe"),
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TabletRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("tablet_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("hash", models.CharField(help_text="SHA-256 of the payload, base64url.", max_length=43)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("waiting", "Waits for an earlier record"),
                            ("attention", "Needs attention"),
                            ("set_aside", "Set aside"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("payload", sutg.privacy.fields.EncryptedBytesField(null=True)),
                ("applied_to", models.UUIDField(null=True)),
                ("received_at", models.DateTimeField()),
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
                    "tablet",
                    sutg.tenancy.fields.TenantForeignKey(column="tablet_id", related_name="records", to="cafes.tablet"),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="tablet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("provider", "cafe_id", "name"),
                name="cafes_tablet_name",
                violation_error_message="This café has a tablet of that name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tablet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_at__isnull", True), models.Q(("revoked_by", ""), _negated=True), _connector="XOR"
                ),
                name="cafes_tablet_revoked",
                violation_error_message="A revocation has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tablet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enrolled_at__isnull", True), ("secrets__isnull", True), ("token_digest", "")),
                    models.Q(
                        ("enrolled_at__isnull", False),
                        ("secrets__isnull", False),
                        models.Q(("token_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cafes_tablet_enrolled",
                violation_error_message="An enrolled tablet has its keys.",
            ),
        ),
        migrations.AddIndex(
            model_name="tabletrecord",
            index=models.Index(fields=["provider", "tablet_id", "number"], name="cafes_tabletrecord_number"),
        ),
        migrations.AddIndex(
            model_name="tabletrecord",
            index=models.Index(
                condition=models.Q(("state", "applied"), _negated=True),
                fields=["provider", "tablet_id"],
                name="cafes_tabletrecord_unsettled",
            ),
        ),
        migrations.AddConstraint(
            model_name="tabletrecord",
            constraint=models.UniqueConstraint(
                fields=("provider", "record_id", "hash"), name="cafes_tabletrecord_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tabletrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "applied"), ("payload__isnull", False), _connector="OR"),
                name="cafes_tabletrecord_kept",
                violation_error_message="What is not applied is kept.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tabletrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True), models.Q(("settled_by", ""), _negated=True), _connector="XOR"
                ),
                name="cafes_tabletrecord_settled",
                violation_error_message="A settlement has a time and a person.",
            ),
        ),
        EnableTenancy("tablet", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("tabletrecord", provider="SELECT, INSERT, UPDATE"),
    ]
