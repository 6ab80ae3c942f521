import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sutg.common.ids
import sutg.privacy.fields
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0006_incidents"),
        ("providers", "0002_reference_geography"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Demographics",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("visitor_id", models.UUIDField(null=True)),
                ("visit_id", models.UUIDField(null=True)),
                ("age_band", models.CharField(blank=True, max_length=5)),
                ("gender_identity", models.CharField(blank=True, max_length=2)),
                ("gender_same_at_birth", models.CharField(blank=True, max_length=2)),
                ("ethnic_group", models.CharField(blank=True, max_length=2)),
                ("religion", models.CharField(blank=True, max_length=2)),
                ("sexual_orientation", models.CharField(blank=True, max_length=2)),
                (
                    "disability",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                ("marital_status", models.CharField(blank=True, max_length=2)),
                ("pregnancy_maternity", models.CharField(blank=True, max_length=2)),
                ("carer_status", models.CharField(blank=True, max_length=2)),
                ("veteran_status", models.CharField(blank=True, max_length=2)),
                ("language", models.CharField(blank=True, max_length=2)),
                ("interpreter_needed", models.CharField(blank=True, max_length=1)),
                ("settled_accommodation", models.CharField(blank=True, max_length=2)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=120)),
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
                    sutg.tenancy.fields.TenantForeignKey(
                        column="visit_id", null=True, related_name="+", to="cafes.visit"
                    ),
                ),
                (
                    "visitor",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="visitor_id", null=True, related_name="+", to="cafes.visitor"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OnDuty",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("session_id", models.UUIDField()),
                ("initials", models.CharField(blank=True, max_length=6)),
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
                        column="session_id", related_name="on_duty", to="cafes.session"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="VisitorIdentity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("visitor_id", models.UUIDField()),
                ("name", sutg.privacy.fields.EncryptedTextField(max_length=200)),
                ("contact", sutg.privacy.fields.EncryptedTextField(max_length=300, null=True)),
                ("name_digest", models.BinaryField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=120)),
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
                    "visitor",
                    sutg.tenancy.fields.TenantForeignKey(column="visitor_id", related_name="+", to="cafes.visitor"),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="VisitRevision",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("visit_id", models.UUIDField()),
                ("version", models.PositiveIntegerField(help_text="The version that stood before.")),
                ("kind", models.CharField(choices=[("changed", "Changed"), ("withdrawn", "Withdrawn")], max_length=20)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mistyped", "Something was mistyped"),
                            ("left_out", "Something was left out"),
                            ("duplicate", "The visit was recorded twice"),
                            ("wrong_person", "It was recorded for the wrong person"),
                            ("wrong_session", "It belongs to another session"),
                            ("visitor_asked", "The visitor asked for it"),
                            ("recounted", "People were counted again"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=120)),
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
                    sutg.tenancy.fields.TenantForeignKey(column="visit_id", related_name="revisions", to="cafes.visit"),
                ),
            ],
            options={
                "ordering": ["version"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="VisitSupport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("visit_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("one_to_one", "One-to-one"),
                            ("group", "Group"),
                            ("activity", "Activity"),
                            ("peer_support", "Peer support"),
                            ("refreshments", "Refreshments"),
                            ("practical_help", "Practical help"),
                            ("information", "Information or self-help"),
                            ("safety_planning", "Coping or safety plan"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
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
                    sutg.tenancy.fields.TenantForeignKey(column="visit_id", related_name="supports", to="cafes.visit"),
                ),
            ],
            options={
                "ordering": ["kind"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="came_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self", "Themselves"),
                    ("as_carer", "Somebody they care for"),
                    ("with_someone", "Somebody they came with"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="helped",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("supported", "Supported and left"),
                    ("signposted", "Signposted to community support"),
                    ("referred", "Referred onwards"),
                    ("emergency", "Emergency help was called"),
                    ("left_before", "Left before support"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="recorded_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="visit",
            name="route_in",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self", "Found it themselves"),
                    ("family_or_carer", "Family, friend or carer"),
                    ("gp", "GP"),
                    ("central_access_point", "Central Access Point"),
                    ("nhs_111", "NHS 111"),
                    ("police", "Police"),
                    ("ambulance", "Ambulance service"),
                    ("emergency_department", "A&E"),
                    ("mental_health_team", "Mental health team"),
                    ("community_organisation", "Another community organisation"),
                    ("other", "Another way"),
                ],
                db_default="",
                default="",
                max_length=30,
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["provider", "session_id"], name="cafes_visit_session"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["provider", "visitor_id"], name="cafes_visit_visitor"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recorded_at__isnull", True), ("recorded_by", "")),
                    models.Q(("recorded_at__isnull", False), models.Q(("recorded_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cafes_visit_recorded",
                violation_error_message="A record has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="demographics",
            constraint=models.UniqueConstraint(fields=("provider", "visitor_id"), name="cafes_demographics_visitor"),
        ),
        migrations.AddConstraint(
            model_name="demographics",
            constraint=models.UniqueConstraint(fields=("provider", "visit_id"), name="cafes_demographics_visit"),
        ),
        migrations.AddConstraint(
            model_name="demographics",
            constraint=models.CheckConstraint(
                condition=models.Q(("visitor_id__isnull", True), ("visit_id__isnull", True), _connector="XOR"),
                name="cafes_demographics_whose",
                violation_error_message="Answers are a visitor’s or a visit’s.",
            ),
        ),
        migrations.AddConstraint(
            model_name="onduty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)),
                fields=("provider", "session_id", "user"),
                name="cafes_onduty_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="onduty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("initials", ""), _negated=True),
                fields=("provider", "session_id", "initials"),
                name="cafes_onduty_initials",
            ),
        ),
        migrations.AddConstraint(
            model_name="onduty",
            constraint=models.CheckConstraint(
                condition=models.Q(("user__isnull", True), ("initials", ""), _connector="XOR"),
                name="cafes_onduty_who",
                violation_error_message="Somebody on duty has an account or initials.",
            ),
        ),
        migrations.AddIndex(
            model_name="visitoridentity",
            index=models.Index(fields=["provider", "cafe_id", "name_digest"], name="cafes_identity_name"),
        ),
        migrations.AddConstraint(
            model_name="visitoridentity",
            constraint=models.UniqueConstraint(fields=("provider", "visitor_id"), name="cafes_identity_once"),
        ),
        migrations.AddConstraint(
            model_name="visitrevision",
            constraint=models.UniqueConstraint(fields=("provider", "visit_id", "version"), name="cafes_revision_once"),
        ),
        migrations.AddConstraint(
            model_name="visitsupport",
            constraint=models.UniqueConstraint(fields=("provider", "visit_id", "kind"), name="cafes_support_once"),
        ),
        migrations.AddConstraint(
            model_name="visitsupport",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__isnull", True), ("minutes__range", (1, 600)), _connector="OR"),
                name="cafes_support_minutes",
                violation_error_message="Minutes of support are a whole number from 1 to 600.",
            ),
        ),
        EnableTenancy("demographics", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("onduty", provider="SELECT, INSERT, UPDATE, DELETE"),
        EnableTenancy("visitoridentity", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("visitrevision", provider="SELECT, INSERT"),
        EnableTenancy("visitsupport", provider="SELECT, INSERT, UPDATE, DELETE", report="SELECT"),
    ]
