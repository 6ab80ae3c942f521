"""What tests do to the database that the application may not."""

from __future__ import annotations

from django.db import connections

from sutg.audit.capture import RECORD

# Written by migrations and the same for every test.
REFERENCE = {
    "django_migrations",
    "django_content_type",
    "django_site",
    "auth_permission",
    "providers_place",
    "providers_localauthority",
    "providers_neighbourhood",
    "providers_neighbourhood_local_authorities",
}


def empty_all_tables() -> None:
    """Empty every table but the reference data, as the owner."""
    owner = connections["owner"]
    name = owner.settings_dict["NAME"]
    assert name.startswith("test_"), f"{name} is not a test's database"
    tables = sorted(set(owner.introspection.table_names()) - REFERENCE)
    with owner.cursor() as cursor:
        # The audit record refuses TRUNCATE by a trigger; only the owner may set it aside.
        for table in RECORD:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")
        for table in RECORD:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
