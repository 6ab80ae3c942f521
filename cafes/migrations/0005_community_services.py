import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import sutg.common.ids
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    dependencies = [
        ("cafes", "0004_seal_what_is_stored"),
        ("providers", "0002_reference_geography"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedService",
            fields=[
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("benefits", "Benefits and welfare"),
                            ("debt", "Money and debt"),
                            ("housing", "Housing and homelessness"),
                            ("employment", "Work and training"),
                            ("food", "Food and essentials"),
                            ("bereavement", "Bereavement"),
                            ("domestic_abuse", "Domestic and sexual abuse"),
                            ("alcohol_drugs", "Alcohol, drugs and gambling"),
                            ("talking", "Talking therapies and helplines"),
                            ("carers", "Support for carers"),
                            ("groups", "Groups and activities"),
                            ("health", "Physical health"),
                            ("legal", "Legal advice and immigration"),
                            ("faith", "Faith and culture"),
                            ("lgbtq", "LGBTQ+"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("what_for", models.CharField(max_length=500)),
                ("phone", models.CharField(blank=True, max_length=50)),
                ("website", models.URLField(blank=True, max_length=300)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("when_open", models.CharField(blank=True, max_length=200)),
                (
                    "place_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("checked_on", models.DateField()),
                ("checked_by", models.CharField(max_length=120)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "id",
                    models.UUIDField(default=sutg.common.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("ended_on__isnull", True)),
                        name="cafes_sharedservice_name",
                        violation_error_message="The directory has a service of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnService",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("benefits", "Benefits and welfare"),
                            ("debt", "Money and debt"),
                            ("housing", "Housing and homelessness"),
                            ("employment", "Work and training"),
                            ("food", "Food and essentials"),
                            ("bereavement", "Bereavement"),
                            ("domestic_abuse", "Domestic and sexual abuse"),
                            ("alcohol_drugs", "Alcohol, drugs and gambling"),
                            ("talking", "Talking therapies and helplines"),
                            ("carers", "Support for carers"),
                            ("groups", "Groups and activities"),
                            ("health", "Physical health"),
                            ("legal", "Legal advice and immigration"),
                            ("faith", "Faith and culture"),
                            ("lgbtq", "LGBTQ+"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("what_for", models.CharField(max_length=500)),
                ("phone", models.CharField(blank=True, max_length=50)),
                ("website", models.URLField(blank=True, max_length=300)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("when_open", models.CharField(blank=True, max_length=200)),
                (
                    "place_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("checked_on", models.DateField()),
                ("checked_by", models.CharField(max_length=120)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
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
                "constraints": [
                    models.UniqueConstraint(
                        models.F("provider"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("ended_on__isnull", True)),
                        name="cafes_ownservice_name",
                        violation_error_message="Your directory has a service of this name.",
                    )
                ],
            },
        ),
        EnableTenancy("ownservice", provider="SELECT, INSERT, UPDATE"),
    ]
