from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_only_seal")]

    operations = [
        migrations.AddIndex(
            model_name="providerevent",
            index=models.Index(
                condition=models.Q(("name", "record_read")),
                fields=["provider", "-at", "-id"],
                name="audit_provider_reads",
            ),
        ),
    ]
