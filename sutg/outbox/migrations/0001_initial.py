import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("providers", "0002_reference_geography"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.UUIDField()),
                ("detail", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=120)),
                ("not_before", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=100)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("acknowledgement", models.CharField(blank=True, max_length=500)),
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
                    models.Index(
                        models.F("due_at"), condition=models.Q(("delivered_at__isnull", True)), name="outbox_due"
                    ),
                    models.Index(fields=["provider", "subject"], name="outbox_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledgement", ""), ("delivered_at__isnull", True)),
                            models.Q(("delivered_at__isnull", False), models.Q(("acknowledgement", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="outbox_delivered_is_acknowledged",
                        violation_error_message="A message is delivered when its acknowledgement is stored.",
                    )
                ],
            },
        ),
        EnableTenancy("outboxmessage", provider="SELECT, INSERT, UPDATE", trust="SELECT"),
    ]
