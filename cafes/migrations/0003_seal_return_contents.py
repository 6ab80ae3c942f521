from django.db import migrations

import sutg.privacy.fields


class Migration(migrations.Migration):
    """The column stays as it is: bytes. What is in it is sealed by the next migration."""

    dependencies = [("cafes", "0002_sessions_planned_and_held"), ("privacy", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="returncontent",
            name="content",
            field=sutg.privacy.fields.EncryptedBytesField(),
        ),
    ]
