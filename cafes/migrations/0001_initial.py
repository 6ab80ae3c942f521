import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import sutg.common.ids
import sutg.tenancy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cafe",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "local_authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="providers.localauthority"
                    ),
                ),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="providers.neighbourhood"
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CafeStatus",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("open", "Open"),
                            ("paused", "Paused"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "cafe",
                    sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="statuses", to="cafes.cafe"),
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
                "ordering": ["since"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OpeningPattern",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Monday"),
                            (2, "Tuesday"),
                            (3, "Wednesday"),
                            (4, "Thursday"),
                            (5, "Friday"),
                            (6, "Saturday"),
                            (7, "Sunday"),
                        ]
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "cafe",
                    sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="openings", to="cafes.cafe"),
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
                "ordering": ["weekday", "opens"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReturnFile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("quarter", models.CharField(help_text="As 2024-Q1: a quarter of the financial year.", max_length=7)),
                ("filename", models.CharField(max_length=255)),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Being checked"),
                            ("unreadable", "Cannot be read"),
                            ("checked", "Checked, waiting for you"),
                            ("loading", "Being loaded"),
                            ("loaded", "Loaded"),
                            ("replaced", "Replaced by a later file"),
                            ("discarded", "Discarded"),
                        ],
                        max_length=20,
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=1000)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_total", models.PositiveIntegerField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("uploaded_by", models.CharField(max_length=120)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=120)),
                ("settled_at", models.DateTimeField(help_text="When it was loaded, replaced or discarded.", null=True)),
                ("replaces_id", models.UUIDField(null=True)),
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
                    "replaces",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="replaces_id", null=True, related_name="+", to="cafes.returnfile"
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReturnContent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("return_file_id", models.UUIDField()),
                ("content", models.BinaryField()),
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
                    "return_file",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="return_file_id", related_name="+", to="cafes.returnfile"
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
            name="ReturnCheck",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("return_file_id", models.UUIDField()),
                ("aliases", models.JSONField(default=dict, help_text="Name as written → the café's name.")),
                ("tally", models.JSONField(null=True)),
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
                    "return_file",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="return_file_id", related_name="+", to="cafes.returnfile"
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
            name="Session",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("held_on", models.DateField()),
                ("return_file_id", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "cafe",
                    sutg.tenancy.fields.TenantForeignKey(column="cafe_id", related_name="sessions", to="cafes.cafe"),
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
                    "return_file",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="return_file_id", null=True, related_name="+", to="cafes.returnfile"
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on"],
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("cafe_id", models.UUIDField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("client_uuid", models.UUIDField()),
                ("session_id", models.UUIDField()),
                ("cafe_id", models.UUIDField()),
                ("visitor_id", models.UUIDField(null=True)),
                ("return_file_id", models.UUIDField(null=True)),
                ("visited_on", models.DateField()),
                ("arrived_at", models.TimeField(null=True)),
                ("is_new", models.BooleanField(null=True)),
                ("age_band", models.TextField(blank=True)),
                ("gender", models.CharField(blank=True, max_length=20)),
                ("ethnic_category", models.CharField(max_length=6)),
                ("ethnicity_as_written", models.TextField(blank=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "support",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("onward_referral", models.TextField(blank=True)),
                ("alternative", models.TextField(blank=True)),
                ("distress_before", models.PositiveSmallIntegerField(null=True)),
                ("distress_after", models.PositiveSmallIntegerField(null=True)),
                ("postcode_district", models.TextField(blank=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "return_file",
                    sutg.tenancy.fields.TenantForeignKey(
                        column="return_file_id", null=True, related_name="+", to="cafes.returnfile"
                    ),
                ),
                (
                    "session",
                    sutg.tenancy.fields.TenantForeignKey(column="session_id", related_name="+", to="cafes.session"),
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
            name="VisitorReference",
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
                ("digest", models.BinaryField(max_length=32)),
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
        migrations.AddConstraint(
            model_name="cafe",
            constraint=models.UniqueConstraint(
                models.F("provider"),
                django.db.models.functions.text.Lower("name"),
                name="cafes_cafe_name",
                violation_error_message="You have a café of this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cafestatus",
            constraint=models.UniqueConstraint(fields=("provider", "cafe_id", "since"), name="cafes_cafestatus_once"),
        ),
        migrations.AddConstraint(
            model_name="openingpattern",
            constraint=models.UniqueConstraint(
                fields=("provider", "cafe_id", "weekday", "opens", "since"), name="cafes_opening_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="openingpattern",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))),
                name="cafes_opening_times",
                violation_error_message="A café must close after it opens.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingpattern",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__range", (1, 7))), name="cafes_opening_weekday"
            ),
        ),
        migrations.AddIndex(
            model_name="returnfile",
            index=models.Index(fields=["provider", "quarter", "state"], name="cafes_returnfile_quarter"),
        ),
        migrations.AddConstraint(
            model_name="returnfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "loaded")),
                fields=("provider", "quarter"),
                name="cafes_returnfile_one_loaded",
                violation_error_message="A return for this quarter is loaded already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by", "")),
                    models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cafes_returnfile_confirmed",
                violation_error_message="A confirmation has a time and a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="returncontent",
            constraint=models.UniqueConstraint(fields=("provider", "return_file_id"), name="cafes_returncontent_once"),
        ),
        migrations.AddConstraint(
            model_name="returncheck",
            constraint=models.UniqueConstraint(fields=("provider", "return_file_id"), name="cafes_returncheck_once"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("provider", "cafe_id", "held_on"), name="cafes_session_once"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["provider", "-visited_on", "id"], name="cafes_visit_latest"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["provider", "cafe_id", "visited_on"], name="cafes_visit_cafe_day"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(fields=("provider", "client_uuid"), name="cafes_visit_client_uuid"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("distress_before__isnull", True), ("distress_before__range", (0, 10)), _connector="OR"),
                    models.Q(("distress_after__isnull", True), ("distress_after__range", (0, 10)), _connector="OR"),
                ),
                name="cafes_visit_distress",
                violation_error_message="Distress is a whole number from 0 to 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitorreference",
            constraint=models.UniqueConstraint(fields=("provider", "cafe_id", "digest"), name="cafes_reference_once"),
        ),
        EnableTenancy("cafe", provider="SELECT, INSERT, UPDATE", trust="SELECT", report="SELECT"),
        EnableTenancy("cafestatus", provider="SELECT, INSERT, UPDATE", trust="SELECT", report="SELECT"),
        EnableTenancy("openingpattern", provider="SELECT, INSERT, UPDATE", trust="SELECT", report="SELECT"),
        EnableTenancy("returnfile", provider="SELECT, INSERT, UPDATE", trust="SELECT"),
        EnableTenancy("returncontent", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("returncheck", provider="SELECT, INSERT, UPDATE"),
        EnableTenancy("session", provider="SELECT, INSERT, UPDATE", trust="SELECT", report="SELECT"),
        EnableTenancy("visit", provider="SELECT, INSERT, UPDATE", report="SELECT"),
        EnableTenancy("visitor", provider="SELECT, INSERT", report="SELECT"),
        EnableTenancy("visitorreference", provider="SELECT, INSERT"),
    ]
