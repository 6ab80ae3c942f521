"""Seal the files that were stored plain, and keep the keys by which return codes have been matched so far."""

import hashlib
import hmac

from django.db import migrations

from sutg.common.ids import new_id
from sutg.privacy.envelope import Place, ring, seal, unseal
from sutg.privacy.keys import FIRST_KEY_ID
from sutg.tenancy.operations import every_tenants_rows

CONTENT, REFERENCE, KEY = "cafes_returncontent", "cafes_visitorreference", "privacy_providerkey"


def _rewrite(schema_editor, change):
    """One file at a time: each may be of 10 MB."""
    with every_tenants_rows(schema_editor, CONTENT), schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT provider_id, id FROM {CONTENT}")  # noqa: S608  a constant
        for provider_id, row_id in cursor.fetchall():
            of_row = "WHERE provider_id = %s AND id = %s"
            cursor.execute(f"SELECT content FROM {CONTENT} {of_row}", [provider_id, row_id])  # noqa: S608
            changed = change(bytes(cursor.fetchone()[0]), Place(CONTENT, "content", provider_id, row_id))
            cursor.execute(f"UPDATE {CONTENT} SET content = %s {of_row}", [changed, provider_id, row_id])  # noqa: S608


def seal_contents(apps, schema_editor):
    _rewrite(schema_editor, seal)


def unseal_contents(apps, schema_editor):
    _rewrite(schema_editor, unseal)


def keep_reference_keys(apps, schema_editor):
    """They were derived from the one field key; providers that have no references yet get random ones."""
    with every_tenants_rows(schema_editor, REFERENCE, KEY), schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT provider_id FROM {REFERENCE}")  # noqa: S608  a constant
        for (provider_id,) in cursor.fetchall():
            derived = b"visitor reference" + provider_id.bytes + b"\x01"
            key, row_id = hmac.digest(ring().keys[FIRST_KEY_ID], derived, hashlib.sha256), new_id()
            cursor.execute(
                f"INSERT INTO {KEY} (provider_id, id, purpose, key, created_at) VALUES (%s, %s, %s, %s, now())",  # noqa: S608
                [provider_id, row_id, "visitor reference", seal(key, Place(KEY, "key", provider_id, row_id))],
            )


class Migration(migrations.Migration):
    dependencies = [("cafes", "0003_seal_return_contents")]

    operations = [
        migrations.RunPython(seal_contents, unseal_contents),
        # The keys stay when this is undone: without them no return code would match again.
        migrations.RunPython(keep_reference_keys, migrations.RunPython.noop),
    ]
