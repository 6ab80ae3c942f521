import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
        ("providers", "0003_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionPeriod",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("retention", models.CharField(max_length=20)),
                ("months", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("applies_from", models.DateField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["set_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("months__range", (1, 1200))),
                        name="privacy_period_months",
                        violation_error_message="A period is from 1 to 1,200 months.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionForecast",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("retention", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=60)),
                ("due", models.PositiveIntegerField()),
                ("oldest", models.DateField()),
                ("as_of", models.DateField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="providers.provider"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "kind"), name="privacy_forecast_once")],
            },
        ),
        migrations.CreateModel(
            name="RetentionHold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "record_id",
                    models.UUIDField(
                        help_text="A visitor, visit, incident or return; none holds everything.", null=True
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("legal", "Legal claim or court order"),
                            ("subject_request", "Somebody asked for their data"),
                            ("safeguarding", "Safeguarding enquiry"),
                            ("investigation", "Investigation or inquiry"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reference", models.CharField(help_text="The number of the case.", max_length=60)),
                ("until", models.DateField(null=True)),
                ("placed_at", models.DateTimeField()),
                ("placed_by", models.CharField(max_length=120)),
                ("released_at", models.DateTimeField(null=True)),
                ("released_by", models.CharField(blank=True, max_length=120)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="providers.provider"
                    ),
                ),
            ],
            options={
                "ordering": ["-placed_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by", "")),
                            models.Q(("released_at__isnull", False), models.Q(("released_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="privacy_hold_released",
                        violation_error_message="A release has a time and a person.",
                    )
                ],
            },
        ),
    ]
