import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrustEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=120)),
                ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                ("subject", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=120)),
                ("on_behalf_of", models.CharField(blank=True, max_length=120)),
                ("subject", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
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
                "indexes": [models.Index(fields=["provider", "-at"], name="audit_provider_event_at")],
            },
        ),
        EnableTenancy("providerevent", provider="SELECT, INSERT"),
    ]
