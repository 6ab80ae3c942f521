from django.db import migrations, models

import sutg.tenancy.fields
from sutg.tenancy.operations import AddTenantKey


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0001_initial"),
        ("providers", "0002_reference_geography"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="session",
            options={
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "ordering": ["-held_on", "opens"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="session",
            name="cafes_session_once",
        ),
        migrations.AddField(
            model_name="session",
            name="cancel_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("staffing", "Not enough staff or volunteers"),
                    ("venue", "The building could not be used"),
                    ("weather", "Weather"),
                    ("bank_holiday", "Bank holiday"),
                    ("safety", "It would not have been safe"),
                    ("pattern", "The weekly opening changed"),
                    ("other", "Another reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="cancelled_by",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="session",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="closed_by",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="session",
            name="closes",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="door_tally",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="opened_by",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="session",
            name="opening_pattern",
            field=sutg.tenancy.fields.TenantForeignKey(
                column="opening_pattern_id", null=True, related_name="+", to="cafes.openingpattern"
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="opening_pattern_id",
            field=models.UUIDField(null=True),
        ),
        AddTenantKey("session", "opening_pattern"),
        migrations.AddField(
            model_name="session",
            name="opens",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("cancelled", "Cancelled"),
                    ("open", "Open"),
                    ("closed", "Closed"),
                    ("reported", "Reported in a return"),
                ],
                default="reported",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="tally_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unrecorded", "People came who were not recorded one by one"),
                    ("miscounted", "The count at the door was wrong"),
                    ("staff_counted", "Staff or volunteers were counted at the door"),
                    ("came_twice", "Somebody left and came back"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="unrecorded_visits",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["provider", "held_on", "cafe_id"], name="cafes_session_day"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("provider", "cafe_id", "held_on", "opens"),
                name="cafes_session_once",
                nulls_distinct=False,
                violation_error_message="This café has a session at that time already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes__isnull", True), ("opens__isnull", True)),
                    ("closes__gt", models.F("opens")),
                    _connector="OR",
                ),
                name="cafes_session_times",
                violation_error_message="A session must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("state", "cancelled"),
                        models.Q(("cancelled_by", ""), _negated=True),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "cancelled"), _negated=True),
                        ("cancel_reason", ""),
                        ("cancelled_at__isnull", True),
                        ("cancelled_by", ""),
                    ),
                    _connector="OR",
                ),
                name="cafes_session_cancelled",
                violation_error_message="A cancellation has a time, a person and a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", True), ("opened_by", "")),
                    models.Q(("opened_at__isnull", False), models.Q(("opened_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cafes_session_opened",
                violation_error_message="An opening has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cafes_session_closed",
                violation_error_message="A closing has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("closed_at__isnull", False), ("door_tally__isnull", False)),
                    _connector="OR",
                ),
                name="cafes_session_closed_with_tally",
                violation_error_message="A session is closed with the count at the door.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), _negated=True),
                    models.Q(("closed_at__isnull", True), ("opened_at__isnull", False)),
                    _connector="OR",
                ),
                name="cafes_session_open",
                violation_error_message="An open session was opened and not closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("unrecorded_visits", 0), ("tally_reason", "unrecorded"), _connector="OR"),
                name="cafes_session_unrecorded",
                violation_error_message="Visits that nobody recorded are explained.",
            ),
        ),
    ]
