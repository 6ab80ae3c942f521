"""A café may pause, open and pause again on one day: moves of a day stand in the order in which they were made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cafes", "0015_why_set_aside")]
    operations = [migrations.RemoveConstraint(model_name="cafestatus", name="cafes_cafestatus_once")]
