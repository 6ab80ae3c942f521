"""The table of Django's database cache, which every web process shares (rate limits of sign-in)."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            "CREATE TABLE sutg_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, "
            "expires timestamp with time zone NOT NULL); "
            "CREATE INDEX sutg_cache_expires ON sutg_cache (expires)",
            "DROP TABLE sutg_cache",
        )
    ]
