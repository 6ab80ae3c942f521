import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.privacy.fields
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0005_community_services"),
        ("providers", "0003_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("client_uuid", models.UUIDField()),
                ("cafe_id", models.UUIDField()),
                ("session_id", models.UUIDField(null=True)),
                ("happened_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("safeguarding_adult", "An adult may be at risk of abuse or neglect"),
                            ("safeguarding_child", "A child may be at risk"),
                            ("risk_to_self", "Somebody may harm themselves"),
                            ("violence", "Violence, threats or harassment"),
                            ("medical", "Illness or injury"),
                            ("property", "Theft or damage"),
                            ("data", "Somebody’s details were lost or seen by the wrong person"),
                            ("other", "Something else"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("no_harm", "Nobody was harmed"),
                            ("some_harm", "Somebody was harmed or very upset"),
                            ("serious", "Serious harm, or life in danger"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("raised_by", models.CharField(max_length=120)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=120)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=120)),
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
                (
                    "session",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="session_id", null=True, related_name="+", to="cafes.session"
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="IncidentNote",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("incident_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("happened", "What happened"),
                            ("done", "What was done straight away"),
                            ("follow_up", "What was done since"),
                            ("outcome", "How it ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", sutg.privacy.fields.EncryptedTextField(max_length=5000)),
                ("written_at", models.DateTimeField()),
                ("written_by", models.CharField(max_length=120)),
                (
                    "incident",
                    sutg.tenancy.fields.TenantForeignKey(column="incident_id", related_name="+", to="cafes.incident"),
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
                "ordering": ["written_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["provider", "-raised_at"], name="cafes_incident_latest"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("provider", "client_uuid"), name="cafes_incident_client_uuid"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acknowledged_at__isnull", True),
                    models.Q(("acknowledged_by", ""), _negated=True),
                    _connector="XOR",
                ),
                name="cafes_incident_acknowledged",
                violation_error_message="An acknowledgement has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by", "")),
                    models.Q(
                        ("acknowledged_at__isnull", False),
                        ("closed_at__isnull", False),
                        models.Q(("closed_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cafes_incident_closed",
                violation_error_message="An incident is closed by a person, after somebody has taken it in hand.",
            ),
        ),
        migrations.AddIndex(
            model_name="incidentnote",
            index=models.Index(fields=["provider", "incident_id"], name="cafes_incidentnote_incident"),
        ),
        EnableTenancy("incident", provider="SELECT, INSERT, UPDATE", report="SELECT"),
        EnableTenancy("incidentnote", provider="SELECT, INSERT, UPDATE"),
    ]
