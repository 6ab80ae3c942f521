from django.db import migrations, models

import sutg.privacy.fields


class Migration(migrations.Migration):
    """A tablet's recovery share, and whom somebody allowed a new PIN on it."""

    dependencies = [("cafes", "0013_duty_from_the_register")]
    operations = [
        migrations.AddField("tablet", "recovery_share", sutg.privacy.fields.EncryptedBytesField(null=True)),
        migrations.AddField("tablet", "share_kept_at", models.DateTimeField(null=True)),
        migrations.AddField("tablet", "pin_for", models.UUIDField(null=True)),
        migrations.AddField("tablet", "pin_allowed_at", models.DateTimeField(null=True)),
        migrations.AddField("tablet", "pin_allowed_by", models.CharField(blank=True, max_length=120)),
        migrations.AddConstraint(
            "tablet",
            models.CheckConstraint(
                condition=models.Q(pin_for__isnull=True, pin_allowed_at__isnull=True, pin_allowed_by="")
                | models.Q(pin_for__isnull=False, pin_allowed_at__isnull=False) & ~models.Q(pin_allowed_by=""),
                name="cafes_tablet_pin_allowed",
                violation_error_message="A new PIN is allowed to a person, by a person, at a time.",
            ),
        ),
    ]
