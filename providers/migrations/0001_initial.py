import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import sutg.common.ids
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalAuthority",
            fields=[
                (
                    "code",
                    models.CharField(max_length=9, primary_key=True, serialize=False, verbose_name="GSS code"),
                ),
                ("name", models.CharField(max_length=100)),
                ("residents_2021", models.PositiveIntegerField()),
                (
                    "small_areas",
                    models.PositiveIntegerField(help_text="Lower layer super output areas (2021)."),
                ),
                (
                    "small_areas_most_deprived_fifth",
                    models.PositiveIntegerField(help_text="Of these, in deciles 1 and 2 of IMD 2025."),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("code", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("population_2018", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Neighbourhood",
            fields=[
                ("code", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("list_size", models.PositiveIntegerField(null=True)),
                (
                    "local_authorities",
                    models.ManyToManyField(related_name="neighbourhoods", to="providers.localauthority"),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="neighbourhoods",
                        to="providers.place",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="localauthority",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="local_authorities",
                to="providers.place",
            ),
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="providers_provider_name",
                        violation_error_message="There is a provider of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NeighbourhoodLead",
            fields=[
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="providers.neighbourhood",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "neighbourhood", "since"), name="providers_lead_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="providers_lead_dates",
                        violation_error_message="The last day must not be before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("cafe_worker", "Café worker"),
                            ("cafe_lead", "Café lead"),
                            ("provider_manager", "Provider manager"),
                            ("provider_finance", "Provider finance"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "cafe_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "user", "role", "since"), name="providers_membership_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="providers_membership_dates",
                        violation_error_message="The last day must not be before the first.",
                    ),
                ],
            },
        ),
        EnableTenancy("membership", provider="SELECT, INSERT, UPDATE", identity="SELECT"),
    ]
