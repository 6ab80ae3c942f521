import django.db.models.deletion
from django.db import migrations, models

import sutg.common.ids
import sutg.privacy.fields
from sutg.tenancy.operations import EnableTenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = [("providers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ProviderKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "provider_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=sutg.common.ids.new_id, editable=False)),
                ("purpose", models.CharField(max_length=40)),
                ("key", sutg.privacy.fields.EncryptedBytesField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    models.UniqueConstraint(fields=("provider", "purpose"), name="privacy_providerkey_once")
                ],
            },
        ),
        EnableTenancy("providerkey", provider="SELECT, INSERT, UPDATE"),
    ]
