"""Load places, authorities and neighbourhoods from the project's fact files (providers/facts/README.md)."""

import csv
from pathlib import Path

from django.db import migrations

FACTS = Path(__file__).resolve().parent.parent / "facts"


def _rows(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(apps, schema_editor):
    alias = schema_editor.connection.alias
    place, authority, neighbourhood = (
        apps.get_model("providers", name).objects.using(alias) for name in ("Place", "LocalAuthority", "Neighbourhood")
    )
    for row in _rows("places.csv"):
        place.create(code=row["code"], name=row["name"], population_2018=row["population_2018"])
    for row in _rows("local_authorities.csv"):
        authority.create(
            code=row["code"],
            name=row["name"],
            place_id=row["place_code"],
            residents_2021=row["residents_2021"],
            small_areas=row["small_areas"],
            small_areas_most_deprived_fifth=row["small_areas_most_deprived_fifth"],
        )
    for row in _rows("neighbourhoods.csv"):
        created = neighbourhood.create(
            code=row["code"], name=row["name"], place_id=row["place_code"], list_size=row["list_size"] or None
        )
        created.local_authorities.set(row["local_authority_codes"].split("|"))


def unload(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name in ("Neighbourhood", "LocalAuthority", "Place"):
        apps.get_model("providers", name).objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
