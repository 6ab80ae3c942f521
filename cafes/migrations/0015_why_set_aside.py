from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cafes", "0014_tablet_recovery")]

    operations = [
        migrations.AddField(
            model_name="tabletrecord",
            name="set_aside_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("stands", "What is recorded already is right"),
                    ("by_hand", "It was entered by hand instead"),
                    ("twice", "The same thing was recorded twice"),
                    ("trial", "Somebody was trying the tablet out"),
                    ("lost", "It cannot be read, and nobody knows what it said"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="tabletrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "set_aside"), ("set_aside_because", ""), _connector="XOR"),
                name="cafes_tabletrecord_aside",
                violation_error_message="What is set aside has a reason.",
            ),
        ),
    ]
