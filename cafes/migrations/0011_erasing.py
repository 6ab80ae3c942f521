from django.db import migrations

from sutg.tenancy.operations import AllowErasing


class Migration(migrations.Migration):
    """Rows that the retention periods erase may be deleted, by the job that erases them and by nothing else."""

    dependencies = [("cafes", "0010_visits_in_full")]
    operations = [
        *(
            AllowErasing(name, provider="SELECT, INSERT, UPDATE, DELETE")
            for name in (
                "demographics",
                "differingvisit",
                "incidentnote",
                "returncontent",
                "tabletrecord",
                "visitoridentity",
            )
        ),
        *(AllowErasing(name, provider="SELECT, INSERT, DELETE") for name in ("visitorreference", "visitrevision")),
    ]
